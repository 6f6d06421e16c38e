"""The handover brief: all that is known, unknown, promised and dangerous, for who takes over."""

import os
from datetime import date
from pathlib import Path
from uuid import UUID

from hypothesis import given as tried
from msgspec.structs import replace

from opps.domain.account_map.view import map_view
from opps.domain.briefs.handover import handover
from opps.domain.briefs.handover_page import handover_page
from opps.domain.briefs.page import LONGEST_LIST, html, markdown
from opps.domain.briefs.takeover import Handover, Promised
from opps.domain.catalogue import Facet
from opps.domain.danger_zones.zones import zones
from opps.domain.events import (
    AmountEstimated,
    BuyerResponded,
    DayTurned,
    Event,
    ExceptionCause,
    OpportunityRenamed,
    ProposalSent,
    QuestionAsked,
    TeamFunction,
    TeamMemberJoined,
)
from opps.domain.exceptions.lifecycle import ExceptionStatus, ManagedException
from opps.domain.facet_state import FacetState
from opps.domain.facts import NextStep
from opps.domain.opportunity.state import Opportunity
from tests.domain.build import often
from tests.domain.deals import Deal, deals
from tests.domain.gated import started
from tests.domain.given import (
    CFO,
    COLLEAGUE,
    CTO,
    DEAL,
    MANAGER,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    euros,
    given,
    learned,
    lost,
    named,
    opened,
    raised,
    rival_known,
    said_by,
    the_issue,
)
from tests.domain.outcomes import stated
from tests.domain.test_account_map_plans import call, trial
from tests.domain.test_proposal import of_deal

GOLDEN = Path(__file__).parent / "golden" / "handover.md"
SLIDING = ManagedException(
    exception_id=named("sliding"),
    opportunity_id=DEAL,
    cause=ExceptionCause.DANGER_ZONE,
    summary="The date moved twice",
    raised_at=WEDNESDAY,
    raised_by=MANAGER,
    version=1,
    position=40,
    plan="Rebuild the plan backward",
    status=ExceptionStatus.ACKNOWLEDGED,
)
sent = ProposalSent(learned=at(TUESDAY), proposal="P-7", amount=euros(80_000))
HISTORY: tuple[Event, ...] = (
    opened,
    cfo_known,
    cto_known,
    rival_known,
    learned(the_issue, "issue", source=said_by(CFO)),
    learned(budget(80_000), "budget", source=said_by(CFO)),
    learned(budget(50_000), "smaller budget", source=said_by(CTO)),
    learned(
        NextStep(text="Send the contract", on_date=date(2026, 3, 20), evaluator_id=CFO),
        "next step",
        source=said_by(CFO),
    ),
    raised(Facet.PAPER_PROCESS),
    QuestionAsked(learned=at(WEDNESDAY), question_id=named("question"), evaluator_id=CTO),
    TeamMemberJoined(learned=at(TUESDAY), member=COLLEAGUE, function=TeamFunction.FINANCE),
    AmountEstimated(learned=at(TUESDAY), amount=euros(80_000)),
    stated,
    started,
    trial,
    call,
    sent,
    DayTurned(day=date(2026, 4, 4), zone="UTC"),
)


def brief(*events: Event) -> Handover:
    return handover(given(*events).state, (SLIDING,))


def told(of: Handover) -> list[UUID]:
    return [fact.fact_id for one in of.objectives for fact in one.facts]


def promised(of: Handover, kind: Promised) -> list[str]:
    return [one.what for one in of.commitments if one.promised is kind]


def test_a_brief_on_paper_reads_as_written_down() -> None:
    page = markdown(handover_page(brief(*HISTORY)))
    if os.environ.get("OPPS_WRITE_GOLDEN"):
        GOLDEN.write_text(page)

    assert page == GOLDEN.read_text()


def test_a_brief_says_who_said_what_when_and_how_well_it_is_known() -> None:
    known = {one.fact_id: one for of in brief(*HISTORY).objectives for one in of.facts}

    issue, claimed = known[named("issue")], known[named("rival fact")]
    assert (issue.told_by, issue.learned_at) == (CFO, TUESDAY)
    assert issue.how_well is FacetState.EVIDENCED
    assert claimed.how_well is FacetState.CLAIMED
    assert known[named("budget")].how_well is FacetState.CONTRADICTED
    assert known[named("smaller budget")].how_well is FacetState.CONTRADICTED


def test_a_brief_names_what_is_unknown_asked_or_never_looked_at() -> None:
    found = brief(*HISTORY)
    unexamined = {facet for one in found.objectives for facet in one.unexamined}

    [question] = found.questions
    assert (question.asked, question.whom, question.since) == (True, "the CTO", WEDNESDAY)
    assert Facet.PAPER_PROCESS not in unexamined
    assert Facet.CRITERION in unexamined


def test_who_takes_over_sees_what_somebody_waits_for() -> None:
    found = brief(*HISTORY)

    assert promised(found, Promised.PROPOSAL) == [
        "An answer to our proposal P-7 of 80,000 EUR, sent 3 Mar 2026"
    ]
    assert promised(found, Promised.NEXT_STEP) == ["Send the contract"]
    assert promised(found, Promised.GATE) == ["Gate We know why", "Gate They have money"]
    assert len(promised(found, Promised.MILESTONE)) == len(promised(found, Promised.ACTION)) == 1


def test_a_proposal_that_was_answered_is_no_commitment() -> None:
    answered = BuyerResponded(learned=at(WEDNESDAY), response="They accept")

    assert promised(brief(opened, sent), Promised.PROPOSAL)
    assert promised(brief(opened, sent, answered), Promised.PROPOSAL) == []


def test_a_brief_carries_the_danger_zones_with_their_first_move() -> None:
    state, found = given(*HISTORY).state, brief(*HISTORY)

    assert [one.zone for one in found.dangers] == [one.zone for one in zones(state)]
    assert all(one.move for one in found.dangers)


def test_an_exception_that_ended_is_no_part_of_a_brief() -> None:
    ended = replace(SLIDING, status=ExceptionStatus.RESOLVED)

    assert handover(given(*HISTORY).state, (SLIDING, ended)).exceptions == (
        brief(*HISTORY).exceptions
    )


def test_a_brief_of_what_was_lost_has_no_danger_ahead() -> None:
    found = brief(*HISTORY, lost)

    assert not found.dangers
    assert not found.suspected
    assert len(told(found)) == len(told(brief(*HISTORY)))


def test_a_brief_of_a_deal_nobody_knows_anything_of_says_so() -> None:
    page = markdown(handover_page(handover(given(opened).state)))

    assert page.count("Nothing is known.") == 9
    assert "Nothing is promised." in page


def test_nothing_that_somebody_wrote_is_markup_in_a_brief() -> None:
    loud = OpportunityRenamed(learned=at(MONDAY), title='<img src="x" onerror=alert(1)>')
    page = handover_page(handover(given(opened, loud).state))

    assert "<img" not in html(page)
    assert "\\<img" in markdown(page)
    assert "http" not in html(page)


def test_a_brief_shows_the_first_hundreds_of_a_longer_list_and_counts_the_rest() -> None:
    many = tuple(
        learned(replace(the_issue, issue_id=named(f"issue {one}")), f"fact {one}")
        for one in range(LONGEST_LIST + 7)
    )
    issues = handover(given(opened, *many).state).objectives[0]

    assert (len(issues.facts), issues.more) == (LONGEST_LIST, 7)


@often
@tried(deals(largest=20))
def test_whatever_the_deal_every_fact_that_stands_is_in_the_brief_once(deal: Deal) -> None:
    state: Opportunity = of_deal(deal)

    found = handover(state)

    standing = [
        belief.fact_id
        for one in state.standings.values()
        for belief in (one.beliefs if one.belief is None else (one.belief,))
    ]
    assert sorted(told(found)) == sorted(standing)
    assert found.outcome == map_view(state).outcome
    assert "Handover: Line 3 widgets" in markdown(handover_page(found))
