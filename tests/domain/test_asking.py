"""Not asked, asked without an answer, and known: three states, and what each does to the score."""

from datetime import timedelta

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.asking import Asked, Asking, ObjectiveAsked, asked, objective_asked
from opps.domain.behaviour import question_answer
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import QuestionAnswered, QuestionAsked, QuestionDropped, QuestionRaised
from opps.domain.knowledge import FacetState, facet_state
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.state import known as known_of
from opps.domain.score import score
from tests.domain.build import an_attribute, budget, funded, known, often
from tests.domain.deals import Deal, deals
from tests.domain.given import (
    CFO,
    FRIDAY,
    QUESTION,
    TUESDAY,
    WEDNESDAY,
    at,
    cfo_known,
    given,
    learned,
    opened,
    raised,
)

MONEY = Facet.FUNDING_STATUS
DAYS = st.integers(0, 200).map(lambda days: timedelta(days=days))

written_down = raised(MONEY)
put_to_the_cfo = QuestionAsked(learned=at(WEDNESDAY), question_id=QUESTION, evaluator_id=CFO)
answered = QuestionAnswered(learned=at(FRIDAY), question_id=QUESTION, answer="They have it")
dropped = QuestionDropped(learned=at(FRIDAY), question_id=QUESTION, reason="No longer open")


def of_money(*events: object) -> Asked:
    """Return whether the buyer was asked about the money."""
    return asked(known_of(given(opened, cfo_known, *events).state))[MONEY]  # type: ignore[arg-type]  # any events


def test_what_nobody_looked_at_was_not_asked() -> None:
    assert of_money() == Asked(Asking.NOT_ASKED)


def test_a_question_that_we_only_wrote_down_was_not_asked() -> None:
    assert of_money(written_down) == Asked(Asking.NOT_ASKED)


def test_a_question_put_to_the_buyer_waits_from_that_day_on() -> None:
    assert of_money(written_down, put_to_the_cfo) == Asked(Asking.ASKED_UNANSWERED, WEDNESDAY)


def test_with_two_questions_the_longer_wait_counts() -> None:
    other = replace(written_down, question_id=CFO)
    earlier = QuestionAsked(learned=at(TUESDAY), question_id=CFO, evaluator_id=CFO)

    assert of_money(written_down, other, put_to_the_cfo, earlier).waiting_since == TUESDAY


def test_content_makes_known_even_while_another_question_waits() -> None:
    told = learned(budget(80), on=TUESDAY)

    assert of_money(told) == Asked(Asking.KNOWN)
    assert of_money(told, written_down, put_to_the_cfo) == Asked(Asking.KNOWN, WEDNESDAY)


@pytest.mark.parametrize("end", [answered, dropped])
def test_a_question_that_is_closed_without_a_fact_no_longer_waits(end: object) -> None:
    assert of_money(written_down, put_to_the_cfo, end) == Asked(Asking.NOT_ASKED)


def test_an_attribute_that_the_buyer_would_not_tell_was_asked() -> None:
    looked_at = known(an_attribute(None, facet=MONEY))

    assert asked(looked_at)[MONEY].asking is Asking.ASKED_UNANSWERED
    assert asked(looked_at)[MONEY].waiting_since is not None
    assert facet_state(looked_at, MONEY) is FacetState.ACKNOWLEDGED
    assert asked(known(an_attribute("Yes", facet=MONEY)))[MONEY] == Asked(Asking.KNOWN)


def test_what_does_not_apply_is_none_of_the_three() -> None:
    assert asked(known(not_applicable=[MONEY]))[MONEY] == Asked(None)


def test_an_objective_is_as_its_worst_required_facet() -> None:
    full = known(funded(amount=None), questions=[Facet.FUNDING_AMOUNT])
    waiting = replace(
        full, unanswered={Facet.FUNDING_AMOUNT: TUESDAY, Facet.FUNDING_AUTHORITY: TUESDAY}
    )

    assert objective_asked(Objective.FUNDING, asked(full)) == ObjectiveAsked(
        Asking.NOT_ASKED, not_asked=3, unanswered=0, known=1
    )
    assert objective_asked(Objective.FUNDING, asked(waiting)) == ObjectiveAsked(
        Asking.ASKED_UNANSWERED, not_asked=1, unanswered=2, known=1
    )


def test_an_objective_that_does_not_apply_is_none_of_the_three() -> None:
    every = [facet for facet in Facet if facet.objective is Objective.FUNDING]
    nothing = objective_asked(Objective.FUNDING, asked(known(not_applicable=every)))

    assert nothing == ObjectiveAsked(None, not_asked=0, unanswered=0, known=0)


@often
@each(deals(), st.sampled_from(Facet))
def test_every_facet_that_applies_is_in_one_of_the_three_states(deal: Deal, facet: Facet) -> None:
    looked_at = deal.known()
    states = asked(looked_at)

    assert set(states) == set(Facet)
    assert None not in {one.asking for one in states.values()}
    set_aside = replace(looked_at, not_applicable=frozenset({facet}))
    assert asked(set_aside)[facet].asking is None


@often
@each(st.sampled_from(Facet), DAYS)
def test_writing_down_that_we_do_not_know_never_moves_the_probability(
    facet: Facet, later: timedelta
) -> None:
    told = (opened, cfo_known, learned(budget(80)))
    written = QuestionRaised(learned=at(TUESDAY), question_id=QUESTION, facet=facet, text="Who?")
    clock = FRIDAY + later
    before = replace(known_of(given(*told).state), clock=clock)
    after = replace(known_of(given(*told, written).state), clock=clock)

    assert score(after).p == score(before).p
    assert score(after).contributions == score(before).contributions


def hearing_a_buying_centre(model: Model = OKS_1) -> Model:
    """Return a model that listens to one attribute more."""
    signal = Signal(
        name="Purchasing department",
        source=SignalSource.ATTRIBUTE,
        topic=Topic.EVALUATORS,
        weight=Nats(0.4, 0.3),
        values={"Yes": Graded(grade=0.5), "No": Graded(grade=-0.5)},
        spread=Nats(0.3, 0.2),
    )
    return replace(model, signals=(*model.signals, signal))


@often
@each(deals())
def test_what_nobody_asked_only_widens_the_band(deal: Deal) -> None:
    deaf = score(deal.known())
    hearing = score(replace(deal.known(), model=hearing_a_buying_centre()))

    assert hearing.p == deaf.p
    assert hearing.sd_happen > deaf.sd_happen
    assert hearing.sd_win > deaf.sd_win


@often
@each(deals(), st.sampled_from(Facet), DAYS, DAYS)
def test_the_silence_of_a_buyer_who_was_asked_only_grows(
    deal: Deal, facet: Facet, asked_after: timedelta, waited: timedelta
) -> None:
    def silence(after: timedelta) -> float:
        """Return what waiting moves, in nats, beside everything else that the clock does."""
        clock = TUESDAY + asked_after + after
        quiet = replace(deal.known(), clock=clock, asked_about=frozenset({facet}))
        waiting = replace(quiet, unanswered={facet: TUESDAY + asked_after})
        before, then = score(quiet), score(waiting)
        happen = then.log_odds_happen - before.log_odds_happen
        return happen + then.log_odds_win - before.log_odds_win

    def at_most(value: float, limit: float) -> bool:
        return value <= limit + 1e-9

    assert silence(timedelta()) == pytest.approx(0, abs=1e-9)
    assert at_most(silence(waited), 0)
    assert at_most(silence(waited + timedelta(days=30)), silence(waited))


def test_a_month_of_silence_says_something_and_names_what_it_is_about() -> None:
    quiet = known(clock=FRIDAY + timedelta(days=30))
    waiting = replace(quiet, unanswered={MONEY: FRIDAY})
    moved = [
        one.topic
        for one, other in zip(score(waiting).contributions, score(quiet).contributions, strict=True)
        if one != other
    ]

    assert score(waiting).p < score(quiet).p
    assert moved == [Topic.FUNDING]
    assert question_answer(Objective.FUNDING) in {signal.name for signal in OKS_1.signals}
