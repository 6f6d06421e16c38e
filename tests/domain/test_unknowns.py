"""What the five questions find unanswered: counted, and contradicting words are no answer."""

from msgspec.structs import asdict

from opps.domain.catalogue import Facet, Objective
from opps.domain.facts.customer import OurEffect
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel
from opps.domain.unknowns import unknowns
from tests.domain.build import (
    CFO,
    CTO,
    RIVAL,
    US,
    a_criterion,
    an_alternative,
    an_evaluator,
    an_issue,
    belief,
    known,
    leans,
    left,
    prefers,
    rated,
    weighed,
    weighs,
)


def test_of_nothing_everything_is_unexamined_and_nobody_favours_anything() -> None:
    found = unknowns(known(), 0)

    assert found.objectives_unexamined == tuple(Objective)
    assert found.alternatives_nobody_favours == 2
    assert sum(value for value in asdict(found).values() if isinstance(value, int)) == 2


def test_an_evaluator_of_whom_nothing_is_said_is_unknown_in_three_ways() -> None:
    found = unknowns(known(an_evaluator(CFO)), 0)

    assert found.evaluators_without_influence == 1
    assert found.evaluators_without_leaning == 1
    assert found.evaluators_without_preference == 1


def test_what_was_said_is_known() -> None:
    said = known(
        an_evaluator(CFO),
        weighs(CFO, InfluenceLevel.DECISIVE),
        leans(CFO, LeaningLevel.SUPPORTER),
        an_alternative(),
        prefers(CFO, RIVAL),
        an_issue(our_effect=OurEffect.UNIQUELY),
        a_criterion(),
        weighed(0.4),
        rated(US, 1),
    )
    found = unknowns(said, 0)

    assert found.alternatives_nobody_favours == 2, "us and doing nothing"
    assert sum(value for value in asdict(found).values() if isinstance(value, int)) == 2
    assert Objective.EVALUATORS not in found.objectives_unexamined


def test_how_a_rival_does_says_nothing_of_us() -> None:
    found = unknowns(known(a_criterion(), rated(RIVAL, 2)), 0)

    assert (found.criteria_without_our_rating, found.criteria_without_weight) == (1, 1)


def test_who_left_and_what_was_denied_leave_nothing_open() -> None:
    found = unknowns(known(an_evaluator(CFO), left(CFO), an_issue(denied=True)), 0)

    assert found.evaluators_without_influence == 0
    assert found.issues_without_our_effect == 0


def test_who_left_favours_nothing_any_more() -> None:
    gone = known(an_evaluator(CFO), prefers(CFO, US), left(CFO))

    assert unknowns(gone, 0).alternatives_nobody_favours == 2


def test_words_that_contradict_each_other_are_no_answer() -> None:
    told = [
        belief(an_evaluator(CTO), position=1),
        belief(leans(CTO, LeaningLevel.CHAMPION), by=CFO, position=2),
        belief(leans(CTO, LeaningLevel.OPPONENT), by=CTO, position=3),
    ]
    found = unknowns(known(*told), 0)

    assert (found.contested, found.evaluators_without_leaning) == (1, 1)


def test_a_question_examines_its_objective_and_waits() -> None:
    found = unknowns(known(questions=[Facet.FUNDING_STATUS]), 1)

    assert found.open_questions == 1
    assert Objective.FUNDING not in found.objectives_unexamined
