"""The draft of a proposal: what the customer told us, known well, and nothing about people."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from hypothesis import given as tried
from msgspec.structs import replace

from opps.domain.beliefs import Verdict
from opps.domain.briefs.page import html, markdown
from opps.domain.briefs.proposal import left_out_because, proposal
from opps.domain.briefs.proposal_page import proposal_page
from opps.domain.briefs.statements import LeftOut, Proposal, ProposalDetail, ProposalLine
from opps.domain.catalogue import Objective
from opps.domain.credence import support
from opps.domain.facet_state import FacetState
from opps.domain.facts import Fact, Preference
from opps.domain.facts.customer import ImpactMethod
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.facts.purchase import FitLevel
from opps.domain.knowledge import evidenced
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.provenance import SourceKind
from opps.domain.setting import Setting
from tests.domain.build import (
    CFO,
    CTO,
    HOSTING,
    PRICE,
    a_criterion,
    a_need,
    a_step,
    an_evaluator,
    an_impact,
    an_issue,
    belief,
    fits,
    histories_of,
    leans,
    often,
    weighed,
)
from tests.domain.build import fact_id as numbered
from tests.domain.deals import Deal, deals
from tests.domain.given import given, opened
from tests.examples.facts import FACTS

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def knowing(*facts: Fact, source: SourceKind = SourceKind.BUYER_SAID) -> Opportunity:
    """Return an opportunity in which the CFO told us these facts."""
    told = (belief(fact, source=source, position=at) for at, fact in enumerate(facts, start=1))
    return of_deal(Deal(tuple(told), frozenset(), None, None))


def of_deal(deal: Deal) -> Opportunity:
    histories = histories_of(deal.beliefs)
    return replace(
        given(opened).state,
        histories=histories,
        fact_keys={one.fact_id: key for key, of in histories.items() for one in of.beliefs},
        setting=Setting(clock=deal.clock),
    )


def marked(deal: Deal) -> Deal:
    """Return the deal with words of its own in each fact that has any."""
    told = (
        replace(one, fact=replace(one.fact, text=f"Words {one.position}."))
        if hasattr(one.fact, "text")
        else one
        for one in deal.beliefs
    )
    return deal._replace(beliefs=tuple(told))


def statements(of: Proposal) -> Iterator[ProposalLine | ProposalDetail]:
    for one in (*of.issues, *of.impacts, *of.needs, *of.criteria, *of.steps):
        yield one
        yield from one.details


def left_out(of: Proposal) -> dict[LeftOut, int]:
    return {one.reason: one.count for one in of.left_out}


def of_a_person(fact: Fact) -> bool:
    return fact.objective is Objective.EVALUATORS or isinstance(fact, Preference)


def test_a_proposal_says_what_the_customer_told_us_and_who_said_it_when() -> None:
    state = knowing(
        an_evaluator(),
        an_issue(consequence="We lose the shippers"),
        an_impact(baseline=4.0, target=2.0, unit="percent"),
        a_need(),
        fits(FitLevel.MEETS),
        a_criterion(mandatory=True),
        weighed(0.4),
        a_step(planned_on=date(2026, 4, 1)),
    )

    drafted = proposal(state)

    assert [one.text for one in drafted.issues] == ["Churn (problem): We lose the shippers"]
    assert [one.text for one in drafted.impacts] == ["Churn, today 4 percent, wanted 2 percent"]
    assert [one.text for one in drafted.needs] == ["On premises (must), because of: Churn"]
    assert [one.text for one in drafted.needs[0].details] == ["We meet it, shown by demo"]
    assert [one.text for one in drafted.criteria] == ["Price (mandatory)"]
    assert [one.text for one in drafted.criteria[0].details] == ["Weighs 40 %"]
    assert [one.text for one in drafted.steps] == ["Trial, 1 Apr 2026"]
    [source] = drafted.issues[0].sources
    assert (source.fact_id, source.told_by, source.title) == (numbered(2), CFO, "Chief")
    assert left_out(drafted) == {LeftOut.ABOUT_PEOPLE: 1}


def test_what_somebody_thinks_of_us_is_counted_and_never_said() -> None:
    state = knowing(an_issue(), leans(CFO, LeaningLevel.SCEPTIC))

    drafted = proposal(state)

    assert left_out(drafted) == {LeftOut.ABOUT_PEOPLE: 1}
    assert "sceptic" not in markdown(proposal_page(drafted)).lower()


def test_what_we_only_observed_is_not_said_to_a_customer() -> None:
    observed = proposal(knowing(an_issue(), source=SourceKind.SELLER_OBSERVATION))
    heard = proposal(knowing(an_issue(), source=SourceKind.BUYER_SAID))

    assert (observed.issues, left_out(observed)) == ((), {LeftOut.NOT_KNOWN_WELL: 1})
    assert len(heard.issues) == 1


def test_a_need_does_not_bring_an_issue_with_it_that_is_only_claimed() -> None:
    claimed = belief(an_issue(), source=SourceKind.SELLER_OBSERVATION, position=1)
    told = belief(a_need(), position=2)

    drafted = proposal(of_deal(Deal((claimed, told), frozenset(), None, None)))

    assert [one.text for one in drafted.needs] == ["On premises (must)"]


def test_our_fit_on_a_need_that_is_not_said_is_left_out_with_it() -> None:
    drafted = proposal(knowing(a_need(rejected=True), fits(FitLevel.MEETS), weighed(0.2, PRICE)))

    assert drafted.needs == drafted.criteria == ()
    assert left_out(drafted) == {LeftOut.DENIED: 1, LeftOut.WITHOUT_ITS_SUBJECT: 2}


def test_numbers_of_our_own_are_not_theirs() -> None:
    ours = proposal(knowing(an_impact(method=ImpactMethod.OUR_ESTIMATE)))
    together = proposal(knowing(an_impact(method=ImpactMethod.JOINTLY_MODELLED)))

    assert (ours.impacts, left_out(ours)) == ((), {LeftOut.OUR_OWN: 1})
    assert len(together.impacts) == 1


def test_what_two_people_contradict_each_other_about_is_not_said() -> None:
    one, other = belief(an_issue(1), position=1), belief(an_issue(4), by=CTO, position=2)

    drafted = proposal(of_deal(Deal((one, other), frozenset(), None, None)))

    assert (drafted.issues, left_out(drafted)) == ((), {LeftOut.CONTRADICTED: 2})


def test_who_spoke_is_named_by_a_title_only_where_that_is_known_well() -> None:
    seen = belief(an_evaluator(), source=SourceKind.SELLER_OBSERVATION, position=1)
    told = belief(an_issue(), position=2)

    page = markdown(proposal_page(proposal(of_deal(Deal((seen, told), frozenset(), None, None)))))

    assert "Chief" not in page
    assert "said by somebody of yours" in page


def test_no_words_of_a_customer_are_markup_in_a_proposal() -> None:
    page = proposal_page(proposal(knowing(an_issue(text="<script>x</script> & *more*"))))

    assert "&lt;script&gt;x&lt;/script&gt; &amp; *more*" in html(page)
    assert "\\<script\\>" in markdown(page)


@often
@tried(deals(largest=20))
def test_whatever_the_deal_nothing_of_people_and_nothing_below_evidenced_is_said(
    plain: Deal,
) -> None:
    deal = marked(plain)
    state = of_deal(deal)
    standings = state.standings.values()
    well = {
        one.fact_id: one.fact
        for standing in standings
        if standing.verdict is Verdict.STANDS and evidenced(support(standing, known(state)))
        for one in standing.beliefs
    }

    drafted = proposal(state)
    page = markdown(proposal_page(drafted))

    told = {source.fact_id for one in statements(drafted) for source in one.sources}
    assert told <= well.keys()
    assert not any(of_a_person(well[one]) for one in told)
    assert {UUID(one) for one in ID.findall(page)} <= told
    for one in deal.beliefs:
        if f"Words {one.position}." in page:
            assert one.fact_id in well


@often
@tried(deals(largest=20))
def test_whatever_the_deal_every_fact_that_stands_is_said_or_counted(deal: Deal) -> None:
    state = of_deal(deal)
    keys = [one for one in state.standings.values() if one.beliefs]
    facts = sum(1 if one.verdict is Verdict.STANDS else len(one.beliefs) for one in keys)

    drafted = proposal(state)

    said = sum(1 for _ in statements(drafted))
    assert said + sum(left_out(drafted).values()) == facts


def test_every_kind_of_fact_about_people_is_kept_back_however_well_it_is_known() -> None:
    for fact in FACTS:
        why = left_out_because(fact, FacetState.CORROBORATED)
        if of_a_person(fact):
            assert why is LeftOut.ABOUT_PEOPLE


def test_a_need_stands_in_its_draft_under_the_id_of_the_fact() -> None:
    page = markdown(proposal_page(proposal(knowing(a_need(need_id=HOSTING)))))

    assert str(numbered(1)) in page
