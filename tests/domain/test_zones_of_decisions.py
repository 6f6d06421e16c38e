"""Danger zones of the decision, time and conduct, each where it fires and where it nearly does."""

from datetime import timedelta

from opps.domain.catalogue import Facet
from opps.domain.events import (
    BuyerResponded,
    ContradictionResolved,
    ForecastCategory,
    ForecastCategorySet,
    QuestionRaised,
)
from opps.domain.facts.decision import AlternativeKind, CriterionOrigin, StepKind
from opps.domain.facts.evaluators import InfluenceLevel
from opps.domain.facts.purchase import FundingStatus
from tests.domain.build import (
    CFO,
    CTO,
    DO_NOTHING,
    JUNE_1,
    RIVAL,
    US,
    a_criterion,
    a_step,
    an_alternative,
    an_evaluator,
    an_event,
    an_issue,
    funded,
    next_step,
    prefers,
    rated,
    weighed,
    weighs,
)
from tests.domain.danger import deal, fires, promised_for, proposed, told, zone
from tests.domain.given import FRIDAY, MONDAY, TUESDAY, at, named, raised

MARCH_2 = MONDAY.date()


def test_who_knows_no_alternative_but_us_is_blind() -> None:
    nothing = an_alternative(DO_NOTHING, AlternativeKind.DO_NOTHING, name="Do nothing")

    assert fires("DZ09")
    assert not fires("DZ09", told(an_alternative()))
    assert not fires("DZ09", told(nothing))
    assert not fires("DZ09", told(prefers(CFO, DO_NOTHING)))


def test_a_question_about_doing_nothing_opens_the_eyes_one_about_a_budget_does_not() -> None:
    assert not fires("DZ09", raised(Facet.DO_NOTHING))
    assert fires("DZ09", raised(Facet.FUNDING_AMOUNT))


def test_doing_nothing_wins_where_somebody_of_influence_prefers_it() -> None:
    idle = told(prefers(CFO, DO_NOTHING))

    assert fires("DZ10", idle, told(weighs(CFO, InfluenceLevel.SIGNIFICANT)))
    assert not fires("DZ10", idle, told(weighs(CFO, InfluenceLevel.MINOR)))
    assert not fires("DZ10", told(prefers(CFO, US)))


def test_criteria_have_their_weights_by_the_time_a_proposal_is_out() -> None:
    assert fires("DZ11", told(a_criterion()), proposed())
    assert not fires("DZ11", told(a_criterion()), promised_for(JUNE_1))
    assert not fires("DZ11", told(a_criterion()), told(weighed(0.5)), proposed())
    assert not fires("DZ11", proposed())


def test_below_zero_on_what_must_be_met_is_a_danger() -> None:
    must = told(a_criterion(mandatory=True))

    assert fires("DZ12", must, told(rated(US, -1, viewer=CFO)))
    assert not fires("DZ12", must, told(rated(US, 0, viewer=CFO)))
    assert not fires("DZ12", must, told(an_alternative()), told(rated(RIVAL, -2)))
    assert not fires("DZ12", told(a_criterion(mandatory=False)), told(rated(US, -1)))


def test_a_criterion_of_a_rival_is_a_danger_where_it_weighs() -> None:
    theirs = told(a_criterion(origin=CriterionOrigin.RIVAL))

    assert fires("DZ13", theirs, told(weighed(0.15)))
    assert not fires("DZ13", theirs, told(weighed(0.14)))
    assert not fires("DZ13", theirs)
    assert not fires("DZ13", told(a_criterion(origin=CriterionOrigin.CUSTOMER)), told(weighed(0.5)))


def test_paper_work_nobody_looked_at_is_a_trap_forty_five_days_before_the_date() -> None:
    near, far = JUNE_1 - timedelta(days=45), JUNE_1 - timedelta(days=46)
    promised = promised_for(JUNE_1)

    assert fires("DZ14", promised, today=near)
    assert not fires("DZ14", promised, today=far)
    assert not fires("DZ14", promised, told(a_step(step_kind=StepKind.LEGAL)), today=near)
    assert fires("DZ14", promised, told(a_step()), today=near)
    assert not fires("DZ14", promised, raised(Facet.PAPER_PROCESS), today=near)


def test_two_pushes_are_a_sliding_date_and_one_of_a_month_is_not() -> None:
    first, second = promised_for(JUNE_1), promised_for(JUNE_1 + timedelta(days=30), TUESDAY)
    third = promised_for(JUNE_1 + timedelta(days=31), FRIDAY)

    assert not fires("DZ16", first, second)
    assert fires("DZ16", first, second, third)


def test_one_push_by_more_than_thirty_days_is_a_sliding_date_pulling_in_is_none() -> None:
    first = promised_for(JUNE_1)

    assert fires("DZ16", first, promised_for(JUNE_1 + timedelta(days=31)))
    assert not fires("DZ16", first, promised_for(JUNE_1 - timedelta(days=40)))


def test_what_went_stale_is_a_danger_thirty_days_before_the_date() -> None:
    event = told(an_event())
    near, far = JUNE_1 - timedelta(days=30), JUNE_1 - timedelta(days=31)
    fresh = told(an_event(), when=MONDAY + timedelta(days=50), name="again")

    assert fires("DZ19", event, promised_for(JUNE_1), today=near)
    assert not fires("DZ19", event, promised_for(JUNE_1), today=far)
    assert not fires("DZ19", event, fresh, promised_for(JUNE_1), today=near)


def test_a_contradiction_is_a_danger_after_more_than_a_week() -> None:
    approved = told(funded(FundingStatus.APPROVED), by=CFO, name="one")
    refused = told(funded(FundingStatus.NONE), by=CTO, name="other")
    settled = ContradictionResolved(
        learned=at(FRIDAY), chosen=named("one"), rejected=(named("other"),), rationale="The CFO"
    )
    a_week, longer = MARCH_2 + timedelta(days=7), MARCH_2 + timedelta(days=8)

    assert not fires("DZ20", approved, refused, today=a_week)
    assert fires("DZ20", approved, refused, today=longer)
    assert not fires("DZ20", approved, refused, settled, today=longer)


def test_a_deal_is_quiet_after_more_than_a_month_at_first() -> None:
    assert not fires("DZ21", today=MARCH_2 + timedelta(days=30))
    assert fires("DZ21", today=MARCH_2 + timedelta(days=31))


def test_a_deal_with_a_date_is_quiet_after_three_weeks_and_near_it_after_two() -> None:
    far, near = promised_for(JUNE_1), promised_for(MARCH_2 + timedelta(days=40))

    assert not fires("DZ21", far, today=MARCH_2 + timedelta(days=21))
    assert fires("DZ21", far, today=MARCH_2 + timedelta(days=22))
    assert not fires("DZ21", near, proposed(), today=MARCH_2 + timedelta(days=14))
    assert fires("DZ21", near, proposed(), today=MARCH_2 + timedelta(days=15))


def test_whatever_the_buyer_does_ends_the_silence() -> None:
    later = MONDAY + timedelta(days=20)
    answered = BuyerResponded(learned=at(later), response="Asked for a reference")
    spoke = told(an_issue(), by=CFO, when=later)
    we_noticed = told(an_issue(), when=later)
    today = MARCH_2 + timedelta(days=31)

    assert not fires("DZ21", answered, today=today)
    assert not fires("DZ21", spoke, today=today)
    assert fires("DZ21", we_noticed, today=today)


def test_a_promised_next_step_excuses_silence_until_its_day_is_over() -> None:
    day = MARCH_2 + timedelta(days=40)
    promise = told(next_step(day, buyer_committed=True))
    wish = told(next_step(day))

    assert not fires("DZ21", promise, today=day)
    assert fires("DZ21", promise, today=day + timedelta(days=1))
    assert fires("DZ21", wish, today=day)


def test_a_commit_with_nothing_known_is_only_a_word() -> None:
    commit = ForecastCategorySet(learned=at(TUESDAY), category=ForecastCategory.COMMIT)
    best_case = ForecastCategorySet(learned=at(TUESDAY), category=ForecastCategory.BEST_CASE)

    assert fires("DZ26", commit)
    assert not fires("DZ26", best_case)


def test_a_zone_names_its_open_questions_and_what_to_do() -> None:
    asked: QuestionRaised = raised(Facet.CONSIDERED_SET)
    found = zone("DZ09", deal(asked))

    assert found is not None
    assert found.questions == (asked.question_id,)
    assert found.rule.move.endswith(".")


def test_what_comes_up_in_the_last_thirty_days_is_a_late_surprise() -> None:
    promised = promised_for(MARCH_2 + timedelta(days=40))
    last_days, before = MONDAY + timedelta(days=11), MONDAY + timedelta(days=9)
    today = MARCH_2 + timedelta(days=12)

    assert fires("DZ24", promised, proposed(), told(an_alternative(), when=last_days), today=today)
    assert not fires("DZ24", promised, proposed(), told(an_alternative(), when=before), today=today)
    assert not fires("DZ24", promised, told(an_alternative(), when=last_days), today=today)


def test_a_new_face_is_a_late_surprise_where_it_weighs_and_for_thirty_days() -> None:
    promised = promised_for(MARCH_2 + timedelta(days=40))
    last_days = MONDAY + timedelta(days=11)
    new = told(an_evaluator(CTO), when=last_days)
    minor = told(weighs(CTO, InfluenceLevel.MINOR), when=last_days)
    soon, later = MARCH_2 + timedelta(days=41), MARCH_2 + timedelta(days=42)

    assert fires("DZ24", promised, proposed(), new, today=soon)
    assert not fires("DZ24", promised, proposed(), new, today=later)
    assert not fires("DZ24", promised, proposed(), new, minor, today=soon)
