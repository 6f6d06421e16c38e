"""What happens to a performance gap of one seller, in a stream of its own.

What is written about a seller is stored under the seller's key.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.success import GapMeasure, SuccessMeasure
from opps.domain.describe import Code, Count, Text, Title, doc
from opps.domain.events.base import Event
from opps.domain.personal import Personal


class GapSource(StrEnum):
    """Who named a gap: a rule that looks at a leading indicator, or somebody."""

    RULE = "RULE"
    HAND = "HAND"


class GapEnd(StrEnum):
    """Why a gap was closed.

    RESOLVED: what was agreed or learned was done. NO_GAP: there was none. OVERTAKEN: something
    else made it pointless, such as another role.
    """

    RESOLVED = "RESOLVED"
    NO_GAP = "NO_GAP"
    OVERTAKEN = "OVERTAKEN"


class Answer(Struct, frozen=True, kw_only=True):
    """What the seller said when asked about a cause."""

    cause: GapCause
    text: Personal


class AppliedFact(Struct, frozen=True, kw_only=True):
    """A fact that shows what was learned at work: a later one, of a deal of the seller's own."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    fact_id: Annotated[UUID, doc("The fact.")]


class PerformanceGapIdentified(Event, frozen=True, kw_only=True):
    """A gap of a seller was named; by a rule, its seller sees it first."""

    seller: UUID
    by: GapSource
    indicator: Code | None = None
    objective: Objective | None = None
    observed: GapMeasure | None = None
    note: Personal | None = None


class GapShared(Event, frozen=True):
    """The seller shows a gap to whoever leads the seller, before the days of the first look end."""


class DiagnosisRecorded(Event, frozen=True, kw_only=True):
    """Why a gap is there, and which causes were ruled out before."""

    cause: GapCause
    ruled_out: tuple[GapCause, ...] = ()
    answers: tuple[Answer, ...] = ()


class CorrectiveActionAgreed(Event, frozen=True, kw_only=True):
    """Somebody does something about a cause that learning does not cure."""

    action: Personal
    owner: UUID
    due: date


class LearningAssigned(Event, frozen=True, kw_only=True):
    """An activity of the catalogue was assigned, with what it should change by what measure."""

    assignment_id: UUID
    activity: Code
    due: date
    success: SuccessMeasure


class LearningCompleted(Event, frozen=True, kw_only=True):
    """The seller completed an activity."""

    assignment_id: UUID


class LearningApplied(Event, frozen=True, kw_only=True):
    """What was learned shows in later facts of the seller."""

    assignment_id: UUID
    facts: Annotated[tuple[AppliedFact, ...], Meta(min_length=1)]


class CoachingImpactMeasured(Event, frozen=True, kw_only=True):
    """What became of the indicator, before and after, beside peers who were not assigned.

    `effect` is the change of the seller less that of the peers, `low` and `high` its interval;
    where there is not `enough` data there is none.
    """

    assignment_id: UUID
    indicator: Code
    n_before: Count
    n_after: Count
    enough: bool
    before: float | None = None
    after: float | None = None
    peers_change: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None


class GapClosed(Event, frozen=True, kw_only=True):
    """A gap is closed."""

    reason: GapEnd
    note: Personal | None = None


class LearningActivityOffered(Event, frozen=True, kw_only=True):
    """The organisation offers a learning activity; under a code that it has, in a new form."""

    activity: Code
    title: Title
    description: Text
    objectives: tuple[Objective, ...]
    causes: tuple[GapCause, ...]
    hours: Annotated[float, Meta(gt=0, le=1_000)]


class LearningActivityWithdrawn(Event, frozen=True, kw_only=True):
    """A learning activity is not assigned any more; what was assigned goes on."""

    activity: Code
