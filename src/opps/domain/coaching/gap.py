"""A performance gap of a seller: who named it, why it is there, and what is done about it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from msgspec import Struct, field

from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.indicators import INDICATORS, Indicator
from opps.domain.coaching.success import GapMeasure, SuccessMeasure
from opps.domain.events import (
    Answer,
    AppliedFact,
    CoachingImpactMeasured,
    GapEnd,
    GapSource,
)
from opps.domain.personal import Personal

FIRST_LOOK = timedelta(days=3)


class GapStatus(StrEnum):
    """How far a gap has come.

    NAMED: nobody said yet why it is there. DIAGNOSED: its cause is known. ACTING: somebody does
    something about it. LEARNING: an activity was assigned. CLOSED: it is over.
    """

    NAMED = "NAMED"
    DIAGNOSED = "DIAGNOSED"
    ACTING = "ACTING"
    LEARNING = "LEARNING"
    CLOSED = "CLOSED"


class AssignmentStatus(StrEnum):
    """How far an assignment has come.

    ASSIGNED: it is to be done. OVERDUE: its day is over. COMPLETED: the seller did it. APPLIED: it
    shows in later facts. MEASURED: what became of the indicator was measured.
    """

    ASSIGNED = "ASSIGNED"
    OVERDUE = "OVERDUE"
    COMPLETED = "COMPLETED"
    APPLIED = "APPLIED"
    MEASURED = "MEASURED"


class Diagnosis(Struct, frozen=True, kw_only=True):
    """Why a gap is there, as it was last said."""

    cause: GapCause
    ruled_out: tuple[GapCause, ...]
    answers: tuple[Answer, ...]
    at: datetime
    by: UUID


class CorrectiveAction(Struct, frozen=True, kw_only=True):
    """What somebody does about a cause that learning does not cure."""

    action: Personal
    owner: UUID
    due: date
    at: datetime
    by: UUID


class Assignment(Struct, frozen=True, kw_only=True):
    """A learning activity that was assigned, and what came of it."""

    assignment_id: UUID
    activity: str
    due: date
    success: SuccessMeasure
    at: datetime
    by: UUID
    completed_at: datetime | None = None
    applied_at: datetime | None = None
    facts: tuple[AppliedFact, ...] = ()
    impact: CoachingImpactMeasured | None = None
    measured_at: datetime | None = None

    def status(self, today: date) -> AssignmentStatus:
        """Return how far it has come by a day: once the day after its last one turns, it is late.

        What was completed late is completed.
        """
        if self.impact is not None:
            return AssignmentStatus.MEASURED
        if self.facts:
            return AssignmentStatus.APPLIED
        if self.completed_at is not None:
            return AssignmentStatus.COMPLETED
        return AssignmentStatus.OVERDUE if self.due < today else AssignmentStatus.ASSIGNED


class Closed(Struct, frozen=True, kw_only=True):
    """That a gap was closed, why and by whom."""

    reason: GapEnd
    note: Personal | None
    at: datetime
    by: UUID


class Gap(Struct, frozen=True, kw_only=True):
    """A performance gap of one seller, with all that was said and done about it."""

    gap_id: UUID
    seller: UUID
    by: GapSource
    identified_at: datetime
    identified_by: UUID
    version: int
    position: int
    indicator: Indicator | None = None
    objective: Objective | None = None
    observed: GapMeasure | None = None
    note: Personal | None = None
    shared_at: datetime | None = None
    diagnosis: Diagnosis | None = None
    action: CorrectiveAction | None = None
    assignments: Mapping[UUID, Assignment] = field(default_factory=dict)
    closed: Closed | None = None

    @property
    def open(self) -> bool:
        """Whether it is not closed."""
        return self.closed is None

    @property
    def status(self) -> GapStatus:
        """How far it has come."""
        if self.closed is not None:
            return GapStatus.CLOSED
        if self.assignments:
            return GapStatus.LEARNING
        if self.action is not None:
            return GapStatus.ACTING
        return GapStatus.NAMED if self.diagnosis is None else GapStatus.DIAGNOSED

    @property
    def shown_from(self) -> datetime:
        """From when on those who lead the seller see it.

        What they named themselves they know; of the rest the seller has the first look.
        """
        if self.by is GapSource.HAND and self.identified_by != self.seller:
            return self.identified_at
        looked = self.identified_at + FIRST_LOOK
        return looked if self.shared_at is None else min(self.shared_at, looked)

    @property
    def about(self) -> Objective | None:
        """The information objective that it is about, as named or as its indicator speaks of."""
        told = None if self.indicator is None else INDICATORS[self.indicator].objective
        return self.objective or told

    @property
    def due(self) -> date | None:
        """The next day by which something is to be done about it; None where nothing is."""
        days = [one.due for one in self.assignments.values() if one.completed_at is None]
        if self.action is not None:
            days.append(self.action.due)
        return min(days, default=None) if self.open else None


def gap_id_of(seller: UUID, indicator: Indicator, since: str) -> UUID:
    """Return the id of the gap that a rule names, the same however often it looks.

    `since` says when it began, such as the month: what comes back later is another gap.
    """
    return uuid5(seller, f"gap|{indicator}|{since}")
