"""Danger zones of the reasons to buy, each where it fires and where it nearly does."""

from datetime import date, timedelta

from opps.domain.catalogue import Facet
from opps.domain.events import FacetMarkedNotApplicable
from opps.domain.facts.customer import ImpactMethod
from opps.domain.facts.purchase import Criticality, FitLevel, FundingStatus
from tests.domain.build import (
    CFO,
    CHURN,
    JUNE_1,
    SCRAP,
    a_need,
    a_scope,
    a_want,
    an_event,
    an_impact,
    an_issue,
    decides_on,
    fits,
    funded,
    no_event,
)
from tests.domain.danger import (
    CALLED,
    WROTE,
    deal,
    euros,
    fires,
    promised_for,
    proposed,
    told,
    worth,
    zone,
)
from tests.domain.given import MONDAY, at, learned

MARCH_2 = MONDAY.date()
WHOLE_ISSUE = an_issue(owner_id=CFO, consequence="The plant closes")


def before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def test_no_issue_matters_once_a_date_is_promised() -> None:
    assert fires("DZ01", promised_for(JUNE_1))
    assert not fires("DZ01")


def test_an_issue_told_with_owner_and_consequence_is_reason_enough() -> None:
    assert not fires("DZ01", promised_for(JUNE_1), told(WHOLE_ISSUE))


def test_an_issue_without_an_owner_or_consequence_is_none_yet() -> None:
    nobody = told(an_issue(consequence="The plant closes"))
    harmless = told(an_issue(owner_id=CFO))

    assert fires("DZ01", promised_for(JUNE_1), nobody)
    assert fires("DZ01", promised_for(JUNE_1), harmless)


def test_an_issue_that_only_we_see_or_that_they_deny_is_none() -> None:
    ours = learned(WHOLE_ISSUE)
    denied = told(an_issue(owner_id=CFO, consequence="None", denied=True))

    assert fires("DZ01", promised_for(JUNE_1), ours)
    assert fires("DZ01", promised_for(JUNE_1), denied)
    assert zone("DZ01", deal(promised_for(JUNE_1), ours)).facts == (ours.fact_id,)  # type: ignore[union-attr]  # it fires


def test_a_must_rests_on_an_issue_that_is_known() -> None:
    assert fires("DZ02", told(a_need(issue_id=SCRAP)))
    assert not fires("DZ02", told(a_need(issue_id=CHURN)), told(an_issue()))
    assert not fires("DZ02", told(a_need(Criticality.SHOULD, issue_id=SCRAP)))


def test_a_scope_or_a_wish_without_any_need_is_a_want() -> None:
    need = told(a_need()), told(an_issue())

    assert fires("DZ02", told(a_scope()))
    assert fires("DZ02", told(a_want()))
    assert not fires("DZ02", told(a_scope()), told(a_want()), *need)


def test_an_impact_that_only_we_reckon_is_a_danger_forty_five_days_before_the_decision() -> None:
    ours = told(an_impact(method=ImpactMethod.OUR_ESTIMATE))
    near, far = before(JUNE_1, 45), before(JUNE_1, 46)

    assert fires("DZ03", ours, told(decides_on(JUNE_1)), today=near)
    assert not fires("DZ03", ours, told(decides_on(JUNE_1)), today=far)
    assert fires("DZ03", ours, promised_for(JUNE_1), today=near)


def test_one_impact_that_they_stand_behind_is_enough() -> None:
    ours = told(an_impact(method=ImpactMethod.OUR_ESTIMATE))
    agreed = told(an_impact(impact_id=SCRAP, method=ImpactMethod.OUR_ESTIMATE, agreed_by=(CFO,)))
    theirs = told(an_impact(impact_id=SCRAP))

    assert not fires("DZ03", ours, agreed, promised_for(JUNE_1), today=JUNE_1)
    assert not fires("DZ03", ours, theirs, promised_for(JUNE_1), today=JUNE_1)


def test_a_promised_date_without_a_reason_of_theirs_is_a_danger() -> None:
    assert fires("DZ15", promised_for(JUNE_1))
    assert not fires("DZ15")
    assert not fires("DZ15", promised_for(JUNE_1), told(an_event()))


def test_a_reason_that_only_we_assume_is_none_and_neither_is_a_plain_no() -> None:
    assert fires("DZ15", promised_for(JUNE_1), learned(an_event()))
    assert fires("DZ15", promised_for(JUNE_1), told(no_event(), source=WROTE))


def test_no_reason_is_needed_where_none_applies() -> None:
    apart = FacetMarkedNotApplicable(
        learned=at(MONDAY), facet=Facet.COMPELLING_EVENT, rationale="A framework contract"
    )

    assert not fires("DZ15", promised_for(JUNE_1), apart)


def test_a_gap_on_a_must_is_a_danger_until_there_is_a_plan() -> None:
    must, should = told(a_need()), told(a_need(Criticality.SHOULD))
    gap = fits(FitLevel.GAP)
    planned = type(gap)(need_id=gap.need_id, level=gap.level, proof=gap.proof, gap_plan="In May")

    assert fires("DZ18", must, told(gap))
    assert not fires("DZ18", must, told(planned))
    assert not fires("DZ18", should, told(gap))
    assert not fires("DZ18", must, told(fits(FitLevel.PARTIAL)))


def test_money_that_is_only_identified_is_a_danger_near_the_decision() -> None:
    identified = told(funded(FundingStatus.IDENTIFIED))
    requested = told(funded(FundingStatus.REQUESTED))

    assert fires("DZ17", identified, promised_for(JUNE_1), today=before(JUNE_1, 45))
    assert not fires("DZ17", identified, promised_for(JUNE_1), today=before(JUNE_1, 46))
    assert not fires("DZ17", requested, promised_for(JUNE_1), today=JUNE_1)
    assert not fires("DZ17", promised_for(JUNE_1), today=JUNE_1)


def test_money_below_four_fifths_of_our_price_is_short_at_any_time() -> None:
    short, enough = (told(funded(amount=euros(amount))) for amount in (799, 800))

    assert fires("DZ17", worth(1000), short)
    assert not fires("DZ17", worth(1000), enough)


def test_nothing_is_close_without_a_clock() -> None:
    ours = told(an_impact(method=ImpactMethod.OUR_ESTIMATE), source=CALLED)

    assert not fires("DZ03", ours, promised_for(MARCH_2), proposed())
