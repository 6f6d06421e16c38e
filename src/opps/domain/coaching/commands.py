"""What can be asked for of a performance gap, and of the catalogue of learning activities."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.success import GapMeasure, SuccessMeasure
from opps.domain.describe import Code, Count, Text, Title, doc
from opps.domain.events import AppliedFact, GapEnd


class GapCommand(Struct, frozen=True, kw_only=True):
    """Anything that can be asked for of a gap."""

    gap_id: Annotated[UUID, doc("The gap.")]


class IdentifyGap(GapCommand, frozen=True, kw_only=True):
    """Name a gap of a seller: of one's own, or of somebody whom one leads."""

    seller: Annotated[UUID, doc("The seller whose gap it is.")]
    indicator: Annotated[Code | None, doc("The leading indicator that shows it.")] = None
    objective: Annotated[Objective | None, doc("The information objective it is about.")] = None
    note: Annotated[Text | None, doc("What you see, stored under the seller's key.")] = None


class IdentifyGapByRule(GapCommand, frozen=True, kw_only=True):
    """Name what a rule found; only opps itself asks for it."""

    seller: UUID
    indicator: Indicator
    observed: GapMeasure
    objective: Objective | None = None


class ShareGap(GapCommand, frozen=True, kw_only=True):
    """Show a gap of one's own to whoever leads one, before the days of the first look end."""


class GivenAnswer(Struct, frozen=True, kw_only=True):
    """What the seller said when asked about a cause."""

    cause: Annotated[GapCause, doc("The cause that was asked about.")]
    text: Annotated[Text, doc("What the seller said, stored under the seller's key.")]


class RecordDiagnosis(GapCommand, frozen=True, kw_only=True):
    """Say why a gap is there; the causes before it in their order are ruled out first."""

    cause: Annotated[GapCause, doc("Why the gap is there.")]
    ruled_out: Annotated[
        tuple[GapCause, ...], Meta(max_length=5), doc("The causes that were ruled out.")
    ] = ()
    answers: Annotated[
        tuple[GivenAnswer, ...], Meta(max_length=20), doc("What the seller said.")
    ] = ()


class AgreeCorrectiveAction(GapCommand, frozen=True, kw_only=True):
    """Agree on what is done about a cause that learning does not cure; a later one replaces it."""

    action: Annotated[Text, doc("What will be done, stored under the seller's key.")]
    owner: Annotated[UUID, doc("Who does it.")]
    due: Annotated[date, doc("By which day.")]


class AssignLearning(GapCommand, frozen=True, kw_only=True):
    """Assign an activity of the catalogue, with what it should change by what measure."""

    assignment_id: Annotated[UUID, doc("The assignment: a new UUID.")]
    activity: Annotated[Code, doc("The activity, as the catalogue has it.")]
    due: Annotated[date, doc("By which day.")]
    success: Annotated[SuccessMeasure, doc("What should be seen when it helped.")]


class CompleteLearning(GapCommand, frozen=True, kw_only=True):
    """Say that you completed an activity that was assigned to you."""

    assignment_id: Annotated[UUID, doc("The assignment.")]


class ApplyLearning(GapCommand, frozen=True, kw_only=True):
    """Show what was learned at work: later facts of the seller's own, of what it was about."""

    assignment_id: Annotated[UUID, doc("The assignment.")]
    facts: Annotated[tuple[AppliedFact, ...], Meta(min_length=1, max_length=20), doc("The facts.")]


class RecordImpact(GapCommand, frozen=True, kw_only=True):
    """Record what became of the indicator; only opps itself measures."""

    assignment_id: UUID
    n_before: Count
    n_after: Count
    before: float | None = None
    after: float | None = None
    peers_change: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None


class CloseGap(GapCommand, frozen=True, kw_only=True):
    """Close a gap of somebody whom you lead."""

    reason: Annotated[GapEnd, doc("Why.")]
    note: Annotated[Text | None, doc("What came of it, stored under the seller's key.")] = None


AnyGapCommand = (
    IdentifyGap
    | IdentifyGapByRule
    | ShareGap
    | RecordDiagnosis
    | AgreeCorrectiveAction
    | AssignLearning
    | CompleteLearning
    | ApplyLearning
    | RecordImpact
    | CloseGap
)


class OfferLearningActivity(Struct, frozen=True, kw_only=True):
    """Offer a learning activity; under a code that exists, in a new form."""

    activity: Annotated[Code, doc("Its code; the same one offers it in a new form.")]
    title: Annotated[Title, doc("What it is called.")]
    description: Annotated[Text, doc("What somebody does in it.")]
    objectives: Annotated[
        tuple[Objective, ...],
        Meta(min_length=1, max_length=9),
        doc("Which information objectives it is about."),
    ]
    causes: Annotated[
        tuple[GapCause, ...],
        Meta(min_length=1, max_length=5),
        doc("Which causes it cures: knowledge, skill, or both."),
    ]
    hours: Annotated[float, Meta(gt=0, le=1_000), doc("How many working hours it takes.")]


class WithdrawLearningActivity(Struct, frozen=True, kw_only=True):
    """Let a learning activity be assigned no more; what was assigned goes on."""

    activity: Annotated[Code, doc("Its code.")]


AnyLearningCatalogueCommand = OfferLearningActivity | WithdrawLearningActivity
