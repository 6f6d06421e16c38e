"""Blind spots: what nobody has looked at, and the reason to look."""

from typing import Any

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.blind_spots import (
    BlindSpot,
    Closings,
    Suspicion,
    Tally,
    blind_spots,
    kind_facet,
    role_facet,
    step_facet,
)
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    Event,
    QuestionDropped,
)
from opps.domain.facts import AnyFact
from opps.domain.facts.decision import AlternativeKind, CriterionOrigin, StepKind, StepStatus
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.facts.purchase import Criticality, DateBasis, FitLevel
from opps.domain.structure import WORDS, Gap
from opps.domain.wording import words
from tests.domain.build import (
    DO_NOTHING,
    HOSTING,
    PRICE,
    RIVAL,
    US,
    USER,
    a_criterion,
    a_need,
    a_step,
    an_alternative,
    an_evaluator,
    an_impact,
    an_issue,
    decides_on,
    fits,
    leans,
    left,
    often,
    prefers,
)
from tests.domain.deals import facts
from tests.domain.everything import EVERYTHING_NAMED
from tests.domain.given import (
    CFO,
    CTO,
    QUESTION,
    TUESDAY,
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

NO_CLOSINGS = Closings()


def after(*told: AnyFact | Event) -> tuple[Event, ...]:
    """Return the history in which the CFO says something on Tuesday; an event happens."""
    return (
        opened,
        cfo_known,
        cto_known,
        *(
            one if isinstance(one, Event) else learned(one, str(number), source=said_by(CFO))
            for number, one in enumerate(told)
        ),
    )


def found(
    *told: AnyFact | Event, closings: Closings = NO_CLOSINGS, because: Suspicion
) -> list[BlindSpot]:
    spots = blind_spots(given(*after(*told)).state, closings)
    return [one for one in spots if one.suspicion is because]


def gaps(*told: AnyFact | Event) -> set[Gap | None]:
    return {one.gap for one in found(*told, because=Suspicion.STRUCTURAL)}


security_step = a_step(step_kind=StepKind.SECURITY, name="Audit", owner_id=CTO)


def test_at_the_opening_every_facet_is_untouched() -> None:
    spots = blind_spots(given(opened).state, NO_CLOSINGS)

    assert [one.facet for one in spots] == list(Facet)
    assert {one.suspicion for one in spots} == {Suspicion.UNTOUCHED}


def test_a_fact_a_question_or_a_reason_why_not_touches_a_facet() -> None:
    def untouched(*told: AnyFact | Event) -> set[Facet]:
        return {one.facet for one in found(*told, because=Suspicion.UNTOUCHED)}

    assert untouched() - untouched(raised(Facet.DO_NOTHING)) == {Facet.DO_NOTHING}
    assert untouched() - untouched(budget(80)) == {Facet.FUNDING_STATUS, Facet.FUNDING_AMOUNT}
    state = replace(given(*after()).state, not_applicable=frozenset({Facet.WANT}))
    assert Facet.WANT not in {one.facet for one in blind_spots(state, NO_CLOSINGS)}


def test_a_closed_deal_has_no_blind_spots_any_more() -> None:
    assert blind_spots(given(*after(won)).state, NO_CLOSINGS) == ()


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (StepKind.SECURITY, Role.SECURITY),
        (StepKind.LEGAL, Role.LEGAL),
        (StepKind.PROCUREMENT, Role.PROCUREMENT),
    ],
)
def test_a_paper_step_calls_for_somebody_who_runs_it(kind: StepKind, role: Role) -> None:
    step = a_step(step_kind=kind, owner_id=CTO)
    somebody = an_evaluator(USER, roles=(role,))

    assert gaps(step) == {Gap.STEP_WITHOUT_EVALUATOR}
    assert gaps(step, somebody) == set()
    assert gaps(step, somebody, left(USER)) >= {Gap.STEP_WITHOUT_EVALUATOR}
    assert gaps(replace(step, status=StepStatus.DROPPED)) == set()


def test_a_trial_calls_for_nobody_special_but_for_somebody() -> None:
    assert gaps(a_step(owner_id=CTO)) == set()
    assert gaps(a_step()) == {Gap.STEP_WITHOUT_OWNER}
    assert gaps(a_step(status=StepStatus.DONE)) == set()


@pytest.mark.parametrize("kind", [StepKind.APPROVAL, StepKind.SIGNATURE])
def test_an_approval_calls_for_somebody_who_decides(kind: StepKind) -> None:
    step = a_step(step_kind=kind, owner_id=CTO)

    assert gaps(step) == {Gap.APPROVAL_WITHOUT_DECISION_MAKER}
    assert gaps(step, an_evaluator(USER, roles=(Role.DECISION_MAKER,))) == set()
    assert gaps(step, an_evaluator(USER, roles=(Role.APPROVER,))) == set()


def test_who_favours_another_way_calls_for_what_speaks_for_it() -> None:
    plain, described = an_alternative(), an_alternative(strengths="It is there already")

    assert gaps(plain, prefers(CFO, RIVAL)) == {Gap.PREFERENCE_WITHOUT_DESCRIPTION}
    assert gaps(described, prefers(CFO, RIVAL)) == set()
    assert gaps(prefers(CFO, US)) == gaps(prefers(CFO, None)) == set()
    assert gaps(plain, prefers(USER, RIVAL), left(USER)) == set()
    assert gaps(prefers(CFO, DO_NOTHING)) == {Gap.PREFERENCE_WITHOUT_DESCRIPTION}


def test_what_they_must_have_calls_for_our_fit() -> None:
    assert gaps(a_need()) == {Gap.NEED_WITHOUT_FIT}
    assert gaps(a_need(), fits(FitLevel.GAP)) == set()
    assert gaps(a_need(Criticality.SHOULD)) == gaps(a_need(rejected=True)) == set()


def test_a_criterion_calls_for_who_holds_it_and_a_rivals_one_for_a_rival() -> None:
    rivals = a_criterion(owner_ids=(CFO,), origin=CriterionOrigin.RIVAL)

    assert gaps(a_criterion()) == {Gap.CRITERION_WITHOUT_OWNER}
    assert gaps(a_criterion(owner_ids=(CFO,))) == set()
    assert gaps(rivals) == {Gap.RIVAL_CRITERION_WITHOUT_RIVAL}
    assert gaps(rivals, an_alternative(kind=AlternativeKind.OTHER_PROJECT)) != set()
    assert gaps(rivals, an_alternative()) == set()


def test_an_issue_calls_for_its_consequence_and_an_impact_for_where_it_starts() -> None:
    assert gaps(an_issue()) == {Gap.ISSUE_WITHOUT_CONSEQUENCE}
    assert gaps(an_issue(consequence="They lose two shippers")) == set()
    assert gaps(an_issue(denied=True)) == set()
    assert gaps(an_impact()) == {Gap.IMPACT_WITHOUT_BASELINE}
    assert gaps(an_impact(baseline=0.0)) == gaps(an_impact(rejected=True)) == set()


def test_every_gap_has_words_to_ask_with() -> None:
    assert set(WORDS) == set(Gap)


def test_a_date_that_we_guessed_calls_for_theirs() -> None:
    assert gaps(decides_on(basis=DateBasis.OUR_GUESS)) == {Gap.DATE_GUESSED}
    assert gaps(decides_on()) == set()


def test_three_who_lean_somewhere_and_none_against_us_are_too_good_to_be_true() -> None:
    third = an_evaluator(USER)
    two = (leans(CFO, LeaningLevel.SUPPORTER), leans(CTO, LeaningLevel.NEUTRAL))

    assert gaps(third, *two) == set()
    assert gaps(third, *two, leans(USER, LeaningLevel.NEUTRAL)) == {Gap.NOBODY_AGAINST_US}
    assert gaps(third, *two, leans(USER, LeaningLevel.SCEPTIC)) == set()


def test_who_left_calls_for_who_follows() -> None:
    assert gaps(left(CTO)) == {Gap.LEFT_WITHOUT_SUCCESSOR}
    assert gaps(replace(left(CTO), successor_id=CFO)) == set()


def test_a_gap_that_somebody_asks_about_is_no_blind_spot_until_the_question_is_dropped() -> None:
    asked = raised(Facet.PAPER_PROCESS)
    about_it = replace(asked, subject_id=HOSTING)
    about_another = replace(asked, subject_id=PRICE)
    dropped = QuestionDropped(learned=at(TUESDAY), question_id=QUESTION, reason="Forgotten")

    assert gaps(security_step, asked) == gaps(security_step, about_it) == set()
    assert gaps(security_step, about_another) == {Gap.STEP_WITHOUT_EVALUATOR}
    assert gaps(security_step, asked, dropped) == {Gap.STEP_WITHOUT_EVALUATOR}


def test_a_gap_says_why_and_what_it_is_about() -> None:
    [spot] = found(security_step, because=Suspicion.STRUCTURAL)

    assert spot.because == "the step “Audit” is there, and no evaluator for security is known"
    assert spot.words == "Who looks after “Audit” on your side?"
    assert (spot.facet, spot.subject_id) == (Facet.PAPER_PROCESS, HOSTING)
    assert (spot.n, spot.share) == (None, None)


def of_roles(n: int, count: int) -> Closings:
    return Closings(roles=Tally(n, {"LEGAL": count}))


def comparables(closings: Closings, *told: AnyFact | Event) -> list[BlindSpot]:
    return found(*told, closings=closings, because=Suspicion.COMPARABLE)


def test_what_two_in_five_deals_like_this_had_is_missed_here() -> None:
    [spot] = comparables(of_roles(5, 2))

    assert (spot.n, spot.share, spot.facet) == (5, 0.4, Facet.PAPER_PROCESS)
    assert spot.because == "2 of 5 closed opportunities like this had somebody in the role legal"


@pytest.mark.parametrize(("n", "count"), [(4, 4), (6, 2), (100, 39), (0, 0)])
def test_too_few_deals_or_too_small_a_share_of_them_says_nothing(n: int, count: int) -> None:
    assert comparables(of_roles(n, count)) == []


def test_what_is_here_or_asked_for_is_not_missed() -> None:
    assert comparables(of_roles(5, 5), an_evaluator(USER, roles=(Role.LEGAL,))) == []
    assert comparables(of_roles(5, 5), raised(Facet.PAPER_PROCESS)) == []
    assert len(comparables(of_roles(5, 5), raised(Facet.INFLUENCE))) == 1


def test_a_role_that_is_missed_is_asked_for_in_words_of_its_own() -> None:
    closings = Closings(roles=Tally(5, dict.fromkeys(Role, 5)))
    asked = {one.because.rpartition(" ")[2]: one.words for one in comparables(closings)}

    assert asked["user"] == "Who will work with it every day?"
    assert asked["legal"] == words(Facet.PAPER_PROCESS)
    assert words(Facet.INFLUENCE) not in asked.values()


def test_kinds_of_alternatives_and_steps_are_missed_as_roles_are() -> None:
    closings = Closings(
        alternative_kinds=Tally(10, {"IN_HOUSE": 4, "COMPETITOR": 9, "DO_NOTHING": 3}),
        step_kinds=Tally(10, {"LEGAL": 5, "EVALUATION": 10}),
    )
    spots = comparables(closings, an_alternative(), a_step(owner_id=CTO))

    assert [(one.facet, one.n, one.share) for one in spots] == [
        (Facet.CONSIDERED_SET, 10, 0.4),
        (Facet.PAPER_PROCESS, 10, 0.5),
    ]


def test_every_role_and_kind_has_a_facet_to_ask_for() -> None:
    assert {role_facet(one).objective for one in Role} == {
        Objective.EVALUATORS,
        Objective.DECISION_PROCESS,
    }
    assert {kind_facet(one).objective for one in AlternativeKind} == {Objective.ALTERNATIVES}
    assert {step_facet(one).objective for one in StepKind} == {Objective.DECISION_PROCESS}


def test_what_came_out_too_late_elsewhere_is_suspected_until_somebody_looks() -> None:
    closings = Closings(late_facets=Tally(6, {"PAPER_PROCESS": 3, "WANT": 2}))

    [spot] = found(closings=closings, because=Suspicion.LATE_DISCOVERY)
    assert (spot.facet, spot.n, spot.share) == (Facet.PAPER_PROCESS, 6, 0.5)
    assert "3 of 6 lost opportunities" in spot.because
    for told in (security_step, raised(Facet.PAPER_PROCESS)):
        assert found(told, closings=closings, because=Suspicion.LATE_DISCOVERY) == []


@often
@each(st.lists(facts, max_size=10))
def test_a_question_for_each_makes_known_unknowns_of_all_blind_spots(said: list[Any]) -> None:
    told = [learned(fact, f"said {n}", source=said_by(CFO)) for n, fact in enumerate(said)]
    full = Tally(9, dict.fromkeys(Role, 9))
    closings = Closings(roles=full, late_facets=Tally(9, dict.fromkeys(Facet, 9)))
    spots = blind_spots(given(*EVERYTHING_NAMED, *told).state, closings)

    asked = [raised(facet, f"about {facet}") for facet in {one.facet for one in spots}]
    assert blind_spots(given(*EVERYTHING_NAMED, *told, *asked).state, closings) == ()
