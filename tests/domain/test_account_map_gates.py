"""Gates: opps looks for the exit evidence itself, and only a colleague may waive it."""

from datetime import date

import pytest

from opps.domain.account_map.errors import (
    EvidenceMissing,
    GateAlreadyPassed,
    GateOutOfOrder,
    NothingToWaive,
    UnknownGate,
    WaiverNeedsApprover,
)
from opps.domain.account_map.evidence import next_gate, search
from opps.domain.catalogue import Facet, Objective
from opps.domain.errors import Blank, NotOpen
from opps.domain.events import (
    EvidenceMet,
    ExitEvidence,
    FacetMarkedNotApplicable,
    GatePassed,
    GateSlipped,
    Side,
)
from opps.domain.facet_state import FacetState, MinimumState
from opps.domain.opportunity.commands import (
    PassGate,
    SlipGate,
    WaiverStated,
)
from opps.domain.opportunity.state import known
from tests.domain.gated import (
    APRIL_1,
    APRIL_15,
    FUNDED,
    asked_why,
    diagnosed,
    funded,
    observed,
    started,
)
from tests.domain.given import (
    COLLEAGUE,
    DEAL,
    JUST_NOW,
    MANAGER,
    SELLER,
    WEDNESDAY,
    at,
    cfo_known,
    given,
    lost,
    named,
    opened,
)


def pass_gate(gate: str) -> PassGate:
    """Return the command that passes a gate."""
    return PassGate(opportunity_id=DEAL, gate=gate)


def waiving(
    reason: str = "Their budget year begins in April", facet: Facet = Facet.FUNDING_STATUS
) -> PassGate:
    """Return the command that passes the gate of the money without it."""
    waiver = WaiverStated(objective=FUNDED.objective, facet=facet, reason=reason)
    return PassGate(opportunity_id=DEAL, gate="FUNDING", waivers=(waiver,))


def test_a_gate_is_passed_on_the_evidence_that_opps_finds() -> None:
    past = (opened, cfo_known, started, diagnosed, funded)

    expected = GatePassed(
        learned=JUST_NOW,
        gate="FUNDING",
        evidence=(
            EvidenceMet(
                objective=Objective.FUNDING,
                facet=Facet.FUNDING_STATUS,
                minimum=MinimumState.EVIDENCED,
                found=FacetState.EVIDENCED,
                facts=(named("budget"),),
            ),
        ),
    )
    given(*past).when(pass_gate("FUNDING")).then(expected)


def test_a_gate_is_not_passed_on_less_than_it_asks_for() -> None:
    given(opened, started, diagnosed, observed).when(pass_gate("FUNDING")).then_refused(
        EvidenceMissing,
        gate="FUNDING",
        objective="FUNDING",
        facet="FUNDING_STATUS",
        minimum="EVIDENCED",
        found="CLAIMED",
        missing="FUNDING_STATUS at least EVIDENCED (is CLAIMED)",
    )


def test_a_gate_that_asks_for_a_question_is_passed_once_it_is_raised() -> None:
    given(opened, started).when(pass_gate("DIAGNOSIS")).then_refused(EvidenceMissing)
    given(opened, started, asked_why).when(pass_gate("DIAGNOSIS")).then_one(GatePassed)


def test_what_does_not_apply_holds_no_gate_up() -> None:
    aside = FacetMarkedNotApplicable(
        learned=at(WEDNESDAY), facet=Facet.FUNDING_STATUS, rationale="A gift"
    )

    past = (opened, started, diagnosed, aside)
    passed = given(*past).when(pass_gate("FUNDING")).then_one(GatePassed)
    assert passed.evidence[0].found is FacetState.NOT_APPLICABLE


def test_an_objective_is_as_well_known_as_its_worst_facet() -> None:
    whole = ExitEvidence(objective=Objective.FUNDING, minimum=MinimumState.EVIDENCED)
    [found] = search(known(given(opened, cfo_known, funded).state), (whole,))

    assert (found.found, found.met, found.facts) == (
        FacetState.UNEXAMINED,
        False,
        (named("budget"),),
    )


@pytest.mark.parametrize("minimum", list(MinimumState))
def test_a_minimum_is_met_by_itself_and_by_all_that_is_better(minimum: MinimumState) -> None:
    order = ("UNEXAMINED", "ACKNOWLEDGED", "CLAIMED", "EVIDENCED", "CORROBORATED", "NOT_APPLICABLE")

    met = [one for one in order if minimum.met_by(FacetState(one))]
    assert met == list(order[order.index(minimum) :])


def test_what_is_contradicted_or_stale_is_no_evidence() -> None:
    for state in (FacetState.CONTRADICTED, FacetState.STALE):
        assert MinimumState.ACKNOWLEDGED.met_by(state)
        assert not MinimumState.CLAIMED.met_by(state)


def test_gates_are_passed_in_their_order() -> None:
    given(opened, started, cfo_known, funded).when(pass_gate("FUNDING")).then_refused(
        GateOutOfOrder, gate="FUNDING", first="DIAGNOSIS"
    )


def test_passing_a_gate_twice_is_passing_it_once() -> None:
    given(opened, started, diagnosed).when(pass_gate("DIAGNOSIS")).then_nothing()


def test_a_gate_that_the_deal_does_not_have_cannot_be_passed() -> None:
    given(opened, started).when(pass_gate("NONE")).then_refused(
        UnknownGate, gate="NONE", gates="DIAGNOSIS, FUNDING"
    )
    given(opened).when(pass_gate("NONE")).then_refused(
        UnknownGate, gates="none before it goes by a sales process"
    )


def test_no_gate_is_passed_on_a_lost_opportunity() -> None:
    given(opened, started, asked_why, lost).when(pass_gate("DIAGNOSIS")).then_refused(NotOpen)


def test_a_colleague_waives_what_is_missing_and_says_why() -> None:
    past = (opened, started, diagnosed, observed)
    event = given(*past).when(waiving(), by=COLLEAGUE).then_one(GatePassed)

    [waiver] = event.waivers
    assert event.evidence == ()
    assert (waiver.facet, waiver.minimum, waiver.found, waiver.approver) == (
        Facet.FUNDING_STATUS,
        MinimumState.EVIDENCED,
        FacetState.CLAIMED,
        COLLEAGUE,
    )
    assert waiver.reason == "Their budget year begins in April"


def test_the_owner_cannot_waive_what_is_missing() -> None:
    given(opened, started, diagnosed).when(waiving(), by=SELLER).then_refused(
        WaiverNeedsApprover, gate="FUNDING"
    )


def test_nobody_waives_for_the_owner() -> None:
    given(opened, started, diagnosed).when(
        waiving(), by=COLLEAGUE, on_behalf_of=SELLER
    ).then_refused(WaiverNeedsApprover)


def test_whoever_acts_for_a_manager_waives_in_the_managers_name() -> None:
    past = (opened, started, diagnosed)
    event = given(*past).when(waiving(), by=COLLEAGUE, on_behalf_of=MANAGER).then_one(GatePassed)

    assert event.waivers[0].approver == MANAGER


def test_nothing_is_waived_that_is_known_well_enough() -> None:
    past = (opened, cfo_known, started, diagnosed, funded)
    event = given(*past).when(waiving(), by=SELLER).then_one(GatePassed)

    assert (event.waivers, len(event.evidence)) == ((), 1)


def test_only_what_a_gate_asks_for_can_be_waived() -> None:
    other = waiving(facet=Facet.FUNDING_AMOUNT)

    given(opened, started, diagnosed).when(other, by=COLLEAGUE).then_refused(
        NothingToWaive, objective="FUNDING", facet="FUNDING_AMOUNT"
    )


def test_a_waiver_says_why() -> None:
    given(opened, started, diagnosed).when(waiving(reason=" "), by=COLLEAGUE).then_refused(Blank)


def slip(gate: str = "DIAGNOSIS", to: date = APRIL_15) -> SlipGate:
    """Return the command that moves a gate."""
    return SlipGate(
        opportunity_id=DEAL, gate=gate, to_due=to, side=Side.CUSTOMER, reason="Their audit"
    )


def test_a_gate_that_slips_says_from_when_and_on_whose_side() -> None:
    event = given(opened, started).when(slip()).then_one(GateSlipped)

    assert (event.from_due, event.to_due, event.side) == (APRIL_1, APRIL_15, Side.CUSTOMER)


def test_a_gate_remembers_when_it_was_first_due() -> None:
    gate = given(opened, started).when(slip()).state.map.gate("DIAGNOSIS")

    assert gate is not None
    assert (gate.first_due, gate.due, len(gate.slips)) == (APRIL_1, APRIL_15, 1)


def test_a_gate_without_a_date_can_get_one() -> None:
    event = given(opened, started).when(slip("FUNDING")).then_one(GateSlipped)

    assert event.from_due is None


def test_a_gate_slips_to_where_it_is_only_once() -> None:
    given(opened, started).when(slip(to=APRIL_1)).then_nothing()


def test_a_gate_that_was_passed_slips_no_more() -> None:
    given(opened, started, diagnosed).when(slip()).then_refused(GateAlreadyPassed, gate="DIAGNOSIS")


def test_the_next_gate_is_the_first_that_was_not_passed() -> None:
    gates = given(opened, started, diagnosed).state.map.gates
    following = next_gate(gates)

    assert following is not None
    assert following.gate == "FUNDING"
    assert next_gate(gates[:1]) is None
