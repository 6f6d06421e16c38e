"""The cases of an export: each opportunity with its history in the order of time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from opps.domain.times import UNKNOWN, Learned
from opps.integrations.importing.crm import Meaning, is_true
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.rows import ROWS_LIMIT, Case, PersonTold, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.salesforce import changes, field_history, flaws
from opps.integrations.importing.salesforce.beside import (
    competitor_row,
    full_name,
    person_of,
    role_row,
    time_of,
)
from opps.integrations.importing.salesforce.changes import Changes
from opps.integrations.importing.salesforce.gathering import Export, Told
from opps.integrations.importing.salesforce.objects import Kind
from opps.integrations.importing.salesforce.today import Today, ended_at
from opps.integrations.importing.salesforce.words import Words

DELETED = "deleted"
# ISO 4217 for no currency: an opportunity that is there already keeps its own.
NO_CURRENCY = "XXX"
_LAST = datetime.max.replace(tzinfo=UTC)
_ORDER = {kind: number for number, kind in enumerate((Kind.HISTORY, Kind.FIELD_HISTORY))}
# When an opportunity's row was true, the best first: a warehouse tells from when a version held.
_TRUE_AT = ("FivetranStart", "LastModifiedDate", "SystemModstamp", "FivetranSynced")


class Dated(NamedTuple):
    """A row of an export with its time; `problem` says why that cannot be read."""

    told: Told
    learned: Learned
    problem: RowRefused | None

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where it stands among the others: the rows of a history before what they led to."""
        when = self.learned.latest or _LAST
        return when, _ORDER.get(self.told.kind, len(_ORDER)), self.told.number


class Cases:
    """Makes the case of each opportunity of an export."""

    def __init__(
        self, export: Export, compiled: Compiled, principal_of: Callable[[str], UUID]
    ) -> None:
        mapping = compiled.mapping
        self._export = export
        self._compiled = compiled
        self._principal_of = principal_of
        self._part = mapping.salesforce
        self._named = mapping.actors.register
        self._words = Words(self._part, mapping.formats, export.stages)
        self._ruled = frozenset(
            name
            for rule in mapping.rules
            for one in [rule.match.get("field", ())]
            for name in ([one] if isinstance(one, str) else one)
        )

    def __iter__(self) -> Iterator[Case]:
        for opportunity, rows in self._export.opportunities():
            yield self._case(opportunity, rows)

    def _case(self, opportunity: str, rows: list[Told]) -> Case:
        if self._compiled.corrections:
            mended = self._compiled.corrections.mended
            rows = [told._replace(cells=mended(dict(told.cells), opportunity)) for told in rows]
        own = [told for told in rows if told.kind is Kind.OPPORTUNITY]
        gone = any(is_true(told.cells.get("IsDeleted")) for told in own)
        if gone and not self._part.deleted:
            return _skipped(opportunity, rows)
        return self._taken(opportunity, rows, own)

    def _taken(self, opportunity: str, rows: list[Told], own: list[Told]) -> Case:
        too_many = max(len(rows) - ROWS_LIMIT, 0)
        dated = sorted((self._dated(told) for told in rows[:ROWS_LIMIT]), key=lambda one: one.place)
        versions = [one for one in dated if one.told.kind is Kind.OPPORTUNITY]
        latest = versions[-1] if versions else None
        opened = self._opened(own, dated)
        gathered = Changes(self._words, opened)
        twice = field_history.told_twice([told for told in rows if told.kind is Kind.FIELD_HISTORY])
        doubled = flaws.doubled([(one.learned, one.told) for one in versions])
        for one in dated:
            if one.told.number in doubled:
                gathered.add(
                    changes.refused(one.told, flaws.duplicate([one.told for one in versions]))
                )
            elif one is not latest:
                self._take(one, gathered, twice)
        first = latest.told if latest else rows[0]
        today = self._today(latest, gathered) if latest and not doubled else None
        return Case(
            line=first.line,
            file=first.file,
            part=first.number if latest else None,
            external_id=opportunity,
            attributes=self._opening(opportunity, own, gathered),
            rows=gathered.rows,
            too_many=too_many,
            settle=_settle(today, latest),
            unopened=self._unopened(opportunity, rows, own),
            people=self._people(rows),
        )

    def _dated(self, told: Told) -> Dated:
        cells = told.cells
        match told.kind:
            case Kind.OPPORTUNITY:
                text = next((cells[name] for name in _TRUE_AT if cells.get(name, "").strip()), "")
            case Kind.CONTACT_ROLE | Kind.COMPETITOR:
                text = time_of(told)
            case _:
                text = cells.get("CreatedDate", "")
                if not text.strip():
                    return Dated(
                        told, UNKNOWN, RowRefused("TIME_MISSING", "there is no CreatedDate")
                    )
        if not text.strip():
            return Dated(told, UNKNOWN, None)
        try:
            return Dated(told, self._compiled.times.read(text), None)
        except RowRefused as problem:
            return Dated(told, UNKNOWN, problem)

    def _opened(self, own: Sequence[Told], dated: Sequence[Dated]) -> Learned | None:
        """Return when an opportunity was opened: what it began with was known from then on."""
        for told in own:
            text = told.cells.get("CreatedDate", "")
            if text.strip():
                try:
                    return self._compiled.times.read(text)
                except RowRefused:
                    return None  # the opening says so
        return next((one.learned for one in dated if one.learned.latest), None)

    def _take(self, one: Dated, gathered: Changes, twice: frozenset[int]) -> None:
        told, cells = one.told, one.told.cells
        try:
            if one.problem is not None:
                raise one.problem
            if is_true(cells.get("IsDeleted")) and told.kind is not Kind.OPPORTUNITY:
                gathered.add(changes.counted(told, DELETED))
            elif told.number in twice:
                gathered.add(changes.counted(told, field_history.TOLD_TWICE))
            elif told.kind is Kind.FIELD_HISTORY:
                field_history.take(told, gathered, one.learned, self._words)
            elif told.kind is Kind.CONTACT_ROLE:
                contact = self._export.named(Kind.CONTACT, cells["ContactId"])
                gathered.add(role_row(told, contact, self._words, one.learned, named=self._named))
            elif told.kind is Kind.COMPETITOR:
                gathered.add(competitor_row(told, one.learned))
            else:
                self._show(one, gathered)
        except RowRefused as problem:
            gathered.add(changes.refused(told, problem))

    def _show(self, one: Dated, gathered: Changes) -> None:
        told, cells = one.told, one.told.cells
        if previous := cells.get("PrevAmount"):
            value = changes.amount_value(previous, self._words)
            gathered.began(told, changes.AMOUNT, value)
        if previous := cells.get("PrevCloseDate"):
            value = changes.day_value(previous, self._words)
            gathered.began(told, changes.CLOSE_DATE, value)
        what = changes.shown(cells, self._words)
        learned = one.learned
        if told.kind is Kind.OPPORTUNITY and what.meaning not in (None, Meaning.OPEN):
            learned = ended_at(cells, learned, gathered.opened, gathered.last, self._words)
        gathered.show(told, what, learned)

    def _today(self, latest: Dated, gathered: Changes) -> Today | RowRefused:
        told = latest.told
        try:
            if latest.problem is not None:
                raise latest.problem
            return Today(
                told=told,
                shown=changes.shown(told.cells, self._words),
                at=latest.learned,
                ended=ended_at(
                    told.cells, latest.learned, gathered.opened, gathered.last, self._words
                ),
                besides=[name for name in told.cells if name in self._ruled - _FIELDS],
                principal_of=self._principal_of,
            )
        except RowRefused as problem:
            return problem

    def _opening(self, opportunity: str, own: list[Told], gathered: Changes) -> dict[str, str]:
        """Return what an opportunity opens with: its row, as it was at the beginning."""
        cells = own[-1].cells if own else {}
        account = cells.get("AccountId", "").strip()
        name = self._export.named(Kind.ACCOUNT, account).get("Name", "") if account else ""
        name = name.strip() or cells.get("Account.Name", "").strip()
        attributes = {column: text for column, text in cells.items() if text.strip()}
        attributes |= {
            "Id": opportunity,
            "actor": cells.get("CreatedById", "") or changes.owner_of(cells),
            "CurrencyIsoCode": self._currency(own) or NO_CURRENCY,
        }
        if name:
            attributes["account_name"] = name
        if account or name:
            attributes["account_id"] = account or name
        owner = gathered.first.get(changes.OWNER) or changes.owner_of(cells)
        if owner:
            attributes["owner"] = owner
        if title := gathered.first.get(changes.NAME):
            attributes["Name"] = title
        return attributes

    def _currency(self, own: Sequence[Told]) -> str | None:
        told = own[-1].cells.get("CurrencyIsoCode", "").strip() if own else ""
        return told or self._part.currency

    def _unopened(
        self, opportunity: str, rows: list[Told], own: Sequence[Told]
    ) -> RowRefused | None:
        """Return why an opportunity cannot be opened, if it is not there yet."""
        if not own:
            return flaws.no_opportunity(rows[0].kind, opportunity)
        if self._currency(own) is None:
            return flaws.CURRENCY_MISSING
        return None

    def _people(self, rows: list[Told]) -> dict[str, PersonTold]:
        """Return those whom an opportunity names by ids that the export has names for."""
        found: dict[str, PersonTold] = {}
        for told in rows:
            cells = told.cells
            if told.kind is Kind.CONTACT_ROLE:
                contact = self._export.named(Kind.CONTACT, cells["ContactId"])
                if (person := person_of(cells, contact)) is not None:
                    found[cells["ContactId"]] = person
            for id_, name in changes.people_of(cells):
                name = full_name(self._export.named(Kind.USER, id_)) or name
                if name:
                    found[id_] = PersonTold(name)
        return found


_FIELDS = frozenset(
    {changes.STAGE, changes.AMOUNT, changes.CLOSE_DATE, changes.CATEGORY, changes.NAME}
)


def _settle(today: Today | RowRefused | None, latest: Dated | None) -> Callable[..., list[Row]]:
    if isinstance(today, Today):
        return today.settle
    if isinstance(today, RowRefused) and latest is not None:
        row = changes.refused(latest.told, today)
        return lambda seen: [row]
    return lambda seen: []


def _skipped(opportunity: str, rows: list[Told]) -> Case:
    counted = [changes.counted(told, DELETED) for told in rows]
    return Case(
        line=rows[0].line,
        file=rows[0].file,
        external_id=opportunity,
        attributes={},
        rows=counted,
        skipped=True,
    )
