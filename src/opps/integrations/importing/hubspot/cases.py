"""The history of each deal of HubSpot: its changes, and what the table of deals says besides."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from opps.domain.times import Learned
from opps.integrations.importing.crm import is_true
from opps.integrations.importing.csv_file import Line
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.hubspot.gathering import FILE, KIND, Export
from opps.integrations.importing.hubspot.tables import Kind
from opps.integrations.importing.hubspot.today import Today, instant_of
from opps.integrations.importing.hubspot.words import OWNER, STAGE, Words
from opps.integrations.importing.rows import ROWS_LIMIT, Case, PersonTold, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.templates import names_in

_PRIMARY_COMPANY = "5"
_UNPLACED = float("inf")
_NO_CURRENCY = RowRefused(
    "CURRENCY_MISSING",
    "nothing says in which currency its amounts are",
    "say it: --currency EUR, or [hubspot] currency of a mapping",
)


class Change(NamedTuple):
    """One change of one property, as the history has it."""

    line: Line
    field: str
    learned: Learned | None
    problem: RowRefused | None

    @property
    def value(self) -> str:
        return self.line.cells["value"]

    @property
    def at(self) -> str:
        return instant_of(self.learned, self.line.cells["timestamp"])


def hubspot_cases(
    export: Export, compiled: Compiled, principal_of: Callable[[str], UUID]
) -> Iterator[Case]:
    """Yield the deals of an export, each with its changes in order of time.

    `principal_of` gives ids to people.

    Raises:
        SourceMalformed: a table is cut off, or a row has too many or few cells; then nothing was
            yielded.
    """
    reader = _Reader(export, compiled, principal_of)
    merged = frozenset(reader.merged())
    for deal, lines in export.deals():
        if (case := reader.case(deal, lines, merged)) is not None:
            yield case


class _Reader:
    """Makes cases of the rows of deals."""

    def __init__(
        self, export: Export, compiled: Compiled, principal_of: Callable[[str], UUID]
    ) -> None:
        self._export = export
        self._principal_of = principal_of
        self._times = compiled.times
        self._corrections = compiled.corrections
        self._settings = compiled.mapping.hubspot
        needs_currency = "currency" in names_in(compiled.mapping.opportunity.currency)
        self._no_currency = _NO_CURRENCY if needs_currency else None
        self._words = Words(export, compiled.times, self._settings)
        self._own = {own: name for name, own in self._settings.properties.items()}

    def merged(self) -> Iterator[str]:
        """Yield the deals that are gone, because they were merged into others."""
        yield from (cells["merged_deal_id"] for cells in self._export.cells(Kind.MERGED))

    def case(self, deal: str, lines: Iterable[Line], merged: frozenset[str]) -> Case | None:
        changes: list[Change] = []
        today: Line | None = None
        more: list[Line] = []
        company = ""
        too_many = 0
        for line in lines:
            match line.cells[KIND]:
                case Kind.DEALS if today is not None:
                    more.append(line)
                case Kind.DEALS:
                    today = Line(line.number, self._corrections.mended(line.cells, deal))
                case Kind.COMPANY_OF:
                    if not company or line.cells.get("type_id") == _PRIMARY_COMPANY:
                        company = line.cells["company_id"]
                case Kind.HISTORY | Kind.STAGE_HISTORY if len(changes) == ROWS_LIMIT:
                    too_many += 1
                case Kind.HISTORY | Kind.STAGE_HISTORY:
                    changes.append(self._change(line, deal))
        if today is None and not changes:
            return None
        changes.sort(key=_placed)
        attributes = self._attributes(deal, changes, today, company)
        gone = "merged" if deal in merged else _gone(today)
        rows = [*self._rows(changes, gone), *self._deal_rows(today, more, gone)]
        first = changes[0].line if changes else today
        assert first is not None
        return Case(
            line=(today or first).number,
            file=(today or first).cells[FILE],
            part=0 if today is not None else None,
            external_id=deal,
            attributes=attributes,
            rows=rows,
            too_many=too_many,
            skipped=gone is not None,
            unopened=self._no_currency if "currency" not in attributes else None,
            people=self._people(attributes, changes),
            settle=None if today is None or gone else self._settle(today, changes),
        )

    def _change(self, line: Line, deal: str) -> Change:
        cells = line.cells
        if line.cells[KIND] == Kind.STAGE_HISTORY:
            cells = {**cells, "name": STAGE, "timestamp": cells["date_entered"]}
        field = self._own.get(cells["name"], cells["name"])
        cells = self._corrections.mended_change(cells, deal, field, ("value",))
        line = Line(line.number, cells)
        try:
            return Change(line, field, self._times.read(cells["timestamp"]), None)
        except RowRefused as refused:
            return Change(line, field, None, refused)

    def _attributes(
        self, deal: str, changes: Sequence[Change], today: Line | None, company: str
    ) -> dict[str, str]:
        """Return what a deal began with: its first values, else those of today."""
        found: dict[str, str] = {"deal_id": deal}
        for change in changes:
            if change.value:
                found.setdefault(change.field, change.value)
        for name, text in (today.cells if today else {}).items():
            if text:
                found.setdefault(name, text)
        company = company or found.get("company_id", "")
        told = {
            "company_id": company,
            "company": self._export.companies.get(company) or found.get("company", ""),
            "currency": found.get("deal_currency_code") or self._settings.currency or "",
        }
        return {**found, **{name: text for name, text in told.items() if text}}

    def _people(
        self, attributes: dict[str, str], changes: Sequence[Change]
    ) -> dict[str, PersonTold]:
        """Return whom a deal names, of those that the table of owners tells of."""
        named = {attributes.get(OWNER, "")}
        for change in changes:
            named.add(self._words.actor(change.line.cells.get("source_id", "")))
            if change.field == OWNER:
                named.add(change.value)
        return {one: self._export.people[one] for one in named if one in self._export.people}

    def _rows(self, changes: Sequence[Change], gone: str | None) -> Iterator[Row]:
        before: dict[str, str] = {}
        for change in changes:
            cells = change.line.cells
            yield Row(
                line=change.line.number,
                file=cells[FILE],
                attributes=self._words.told(
                    change.field,
                    change.value,
                    before.get(change.field, ""),
                    timestamp=cells["timestamp"],
                    source=cells.get("source", ""),
                    actor=self._words.actor(cells.get("source_id", "")),
                ),
                learned=change.learned,
                problem=change.problem,
                said="\x1f".join([change.field, change.value, change.at]),
                counted=gone,
            )
            before[change.field] = change.value

    def _deal_rows(
        self, today: Line | None, more: Sequence[Line], gone: str | None
    ) -> Iterator[Row]:
        """Yield the row of a deal itself, and those that repeat its id."""
        if today is not None:
            yield Row(
                line=today.number,
                file=today.cells[FILE],
                attributes=_without_marks(today.cells),
                learned=None,
                part=0,
                counted=gone,
                silent=gone is None,
            )
        for line in more:
            assert today is not None
            problem = None
            if not gone:
                where = f"line {today.number} of {today.cells[FILE]}"
                problem = RowRefused(
                    "DUPLICATE_ID",
                    f"{where} is the same deal, and the table of deals has a row for each",
                    "leave in the row that holds today, or export the deals once more",
                )
            yield Row(
                line=line.number,
                file=line.cells[FILE],
                attributes=_without_marks(line.cells),
                learned=None,
                problem=problem,
                counted=gone,
                silent=gone is None,
            )

    def _settle(self, today: Line, changes: Sequence[Change]) -> Today:
        told = {change.field for change in changes}
        cells = {name: text for name, text in today.cells.items() if name not in told}
        return Today(self._words, self._times, today, cells, self._principal_of)


def _gone(today: Line | None) -> str | None:
    return "deleted" if today is not None and is_true(today.cells.get("is_deleted")) else None


def _placed(change: Change) -> tuple[float, bool, int]:
    """Return the place of a change: by time, and of what happened at once the stage last."""
    at = change.learned.latest if change.learned else None
    return (at.timestamp() if at else _UNPLACED, change.field == STAGE, change.line.number)


def _without_marks(cells: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if name not in (KIND, FILE)}
