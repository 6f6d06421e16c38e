"""What the table of deals says of today, where no history tells of it."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from uuid import UUID

from opps.domain.opportunity.state import Opportunity
from opps.domain.times import UNKNOWN, Learned
from opps.integrations.importing.crm import Meaning
from opps.integrations.importing.csv_file import Line
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.hubspot.gathering import FILE
from opps.integrations.importing.hubspot.words import CLOSED, OWNER, STAGE, Words
from opps.integrations.importing.rows import Row
from opps.integrations.importing.times import TimeReader

MODIFIED = "hs_lastmodifieddate"
NAME, AMOUNT, CATEGORY = "dealname", "amount", "hs_manual_forecast_category"
# In the order in which it is told: the stage comes last, for nothing is added to what has ended.
_TODAY = (NAME, OWNER, AMOUNT, CLOSED, CATEGORY, STAGE)
# What has ended is opened again before anything is added.
_AFTER_THE_END = (STAGE, *_TODAY[:-1])
_CATEGORIES = {"MOST_LIKELY": "BEST_CASE", "OMIT": "OMITTED"}


class Today:
    """What the table of deals says of one deal that differs from what was imported of it so far.

    So a deal that was only touched says nothing, and what people changed here stays until HubSpot
    changes the same. `principal_of` gives ids to people.
    """

    def __init__(
        self,
        words: Words,
        times: TimeReader,
        line: Line,
        cells: dict[str, str],
        principal_of: Callable[[str], UUID],
    ) -> None:
        self._words = words
        self._times = times
        self._line = line
        self._cells = cells
        self._principal_of = principal_of

    def __call__(self, state: Opportunity | None) -> Sequence[Row]:
        """Return a row for each thing that it says."""
        return list(self._rows(state))

    def _rows(self, state: Opportunity | None) -> Iterator[Row]:
        """Yield what the table of deals says of today, where no history tells of it."""
        line = self._line
        modified = self._modified()
        for field in _TODAY if state is None or state.open else _AFTER_THE_END:
            value = self._cells.get(field, "")
            if not value:
                continue
            told = self._words.told(field, value, "", timestamp="", source="deals", actor="")
            if state is not None and self._as_imported(field, told, state):
                continue
            learned, problem = self._of_today(field, line.cells)
            was = _meaning_of(state).value if field == STAGE else ""
            yield Row(
                line=line.number,
                file=line.cells[FILE],
                attributes={**told, **({"meaning_before": was} if was else {})},
                learned=learned,
                problem=problem,
                said=f"today\x1f{field}\x1f{value}\x1f{modified}",
                part=0,
            )

    def _as_imported(self, field: str, told: dict[str, str], state: Opportunity) -> bool:
        """Tell whether a field is what the imports so far have made of it."""
        value = told["new_value"]
        if field == NAME:
            return value == state.title
        if field == OWNER:
            return self._principal_of(value) == state.owner
        if field == AMOUNT:
            return state.amount is not None and _number(value) == state.amount.amount
        if field == CLOSED:
            return state.commit_date is not None and told["day"] == state.commit_date.isoformat()
        if field == CATEGORY:
            return _CATEGORIES.get(value, value) == state.category
        meant = Meaning(told["meaning"])
        as_it_was = meant is _meaning_of(state)
        return as_it_was and (meant is not Meaning.OPEN or told["stage"] == state.stage)

    def _modified(self) -> str:
        """Return when the deal was last changed: it tells a value from the same one before."""
        text = self._line.cells.get(MODIFIED, "")
        try:
            return instant_of(self._times.read(text), text)
        except RowRefused:
            return text

    def _of_today(self, field: str, cells: dict[str, str]) -> tuple[Learned, RowRefused | None]:
        """Return when it was learned: an end on the day of closing, else when it was changed."""
        ended = field == STAGE and self._words.stage(cells[field]).meaning is not Meaning.OPEN
        text = (ended and cells.get(CLOSED)) or cells.get(MODIFIED, "")
        if not text:
            return UNKNOWN, None
        try:
            return self._times.read(text), None
        except RowRefused as refused:
            return UNKNOWN, refused


def _meaning_of(state: Opportunity | None) -> Meaning:
    try:
        return Meaning(state.status.value) if state else Meaning.OPEN
    except ValueError:
        return Meaning.OPEN


def instant_of(learned: Learned | None, text: str) -> str:
    """Return a time as part of an id: the same however an export writes it."""
    return learned.latest.isoformat() if learned and learned.latest else text


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
