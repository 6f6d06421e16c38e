"""What an opportunity shows at the time of an export, held against what was imported of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.times import Learned, learned_in
from opps.integrations.importing.crm import Meaning
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.rows import Row
from opps.integrations.importing.salesforce import changes
from opps.integrations.importing.salesforce.changes import Shown, Value
from opps.integrations.importing.salesforce.gathering import Cells, Told
from opps.integrations.importing.salesforce.words import Words


class Today(Struct, frozen=True, kw_only=True):
    """The latest row of an opportunity: `at` is when it was true, `ended` when it was closed.

    `besides` are fields that only rules of the mapping know, `principal_of` gives ids to people.
    """

    told: Told
    shown: Shown
    at: Learned
    ended: Learned
    besides: Sequence[str]
    principal_of: Callable[[str], UUID]

    def settle(self, seen: Opportunity | None) -> list[Row]:
        """Return what is otherwise today than what was imported led to; one row at least."""
        if seen is None:
            return [changes.silent(self.told)]
        currency = self.told.cells.get("CurrencyIsoCode", "").strip()
        if currency and currency != seen.currency:
            return [changes.refused(self.told, _other_currency(seen.currency, currency))]
        return [
            changes.silent(self.told),
            *self._besides(),
            *self._kept(seen),
            *self._stage_and_numbers(seen),
        ]

    def _besides(self) -> list[Row]:
        cells = self.told.cells
        rows = [
            changes.change(self.told, field, Value(cells[field], cells[field]), "", self.at)
            for field in self.besides
            if cells.get(field)
        ]
        # Nobody knows what was imported of these fields: each value is said once, whenever.
        return [
            replace(row, said=f"{row.attributes['field']}\x1f{row.attributes['new_value']}")
            for row in rows
        ]

    def _kept(self, seen: Opportunity) -> list[Row]:
        """Return the fields that a closed opportunity may change as well."""
        fields = self.shown.fields
        found = []
        name, owner = fields.get(changes.NAME), fields.get(changes.OWNER)
        if name is not None and name.text != seen.title:
            found.append(self._change(changes.NAME, name, seen.title))
        if owner is not None and self.principal_of(owner.text) != seen.owner:
            found.append(self._change(changes.OWNER, owner, ""))
        return found

    def _stage_and_numbers(self, seen: Opportunity) -> list[Row]:
        meaning, fields = self.shown.meaning, self.shown.fields
        if meaning is None or seen.status is Status.MERGED:
            return []
        had = Meaning.OPEN if seen.open else Meaning(seen.status.value)
        if meaning is had is not Meaning.OPEN:
            return []
        stage = fields[changes.STAGE]
        found = []
        if had is not Meaning.OPEN:
            again = Value(stage.text, stage.same)
            found.append(self._change(changes.REOPENED, again, had.value))
        if meaning is not Meaning.OPEN:
            found += self._amount(seen, self.ended)
            found.append(self._change(changes.STAGE, stage, seen.stage or "", self.ended))
            return found
        if (stage.text, _share(stage)) != (seen.stage, seen.stage_default):
            found.append(self._change(changes.STAGE, stage, seen.stage or ""))
        return [*found, *self._amount(seen, self.at), *self._promised(seen)]

    def _amount(self, seen: Opportunity, at: Learned) -> list[Row]:
        amount = self.shown.fields.get(changes.AMOUNT)
        if amount is None:
            return []
        had = seen.amount.amount if seen.amount else None
        if (_decimal(amount.same) if amount.same else None) == had:
            return []
        return [self._change(changes.AMOUNT, amount, str(had or ""), at)]

    def _promised(self, seen: Opportunity) -> list[Row]:
        found = []
        day, category = (
            self.shown.fields.get(field) for field in (changes.CLOSE_DATE, changes.CATEGORY)
        )
        had = seen.commit_date.isoformat() if seen.commit_date else ""
        if day is not None and day.same != had:
            found.append(self._change(changes.CLOSE_DATE, day, had))
        if category is not None and (not category.text or category.text != seen.category):
            found.append(self._change(changes.CATEGORY, category, seen.category or ""))
        return found

    def _change(self, field: str, value: Value, old: str, at: Learned | None = None) -> Row:
        return changes.change(self.told, field, value, old, at or self.at)


def ended_at(
    cells: Cells, at: Learned, opened: Learned | None, last: Learned | None, words: Words
) -> Learned:
    """Return when an opportunity was closed: by its own row, if no history tells it.

    LastStageChangeDate says it; else it is the day of CloseDate, which Salesforce sets at the
    closing, unless the row was last changed before that day, or something happened after it: at
    the latest it was closed when the row was true.
    """
    told = cells.get("LastStageChangeDate", "").strip()
    if told:
        try:
            return Learned(latest=_instant(told))
        except ValueError:
            pass
    day = words.as_date(cells.get(changes.CLOSE_DATE, ""))
    if day is None:
        return at
    try:
        closed = learned_in(day.isoformat(), "UTC")
    except ValueError:
        return at
    assert closed.earliest is not None
    assert closed.latest is not None
    if at.latest is not None and at.latest < closed.earliest:
        return at
    before = [one.latest for one in (opened, last) if one is not None and one.latest is not None]
    return at if any(one >= closed.latest for one in before) else closed


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _share(stage: Value) -> float | None:
    told = stage.more["stage_default"]
    return float(told) if told else None


def _decimal(text: str) -> Decimal | str:
    """Return a number; what is none differs from every one, so that its row is refused."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _other_currency(had: str, has: str) -> RowRefused:
    return RowRefused(
        "CURRENCY_CHANGED",
        f"it was imported in {had}, and CurrencyIsoCode says {has} now",
        "an opportunity keeps one currency: change it back in Salesforce, or revert the import "
        "that opened it and import all of it again",
    )
