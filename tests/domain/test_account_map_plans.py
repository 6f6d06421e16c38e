"""Milestones and actions, wants that are needs, and the trap of a quantity times a price."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from opps.domain.account_map.errors import (
    ActionIsOver,
    MilestoneIsOver,
    NoLongerAWant,
    UnknownAction,
    UnknownGate,
    UnknownMilestone,
)
from opps.domain.account_map.state import Planned
from opps.domain.account_map.x_of_y import XOfY, x_of_y
from opps.domain.beliefs import Verdict
from opps.domain.catalogue import Facet
from opps.domain.danger_zones.errors import UnknownRule
from opps.domain.errors import (
    AlreadyExists,
    Blank,
    NotOpen,
    UnknownFact,
    UnknownQuestion,
    UnknownReference,
)
from opps.domain.events import (
    ActionCompleted,
    ActionDropped,
    ActionPlanned,
    AmountEstimated,
    CustomerKind,
    FactLearned,
    MilestoneDropped,
    MilestoneMet,
    MilestonePlanned,
    MilestoneSlipped,
    Side,
    WantReclassified,
)
from opps.domain.facet_state import FacetState
from opps.domain.facts import Need, Scope, Want
from opps.domain.facts.purchase import Criticality
from opps.domain.opportunity.commands import (
    CompleteAction,
    DropAction,
    DropMilestone,
    MeetMilestone,
    PlanAction,
    PlanMilestone,
    ReclassifyWant,
    SlipMilestone,
)
from opps.domain.opportunity.lenses import AsKnown, through
from opps.domain.opportunity.state import known
from opps.domain.score import score
from tests.domain.gated import started
from tests.domain.given import (
    APRIL_30,
    CFO,
    DEAL,
    FRIDAY,
    ISSUE,
    MARCH_31,
    MONDAY,
    NOBODY,
    QUESTION,
    SELLER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    euros,
    given,
    learned,
    lost,
    named,
    opened,
    raised,
    recorded,
    said_by,
    the_issue,
)

TRIAL, CALL, WISH = named("trial"), named("call"), named("wish")
trial = MilestonePlanned(
    learned=at(TUESDAY),
    milestone_id=TRIAL,
    what="Trial on line 3",
    due=MARCH_31,
    our_owner=SELLER,
    their_owner=CFO,
)
trial_met = MilestoneMet(learned=at(WEDNESDAY), milestone_id=TRIAL)
trial_dropped = MilestoneDropped(learned=at(WEDNESDAY), milestone_id=TRIAL, reason="Not needed")
call = ActionPlanned(learned=at(TUESDAY), action_id=CALL, what="Call the CFO", owner=SELLER)
call_done = ActionCompleted(learned=at(WEDNESDAY), action_id=CALL)
call_dropped = ActionDropped(learned=at(WEDNESDAY), action_id=CALL, reason="She wrote")

plan_trial = PlanMilestone(
    opportunity_id=DEAL,
    milestone_id=TRIAL,
    what="Trial on line 3",
    due=MARCH_31,
    our_owner=SELLER,
    their_owner=CFO,
)
slip_trial = SlipMilestone(
    opportunity_id=DEAL, milestone_id=TRIAL, to_due=APRIL_30, side=Side.US, reason="No machine"
)
meet_trial = MeetMilestone(opportunity_id=DEAL, milestone_id=TRIAL)
drop_trial = DropMilestone(opportunity_id=DEAL, milestone_id=TRIAL, reason="Not needed")
plan_call = PlanAction(opportunity_id=DEAL, action_id=CALL, what="Call the CFO")
done_call = CompleteAction(opportunity_id=DEAL, action_id=CALL, result="She signs alone")
drop_call = DropAction(opportunity_id=DEAL, action_id=CALL, reason="She wrote")


def test_a_milestone_has_a_date_and_an_owner_on_both_sides() -> None:
    event = given(opened, cfo_known).when(plan_trial).then_one(MilestonePlanned)

    assert (event.our_owner, event.their_owner, event.due) == (SELLER, CFO, MARCH_31)


def test_an_owner_on_their_side_is_somebody_we_know() -> None:
    stranger = replace(plan_trial, their_owner=NOBODY)

    given(opened).when(stranger).then_refused(UnknownReference, kind="evaluator")


def test_a_milestone_is_planned_once() -> None:
    given(opened, cfo_known, trial).when(plan_trial).then_refused(AlreadyExists, id=TRIAL)


def test_a_milestone_says_what_will_have_been_done() -> None:
    given(opened, cfo_known).when(replace(plan_trial, what=" ")).then_refused(Blank, field="what")


def test_a_milestone_that_slips_keeps_every_date_it_had() -> None:
    state = given(opened, cfo_known, trial).when(slip_trial).state

    milestone = state.map.milestones[TRIAL]
    assert milestone.due == APRIL_30
    assert [(one.from_due, one.side) for one in milestone.slips] == [(MARCH_31, Side.US)]


def test_a_milestone_slips_to_where_it_is_only_once() -> None:
    same = replace(slip_trial, to_due=MARCH_31)

    given(opened, cfo_known, trial).when(same).then_nothing()


def test_a_milestone_is_met_once() -> None:
    given(opened, cfo_known, trial).when(meet_trial).then_one(MilestoneMet)
    given(opened, cfo_known, trial, trial_met).when(meet_trial).then_nothing()


def test_a_milestone_is_dropped_once() -> None:
    given(opened, cfo_known, trial).when(drop_trial).then_one(MilestoneDropped)
    given(opened, cfo_known, trial, trial_dropped).when(drop_trial).then_nothing()


@pytest.mark.parametrize("command", [slip_trial, drop_trial])
def test_what_was_met_neither_slips_nor_is_dropped(command: SlipMilestone | DropMilestone) -> None:
    given(opened, cfo_known, trial, trial_met).when(command).then_refused(
        MilestoneIsOver, milestone_id=TRIAL, status="DONE"
    )


def test_what_was_dropped_is_not_met() -> None:
    given(opened, cfo_known, trial, trial_dropped).when(meet_trial).then_refused(
        MilestoneIsOver, status="DROPPED"
    )


@pytest.mark.parametrize("command", [slip_trial, meet_trial, drop_trial])
def test_a_milestone_that_nobody_planned_is_unknown(
    command: SlipMilestone | MeetMilestone | DropMilestone,
) -> None:
    given(opened).when(command).then_refused(UnknownMilestone, milestone_id=TRIAL)


@pytest.mark.parametrize("command", [plan_trial, slip_trial, meet_trial, plan_call, done_call])
def test_nothing_is_planned_on_a_lost_opportunity(command: PlanMilestone) -> None:
    given(opened, cfo_known, trial, call, lost).when(command).then_refused(NotOpen)


def test_an_action_is_tied_to_what_it_is_for() -> None:
    tied = replace(
        plan_call, answers=(QUESTION,), mitigates=("DZ04",), advances=("FUNDING",), due=MARCH_31
    )
    event = given(opened, raised(Facet.FUNDING_STATUS), started).when(tied).then_one(ActionPlanned)

    assert (event.answers, event.mitigates, event.advances) == (
        (QUESTION,),
        ("DZ04",),
        ("FUNDING",),
    )
    assert event.owner == SELLER


def test_an_action_answers_only_what_is_asked() -> None:
    given(opened).when(replace(plan_call, answers=(QUESTION,))).then_refused(UnknownQuestion)


def test_an_action_advances_only_gates_of_the_deal() -> None:
    given(opened, started).when(replace(plan_call, advances=("NONE",))).then_refused(UnknownGate)


def test_an_action_mitigates_only_danger_zones_that_there_are() -> None:
    given(opened).when(replace(plan_call, mitigates=("DZ99",))).then_refused(UnknownRule)


def test_an_action_is_planned_once() -> None:
    given(opened, call).when(plan_call).then_refused(AlreadyExists, id=CALL)


def test_an_action_that_is_done_names_the_facts_it_brought() -> None:
    brought = learned(budget(80_000), "budget")
    command = replace(done_call, facts=(named("budget"),))
    action = given(opened, call, brought).when(command).state.map.actions[CALL]

    assert (action.status, action.result, action.facts) == (
        Planned.DONE,
        "She signs alone",
        (named("budget"),),
    )


def test_an_action_brings_only_facts_that_were_learned() -> None:
    given(opened, call).when(replace(done_call, facts=(NOBODY,))).then_refused(UnknownFact)


def test_an_action_is_done_or_dropped_once() -> None:
    given(opened, call, call_done).when(done_call).then_nothing()
    given(opened, call, call_dropped).when(drop_call).then_nothing()


def test_what_was_done_is_not_dropped_and_what_was_dropped_not_done() -> None:
    given(opened, call, call_done).when(drop_call).then_refused(ActionIsOver, status="DONE")
    given(opened, call, call_dropped).when(done_call).then_refused(ActionIsOver, status="DROPPED")


@pytest.mark.parametrize("command", [done_call, drop_call])
def test_an_action_that_nobody_planned_is_unknown(command: CompleteAction | DropAction) -> None:
    given(opened).when(command).then_refused(UnknownAction, action_id=CALL)


issue_known = learned(the_issue, "issue fact", on=MONDAY)
wished = learned(Want(want_id=WISH, text="One map of all trucks"), "wish fact", on=TUESDAY)
reclassify = ReclassifyWant(
    opportunity_id=DEAL,
    want_id=WISH,
    issue_id=ISSUE,
    criticality=Criticality.MUST,
    provenance=said_by(CFO),
    reason="The audit asks for it",
)
WISHED = (opened, cfo_known, issue_known, wished)


def test_a_want_that_an_issue_asks_for_becomes_a_need() -> None:
    need, became = given(*WISHED).when(reclassify).events

    assert isinstance(need, FactLearned)
    assert isinstance(need.fact, Need)
    assert isinstance(became, WantReclassified)
    assert (need.fact.text, need.fact.issue_id) == ("One map of all trucks", ISSUE)
    assert (became.want_id, became.need_id) == (WISH, need.fact.need_id)


def test_a_want_that_is_a_need_no_longer_stands_as_a_want() -> None:
    state = given(*WISHED).when(reclassify).state

    assert state.standing(f"want:{WISH}").verdict is Verdict.NOTHING
    assert state.belief(named("wish fact")) is not None
    assert state.map.reclassified[WISH].reason == "The audit asks for it"


def test_who_looks_back_still_sees_the_want() -> None:
    events = given(*WISHED).when(reclassify, now=FRIDAY).events
    history = recorded((*WISHED, *events))
    before, after = (through(AsKnown(one), history) for one in (THURSDAY, FRIDAY))

    assert before is not None
    assert before.standing(f"want:{WISH}").verdict is Verdict.STANDS
    assert after is not None
    assert after.standing(f"want:{WISH}").verdict is Verdict.NOTHING
    assert WISH in after.map.reclassified


def test_a_want_becomes_a_need_only_once() -> None:
    events = given(*WISHED).when(reclassify).events

    given(*WISHED, *events).when(reclassify).then_refused(NoLongerAWant, want_id=WISH)


def test_a_want_that_is_stated_again_later_stands_again() -> None:
    events = given(*WISHED).when(reclassify).events
    again = learned(Want(want_id=WISH, text="And of all vans"), "again", on=FRIDAY)

    assert given(*WISHED, *events, again).state.stands(named("again"))


def test_a_want_that_nobody_stated_cannot_become_a_need() -> None:
    given(opened, cfo_known, issue_known).when(reclassify).then_refused(
        UnknownReference, kind="want"
    )


def test_a_need_serves_an_issue_that_is_known() -> None:
    given(opened, cfo_known, wished).when(reclassify).then_refused(
        UnknownReference, kind="business_issue"
    )


def test_that_a_want_is_a_need_can_be_said_after_the_end() -> None:
    state = given(*WISHED, lost).when(reclassify).state

    assert score(known(state)) == score(known(given(*WISHED, lost).state))


by_the_piece = AmountEstimated(
    learned=at(TUESDAY),
    amount=euros(80_000),
    quantity=20,
    unit_price=Decimal(4_000),
    basis="Last year's order",
)


def test_an_amount_that_is_no_quantity_times_a_price_asks_nothing_more() -> None:
    plain = AmountEstimated(learned=at(TUESDAY), amount=euros(80_000), quantity=20)

    assert x_of_y(given(opened).state) == ()
    assert x_of_y(given(opened, plain).state) == ()


def test_a_quantity_times_a_price_asks_four_questions() -> None:
    questions = x_of_y(given(opened, by_the_piece).state)

    assert [one.question for one in questions] == list(XOfY)
    assert {one.state for one in questions} == {FacetState.UNEXAMINED}


def test_what_was_learned_and_asked_answers_them() -> None:
    scope = Scope(product="Widgets", quantity=20)
    existing = replace(opened, customer_kind=CustomerKind.EXISTING)
    asked = raised(Facet.PRICE_EXPECTATION)
    origin, customer, level, expiry = x_of_y(
        given(existing, by_the_piece, learned(scope, "scope"), asked).state
    )

    assert (origin.state, origin.facts) == (FacetState.CLAIMED, (named("scope"),))
    assert (customer.state, customer.answer) == (FacetState.CLAIMED, "existing customer")
    assert level.state is FacetState.ACKNOWLEDGED
    assert expiry.state is FacetState.UNEXAMINED


def test_the_estimate_keeps_how_it_was_worked_out() -> None:
    estimate = given(opened, by_the_piece).state.map.estimate

    assert estimate is not None
    assert (estimate.quantity, estimate.unit_price, estimate.basis) == (
        20,
        Decimal(4_000),
        "Last year's order",
    )


def test_a_milestone_that_slipped_is_told_in_one_thread_by_when_it_was_learned() -> None:
    late_plan = replace(trial, learned=at(FRIDAY))
    slipped = MilestoneSlipped(
        learned=at(WEDNESDAY),
        milestone_id=TRIAL,
        from_due=MARCH_31,
        to_due=APRIL_30,
        side=Side.CUSTOMER,
        reason="Their audit",
    )
    history = recorded((opened, cfo_known, late_plan, slipped))
    state = through(AsKnown(THURSDAY), history)

    assert state is not None
    assert state.map.milestones[TRIAL].due == APRIL_30
