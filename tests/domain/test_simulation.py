"""What would happen if: answered by the rules that hold, and nothing is written."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from opps.domain.catalogue import Facet
from opps.domain.errors import (
    BeforeTheClock,
    LearnedInTheFuture,
    Refusal,
    TooManyFacts,
    UnknownOpportunity,
    UnknownQuestion,
    UnknownReference,
)
from opps.domain.events import DayTurned, QuestionAsked
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.state import QuestionStatus, known
from opps.domain.provenance import SourceKind
from opps.domain.recorded import Actor, Context, Via
from opps.domain.score import score
from opps.domain.simulation import Simulated, Supposed, simulate
from tests.domain.build import (
    an_evaluator,
    leans,
    often,
)
from tests.domain.deals import facts, people, sources
from tests.domain.everything import EVERYTHING_NAMED
from tests.domain.given import (
    CFO,
    COMMAND,
    CTO,
    DEAL,
    FRIDAY,
    NOBODY,
    QUESTION,
    SELLER,
    TUESDAY,
    Given,
    at,
    budget,
    cfo_known,
    given,
    learned,
    named,
    opened,
    raised,
    recorded,
    said_by,
    stated,
    won,
)

CONTEXT = Context(
    now=FRIDAY,
    actor=Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL),
    command_id=COMMAND,
)
MONTH_LATER = datetime(2026, 4, 10, tzinfo=UTC)
asked = QuestionAsked(learned=at(TUESDAY), question_id=QUESTION, evaluator_id=CFO)


def supposing(*facts: Any, on: Given, **more: Any) -> Simulated:
    """Simulate that the CFO says something now."""
    said = tuple(stated(fact, said_by(CFO)) for fact in facts)
    supposed = Supposed(opportunity_id=DEAL, facts=said, **more)
    return simulate(on.state_or_none, supposed, CONTEXT)


@often
@each(
    st.lists(st.tuples(facts, people, sources), max_size=6),
    st.integers(0, 200).map(lambda days: date(2026, 3, 7) + timedelta(days=days)),
)
def test_what_is_simulated_comes_true_when_it_is_really_recorded(
    said: list[tuple[Any, UUID, SourceKind]], day: date
) -> None:
    told = tuple(stated(fact, said_by(who, source=source)) for fact, who, source in said)
    supposed = Supposed(
        opportunity_id=DEAL,
        facts=told,
        as_of=datetime.combine(day, datetime.min.time(), UTC),
    )
    state = given(*EVERYTHING_NAMED).state

    simulated = simulate(state, supposed, CONTEXT)

    really = given(*EVERYTHING_NAMED, *simulated.events, DayTurned(day=day, zone="UTC")).state
    assert len(simulated.events) == len(said)
    assert simulated.change.after == score(known(really))
    assert simulated.change.before == score(known(state))


def test_a_simulation_leaves_the_opportunity_as_it_is() -> None:
    state = given(opened, cfo_known, raised(Facet.FUNDING_STATUS)).state
    before = repr(state)

    supposed = Supposed(
        opportunity_id=DEAL, facts=(stated(budget(80_000)),), questions_answered=(QUESTION,)
    )
    simulate(state, supposed, CONTEXT)

    assert repr(state) == before


def test_a_budget_that_would_be_approved_shows_what_it_would_bring() -> None:
    simulated = supposing(budget(80_000), on=given(opened, cfo_known))

    assert simulated.change.milli_points > 0
    assert {effect.topic for effect in simulated.change.effects} == {"FUNDING"}
    assert simulated.change.after.sd_happen < simulated.change.before.sd_happen


def test_without_a_supposition_nothing_moves() -> None:
    simulated = supposing(on=given(opened, cfo_known))

    assert simulated.events == ()
    assert (simulated.change.milli_points, simulated.change.effects) == (0, ())


def test_time_alone_makes_old_knowledge_count_for_less() -> None:
    champion = learned(leans(CFO, LeaningLevel.SUPPORTER), on=TUESDAY, source=said_by(CFO))
    simulated = supposing(on=given(opened, cfo_known, champion), as_of=MONTH_LATER)

    assert simulated.by_time.milli_points < 0
    assert simulated.by_knowledge.milli_points == 0


def test_a_buyer_who_stays_silent_for_a_month_makes_it_less_likely() -> None:
    waiting = given(opened, cfo_known, raised(Facet.FUNDING_STATUS), asked)
    simulated = supposing(on=waiting, as_of=MONTH_LATER)
    answered = supposing(on=waiting, as_of=MONTH_LATER, questions_answered=(QUESTION,))

    assert simulated.by_time.milli_points < 0
    assert answered.by_knowledge.milli_points == -simulated.by_time.milli_points


def test_what_time_and_what_knowledge_move_add_up_to_the_whole() -> None:
    champion = learned(leans(CFO, LeaningLevel.SUPPORTER), on=TUESDAY, source=said_by(CFO))
    past = given(opened, cfo_known, champion)
    simulated = supposing(budget(80_000), on=past, as_of=MONTH_LATER)

    parts = simulated.by_time.milli_points + simulated.by_knowledge.milli_points
    assert simulated.change.milli_points == parts


def test_a_question_that_would_be_answered_no_longer_waits() -> None:
    past = given(opened, cfo_known, raised(Facet.FUNDING_STATUS), asked)
    simulated = supposing(budget(80_000), on=past, questions_answered=(QUESTION,))

    assert simulated.after.questions[QUESTION].status is QuestionStatus.ANSWERED


def test_a_closed_deal_keeps_its_score_whatever_is_supposed() -> None:
    simulated = supposing(budget(80_000), on=given(opened, cfo_known, won), as_of=MONTH_LATER)

    assert simulated.change.milli_points == 0


def test_the_clock_may_stand_at_its_last_tick_but_not_before_it() -> None:
    turned = given(opened, DayTurned(day=date(2026, 3, 6), zone="UTC"))
    tick = datetime(2026, 3, 6, tzinfo=UTC)

    assert supposing(on=turned, as_of=tick).change.milli_points == 0
    with pytest.raises(BeforeTheClock) as refused:
        supposing(on=turned, as_of=tick - timedelta(microseconds=1))
    assert refused.value.clock == tick


@pytest.mark.parametrize(
    ("supposed", "refusal"),
    [
        (
            Supposed(opportunity_id=DEAL, facts=(stated(leans(NOBODY, LeaningLevel.CHAMPION)),)),
            UnknownReference,
        ),
        (
            Supposed(opportunity_id=DEAL, questions_answered=(named("no such question"),)),
            UnknownQuestion,
        ),
        (Supposed(opportunity_id=DEAL, questions_answered=(QUESTION, QUESTION)), UnknownQuestion),
        (Supposed(opportunity_id=DEAL, facts=(stated(budget(1)),) * 201), TooManyFacts),
        (
            Supposed(
                opportunity_id=DEAL,
                facts=(stated(budget(1), learned=at(FRIDAY + timedelta(minutes=3))),),
            ),
            LearnedInTheFuture,
        ),
    ],
)
def test_what_could_not_be_recorded_cannot_be_supposed(
    supposed: Supposed, refusal: type[Refusal]
) -> None:
    state = given(opened, cfo_known, raised(Facet.FUNDING_STATUS)).state

    with pytest.raises(refusal):
        simulate(state, supposed, CONTEXT)


def test_two_hundred_facts_can_be_supposed_at_once() -> None:
    said = (stated(budget(1)),) * 200
    supposed = Supposed(opportunity_id=DEAL, facts=said)

    assert len(simulate(given(opened).state, supposed, CONTEXT).events) == 200


def test_nothing_can_be_supposed_of_an_opportunity_that_is_not_there() -> None:
    with pytest.raises(UnknownOpportunity):
        simulate(fold(recorded([])), Supposed(opportunity_id=DEAL), CONTEXT)


def test_a_fact_may_build_on_one_supposed_before_it() -> None:
    simulated = supposing(
        an_evaluator(CTO), leans(CTO, LeaningLevel.SUPPORTER), on=given(opened, cfo_known)
    )

    assert len(simulated.events) == 2
