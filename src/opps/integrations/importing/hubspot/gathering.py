"""The rows of an export of HubSpot, gathered on disk by deal, and what its ids stand for."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from opps.integrations.importing.crm import Meaning, is_true
from opps.integrations.importing.csv_file import Line, gathered, texts
from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.hubspot.looking import Looked, look
from opps.integrations.importing.hubspot.settings import HubspotPart
from opps.integrations.importing.hubspot.tables import OF_DEALS, SHAPES, TELLS, Kind, nearest
from opps.integrations.importing.packing import Counting, parts_of
from opps.integrations.importing.report import FileTaken
from opps.integrations.importing.rows import PersonTold

# What the gathering notes beside the cells of a row.
KIND, FILE, DEAL = "opps:table", "opps:file", "deal_id"


class Stage(Struct, frozen=True):
    """A stage of a pipeline: its label, its own chance, and what it means for a deal."""

    label: str
    probability: str
    meaning: Meaning


class Export:
    """An export of HubSpot: some files, folders and zips, of which each table is known.

    Raises:
        SourceMalformed: a path cannot be read, or nothing in it is an export.
    """

    def __init__(self, paths: Sequence[Path], settings: HubspotPart) -> None:
        self.bytes_read = 0
        self._looked = [look(part, settings) for part in parts_of(paths)]
        self._check(paths)
        self.bytes_total = sum(one.part.bytes_total for one in self._looked if one.kind)
        self._rows_of: Counter[str] = Counter()
        self.stages = dict(self._stages())
        self.people: dict[str, PersonTold] = {}
        self.owner_of_user: dict[str, str] = {}
        self._read_owners()
        self.companies = {
            cells["company_id"]: cells.get("company") or cells.get("name", "")
            for cells in self.cells(Kind.COMPANIES)
        }

    def digest(self) -> str:
        """Return a digest of all tables, whatever their files are called and in which order."""
        known = sorted(one.digest for one in self._looked if one.kind)
        return hashlib.sha256("\n".join(known).encode()).hexdigest()

    def files(self) -> tuple[FileTaken, ...]:
        """Return what each file was taken for, and how many rows were read of it."""
        return tuple(
            FileTaken(
                file=one.part.name,
                taken_as=one.kind.value if one.kind else None,
                rows=self._rows_of[one.part.name],
            )
            for one in self._looked
        )

    def deals(self) -> Iterator[tuple[str, Iterator[Line]]]:
        """Yield the rows of each deal."""
        return gathered(self._of_deals(), DEAL)

    def _of_deals(self) -> Iterator[Line]:
        for looked in self._looked:
            if looked.kind in OF_DEALS:
                for line, cells in self._rows(looked):
                    yield Line(line, {**cells, KIND: looked.kind, FILE: looked.part.name})

    def cells(self, kind: Kind) -> Iterator[dict[str, str]]:
        """Yield the rows of all tables of a kind."""
        for looked in self._looked:
            if looked.kind is kind:
                for _, cells in self._rows(looked):
                    yield cells

    def _stages(self) -> Iterator[tuple[str, Stage]]:
        for cells in self.cells(Kind.STAGES):
            won, closed = is_true(cells.get("closed_won")), is_true(cells.get("is_closed"))
            probability = cells.get("probability", "")
            meaning = Meaning.OPEN
            if won or (closed and probability in ("1", "1.0")):
                meaning = Meaning.WON
            elif closed:
                meaning = Meaning.LOST
            yield cells["stage_id"], Stage(cells["label"], probability, meaning)

    def _read_owners(self) -> None:
        for cells in self.cells(Kind.OWNERS):
            owner = cells.get("owner_id") or cells.get("hubspot_owner_id", "")
            name = f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
            self.people[owner] = PersonTold(name or owner, cells.get("email") or None)
            if user := cells.get("active_user_id"):
                self.owner_of_user[user] = owner

    def _rows(self, looked: Looked) -> Iterator[tuple[int, dict[str, str]]]:
        counting = Counting(looked.part, self._count)
        lines = csv.reader(
            texts(counting, looked.encoding), delimiter=looked.delimiter, strict=True
        )
        path, names = looked.part.path, looked.names
        try:
            next(lines, None)
            for cells in lines:
                if not cells:
                    continue
                if len(cells) != len(names):
                    message = (
                        f"{len(cells)} cells, but there are {len(names)} columns: is another "
                        "export in this file, or a cell with its delimiter and without quotes?"
                    )
                    raise SourceMalformed(path, message, lines.line_num)
                self._rows_of[looked.part.name] += 1
                yield lines.line_num, dict(zip(names, cells, strict=True))
        except csv.Error as error:
            raise SourceMalformed(path, f"no readable CSV: {error}", lines.line_num) from None

    def _count(self, read: int) -> None:
        self.bytes_read += read

    def _check(self, paths: Sequence[Path]) -> None:
        """Refuse what is no export: a file that somebody named, or a place without deals."""
        for one in self._looked:
            if one.kind is None and one.part.named:
                raise SourceMalformed(one.part.path, _unknown(one), 1)
        if not any(one.kind in TELLS for one in self._looked):
            message = (
                "it tells nothing of deals: export the property history of deals (deal_id, name, "
                "value, timestamp, source, source_id), or deals (Record ID, Deal Name, Deal Stage)"
            )
            raise SourceMalformed(paths[0], message)


def _unknown(looked: Looked) -> str:
    """Say of a file what it lacks to be a table that we read."""
    near = nearest(looked.names)
    own = "[hubspot.columns] of a mapping says what yours are called"
    if near is None:
        there = ", ".join(looked.names[:12]) or "none"
        known = "; ".join(f"{kind}: {', '.join(shape.needed)}" for kind, shape in SHAPES.items())
        return (
            f"it is no export of HubSpot that opps reads: its columns are {there}. {known}; {own}"
        )
    kind, missing = near
    lacks = ", ".join(missing) or "what tells it from others"
    return f"it is nearly {kind}, and lacks {lacks}; {own}"
