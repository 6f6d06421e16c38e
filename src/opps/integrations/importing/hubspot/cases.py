"""The history of each deal of HubSpot: its changes, and what the table of deals says besides."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from opps.domain.opportunity.state import Opportunity
from opps.domain.times import UNKNOWN, Learned
from opps.integrations.importing.csv_file import Line
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.hubspot.gathering import FILE, KIND, Export, Stage, is_true
from opps.integrations.importing.hubspot.tables import Kind
from opps.integrations.importing.rows import ROWS_LIMIT, Case, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.salesforce.settings import Meaning
from opps.integrations.importing.templates import names_in

STAGE = "dealstage"
CREATED, CLOSED, MODIFIED = "createdate", "closedate", "hs_lastmodifieddate"
# What the table of deals says of today, in the order in which it is told; the stage comes last,
# for nothing is added to a deal that has ended.
_TODAY = ("dealname", "hubspot_owner_id", "amount", CLOSED, "hs_manual_forecast_category", STAGE)
_USER = "userid:"
_PRIMARY_COMPANY = "5"
_STANDARD_STAGES = {"closedwon": Meaning.WON, "closedlost": Meaning.LOST}
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


def hubspot_cases(export: Export, compiled: Compiled) -> Iterator[Case]:
    """Yield the deals of an export, each with its changes in order of time.

    Raises:
        SourceMalformed: a table is cut off, or a row has too many or few cells; then nothing was
            yielded.
    """
    reader = _Reader(export, compiled)
    merged = frozenset(reader.merged())
    for deal, lines in export.deals():
        if (case := reader.case(deal, lines, merged)) is not None:
            yield case


class _Reader:
    """Makes cases of the rows of deals."""

    def __init__(self, export: Export, compiled: Compiled) -> None:
        self._export = export
        self._times = compiled.times
        self._corrections = compiled.corrections
        self._settings = compiled.mapping.hubspot
        needs_currency = "currency" in names_in(compiled.mapping.opportunity.currency)
        self._no_currency = _NO_CURRENCY if needs_currency else None
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
            people=self._export.people or None,
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

    def _rows(self, changes: Sequence[Change], gone: str | None) -> Iterator[Row]:
        before: dict[str, str] = {}
        for change in changes:
            cells = change.line.cells
            yield Row(
                line=change.line.number,
                file=cells[FILE],
                attributes=self._told(
                    change.field,
                    change.value,
                    before.get(change.field, ""),
                    timestamp=cells["timestamp"],
                    source=cells.get("source", ""),
                    actor=self._actor(cells.get("source_id", "")),
                ),
                learned=change.learned,
                problem=change.problem,
                said="\x1f".join([change.field, change.value, cells["timestamp"]]),
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

    def _settle(self, today: Line, changes: Sequence[Change]) -> "_Today":
        told = {change.field for change in changes}
        cells = {name: text for name, text in today.cells.items() if name not in told}
        return _Today(self, today, cells)

    def today(self, line: Line, cells: dict[str, str], state: Opportunity | None) -> Iterator[Row]:
        """Yield what the table of deals says of today, where no history tells of it."""
        for field in _TODAY:
            value = cells.get(field, "")
            if not value:
                continue
            learned, problem = self._of_today(field, line.cells)
            was = _meaning_of(state).value if field == STAGE else ""
            yield Row(
                line=line.number,
                file=line.cells[FILE],
                attributes={
                    **self._told(field, value, "", timestamp="", source="deals", actor=""),
                    **({"was": was} if was else {}),
                },
                learned=learned,
                problem=problem,
                said=f"today\x1f{field}\x1f{value}",
                part=0,
            )

    def _of_today(self, field: str, cells: dict[str, str]) -> tuple[Learned, RowRefused | None]:
        """Return when it was learned: an end on the day of closing, else when it was changed."""
        ended = field == STAGE and self._stage(cells[field]).meaning is not Meaning.OPEN
        text = (ended and cells.get(CLOSED)) or cells.get(MODIFIED, "")
        if not text:
            return UNKNOWN, None
        try:
            return self._times.read(text), None
        except RowRefused as refused:
            return UNKNOWN, refused

    def _told(self, field: str, value: str, before: str, **besides: str) -> dict[str, str]:
        """Return the attributes of a change, with what its values stand for."""
        told = {"field": field, "new_value": value, "old_value": before, **besides}
        if field == STAGE and value:
            stage = self._stage(value)
            told |= {"stage": stage.label, "probability": stage.probability, "is": stage.meaning}
            told["was"] = self._stage(before).meaning if before else ""
        elif field == CLOSED and value:
            told["day"] = self._day(value)
        return told

    def _stage(self, id_: str) -> Stage:
        known = self._export.stages.get(id_)
        standard = _STANDARD_STAGES.get(id_.casefold().replace(" ", ""), Meaning.OPEN)
        found = known or Stage(id_, "", standard)
        says = self._settings.stages
        meant = says.get(id_) or says.get(found.label) or found.meaning
        return Stage(found.label, found.probability, meant)

    def _day(self, text: str) -> str:
        """Return the day of a date; what cannot be read stays, for the rule to refuse."""
        try:
            learned = self._times.read(text)
        except RowRefused:
            return text
        moment: datetime | None = learned.start
        return moment.date().isoformat() if moment else text

    def _actor(self, source_id: str) -> str:
        """Return who made a change: an owner, where the export tells of whom a user is."""
        if not source_id.casefold().startswith(_USER):
            return ""
        user = source_id[len(_USER) :]
        return self._export.owner_of_user.get(user, f"user {user}")


class _Today:
    """What the table of deals says of one deal, given what was imported of it so far."""

    def __init__(self, reader: _Reader, line: Line, cells: dict[str, str]) -> None:
        self._reader = reader
        self._line = line
        self._cells = cells

    def __call__(self, state: Opportunity | None) -> Sequence[Row]:
        return list(self._reader.today(self._line, self._cells, state))


def _meaning_of(state: Opportunity | None) -> Meaning:
    try:
        return Meaning(state.status.value) if state else Meaning.OPEN
    except ValueError:
        return Meaning.OPEN


def _gone(today: Line | None) -> str | None:
    return "deleted" if today is not None and is_true(today.cells.get("is_deleted")) else None


def _placed(change: Change) -> tuple[float, bool, int]:
    """Return the place of a change: by time, and of what happened at once the stage last."""
    at = change.learned.latest if change.learned else None
    return (at.timestamp() if at else _UNPLACED, change.field == STAGE, change.line.number)


def _without_marks(cells: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if name not in (KIND, FILE)}
