"""Three opinions side by side: what is known, what the seller sees, what the stage stands for."""

from typing import Any

import pytest

from opps.domain.events import SellerEstimateRecorded, StageSet
from opps.domain.opinions import Opinion, Whose, disagree, disagreements, opinions
from opps.domain.score import NOTHING_KNOWN
from tests.domain.given import FRIDAY, THURSDAY, TUESDAY, at, given, lost, opened

estimated = SellerEstimateRecorded(learned=at(TUESDAY), probability=0.7, rationale="The CFO smiled")
staged = StageSet(learned=at(TUESDAY), stage="Offer", stage_default=0.4)


def held(*events: Any) -> dict[Whose, Opinion]:
    return {one.whose: one for one in opinions(given(opened, *events).state)}


def opinion(p: float, whose: Whose = Whose.KNOWLEDGE) -> Opinion:
    return Opinion(whose=whose, p=p)


def test_with_nothing_told_the_score_is_the_only_opinion() -> None:
    assert held() == {Whose.KNOWLEDGE: opinion(NOTHING_KNOWN.p)}


def test_the_seller_and_the_stage_have_opinions_of_their_own() -> None:
    found = held(estimated, staged)

    assert found[Whose.KNOWLEDGE].p == NOTHING_KNOWN.p
    assert found[Whose.SELLER] == Opinion(
        whose=Whose.SELLER, p=0.7, since=TUESDAY, because="The CFO smiled"
    )
    assert found[Whose.STAGE] == Opinion(whose=Whose.STAGE, p=0.4, because="Offer")


def test_a_later_estimate_stands_for_the_seller() -> None:
    later = SellerEstimateRecorded(learned=at(THURSDAY), probability=0.3)

    assert held(estimated, later)[Whose.SELLER] == Opinion(
        whose=Whose.SELLER, p=0.3, since=THURSDAY
    )


def test_a_stage_without_a_probability_has_no_opinion() -> None:
    assert Whose.STAGE not in held(staged, StageSet(learned=at(FRIDAY), stage="Talks"))


def test_what_seller_and_stage_say_never_moves_the_score() -> None:
    assert held(estimated, staged, lost)[Whose.KNOWLEDGE].p == NOTHING_KNOWN.p


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (0.55, 0.35, False),
        (0.35, 0.55, False),
        (0.3, 0.1, False),
        (0.9, 0.7, False),
        (0.551, 0.35, True),
        (0.35, 0.5501, True),
        (0.5, 0.5, False),
    ],
)
def test_opinions_disagree_beyond_twenty_points_and_not_at_them(
    one: float, other: float, apart: bool
) -> None:
    assert disagree(opinion(one), opinion(other)) is apart


def test_each_two_that_disagree_are_told_with_the_higher_one_first() -> None:
    three = (opinion(0.3), opinion(0.8, Whose.SELLER), opinion(0.55, Whose.STAGE))
    found = disagreements(three)

    assert [(one.higher.whose, one.lower.whose) for one in found] == [
        (Whose.SELLER, Whose.KNOWLEDGE),
        (Whose.STAGE, Whose.KNOWLEDGE),
        (Whose.SELLER, Whose.STAGE),
    ]
    assert [round(one.difference, 9) for one in found] == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("higher", Whose)
@pytest.mark.parametrize("lower", Whose)
def test_a_disagreement_asks_a_question_with_both_figures(higher: Whose, lower: Whose) -> None:
    if higher is lower:
        return
    [one] = disagreements((opinion(0.2, lower), opinion(0.9, higher)))

    assert one.question.endswith("?")
    assert "90%" in one.question
    assert "20%" in one.question
    assert not {"wrong", "error", "mistake", "should", "why"} & set(one.question.lower().split())
