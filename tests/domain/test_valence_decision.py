"""Which way the alternatives, the criteria and the process speak, and how far."""

import pytest

from opps.domain.catalogue import Objective
from opps.domain.facts.decision import AlternativeKind, Rule, StepStatus
from opps.domain.facts.evaluators import InfluenceLevel
from opps.domain.valence import SILENT
from tests.domain.build import (
    CFO,
    CTO,
    DO_NOTHING,
    HOSTING,
    OTHER_PROJECT,
    OTHER_RIVAL,
    PRICE,
    RIVAL,
    SPEED,
    US,
    USER,
    a_criterion,
    a_step,
    an_alternative,
    belief,
    decided_by,
    known,
    left,
    next_step,
    prefers,
    rated,
    weighed,
    weighs,
)
from tests.domain.hearing import Q, hears, midnight_after, near, spoken

# Alternatives.

ALTERNATIVES = Objective.ALTERNATIVES


def test_preferences_count_by_influence_us_against_the_strongest_rival() -> None:
    facts = [
        weighs(CFO, InfluenceLevel.DECISIVE),
        weighs(USER, InfluenceLevel.MINOR),
        prefers(CFO, US, strength=0.5),
        prefers(CTO, RIVAL),
        prefers(USER, OTHER_RIVAL),
    ]

    happen, win = hears(ALTERNATIVES, *facts)

    assert win == near((0.5 - 0.5) / 1.7, Q * 1.7 / 2.2)
    assert happen == near(0.0, Q * 1.7 / 2.2)


def test_whoever_favours_doing_nothing_or_another_project_speaks_against_it_happening() -> None:
    other = an_alternative(OTHER_PROJECT, AlternativeKind.OTHER_PROJECT)
    facts = [prefers(CFO, DO_NOTHING), prefers(CTO, OTHER_PROJECT), other, prefers(USER, US)]

    happen, win = hears(ALTERNATIVES, *facts)

    assert happen == near(-2 / 3, Q * 1.5 / 2.0)
    assert win == near(1 / 3, Q * 1.5 / 2.0)


def test_whoever_favours_nothing_yet_is_heard_without_speaking_for_anything() -> None:
    assert hears(ALTERNATIVES, prefers(CFO, None)) == (near(0.0, Q / 2), near(0.0, Q / 2))


def test_signs_of_indecision_speak_against_it_happening_and_never_beyond_against() -> None:
    torn = prefers(CFO, US, indecision=True)
    stuck = prefers(CFO, DO_NOTHING, indecision=True)

    assert hears(ALTERNATIVES, torn)[0] == near(-0.4, Q / 2)
    assert hears(ALTERNATIVES, stuck)[0] == near(-1.0, Q / 2)


def test_the_preference_of_somebody_who_left_no_longer_counts() -> None:
    assert hears(ALTERNATIVES, prefers(CFO, RIVAL), left(CFO)) == (SILENT, SILENT)


def test_an_alternative_alone_says_nothing_until_somebody_prefers_it() -> None:
    assert hears(ALTERNATIVES, an_alternative()) == (SILENT, SILENT)


# Decision criteria.

CRITERIA = Objective.DECISION_CRITERIA


@pytest.mark.parametrize(
    ("ours", "theirs", "valence"), [(2, -2, 1.0), (1, 0, 0.25), (1, 1, 0.0), (-2, 2, -1.0)]
)
def test_we_stand_by_our_lead_over_the_rival(ours: int, theirs: int, valence: float) -> None:
    facts = [rated(US, ours), rated(RIVAL, theirs)]

    assert hears(CRITERIA, *facts) == (near(0.0), near(valence))


def test_a_side_nobody_rated_counts_as_level_and_stays_in_doubt() -> None:
    assert hears(CRITERIA, rated(US, 2))[1] == near(0.5, Q / 2)
    assert hears(CRITERIA, rated(RIVAL, 2))[1] == near(-0.5, Q / 2)


def test_criteria_count_by_weight_and_one_nobody_rated_stays_in_doubt() -> None:
    facts = [
        weighed(0.6, PRICE),
        weighed(0.2, SPEED),
        a_criterion(HOSTING),
        rated(US, 2, PRICE),
        rated(RIVAL, 0, PRICE),
        rated(US, -2, SPEED),
        rated(RIVAL, 2, SPEED),
    ]

    assert hears(CRITERIA, *facts)[1] == near((0.6 * 0.5 - 0.2) / 0.8, Q * 0.8 / 1.0)


def test_the_rival_who_does_best_overall_is_the_one_to_beat() -> None:
    facts = [rated(US, 1), rated(RIVAL, -1), rated(OTHER_RIVAL, 2), rated(DO_NOTHING, 2, SPEED)]

    assert hears(CRITERIA, *facts)[1].valence < 0
    assert hears(CRITERIA, *facts[:2])[1] == near(0.5)


def test_an_evaluators_eyes_count_before_our_own() -> None:
    facts = [rated(US, 2), rated(US, -1, viewer=CFO), rated(RIVAL, 0)]

    assert hears(CRITERIA, *facts)[1] == near(-0.25)
    assert hears(CRITERIA, *facts, left(CFO))[1] == near(0.5)


def test_failing_a_mandatory_criterion_is_as_bad_as_it_gets() -> None:
    facts = [rated(US, -1), rated(RIVAL, -2), rated(US, 2, SPEED)]

    assert hears(CRITERIA, *facts)[1].valence > 0
    assert hears(CRITERIA, *facts, a_criterion(mandatory=True)) == (near(0.0), near(-1.0))
    assert hears(CRITERIA, rated(US, 0), a_criterion(mandatory=True))[1] == near(0.0, Q / 2)


# Decision process.

PROCESS = Objective.DECISION_PROCESS


@pytest.mark.parametrize(
    ("committed", "after", "valence"),
    [
        (True, 0, 1.0),
        (True, 1, 0.0),
        (True, 30, 0.0),
        (True, 31, -1.0),
        (False, 0, 0.0),
        (False, 31, 0.0),
    ],
)
def test_a_promised_step_holds_until_its_day_and_a_month_of_silence_turns_it(
    committed: bool, after: int, valence: float
) -> None:
    step = belief(next_step(buyer_committed=committed), learned=midnight_after(after))
    heard = spoken(known(step, clock=midnight_after(after)), PROCESS)

    assert heard.happen == near(valence)


def test_two_steps_that_slipped_speak_against_it_and_one_does_not() -> None:
    one, other = (a_step(which, status=StepStatus.SLIPPED) for which in (HOSTING, SPEED))

    assert hears(PROCESS, one) == (SILENT, SILENT)
    assert hears(PROCESS, one, other) == (near(-0.5), SILENT)
    assert hears(PROCESS, one, other, next_step(buyer_committed=True))[0] == near(0.25)


@pytest.mark.parametrize(("favours", "valence"), [(True, 0.3), (False, -0.3)])
def test_a_rule_that_suits_us_speaks_for_us(favours: bool, valence: float) -> None:
    assert hears(PROCESS, decided_by(Rule.VOTE, favours_us=favours)) == (SILENT, near(valence))
    assert hears(PROCESS, decided_by(Rule.VOTE)) == (SILENT, SILENT)
