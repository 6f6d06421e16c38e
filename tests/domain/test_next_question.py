"""The next best question: what it would settle, whom to ask, and in which words."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from opps.domain.asking import Asking
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import DayTurned, Event, QuestionAsked, QuestionRaised
from opps.domain.facts import AnyFact, Engagement
from opps.domain.facts.evaluators import EngagementDepth, InfluenceLevel, LeaningLevel
from opps.domain.knowledge import FacetState, facet_states
from opps.domain.next_question import (
    BEARING,
    EFFORT,
    FOLLOWS,
    NextQuestion,
    next_questions,
)
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.state import known
from opps.domain.provenance import Provenance
from opps.domain.whom import ASKED_BEFORE, LATELY_DAYS, NOBODY_KNOWN, OUT_OF_TOUCH, WILLING
from opps.domain.wording import ANYTHING, WORDS, words
from tests.domain.build import (
    CHURN,
    HOSTING,
    PRICE,
    SPEED,
    a_criterion,
    a_need,
    an_issue,
    leans,
    left,
    weighs,
)
from tests.domain.given import (
    CFO,
    CTO,
    FRIDAY,
    MONDAY,
    OBSERVED,
    QUESTION,
    TUESDAY,
    WEDNESDAY,
    Given,
    at,
    budget,
    cfo_known,
    cto_known,
    given,
    learned,
    opened,
    raised,
    said_by,
    won,
)

EVERY = len(Facet)


def told(fact: AnyFact, name: str, source: Provenance = OBSERVED) -> Event:
    return learned(fact, name, on=MONDAY, source=source)


def questions(on: Given, first: int = EVERY) -> dict[Facet, NextQuestion]:
    return {one.facet: one for one in next_questions(on.state, first)}


supporter = told(leans(CTO, LeaningLevel.SUPPORTER), "cto leans", said_by(CTO))
sceptic = told(leans(CFO, LeaningLevel.SCEPTIC), "cfo leans", said_by(CFO))
both = (opened, cfo_known, cto_known)


def test_every_facet_has_words_of_its_own_and_a_bearing() -> None:
    assert set(WORDS) == set(BEARING) == set(Facet)
    assert len(set(WORDS.values())) == len(WORDS)
    assert {one for one, said in WORDS.items() if "{subject}" in said} == set(ANYTHING)
    assert all(words(facet).endswith("?") for facet in Facet)


def test_what_follows_on_another_facet_belongs_to_the_same_objective() -> None:
    assert all(facet.objective is before.objective for facet, before in FOLLOWS.items())


def test_at_the_opening_three_questions_are_worth_asking() -> None:
    found = next_questions(given(opened).state)

    assert len(found) == 3
    assert [one.value for one in found] == sorted((one.value for one in found), reverse=True)
    assert {one.whom.evaluator_id for one in found} == {None}
    assert {one.whom.chance for one in found} == {NOBODY_KNOWN}


def test_a_closed_deal_needs_no_more_questions() -> None:
    assert next_questions(given(opened, won).state) == ()


def test_what_the_buyer_told_us_is_not_asked_again() -> None:
    approved = told(budget(80_000), "budget", said_by(CFO))

    assert Facet.FUNDING_STATUS in questions(given(opened, cfo_known))
    assert Facet.FUNDING_STATUS not in questions(given(opened, cfo_known, approved))


def test_a_rumour_is_worth_confirming_but_less_than_what_nobody_knows() -> None:
    rumour = told(budget(80_000), "budget")
    before = questions(given(*both))[Facet.FUNDING_STATUS]
    after = questions(given(*both, rumour))[Facet.FUNDING_STATUS]

    assert after.state is FacetState.CLAIMED
    assert 0 < after.narrowing < before.narrowing


def test_nothing_is_asked_of_an_issue_or_an_evaluator_that_nobody_named() -> None:
    nobody = questions(given(opened))
    named = questions(given(*both, told(an_issue(None, issue_id=CHURN), "issue")))

    assert nobody.keys().isdisjoint({Facet.ISSUE_SEVERITY, Facet.LEANING, Facet.FIT})
    assert {Facet.ISSUE_SEVERITY, Facet.LEANING} <= named.keys()
    assert Facet.FIT not in named


def test_a_question_names_what_it_is_about() -> None:
    on = given(
        *both,
        told(an_issue(None, issue_id=CHURN), "issue", said_by(CTO)),
        told(a_criterion(PRICE), "price", said_by(CTO)),
        told(a_need(need_id=HOSTING), "need", said_by(CTO)),
    )
    found = questions(on)

    assert found[Facet.CRITERION_WEIGHT].words == "Of ten points, how many go to “Price”?"
    assert found[Facet.CRITERION_WEIGHT].subject_id == PRICE
    assert found[Facet.ISSUE_SEVERITY].subject_id == CHURN
    assert found[Facet.FIT].subject_id == HOSTING


def test_where_one_evaluator_leans_says_nothing_of_the_one_who_weighs_more() -> None:
    found = questions(given(*both, supporter))[Facet.LEANING]

    assert found.state is FacetState.EVIDENCED
    assert (found.subject_id, found.words) == (CFO, "With whom would the CFO rather work, and why?")


def test_a_word_of_somebody_who_weighs_little_settles_little() -> None:
    light = told(weighs(CTO, InfluenceLevel.MINOR), "cto weighs")
    cfo_leans = told(leans(CFO, LeaningLevel.NEUTRAL), "cfo leans", said_by(CFO))
    heavy = questions(given(*both, cfo_leans))[Facet.LEANING]
    little = questions(given(*both, light, cfo_leans))[Facet.LEANING]

    assert heavy.subject_id == little.subject_id == CTO
    assert little.narrowing < heavy.narrowing
    nobody = told(weighs(CTO, InfluenceLevel.NONE), "cto weighs")
    assert Facet.LEANING not in questions(given(*both, nobody, cfo_leans))


def test_one_of_two_criteria_settles_half_of_them() -> None:
    one = questions(given(*both, told(a_criterion(PRICE), "price", said_by(CTO))))
    other = told(a_criterion(SPEED), "speed", said_by(CTO))
    two = questions(given(*both, told(a_criterion(PRICE), "price", said_by(CTO)), other))

    assert two[Facet.CRITERION_WEIGHT].narrowing == pytest.approx(
        one[Facet.CRITERION_WEIGHT].narrowing / 2
    )


def test_a_supporter_who_is_in_touch_is_asked_before_a_sceptic() -> None:
    found = questions(given(*both, supporter, sceptic))

    assert found[Facet.CRITERION].whom.evaluator_id == CTO
    assert found[Facet.CRITERION].whom.title == "CTO"
    assert found[Facet.CRITERION].whom.chance == WILLING[LeaningLevel.SUPPORTER]
    assert "a supporter" in found[Facet.CRITERION].whom.because


def test_who_has_left_is_asked_nothing() -> None:
    found = questions(given(*both, supporter, sceptic, told(left(CTO), "cto gone")))

    assert {one.whom.evaluator_id for one in found.values()} == {CFO}


@pytest.mark.parametrize(("days", "share"), [(LATELY_DAYS, 1), (LATELY_DAYS + 1, OUT_OF_TOUCH)])
def test_somebody_out_of_touch_for_more_than_45_days_answers_less(days: int, share: float) -> None:
    met = told(
        Engagement(evaluator_id=CTO, engaged_on=MONDAY.date(), depth=EngagementDepth.TALKED),
        "met",
    )
    turned = DayTurned(day=date(2026, 3, 2) + timedelta(days=days), zone="UTC")
    found = questions(given(opened, cto_known, met, turned))

    assert found[Facet.CRITERION].whom.chance == pytest.approx(WILLING[None] * share)


def test_a_question_that_was_written_down_is_asked_in_its_own_words_of_whom_it_names() -> None:
    question = replace(raised(Facet.CRITERION), whom_to_ask=CFO)
    found = questions(given(*both, supporter, question))[Facet.CRITERION]

    assert (found.question_id, found.words) == (QUESTION, "Who knows?")
    assert found.asking is Asking.NOT_ASKED
    assert found.whom.evaluator_id == CTO, "the supporter is likelier to answer still"
    assert (
        "who would know"
        in questions(given(opened, cfo_known, question))[Facet.CRITERION].whom.because
    )


def test_who_was_asked_without_an_answer_is_asked_again_only_for_want_of_another() -> None:
    question = QuestionRaised(
        learned=at(TUESDAY), question_id=QUESTION, facet=Facet.CRITERION, text="By what?"
    )
    asked = QuestionAsked(learned=at(WEDNESDAY), question_id=QUESTION, evaluator_id=CTO)
    alone, other = (opened, cto_known, supporter), (*both, supporter)
    before = questions(given(*alone))[Facet.CRITERION].whom
    again = questions(given(*alone, question, asked))[Facet.CRITERION].whom
    elsewhere = questions(given(*other, question, asked, sceptic))[Facet.CRITERION].whom

    assert again.chance == pytest.approx(before.chance * ASKED_BEFORE)
    assert "asked before without an answer" in again.because
    assert elsewhere.chance <= before.chance


def test_more_effort_makes_a_question_worth_less() -> None:
    for one in questions(given(*both, supporter)).values():
        assert one.value == pytest.approx(one.narrowing * one.whom.chance / EFFORT[one.effort])


def test_what_the_model_does_not_listen_to_is_not_asked() -> None:
    state = given(*both).state
    deaf = replace(OKS_1, unheard=(Objective.FUNDING,))
    found = next_questions(replace(state, setting=replace(state.setting, model=deaf)), EVERY)

    assert Objective.FUNDING not in {one.facet.objective for one in found}


def test_a_facet_that_does_not_apply_is_not_asked() -> None:
    state = replace(given(*both).state, not_applicable=frozenset({Facet.DECISION_RULE}))

    assert Facet.DECISION_RULE not in {one.facet for one in next_questions(state, EVERY)}


def test_the_same_knowledge_gives_the_same_advice() -> None:
    on = given(*both, supporter, sceptic)

    assert next_questions(on.state, EVERY) == next_questions(on.state, EVERY)
    assert next_questions(on.state, 3) == next_questions(on.state, EVERY)[:3]
    assert facet_states(known(on.state))


def test_old_knowledge_is_worth_asking_for_again() -> None:
    approved = told(budget(80_000), "budget", said_by(CFO))
    turned = DayTurned(day=(FRIDAY + timedelta(days=90)).date(), zone="UTC")
    found = questions(given(opened, cfo_known, approved, turned))

    assert found[Facet.FUNDING_STATUS].state is FacetState.STALE
