"""What the table of deals says of today, where no history tells of it."""

from collections.abc import Iterator, Sequence

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
# In the order in which it is told: the stage comes last, for nothing is added to what has ended.
_TODAY = ("dealname", OWNER, "amount", CLOSED, "hs_manual_forecast_category", STAGE)


class Today:
    """What the table of deals says of one deal, given what was imported of it so far."""

    def __init__(self, words: Words, times: TimeReader, line: Line, cells: dict[str, str]) -> None:
        self._words = words
        self._times = times
        self._line = line
        self._cells = cells

    def __call__(self, state: Opportunity | None) -> Sequence[Row]:
        """Return a row for each thing that it says."""
        return list(self._rows(state))

    def _rows(self, state: Opportunity | None) -> Iterator[Row]:
        """Yield what the table of deals says of today, where no history tells of it."""
        line = self._line
        for field in _TODAY:
            value = self._cells.get(field, "")
            if not value:
                continue
            learned, problem = self._of_today(field, line.cells)
            was = _meaning_of(state).value if field == STAGE else ""
            yield Row(
                line=line.number,
                file=line.cells[FILE],
                attributes={
                    **self._words.told(field, value, "", timestamp="", source="deals", actor=""),
                    **({"meaning_before": was} if was else {}),
                },
                learned=learned,
                problem=problem,
                said=f"today\x1f{field}\x1f{value}",
                part=0,
            )

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
