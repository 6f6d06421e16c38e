"""How a performance gap changes with each event of its stream."""

from msgspec.structs import replace

from opps.domain.coaching.gap import Assignment, Closed, CorrectiveAction, Diagnosis, Gap
from opps.domain.coaching.success import indicator_of
from opps.domain.events import (
    CoachingEvent,
    CoachingImpactMeasured,
    CorrectiveActionAgreed,
    DiagnosisRecorded,
    Event,
    GapClosed,
    GapShared,
    LearningApplied,
    LearningAssigned,
    LearningCompleted,
    PerformanceGapIdentified,
)
from opps.domain.privacy.state import whoever
from opps.domain.recorded import Recorded


def evolve(state: Gap | None, recorded: Recorded[Event]) -> Gap | None:
    """Return the gap after one more event of its stream."""
    event = recorded.event
    if isinstance(event, PerformanceGapIdentified):
        return Gap(
            gap_id=recorded.stream,
            seller=event.seller,
            by=event.by,
            indicator=indicator_of(event.indicator or ""),
            objective=event.objective,
            observed=event.observed,
            note=event.note,
            identified_at=recorded.recorded_at,
            identified_by=whoever(recorded.metadata.actor),
            version=recorded.version,
            position=recorded.position,
        )
    if state is None or not isinstance(event, CoachingEvent):
        return state
    return replace(_after(state, recorded), version=recorded.version, position=recorded.position)


def _after(state: Gap, recorded: Recorded[Event]) -> Gap:
    at, by = recorded.recorded_at, whoever(recorded.metadata.actor)
    match recorded.event:
        case GapShared():
            return replace(state, shared_at=state.shared_at or at)
        case DiagnosisRecorded(cause=cause, ruled_out=ruled_out, answers=answers):
            said = Diagnosis(cause=cause, ruled_out=ruled_out, answers=answers, at=at, by=by)
            return replace(state, diagnosis=said)
        case CorrectiveActionAgreed(action=action, owner=owner, due=due):
            agreed = CorrectiveAction(action=action, owner=owner, due=due, at=at, by=by)
            return replace(state, action=agreed)
        case LearningAssigned() as event:
            assigned = Assignment(
                assignment_id=event.assignment_id,
                activity=event.activity,
                due=event.due,
                success=event.success,
                at=at,
                by=by,
            )
            return _with(state, assigned)
        case GapClosed(reason=reason, note=note):
            return replace(state, closed=Closed(reason=reason, note=note, at=at, by=by))
        case LearningCompleted() | LearningApplied() | CoachingImpactMeasured() as event:
            held = state.assignments.get(event.assignment_id)
            return state if held is None else _with(state, _came_of(held, recorded))
        case _:
            return state


def _came_of(held: Assignment, recorded: Recorded[Event]) -> Assignment:
    at = recorded.recorded_at
    match recorded.event:
        case LearningCompleted():
            return replace(held, completed_at=held.completed_at or at)
        case LearningApplied(facts=facts):
            return replace(held, facts=(*held.facts, *facts), applied_at=held.applied_at or at)
        case CoachingImpactMeasured() as measured:
            return replace(held, impact=measured, measured_at=at)
        case _:
            return held


def _with(state: Gap, assignment: Assignment) -> Gap:
    held = {**state.assignments, assignment.assignment_id: assignment}
    return replace(state, assignments=held)
