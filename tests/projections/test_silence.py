"""Time alone moves the score: a proposal without an answer, tick by tick."""

from datetime import timedelta

from opps.domain.catalogue import Facet
from opps.domain.events import ProposalSent, QuestionAsked
from opps.domain.score import NOTHING_KNOWN
from tests.domain.given import CFO, DEAL, MONDAY, OTHER_DEAL, QUESTION, at, opened, raised
from tests.projections.conftest import Show
from tests.projections.support import Teller

DAY = timedelta(days=1)
SENT = ProposalSent(learned=at(MONDAY), proposal="P-1")


def test_silence_lowers_the_score_at_ticks_and_at_nothing_else(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, SENT)
    for day in range(1, 40):
        teller.turn((MONDAY + day * DAY).date())

    trend = [row["p"] for row in show("score_trend")]

    assert trend[0] == NOTHING_KNOWN.p
    assert trend == sorted(trend, reverse=True)
    assert 5 < len(trend) < 12
    assert trend[-1] < NOTHING_KNOWN.p / 3


def test_a_tick_leaves_alone_whom_nobody_waits_for(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, SENT)
    teller.tell(OTHER_DEAL, opened)
    teller.turn((MONDAY + 20 * DAY).date())

    moved = {row["opportunity_id"] for row in show("score_trend") if row["p"] < NOTHING_KNOWN.p}

    assert moved == {DEAL}


def test_a_question_moves_nothing_when_it_is_asked_and_something_when_it_waits(
    teller: Teller, show: Show
) -> None:
    teller.tell(
        DEAL,
        opened,
        raised(Facet.FUNDING_STATUS),
        QuestionAsked(learned=at(MONDAY), question_id=QUESTION, evaluator_id=CFO),
    )
    asked = show("score_trend")[-1]["p"]
    teller.turn((MONDAY + 21 * DAY).date())

    assert asked == NOTHING_KNOWN.p
    assert show("score_trend")[-1]["p"] < asked
