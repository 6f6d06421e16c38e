"""From what rows show of an opportunity to what they change: each change is said once."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from opps.domain.times import Learned
from opps.integrations.importing.crm import Meaning
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.rows import Row
from opps.integrations.importing.salesforce.gathering import Cells, Told
from opps.integrations.importing.salesforce.objects import Kind
from opps.integrations.importing.salesforce.words import CLOSED_CATEGORY, Words

STAGE, AMOUNT, CLOSE_DATE, CATEGORY = "StageName", "Amount", "CloseDate", "ForecastCategory"
NAME, OWNER, REOPENED = "Name", "Owner", "Reopened"
EMPTIED = {
    field: f"{field} emptied" for field in (AMOUNT, CLOSE_DATE, CATEGORY, NAME, OWNER, STAGE)
}
UNKNOWN_CATEGORY = "forecast category unknown"


class Value(NamedTuple):
    """What a field shows: as the export writes it, and in the one way that tells it from others."""

    text: str
    same: str
    more: Mapping[str, str] = {}


class Shown(NamedTuple):
    """What a row shows of an opportunity: its fields, and what its stage means."""

    fields: dict[str, Value]
    meaning: Meaning | None


def shown(cells: Cells, words: Words) -> Shown:
    """Return what a row with the columns of an opportunity, or of its history, shows.

    Raises:
        RowRefused: a cell is not what its column holds.
    """
    fields: dict[str, Value] = {}
    meaning = None
    if cells.get(NAME):
        fields[NAME] = Value(cells[NAME], cells[NAME])
    if owner := owner_of(cells):
        fields[OWNER] = Value(owner, owner)
    if stage := cells.get(STAGE):
        meaning = words.meaning(stage, cells.get("IsClosed"), cells.get("IsWon"))
        share = words.share(cells.get("Probability", "")) if meaning is Meaning.OPEN else ""
        fields[STAGE] = stage_value(stage, meaning, share)
    if AMOUNT in cells:
        fields[AMOUNT] = amount_value(cells[AMOUNT], words)
    if CLOSE_DATE in cells:
        fields[CLOSE_DATE] = day_value(cells[CLOSE_DATE], words)
    if category := cells.get(CATEGORY) or cells.get("ForecastCategoryName"):
        fields[CATEGORY] = category_value(category, words)
    return Shown(fields, meaning)


def owner_of(cells: Cells) -> str:
    """Return whom an opportunity belongs to: the id, or the name where an export has no ids."""
    return cells.get("OwnerId") or cells.get("Owner.Name", "")


def stage_value(stage: str, meaning: Meaning, share: str) -> Value:
    """Return a stage, with what it means and its own probability."""
    return Value(stage, f"{stage}\x1e{share}", {"meaning": meaning, "stage_default": share})


def amount_value(text: str, words: Words) -> Value:
    """Return an amount; an empty one is one that was emptied."""
    return Value(text, words.number(text) if text.strip() else "")


def day_value(text: str, words: Words) -> Value:
    """Return a day."""
    return Value(text if words.own_days else words.day(text), words.day(text))


def category_value(text: str, words: Words) -> Value:
    """Return a forecast category in our words, and as the export writes it if it has none."""
    known = words.category(text)
    if known is not None:
        return Value(known, known)
    closed = text.strip().casefold() == CLOSED_CATEGORY
    return Value("", CLOSED_CATEGORY if closed else text)


class Changes:
    """The changes of one opportunity, gathered row by row in the order of time."""

    def __init__(self, words: Words, opened: Learned | None) -> None:
        self.first: dict[str, str] = {}
        self._words = words
        self.opened = opened
        self._now: dict[str, Value] = {}
        self._meaning = Meaning.OPEN
        self._initial: list[Row] = []
        self._later: list[Row] = []

    @property
    def rows(self) -> list[Row]:
        """What was gathered: first what an opportunity began with."""
        return [*self._initial, *self._later]

    @property
    def last(self) -> Learned | None:
        """When the latest change was that has a time."""
        return next((row.learned for row in reversed(self._later) if row.learned), None)

    def add(self, row: Row) -> None:
        """Take a row as it is."""
        self._later.append(row)

    def began(self, told: Told, field: str, value: Value) -> None:
        """Note what a field held before the first row that tells of it."""
        if field in self._now or not value.same:
            return
        self._now[field] = value
        if field in (NAME, OWNER):
            self.first.setdefault(field, value.text)
        else:
            self._initial.append(change(told, field, value, "", self.opened))

    def show(self, told: Told, what: Shown, learned: Learned) -> None:
        """Take what a row shows; it changes what has been otherwise so far."""
        before = len(self._later)
        closes = what.meaning not in (None, Meaning.OPEN)
        for field, value in what.fields.items():
            if field == STAGE or (closes and field in (CLOSE_DATE, CATEGORY)):
                continue
            self._set(told, field, value, learned)
        if what.meaning is not None:
            self._stage(told, what.fields[STAGE], what.meaning, learned)
        if len(self._later) == before:
            self.add(silent(told))

    def set(self, told: Told, field: str, value: Value, learned: Learned) -> None:
        """Take the change of one field."""
        before = len(self._later)
        if field == STAGE:
            self._stage(told, value, Meaning(value.more["meaning"]), learned)
        else:
            self._set(told, field, value, learned)
        if len(self._later) == before:
            self.add(silent(told))

    def _set(self, told: Told, field: str, value: Value, learned: Learned) -> None:
        had = self._now.get(field)
        self._now[field] = value
        if had is None and field in (NAME, OWNER):
            self.first.setdefault(field, value.text)
        elif (had.same if had else "") != value.same:
            self.add(change(told, field, value, had.text if had else "", learned))

    def _stage(self, told: Told, value: Value, meaning: Meaning, learned: Learned) -> None:
        had, was = self._now.get(STAGE), self._meaning
        self._now[STAGE], self._meaning = value, meaning
        text = had.text if had else ""
        if was not in (Meaning.OPEN, meaning):
            self.add(change(told, REOPENED, Value(value.text, value.same), text, learned))
        elif was is meaning and (
            meaning is not Meaning.OPEN or (had and _says_no_more(value, had))
        ):
            return
        self.add(change(told, STAGE, value, text, learned))


def _says_no_more(value: Value, had: Value) -> bool:
    """Tell whether a stage is the one that was, with no probability that is new."""
    return value.text == had.text and value.more["stage_default"] in ("", had.more["stage_default"])


def change(told: Told, field: str, value: Value, old: str, learned: Learned | None) -> Row:
    """Return the row of one change, told from others by its field, its value and its time."""
    if not value.text and value.same and field == CATEGORY:
        return silent(told) if value.same == CLOSED_CATEGORY else counted(told, UNKNOWN_CATEGORY)
    named = EMPTIED.get(field, field) if not value.same else field
    at = learned.latest.isoformat() if learned and learned.latest else ""
    return Row(
        line=told.line,
        file=told.file,
        part=told.number,
        attributes={
            "object": told.kind,
            "field": named,
            "old_value": old,
            "new_value": value.text,
            "actor": actor_of(told.kind, told.cells),
            **value.more,
        },
        learned=learned,
        said=f"{named}\x1f{value.same}\x1f{at}",
    )


def silent(told: Told) -> Row:
    """Return the row of one that says nothing new."""
    return Row(
        line=told.line,
        file=told.file,
        part=told.number,
        attributes=told.cells,
        learned=None,
        silent=True,
    )


def counted(told: Told, name: str) -> Row:
    """Return the row of one that is only counted."""
    return replace(silent(told), silent=False, counted=name)


def refused(told: Told, why: RowRefused) -> Row:
    """Return the row of one that cannot be taken."""
    return replace(silent(told), problem=why)


def actor_of(kind: Kind, cells: Cells) -> str:
    """Return who did what a row tells: the id, or nothing where the export does not say."""
    if kind is Kind.OPPORTUNITY:
        return cells.get("LastModifiedById") or cells.get("CreatedById", "")
    return cells.get("CreatedById", "")


def people_of(cells: Cells) -> Iterator[tuple[str, str]]:
    """Yield the ids of people of ours in a row, with their names where the row has them."""
    for id_, name in (
        (owner_of(cells), cells.get("Owner.Name", "")),
        (cells.get("CreatedById", ""), cells.get("CreatedBy.Name", "")),
        (cells.get("LastModifiedById", ""), ""),
    ):
        if id_:
            yield id_, name
