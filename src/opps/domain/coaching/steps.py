"""What is done about a gap, step by step: diagnosed, cured by learning or otherwise, closed."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.coaching.catalogue import LearningCatalogue
from opps.domain.coaching.causes import CURED_BY_LEARNING, GapCause, before
from opps.domain.coaching.commands import (
    AgreeCorrectiveAction,
    ApplyLearning,
    AssignLearning,
    CloseGap,
    CompleteLearning,
    IdentifyGap,
    IdentifyGapByRule,
    RecordDiagnosis,
    RecordImpact,
)
from opps.domain.coaching.errors import (
    ActivityForSomethingElse,
    DueInThePast,
    FactShowsNothing,
    LearningCannotCure,
    LearningIsTheCure,
    NotALeadingIndicator,
    NotApplied,
    NotCompleted,
    NotDiagnosed,
    NothingNamed,
    NotResolvedYet,
    RuleOutFirst,
    TargetOutOfRange,
    UnknownAssignment,
)
from opps.domain.coaching.gap import Assignment, Gap
from opps.domain.coaching.indicators import INDICATORS, Indicator
from opps.domain.coaching.success import SuccessMeasure, indicator_of, reachable
from opps.domain.errors import AlreadyExists, UnknownFact
from opps.domain.events import (
    Answer,
    AppliedFact,
    CoachingImpactMeasured,
    CorrectiveActionAgreed,
    DiagnosisRecorded,
    GapClosed,
    GapEnd,
    GapSource,
    LearningApplied,
    LearningAssigned,
    LearningCompleted,
    PerformanceGapIdentified,
)
from opps.domain.personal import Clear
from opps.domain.words import not_blank


class FoundFact(Struct, frozen=True, kw_only=True):
    """A fact that is said to show what was learned, as its opportunity has it."""

    objective: Objective
    learned_by: UUID | None
    learned_at: datetime
    retracted: bool = False


def identified(command: IdentifyGap) -> PerformanceGapIdentified:
    """Return that somebody named a gap."""
    if command.indicator is None and command.objective is None:
        raise NothingNamed(gap_id=command.gap_id)
    if command.indicator is not None:
        leading(command.indicator)
    return PerformanceGapIdentified(
        seller=command.seller,
        by=GapSource.HAND,
        indicator=command.indicator,
        objective=command.objective,
        note=_written("note", command.seller, command.note),
    )


def found(command: IdentifyGapByRule) -> PerformanceGapIdentified:
    """Return that a rule named a gap."""
    return PerformanceGapIdentified(
        seller=command.seller,
        by=GapSource.RULE,
        indicator=command.indicator.value,
        objective=command.objective,
        observed=command.observed,
    )


def diagnosed(gap: Gap, command: RecordDiagnosis) -> DiagnosisRecorded:
    """Return why a gap is there, once all causes before were ruled out."""
    for earlier in before(command.cause):
        if earlier not in command.ruled_out:
            raise RuleOutFirst(cause=command.cause, first=earlier)
    return DiagnosisRecorded(
        cause=command.cause,
        ruled_out=tuple(one for one in GapCause if one in command.ruled_out),
        answers=tuple(
            Answer(cause=one.cause, text=_about(gap.seller, "answers", one.text))
            for one in command.answers
        ),
    )


def agreed(gap: Gap, command: AgreeCorrectiveAction, today: date) -> CorrectiveActionAgreed:
    """Return what somebody does about a cause that learning does not cure."""
    cause = _cause(gap)
    if cause in CURED_BY_LEARNING:
        raise LearningIsTheCure(cause=cause)
    _not_over(command.due, today)
    return CorrectiveActionAgreed(
        action=_about(gap.seller, "action", command.action),
        owner=command.owner,
        due=command.due,
    )


def assigned(
    gap: Gap, command: AssignLearning, catalogue: LearningCatalogue, today: date
) -> LearningAssigned:
    """Return that an activity was assigned that is for the cause, and for what the gap is about."""
    cause = _cause(gap)
    if cause not in CURED_BY_LEARNING:
        raise LearningCannotCure(cause=cause)
    if command.assignment_id in gap.assignments:
        raise AlreadyExists(id=command.assignment_id)
    activity = catalogue.offered(command.activity)
    if cause not in activity.causes:
        raise ActivityForSomethingElse(activity=command.activity, wanted=cause.value)
    if gap.about is not None and gap.about not in activity.objectives:
        raise ActivityForSomethingElse(activity=command.activity, wanted=gap.about.value)
    _not_over(command.due, today)
    _check_success(command.success)
    return LearningAssigned(
        assignment_id=command.assignment_id,
        activity=command.activity,
        due=command.due,
        success=command.success,
    )


def completed(gap: Gap, command: CompleteLearning) -> list[LearningCompleted]:
    """Return that the seller completed an activity, be it late; nothing when told before."""
    held = _assignment(gap, command.assignment_id)
    if held.completed_at is not None:
        return []
    return [LearningCompleted(assignment_id=held.assignment_id)]


def applied(
    gap: Gap,
    command: ApplyLearning,
    catalogue: LearningCatalogue,
    facts: Mapping[AppliedFact, FoundFact],
) -> list[LearningApplied]:
    """Return that later facts show what was learned; nothing when they were named before."""
    held = _assignment(gap, command.assignment_id)
    if held.completed_at is None:
        raise NotCompleted(assignment_id=held.assignment_id)
    objectives = catalogue.known[held.activity].objectives
    new = tuple(one for one in dict.fromkeys(command.facts) if one not in held.facts)
    for one in new:
        if one not in facts:
            raise UnknownFact(fact_id=one.fact_id)
        why = _shows_nothing(facts[one], gap.seller, held.completed_at, objectives)
        if why is not None:
            raise FactShowsNothing(fact_id=one.fact_id, why=why)
    return [LearningApplied(assignment_id=held.assignment_id, facts=new)] if new else []


def measured(gap: Gap, command: RecordImpact) -> CoachingImpactMeasured:
    """Return what became of the indicator by which success was to be seen."""
    held = _assignment(gap, command.assignment_id)
    if not held.facts:
        raise NotApplied(assignment_id=held.assignment_id)
    return CoachingImpactMeasured(
        assignment_id=held.assignment_id,
        indicator=held.success.indicator,
        n_before=command.n_before,
        n_after=command.n_after,
        enough=command.effect is not None,
        before=command.before,
        after=command.after,
        peers_change=command.peers_change,
        effect=command.effect,
        low=command.low,
        high=command.high,
    )


def closed(gap: Gap, command: CloseGap) -> GapClosed:
    """Return that a gap is over; resolved only once what was to cure it was done."""
    if command.reason is GapEnd.RESOLVED:
        missing = _missing(gap)
        if missing is not None:
            raise NotResolvedYet(gap_id=gap.gap_id, missing=missing)
    return GapClosed(reason=command.reason, note=_written("note", gap.seller, command.note))


def leading(code: str) -> Indicator:
    """Return a leading indicator.

    Raises:
        NotALeadingIndicator: the code is that of a quota, or of nothing.
    """
    found = indicator_of(code)
    if found is None:
        raise NotALeadingIndicator(indicator=code, indicators=[one.value for one in Indicator])
    return found


def _check_success(success: SuccessMeasure) -> None:
    indicator = leading(success.indicator)
    unit = INDICATORS[indicator].unit
    if not reachable(success.target, unit):
        told = unit.value.lower()
        raise TargetOutOfRange(indicator=indicator.value, target=success.target, unit=told)


def _shows_nothing(
    fact: FoundFact, seller: UUID, completed_at: datetime, objectives: tuple[Objective, ...]
) -> str | None:
    if fact.learned_by != seller:
        return "somebody else learned it"
    if fact.retracted:
        return "it was taken back"
    if fact.learned_at <= completed_at:
        return "it was known before the activity was completed"
    if fact.objective not in objectives:
        return f"it is about {fact.objective}, the activity is not"
    return None


def _missing(gap: Gap) -> str | None:
    """Return what was not done yet that would resolve a gap."""
    if gap.diagnosis is None:
        return "record the diagnosis, and what follows from it"
    if gap.diagnosis.cause not in CURED_BY_LEARNING:
        return None if gap.action is not None else "agree on a corrective action"
    if any(one.impact is not None for one in gap.assignments.values()):
        return None
    return "measure what an activity changed, once it was completed and applied"


def _cause(gap: Gap) -> GapCause:
    if gap.diagnosis is None:
        raise NotDiagnosed(gap_id=gap.gap_id)
    return gap.diagnosis.cause


def _assignment(gap: Gap, assignment_id: UUID) -> Assignment:
    held = gap.assignments.get(assignment_id)
    if held is None:
        raise UnknownAssignment(assignment_id=assignment_id)
    return held


def _not_over(due: date, today: date) -> None:
    if due < today:
        raise DueInThePast(due=due, today=today)


def _written(field: str, seller: UUID, text: str | None) -> Clear | None:
    return None if text is None else _about(seller, field, text)


def _about(seller: UUID, field: str, text: str) -> Clear:
    not_blank(field, text)
    return Clear(seller, text)
