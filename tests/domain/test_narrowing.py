"""What an answer is expected to narrow: over answers that neither hope nor fear."""

import pytest
from hypothesis import given as each

from opps.domain.catalogue import Objective
from opps.domain.knowledge import Believed
from opps.domain.model import TOPIC_OF
from opps.domain.narrowing import Narrowing, answers, opened_by
from opps.domain.next_question import SETTLED
from opps.domain.oks_1 import OKS_1
from opps.domain.score import score, weighed
from opps.domain.signals import Term, terms
from tests.domain.build import often
from tests.domain.deals import Deal, deals


@often
@each(deals())
def test_an_answer_is_expected_to_settle_what_it_is_said_to_and_to_move_nothing(
    deal: Deal,
) -> None:
    said = terms(Believed(deal.known()))
    for topic in TOPIC_OF.values():
        part = opened_by([term for term in said if term.topic is topic])
        moves = list(answers(part, SETTLED))

        def mean(values: list[float]) -> float:
            return sum(values) / len(values)

        assert mean([up for up, _ in moves]) == pytest.approx(0, abs=1e-9)
        assert mean([more for _, more in moves]) == pytest.approx(0, abs=1e-9)
        assert mean([up * up for up, _ in moves]) == pytest.approx(SETTLED * part.happen, abs=1e-9)
        assert mean([more * more for _, more in moves]) == pytest.approx(
            SETTLED * part.win, abs=1e-9
        )
        assert mean([up * more for up, more in moves]) == pytest.approx(
            SETTLED * part.shared, abs=1e-9
        )


@often
@each(deals())
def test_the_whole_that_is_open_is_that_of_the_score(deal: Deal) -> None:
    said = terms(Believed(deal.known()))
    whole, value = opened_by(said), score(deal.known())

    assert whole.happen == pytest.approx(value.sd_happen**2)
    assert whole.win == pytest.approx(value.sd_win**2)


@often
@each(deals())
def test_what_is_settled_already_narrows_nothing(deal: Deal) -> None:
    said = terms(Believed(deal.known()))
    closed = [Term(term.topic, term.happen, term.win, 0.0, 0.0) for term in said]
    now = weighed(closed, OKS_1)

    narrowing = Narrowing(closed, now.log_odds_happen, now.log_odds_win)
    assert {narrowing.of(objective, SETTLED) for objective in Objective} == {0}


@often
@each(deals())
def test_an_answer_never_narrows_more_than_there_is(deal: Deal) -> None:
    said, now = terms(Believed(deal.known())), score(deal.known())
    narrowing = Narrowing(said, now.log_odds_happen, now.log_odds_win)

    for objective in Objective:
        assert narrowing.of(objective, SETTLED) <= now.high - now.low + 1e-9
