"""Coaching: a gap is named, diagnosed, cured by learning or otherwise, and closed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.coaching.catalogue import LearningCatalogue
from opps.domain.coaching.causes import CAUSES, CURED_BY_LEARNING, ORDER, GapCause, before
from opps.domain.coaching.commands import (
    AgreeCorrectiveAction,
    AnyGapCommand,
    ApplyLearning,
    AssignLearning,
    CloseGap,
    CompleteLearning,
    GivenAnswer,
    IdentifyGap,
    IdentifyGapByRule,
    RecordDiagnosis,
    RecordImpact,
    ShareGap,
)
from opps.domain.coaching.decide import Around, decide
from opps.domain.coaching.errors import (
    ActivityForSomethingElse,
    DueInThePast,
    FactShowsNothing,
    GapIsClosed,
    LearningCannotCure,
    LearningIsTheCure,
    NotALeadingIndicator,
    NotApplied,
    NotCompleted,
    NotDiagnosed,
    NothingNamed,
    NotResolvedYet,
    OnlyTheSeller,
    OnlyWhoLeads,
    OutsideYourTeam,
    RuleOutFirst,
    TargetOutOfRange,
    UnknownActivity,
    UnknownAssignment,
    UnknownGap,
)
from opps.domain.coaching.evolve import evolve
from opps.domain.coaching.gap import AssignmentStatus, Gap, GapStatus, gap_id_of
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.steps import FoundFact
from opps.domain.coaching.success import GapMeasure, SuccessMeasure
from opps.domain.errors import AlreadyExists, Blank, Refusal, UnknownFact
from opps.domain.events import (
    Answer,
    AppliedFact,
    CoachingImpactMeasured,
    CorrectiveActionAgreed,
    DiagnosisRecorded,
    Event,
    ExceptionResolved,
    GapClosed,
    GapEnd,
    GapShared,
    GapSource,
    LearningActivityOffered,
    LearningApplied,
    LearningAssigned,
    LearningCompleted,
    PerformanceGapIdentified,
)
from opps.domain.personal import Clear
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from opps.domain.teams import Team, Teams
from tests.domain.given import COMMAND, MONDAY, named

BORIS, CLARA, EVA, ADMIN = map(named, ("Boris", "Clara", "Eva", "admin"))
GAP, LEARNING, DEAL, FACT = map(named, ("gap", "assignment", "deal of Clara", "fact of Clara"))
TODAY, NEXT_MONTH = date(2026, 3, 2), date(2026, 4, 2)
CRITERIA = Objective.DECISION_CRITERIA
HALF = SuccessMeasure(indicator="CRITERIA_BEFORE_PROPOSAL", target=0.5)

teams = Teams(teams={GAP: Team(team_id=GAP, name="South", members={BORIS: True, CLARA: False})})
talk = LearningActivityOffered(
    activity="TALK",
    title="Ask for criteria",
    description="Two hours on a deal of your own",
    objectives=(CRITERIA,),
    causes=(GapCause.KNOWLEDGE,),
    hours=2,
)
shows = FoundFact(objective=CRITERIA, learned_by=CLARA, learned_at=MONDAY + timedelta(days=9))
around = Around(
    today=TODAY,
    teams=teams,
    catalogue=LearningCatalogue(known={"TALK": talk}),
    facts={AppliedFact(opportunity_id=DEAL, fact_id=FACT): shows},
)

by_hand = PerformanceGapIdentified(
    seller=CLARA, by=GapSource.HAND, indicator="CRITERIA_BEFORE_PROPOSAL"
)
quarter = GapMeasure(value=0.25, n=12, low=0.1, high=0.5, own_past=0.5, peer_median=0.75, peers=4)
by_rule = replace(by_hand, by=GapSource.RULE, observed=quarter)
knowledge = DiagnosisRecorded(cause=GapCause.KNOWLEDGE, ruled_out=(GapCause.ENVIRONMENT,))
in_the_way = DiagnosisRecorded(cause=GapCause.ENVIRONMENT)
assigned = LearningAssigned(assignment_id=LEARNING, activity="TALK", due=NEXT_MONTH, success=HALF)
completed = LearningCompleted(assignment_id=LEARNING)
applied = LearningApplied(
    assignment_id=LEARNING, facts=(AppliedFact(opportunity_id=DEAL, fact_id=FACT),)
)
measured = CoachingImpactMeasured(
    assignment_id=LEARNING,
    indicator="CRITERIA_BEFORE_PROPOSAL",
    n_before=12,
    n_after=2,
    enough=False,
)
agreed = CorrectiveActionAgreed(action=Clear(CLARA, "A licence"), owner=BORIS, due=NEXT_MONTH)

identify = IdentifyGap(gap_id=GAP, seller=CLARA, indicator="CRITERIA_BEFORE_PROPOSAL")
diagnose = RecordDiagnosis(gap_id=GAP, cause=GapCause.KNOWLEDGE, ruled_out=(GapCause.ENVIRONMENT,))
assign = AssignLearning(
    gap_id=GAP, assignment_id=LEARNING, activity="TALK", due=NEXT_MONTH, success=HALF
)
complete = CompleteLearning(gap_id=GAP, assignment_id=LEARNING)
apply = ApplyLearning(gap_id=GAP, assignment_id=LEARNING, facts=applied.facts)
measure = RecordImpact(gap_id=GAP, assignment_id=LEARNING, n_before=12, n_after=2)
agree = AgreeCorrectiveAction(gap_id=GAP, action="A licence", owner=BORIS, due=NEXT_MONTH)
close = CloseGap(gap_id=GAP, reason=GapEnd.RESOLVED)
share = ShareGap(gap_id=GAP)


def gap(*events: Event, by: UUID = BORIS, begin: datetime = MONDAY) -> Gap | None:
    """Return the gap after some events, one a day."""
    state = None
    for number, event in enumerate(events):
        actor = Actor(principal=by, role="MANAGER", via=Via.GRAPHQL)
        state = evolve(
            state,
            Recorded(
                event=event,
                stream=GAP,
                position=number + 1,
                version=number,
                recorded_at=begin + timedelta(days=number),
                event_id=named(f"event {number}"),
                command_id=COMMAND,
                metadata=Metadata(actor=actor),
            ),
        )
    return state


def held(*events: Event, **more: Any) -> Gap:
    """Return the gap there is."""
    found = gap(*events, **more)
    assert found is not None
    return found


def when(
    command: AnyGapCommand,
    *events: Event,
    by: UUID = BORIS,
    role: str = "MANAGER",
    via: Via = Via.GRAPHQL,
    beside: Around = around,
    on: timedelta = timedelta(days=30),
    named_by: UUID = BORIS,
) -> Sequence[Event]:
    """Return what a command leads to, a month after the gap was named unless said otherwise."""
    actor = Actor(principal=by, role=role, via=via)
    context = Context(now=MONDAY + on, actor=actor, command_id=COMMAND)
    return list(decide(gap(*events, by=named_by), command, context, beside))


def when_clara(command: AnyGapCommand, *events: Event, **more: Any) -> Sequence[Event]:
    """Return what a command of the seller leads to."""
    return when(command, *events, by=CLARA, role="SELLER", **more)


def refused(refusal: type[Refusal], command: AnyGapCommand, *events: Event, **more: Any) -> Refusal:
    """Return the refusal that a command meets."""
    with pytest.raises(refusal) as met:
        when(command, *events, **more)
    return met.value


def test_whoever_leads_a_seller_names_a_gap_with_words_that_belong_to_the_seller() -> None:
    told = replace(identify, note="Three proposals without one")

    assert when(told) == [replace(by_hand, note=Clear(CLARA, "Three proposals without one"))]


def test_a_seller_names_a_gap_of_their_own() -> None:
    assert when_clara(identify) == [by_hand]


def test_a_gap_may_be_about_an_objective_instead_of_an_indicator() -> None:
    about = IdentifyGap(gap_id=GAP, seller=CLARA, objective=Objective.FUNDING)

    assert when(about) == [
        PerformanceGapIdentified(seller=CLARA, by=GapSource.HAND, objective=Objective.FUNDING)
    ]
    refused(NothingNamed, IdentifyGap(gap_id=GAP, seller=CLARA))


def test_a_gap_is_named_once() -> None:
    refused(AlreadyExists, identify, by_hand)


@pytest.mark.parametrize("quota", ["AMOUNT", "BOOKINGS", "NUMBER_OF_CALLS", "BROKEN"])
def test_a_quota_is_no_leading_indicator(quota: str) -> None:
    named_so = refused(NotALeadingIndicator, replace(identify, indicator=quota))
    success = SuccessMeasure(indicator=quota, target=0.5)
    refused(NotALeadingIndicator, replace(assign, success=success), by_hand, knowledge)

    assert f"{quota} is no leading indicator" in str(named_so)
    assert "CRITERIA_BEFORE_PROPOSAL" in str(named_so)


def test_a_manager_of_another_team_is_refused_and_a_colleague_sees_nothing() -> None:
    refused(OutsideYourTeam, identify, by=EVA)
    refused(OutsideYourTeam, identify, by=EVA, role="SELLER")
    refused(OutsideYourTeam, diagnose, by_hand, by=EVA)
    refused(UnknownGap, diagnose, by_hand, by=EVA, role="SELLER")
    refused(UnknownGap, diagnose)


def test_leading_a_team_is_not_enough_without_the_role_of_a_manager() -> None:
    refused(OutsideYourTeam, identify, role="SELLER")


def test_an_administrator_coaches_anybody() -> None:
    assert when(identify, by=ADMIN, role="ADMIN") == [by_hand]


def test_what_a_rule_named_is_seen_by_the_seller_first() -> None:
    refused(UnknownGap, diagnose, by_rule, on=timedelta(days=3, seconds=-1))
    refused(UnknownGap, diagnose, by_rule, on=timedelta(), role="ADMIN", by=ADMIN)

    assert when_clara(diagnose, by_rule, on=timedelta()) == [knowledge]
    assert when(diagnose, by_rule, on=timedelta(days=3)) == [knowledge]


def test_what_a_seller_named_of_their_own_is_theirs_first_too() -> None:
    refused(UnknownGap, diagnose, by_hand, on=timedelta(days=1), named_by=CLARA)
    assert when(diagnose, by_hand, on=timedelta(days=1)) == [knowledge]


def test_a_seller_shows_a_gap_before_the_first_look_is_over() -> None:
    assert when_clara(share, by_rule, on=timedelta(days=1)) == [GapShared()]
    assert when(diagnose, by_rule, GapShared(), on=timedelta(days=1)) == [knowledge]
    assert when_clara(share, by_rule, on=timedelta(days=4)) == []
    refused(OnlyTheSeller, share, by_rule)


def test_only_opps_names_by_rule_with_what_was_observed() -> None:
    command = IdentifyGapByRule(
        gap_id=GAP, seller=CLARA, indicator=Indicator.CRITERIA_BEFORE_PROPOSAL, observed=quarter
    )

    assert when(command, by=ADMIN, role="WATCH", via=Via.SYSTEM) == [by_rule]


def test_the_gap_of_a_rule_has_the_same_id_however_often_it_looks() -> None:
    first = gap_id_of(CLARA, Indicator.RETRACTIONS, "2026-03")

    assert first == gap_id_of(CLARA, Indicator.RETRACTIONS, "2026-03")
    assert first != gap_id_of(CLARA, Indicator.RETRACTIONS, "2026-04")


def test_the_causes_are_asked_about_in_their_order() -> None:
    assert [one.value[0] for one in ORDER] == ["E", "K", "S", "C", "C"]
    assert [one for one in ORDER if CAUSES[one].learning_cures] == [
        GapCause.KNOWLEDGE,
        GapCause.SKILL,
    ]
    assert all(len(CAUSES[one].questions) >= 2 for one in ORDER)


@pytest.mark.parametrize("cause", ORDER)
def test_a_cause_is_found_once_those_before_it_are_ruled_out(cause: GapCause) -> None:
    command = RecordDiagnosis(gap_id=GAP, cause=cause, ruled_out=before(cause))

    assert when(command, by_hand) == [DiagnosisRecorded(cause=cause, ruled_out=before(cause))]
    for missing in before(cause):
        less = tuple(one for one in before(cause) if one is not missing)
        met = refused(RuleOutFirst, replace(command, ruled_out=less), by_hand)
        assert met == RuleOutFirst(cause=cause, first=missing)


def test_what_the_seller_answered_belongs_to_the_seller() -> None:
    said = GivenAnswer(cause=GapCause.KNOWLEDGE, text="I never heard of weights")
    [event] = when(replace(diagnose, answers=(said,)), by_hand)

    text = Clear(CLARA, "I never heard of weights")
    assert event == replace(knowledge, answers=(Answer(cause=said.cause, text=text),))
    refused(Blank, replace(diagnose, answers=(replace(said, text=" "),)), by_hand)


@pytest.mark.parametrize("cause", [one for one in ORDER if one not in CURED_BY_LEARNING])
def test_learning_is_not_assigned_for_what_it_cannot_cure(cause: GapCause) -> None:
    because = DiagnosisRecorded(cause=cause, ruled_out=before(cause))

    assert refused(LearningCannotCure, assign, by_hand, because) == LearningCannotCure(cause=cause)
    assert when(agree, by_hand, because) == [agreed]


def test_an_action_is_not_agreed_where_learning_is_the_cure() -> None:
    refused(LearningIsTheCure, agree, by_hand, knowledge)


def test_nothing_is_done_about_a_gap_before_somebody_says_why_it_is_there() -> None:
    refused(NotDiagnosed, assign, by_hand)
    refused(NotDiagnosed, agree, by_hand)


def test_an_activity_is_assigned_with_a_day_and_a_measure() -> None:
    assert when(assign, by_hand, knowledge) == [assigned]
    assert when(replace(assign, due=TODAY), by_hand, knowledge) == [replace(assigned, due=TODAY)]


def test_what_is_due_on_a_day_that_is_over_is_refused() -> None:
    over = date(2026, 3, 1)

    refused(DueInThePast, replace(assign, due=over), by_hand, knowledge)
    refused(DueInThePast, replace(agree, due=over), by_hand, in_the_way)


def test_an_activity_is_on_offer_for_the_cause_and_for_what_the_gap_is_about() -> None:
    skill = DiagnosisRecorded(cause=GapCause.SKILL, ruled_out=before(GapCause.SKILL))
    of_funding = replace(by_hand, indicator=None, objective=Objective.FUNDING)

    refused(UnknownActivity, replace(assign, activity="WALK"), by_hand, knowledge)
    refused(ActivityForSomethingElse, assign, by_hand, skill)
    met = refused(ActivityForSomethingElse, assign, of_funding, knowledge)
    assert "FUNDING" in str(met)


def test_a_withdrawn_activity_is_assigned_no_more() -> None:
    gone = replace(around.catalogue, withdrawn=frozenset({"TALK"}))

    refused(UnknownActivity, assign, by_hand, knowledge, beside=replace(around, catalogue=gone))


@pytest.mark.parametrize(
    ("indicator", "target"),
    [("CRITERIA_BEFORE_PROPOSAL", 1.5), ("ESTIMATE_BRIER", 2.0), ("RECORDING_LAG", 0.0)],
)
def test_success_is_something_that_can_be_reached(indicator: str, target: float) -> None:
    success = SuccessMeasure(indicator=indicator, target=target)

    refused(TargetOutOfRange, replace(assign, success=success), by_hand, knowledge)


def test_hours_may_be_more_than_one() -> None:
    success = SuccessMeasure(indicator="RECORDING_LAG", target=24.0)

    assert when(replace(assign, success=success), by_hand, knowledge) == [
        replace(assigned, success=success)
    ]


def test_an_assignment_is_made_once() -> None:
    refused(AlreadyExists, assign, by_hand, knowledge, assigned)


def test_only_the_seller_completes_an_assignment_and_once() -> None:
    past = (by_hand, knowledge, assigned)

    assert when_clara(complete, *past) == [completed]
    assert when_clara(complete, *past, completed) == []
    refused(OnlyTheSeller, complete, *past)
    refused(OnlyTheSeller, complete, *past, by=ADMIN, role="ADMIN")
    unknown = replace(complete, assignment_id=GAP)
    refused(UnknownAssignment, unknown, *past, by=CLARA, role="SELLER")


def test_an_assignment_is_overdue_once_the_day_after_its_last_one_turns() -> None:
    only = held(by_hand, knowledge, assigned).assignments[LEARNING]
    late = held(by_hand, knowledge, assigned, completed).assignments[LEARNING]

    assert only.status(NEXT_MONTH) is AssignmentStatus.ASSIGNED
    assert only.status(NEXT_MONTH + timedelta(days=1)) is AssignmentStatus.OVERDUE
    assert late.status(NEXT_MONTH + timedelta(days=1)) is AssignmentStatus.COMPLETED


def test_what_was_learned_shows_in_a_later_fact_of_the_same_objective() -> None:
    past = (by_hand, knowledge, assigned, completed)

    assert when_clara(apply, *past) == [applied]
    assert when(apply, *past) == [applied]
    assert when(apply, *past, applied) == []
    refused(NotCompleted, apply, *past[:-1])


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (replace(shows, learned_by=BORIS), "somebody else learned it"),
        (replace(shows, learned_at=MONDAY + timedelta(days=3)), "known before"),
        (replace(shows, retracted=True), "taken back"),
        (replace(shows, objective=Objective.FUNDING), "it is about FUNDING"),
    ],
)
def test_a_fact_shows_nothing_that_is_older_of_others_or_about_something_else(
    found: FoundFact, why: str
) -> None:
    beside = replace(around, facts={applied.facts[0]: found})
    past = (by_hand, knowledge, assigned, completed)

    assert why in str(refused(FactShowsNothing, apply, *past, beside=beside))
    refused(UnknownFact, apply, *past, beside=replace(around, facts={}))


def test_impact_is_measured_once_something_was_applied_be_there_little_to_tell() -> None:
    past = (by_hand, knowledge, assigned, completed)

    assert when(measure, *past, applied) == [measured]
    refused(NotApplied, measure, *past)


def test_a_gap_is_resolved_by_learning_that_was_measured_or_by_what_was_agreed() -> None:
    learned = (by_hand, knowledge, assigned, completed, applied)

    assert when(close, *learned, measured) == [GapClosed(reason=GapEnd.RESOLVED)]
    assert when(close, by_hand, in_the_way, agreed) == [GapClosed(reason=GapEnd.RESOLVED)]
    for past in ((by_hand,), (by_hand, knowledge), (by_hand, in_the_way), learned):
        refused(NotResolvedYet, close, *past)


def test_what_was_no_gap_is_closed_at_any_time_by_those_who_lead_the_seller() -> None:
    none = CloseGap(gap_id=GAP, reason=GapEnd.NO_GAP, note="A month on leave")
    note = Clear(CLARA, "A month on leave")

    assert when(none, by_hand) == [GapClosed(reason=GapEnd.NO_GAP, note=note)]
    refused(OnlyWhoLeads, none, by_hand, by=CLARA, role="SELLER")


def test_a_closed_gap_is_over() -> None:
    over = GapClosed(reason=GapEnd.NO_GAP)

    refused(GapIsClosed, diagnose, by_hand, over)
    assert held(by_hand, over).status is GapStatus.CLOSED


def test_a_gap_says_how_far_it_has_come_and_what_is_due_next() -> None:
    told = [by_hand, knowledge, assigned, completed, applied, measured]
    status = [held(*told[: number + 1]).status for number in range(len(told))]

    assert [one.value for one in status] == ["NAMED", "DIAGNOSED", *["LEARNING"] * 4]
    assert held(*told[:3]).due == NEXT_MONTH
    assert held(*told[:4]).due is None
    acting = held(by_hand, in_the_way, agreed)
    assert (acting.status, acting.due) == (GapStatus.ACTING, NEXT_MONTH)
    assert held(by_hand).about is CRITERIA


def test_events_of_others_leave_a_gap_alone() -> None:
    other = ExceptionResolved(how="Elsewhere")
    nowhere = LearningCompleted(assignment_id=GAP)

    assert held(by_hand, other) == held(by_hand)
    assert held(by_hand, nowhere).assignments == {}
    assert gap(other) is None


def test_a_first_look_lasts_three_days() -> None:
    assert held(by_rule).shown_from == MONDAY + timedelta(days=3)
    assert held(by_rule, GapShared()).shown_from == MONDAY + timedelta(days=1)
    assert held(by_hand).shown_from == MONDAY
