"""What the trend of deals is measured with: the models that are asked, and what is told of them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from opps.domain.activity import last_done
from opps.domain.behaviour import Wait
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.model import Topic
from opps.domain.model_check import problems
from opps.domain.oks_1 import OKS_1
from opps.domain.score import score
from opps.domain.size import AMOUNT_SIZE
from opps.learning.asked import Asked, Followed
from opps.learning.fit import fit
from opps.learning.trend import learned, protocol, silences, with_activity
from tests.domain.build import DEAL, MONDAY, euros, known

DAY = timedelta(days=1)
CALLED = replace(NO_CONDUCT, opened_at=MONDAY).proposed(MONDAY).acted("Call", MONDAY)


def a_deal(name: str, *, won: bool, answered: bool, ages: tuple[int, ...] = (1, 8)) -> Followed:
    conduct: Conduct = CALLED.answered(MONDAY + DAY) if answered else CALLED
    seen = (
        replace(known(clock=MONDAY + age * DAY, amount=euros(6000)), conduct=conduct)
        for age in ages
    )
    return Followed(
        external_id=name,
        opportunity_id=DEAL,
        proposed_at=MONDAY,
        closed_at=MONDAY + 20 * DAY,
        won=won,
        decided=won or answered,
        asked=tuple(Asked(age, one) for age, one in zip(ages, seen, strict=True)),
    )


DEALS = [
    a_deal(
        f"{number} {answered}",
        won=number % 4 == 0 or (answered and number % 4 == 1),
        answered=answered,
    )
    for number in range(20)
    for answered in (True, False)
]


def test_activity_and_size_say_nothing_until_closed_deals_taught_them() -> None:
    listening = with_activity(OKS_1, DEALS, "listening")
    added = listening.signals[len(OKS_1.signals) :]
    seen = DEALS[0].asked[0].known

    assert {one.name for one in added} >= {last_done("Call"), AMOUNT_SIZE}
    assert {one.topic for one in added} == {Topic.ACTIVITY, Topic.CONTEXT}
    assert score(replace(seen, model=listening)).p == score(replace(seen, model=OKS_1)).p


def test_an_activity_that_is_called_a_whole_sentence_is_left_out() -> None:
    sentence = "Called " + "once more " * 10
    talkative = CALLED.acted(sentence, MONDAY)
    asked = Asked(1, replace(known(clock=MONDAY + DAY), conduct=talkative))

    listening = with_activity(OKS_1, [replace(DEALS[0], asked=(asked,))], "listening")

    assert not list(problems(listening))
    assert last_done("Call") in {one.name for one in listening.signals}


def test_each_open_deal_counts_alike_at_each_age_and_all_rows_as_much_as_the_deals() -> None:
    often = a_deal("often", won=True, answered=True, ages=(1, 2, 3, 4))
    seldom = a_deal("seldom", won=False, answered=False, ages=(1, 2))

    rows = [*often.rows(weight=1 / 3), *seldom.rows(weight=1 / 3)]

    assert learned(OKS_1, [often, seldom], "x") == fit(OKS_1, rows, name="x")


def test_a_deal_that_was_never_asked_about_teaches_and_tests_nothing() -> None:
    unasked = replace(DEALS[0], external_id="unasked", asked=())
    model = learned(OKS_1, DEALS, "learned")

    assert learned(OKS_1, [*DEALS, unasked], "learned") == model
    assert protocol(model, [*DEALS, unasked]) == protocol(model, DEALS)


def test_what_was_learned_of_each_wait_lies_beside_what_came_of_it() -> None:
    told = {(one.wait, one.days): one for one in silences(learned(OKS_1, DEALS, "x"), DEALS, [])}
    silent = told[Wait.AWAITED, 8]

    assert (silent.train_n, silent.train_won) == (20, 0.25)
    assert (silent.test_n, silent.test_won) == (0, None)
    assert silent.p < told[Wait.ANSWERED, 5].p


@pytest.mark.parametrize("age", [1, 8])
def test_the_figures_of_an_age_are_of_the_deals_open_at_it(age: int) -> None:
    measured = protocol(learned(OKS_1, DEALS, "learned"), DEALS)
    at = next(one for one in measured.by_age if one.age_days == age)

    assert (at.n, at.won) == (40, measured.base_rate)
    assert measured.deals == 40
    assert measured.n == 80
