"""What an import did, or would do: counts for every row, and what was refused."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from msgspec import Struct, field

from opps.integrations.importing.errors import Meant
from opps.integrations.importing.results import Outcome


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import is; bytes are those of the file as it lies there."""

    bytes_read: int
    bytes_total: int
    opportunities: int
    rows: int


class Rejected(Struct, frozen=True, kw_only=True):
    """A row that was not imported, and why: `HELD_BACK` for what another row of its own is."""

    line: int
    file: str | None = None
    external_id: str
    code: str
    reason: str
    suggestion: str | None
    meant: Meant | None = None
    row: Mapping[str, str]


class Remark(Struct, frozen=True, kw_only=True):
    """What an opportunity lacks that came in all the same, and what to do about it."""

    line: int
    file: str | None
    external_id: str
    code: str
    reason: str
    suggestion: str


class Reason(Struct, frozen=True, kw_only=True):
    """Why rows were rejected: how many, what was said of the first of them, and what to do."""

    code: str
    rows: int
    reason: str
    suggestion: str | None


class FileTaken(Struct, frozen=True, kw_only=True):
    """A file of a source: what it was taken for, None if it was not read, and its rows."""

    file: str
    taken_as: str | None
    rows: int = 0


class Tally(Struct, kw_only=True):
    """Counts of rows and events; each row is counted once."""

    typed: int = 0
    generic: int = 0
    unchanged: int = 0
    already: int = 0
    rejected: int = 0
    held_back: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)

    def take(self, outcome: Outcome, counted: str | None) -> None:
        """Count a row."""
        match outcome:
            case Outcome.ALREADY:
                self.already += 1
            case Outcome.COUNTED:
                self.counted[str(counted)] += 1
            case Outcome.REJECTED:
                self.rejected += 1
            case Outcome.HELD_BACK:
                self.held_back += 1
            case Outcome.UNCHANGED:
                self.unchanged += 1
            case Outcome.KEPT:
                self.generic += 1
            case Outcome.TYPED | Outcome.OPENED:
                self.typed += 1

    @property
    def rows(self) -> int:
        """All rows."""
        kept_out = self.rejected + self.held_back
        counted = sum(self.counted.values())
        return self.typed + self.generic + self.unchanged + self.already + kept_out + counted

    def add(self, other: "Tally") -> None:
        """Add the counts of another."""
        self.typed += other.typed
        self.generic += other.generic
        self.unchanged += other.unchanged
        self.already += other.already
        self.rejected += other.rejected
        self.held_back += other.held_back
        self.counted.update(other.counted)
        self.left_out.update(other.left_out)
        self.stored.update(other.stored)


class Report(Struct, frozen=True, kw_only=True):
    """What an import did; of a dry run, what it would do.

    Every row of the source is one of: `typed` (it became events of its own kinds), `generic` (kept
    as SourceEventImported), `counted` under a name of the mapping, `unchanged` (it says what is so
    already), `already` imported before, `rejected` itself, or `held_back` because another row of
    its opportunity was rejected. `left_out` counts under its name what a row says that is not
    taken, where something else of it is. `corrected` counts rows by the correction that met them,
    `unmet` names the corrections that met none. `reasons` say why rows were rejected, `remarked`
    counts opportunities that came in though they lack something. `stored` counts new events by
    kind.
    """

    source: str
    import_id: UUID
    dry_run: bool
    opportunities: int
    opened: int
    extended: int
    refused: int
    rows: int
    typed: int
    generic: int
    unchanged: int
    already: int
    rejected: int
    held_back: int
    counted: dict[str, int]
    left_out: dict[str, int]
    corrected: dict[str, int]
    unmet: list[str]
    stored: dict[str, int]
    reasons: list[Reason]
    remarked: int
    seconds: float
    rejects: Path | None
    remarks: Path | None
    results: Path | None = None
    attempt: int = 1
    files: tuple[FileTaken, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every row was taken; the exit code of the command says the same."""
        return not (self.rejected or self.held_back or self.refused)

    @property
    def events(self) -> int:
        """How many events are new."""
        return sum(self.stored.values())

    @property
    def rows_per_second(self) -> float:
        """How fast rows went from the file to the durable log."""
        return self.rows / self.seconds if self.seconds else 0.0

    def table(self) -> list[tuple[str, int]]:
        """Return what to show: what became of the rows, then the new events by kind."""
        return [
            ("opportunities in the file", self.opportunities),
            ("opportunities new", self.opened),
            ("opportunities with more than before", self.extended),
            ("opportunities refused", self.refused),
            ("rows in the file", self.rows),
            ("rows typed", self.typed),
            ("rows kept as they are", self.generic),
            *[(f"rows counted as {name}", count) for name, count in self.counted.items()],
            ("rows that change nothing", self.unchanged),
            ("rows imported before", self.already),
            ("rows rejected", self.rejected),
            ("rows held back", self.held_back),
            *([("opportunities with a remark", self.remarked)] if self.remarked else []),
            *[(f"rows with {name}", count) for name, count in self.corrected.items()],
            *[(f"values left out as {name}", count) for name, count in self.left_out.items()],
            *[(f"events {kind}", count) for kind, count in self.stored.items()],
        ]
