"""Which lines a timeline has: of an opportunity, an evaluator, an account or a seller, and more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.times import Learned, Precision, Reading
from opps.projections import account_timeline, danger_zones, timeline
from opps.projections.reading import Condition
from opps.projections.table import Table
from opps.projections.timeline_row import TimelineRow

_LEARNED_FACT = "FactLearned"


class Said(StrEnum):
    """What a line has to do with an evaluator.

    SAID: the evaluator said it. ABOUT: it is about the evaluator, or the evaluator was asked.
    THEIR_FACTS: it confirms, takes back, replaces or contradicts what the evaluator had said.
    """

    SAID = "SAID"
    ABOUT = "ABOUT"
    THEIR_FACTS = "THEIR_FACTS"


_CONCERNS = {
    Said.SAID: "t.told_by = %s",
    Said.ABOUT: "%s = ANY (t.about)",
    Said.THEIR_FACTS: "%s = ANY (t.fact_told_by)",
}


class Leg(NamedTuple):
    """Lines of one table, found by one index; no line is in two legs of a scope."""

    table: Table
    condition: Condition


Scope = tuple[Leg, ...]


def of_opportunity(opportunity_id: UUID) -> Scope:
    """Return the lines of an opportunity; time and rules move its danger zones, too."""
    condition = Condition("t.opportunity_id = %s", (opportunity_id,))
    return Leg(timeline.TABLE, condition), Leg(danger_zones.LINES, condition)


def of_evaluator(opportunity_id: UUID, evaluator_id: UUID, parts: Sequence[Said] = ()) -> Scope:
    """Return the lines that have to do with an evaluator, in these ways or in any."""
    concerns = [_CONCERNS[one] for one in dict.fromkeys(parts or Said)]
    text = f"t.opportunity_id = %s AND ({' OR '.join(concerns)})"
    values = (opportunity_id, *([evaluator_id] * len(concerns)))
    return (Leg(timeline.TABLE, Condition(text, values)),)


def of_account(entries: Sequence[UUID]) -> Scope:
    """Return the lines of the entries of an account, and of all their opportunities."""
    condition = Condition("t.account_id = ANY (%s)", (list(entries),))
    if len(entries) == 1:  # ordered by an index as it is
        condition = Condition("t.account_id = %s", (entries[0],))
    return Leg(timeline.TABLE, condition), Leg(account_timeline.TABLE, condition)


def of_seller(seller: UUID) -> Scope:
    """Return the lines of what somebody of us learned, did, or wrote down for another."""
    own, written = Condition("t.seller = %s", (seller,)), Condition("t.recorder = %s", (seller,))
    return (
        Leg(timeline.TABLE, own),
        Leg(timeline.TABLE, written),
        Leg(account_timeline.TABLE, own),
        Leg(account_timeline.TABLE, written),
    )


class Until(Struct, frozen=True, kw_only=True):
    """Up to where a timeline goes: recorded by a position and, through a lens, learned by then.

    `redated` says of each fact that was redated by the position whether its date has come.
    """

    position: int
    known_at: datetime | None = None
    reading: Reading = Reading.CERTAIN
    redated: Mapping[UUID, bool] = {}

    def conditions(self) -> list[Condition]:
        """Return what lines must fulfil."""
        told = Condition("t.position <= %s", (self.position,))
        if self.known_at is None:
            return [told]
        reached = [one for one, there in self.redated.items() if there]
        text = (
            f"CASE WHEN t.tag = '{_LEARNED_FACT}' AND t.fact_id = ANY (%s)"
            f" THEN t.fact_id = ANY (%s) ELSE {_READ[self.reading]} <= %s END"
        )
        return [told, Condition(text, (list(self.redated), reached, self.known_at))]

    def lets_through(self, row: TimelineRow) -> bool:
        """Tell the same of a line that was read."""
        if self.known_at is None or row.position > self.position:
            return row.position <= self.position
        redated = self.redated.get(row.fact_id) if row.fact_id else None
        if row.tag == _LEARNED_FACT and redated is not None:
            return redated
        learned = Learned(
            latest=row.learned_latest, earliest=row.learned_earliest, precision=row.precision
        )
        return learned.read(self.reading, row.recorded_at) <= self.known_at


# The two readings of a learned time (domain/times.py), as the database reads them.
_READ = {
    Reading.CERTAIN: "t.learned_at",
    Reading.POSSIBLE: (
        f"CASE WHEN t.precision = '{Precision.UNKNOWN}' THEN '-infinity'"
        f" WHEN t.precision = '{Precision.INSTANT}' THEN t.learned_at"
        " ELSE least(t.learned_earliest, t.recorded_at) END"
    ),
}


class LineFilter(Struct, frozen=True, kw_only=True):
    """Which lines of a timeline are wanted; what is absent does not matter.

    `since` and `before` are of the time that orders the timeline.
    """

    objectives: Sequence[Objective] | None = None
    kinds: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    late: bool | None = None

    def conditions(self, time: str) -> list[Condition]:
        """Return what lines must fulfil; `time` is the column of the time that orders them."""
        wanted = {
            "t.objective = ANY (%s)": self.objectives,
            "t.kind = ANY (%s)": self.kinds,
            "t.tag = ANY (%s)": self.tags,
            f"t.{time} >= %s": _in_utc(self.since),
            f"t.{time} < %s": _in_utc(self.before),
            "t.late = %s": self.late,
        }
        return [
            Condition(text, (list(value) if isinstance(value, Sequence) else value,))
            for text, value in wanted.items()
            if value is not None
        ]


EVERY_LINE = LineFilter()


def _in_utc(instant: datetime | None) -> datetime | None:
    return instant if instant is None else instant.astimezone(UTC)
