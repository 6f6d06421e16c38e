"""What each signal says: known, asked and not told, never asked, disputed, or never seen before."""

from datetime import timedelta
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.behaviour import PROPOSAL_ANSWER, Wait, question_answer
from opps.domain.catalogue import Facet, Objective
from opps.domain.conduct import NO_CONDUCT
from opps.domain.facts import Fact
from opps.domain.knowledge import Believed, Known
from opps.domain.model import UNANSWERED, Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.provenance import SourceKind
from opps.domain.score import Score, logit, score
from opps.domain.signals import Heard, hear, terms
from opps.domain.size import AMOUNT_SIZE, amount_size
from tests.domain.build import (
    CTO,
    FRIDAY,
    MONDAY,
    an_attribute,
    belief,
    euros,
    funded,
    known,
    often,
)
from tests.domain.deals import Deal, modelled_deals
from tests.domain.models import BUDGET, DEAL_TYPE, NO, UNHEARD_OF, YES

FUNDS = Signal(
    name=BUDGET,
    source=SignalSource.ATTRIBUTE,
    topic=Topic.FUNDING,
    weight=Nats(0.5, 0.2),
    values={
        YES: Graded(grade=0.8, because="there is money", deviation=Nats(0.10, -0.05)),
        NO: Graded(grade=-0.6, because="there is none"),
        UNANSWERED: Graded(grade=-0.2, because="who has money says so"),
    },
    mean=0.1,
    spread=Nats(0.3, 0.1),
)
KIND = Signal(
    name=DEAL_TYPE,
    source=SignalSource.CONTEXT,
    topic=Topic.CONTEXT,
    weight=Nats(0.4, 0.0),
    values={"New": Graded(grade=-0.5, because="they do not know us")},
    spread=Nats(0.2, 0.2),
)
PROPOSAL = Signal(
    name=PROPOSAL_ANSWER,
    source=SignalSource.BEHAVIOUR,
    topic=Topic.DECISION_PROCESS,
    weight=Nats(1.0, 0.5),
    values={Wait.AWAITED.at(3): Graded(grade=-0.3, because="no answer for days")},
    spread=Nats(0.5, 0.5),
)
MODEL = replace(OKS_1, name="graded", signals=(FUNDS, KIND, PROPOSAL))


def budget_is(value: str | None) -> Fact:
    return an_attribute(value, attribute=BUDGET, facet=Facet.FUNDING_STATUS)


def by(model: Model, known_: Known, **more: Any) -> Score:
    return score(replace(known_, model=model, **more))


def hear_of(known_: Known, model: Model = MODEL) -> list[Heard]:
    return list(hear(Believed(replace(known_, model=model))))


def says(value: Score, topic: Topic) -> tuple[float, float]:
    (one,) = (one for one in value.contributions if one.topic is topic)
    return one.happen, one.win


def without(model: Model, source: SignalSource) -> Model:
    kept = tuple(one for one in model.signals if one.source is not source)
    return replace(model, name=f"{model.name} without {source}", signals=kept)


# An attribute that the buyer told us.


def test_a_known_attribute_says_its_grade_beyond_the_mean_and_what_closed_deals_added() -> None:
    # .80 x (.5 x (.8 - .1) + .10), and .80 x (.2 x (.8 - .1) - .05).
    assert says(by(MODEL, known(budget_is(YES))), Topic.FUNDING) == pytest.approx((0.36, 0.072))


def test_an_attribute_counts_as_far_as_its_source_is_believed() -> None:
    rumour = belief(budget_is(YES), source=SourceKind.THIRD_PARTY)

    assert says(by(MODEL, known(rumour)), Topic.FUNDING) == pytest.approx(
        (0.45 * 0.45, 0.45 * 0.09)
    )


def test_what_is_not_believed_of_an_attribute_stays_open() -> None:
    quiet = replace(MODEL, weights=dict.fromkeys(Objective, Nats()), signals=(FUNDS,))

    assert by(quiet, known(budget_is(YES))).sd_happen == pytest.approx(0.2 * 0.8 * 0.3)
    assert by(quiet, known()).sd_happen == pytest.approx(0.3)


def test_an_attribute_adds_to_what_the_rules_make_of_the_same_objective() -> None:
    both = by(MODEL, known(budget_is(YES), funded()))

    assert says(both, Topic.FUNDING) == pytest.approx((0.36 + 0.48, 0.072))


# An attribute that we do not know.


def test_an_attribute_that_nobody_asked_about_says_nothing_and_leaves_its_spread_open() -> None:
    unasked = by(MODEL, known())

    assert says(unasked, Topic.FUNDING) == (0.0, 0.0)
    assert unasked.sd_happen == pytest.approx(
        sqrt(by(OKS_1, known()).sd_happen ** 2 + 0.3**2 + 0.2**2)
    )


def test_that_the_buyer_did_not_tell_is_seen_and_what_they_know_stays_open() -> None:
    (heard,) = (one for one in hear_of(known(budget_is(None))) if one.signal.name == BUDGET)

    assert (heard.value, heard.credence, heard.left) == (UNANSWERED, 1.0, 0.8)
    # .5 x (-.2 - .1), with certainty.
    assert says(by(MODEL, known(budget_is(None))), Topic.FUNDING) == pytest.approx((-0.15, -0.06))


def test_a_model_that_does_not_grade_silence_makes_nothing_of_it() -> None:
    graded = {value: one for value, one in FUNDS.values.items() if value != UNANSWERED}
    model = replace(MODEL, signals=(replace(FUNDS, values=graded),))

    (heard,) = hear_of(known(budget_is(None)), model)

    assert (heard.value, heard.left) == (None, 0.8)
    assert says(by(model, known(budget_is(None))), Topic.FUNDING) == (0.0, 0.0)


def test_a_value_that_the_model_never_saw_says_nothing_and_stays_open() -> None:
    (heard,) = (one for one in hear_of(known(budget_is(UNHEARD_OF))) if one.signal.name == BUDGET)

    assert (heard.value, heard.credence, heard.left) == (None, 0.0, 0.8)
    assert says(by(MODEL, known(budget_is(UNHEARD_OF))), Topic.FUNDING) == (0.0, 0.0)


def test_two_people_who_say_opposite_things_cancel_to_not_known() -> None:
    disputed = known(belief(budget_is(YES)), belief(budget_is(NO), by=CTO, position=2))

    assert says(by(MODEL, disputed), Topic.FUNDING) == (0.0, 0.0)
    assert by(MODEL, disputed).sd_happen <= by(MODEL, known()).sd_happen


def test_an_attribute_that_no_signal_asks_for_only_makes_its_objective_looked_at() -> None:
    stray = known(an_attribute("Blue", attribute="Colour", facet=Facet.FUNDING_STATUS))

    assert by(MODEL, stray).p == by(MODEL, known()).p
    assert by(MODEL, stray).sd_happen < by(MODEL, known()).sd_happen


# Context, and what the buyer does.


def test_context_is_told_apart_from_knowledge() -> None:
    told = by(MODEL, known(), context={DEAL_TYPE: "New"})

    assert says(told, Topic.CONTEXT) == pytest.approx((-0.2, 0.0))
    assert all(says(told, Topic(one.value)) == (0.0, 0.0) for one in Objective)


def test_context_of_a_value_nobody_graded_stays_open() -> None:
    told = by(MODEL, known(), context={DEAL_TYPE: UNHEARD_OF})

    assert says(told, Topic.CONTEXT) == (0.0, 0.0)
    assert by(MODEL, known(), context={DEAL_TYPE: "New"}).sd_happen < told.sd_happen
    assert told.sd_happen < by(MODEL, known()).sd_happen


def test_how_large_it_is_counts_only_where_a_model_asks() -> None:
    small = amount_size(euros(500))
    sized = replace(KIND, name=AMOUNT_SIZE, values={small: Graded(grade=0.5, because="quick")})
    asks = replace(MODEL, signals=(sized,))

    assert says(by(asks, known(amount=euros(500))), Topic.CONTEXT) == pytest.approx((0.2, 0.0))
    assert by(MODEL, known(amount=euros(500))).p == by(MODEL, known()).p


def test_a_buyer_who_owes_us_nothing_leaves_nothing_open() -> None:
    no_proposal = by(MODEL, known(clock=FRIDAY))
    proposed = by(MODEL, known(clock=FRIDAY), conduct=NO_CONDUCT.proposed(MONDAY))

    assert no_proposal.sd_happen == by(without(MODEL, SignalSource.BEHAVIOUR), known()).sd_happen
    assert says(proposed, Topic.DECISION_PROCESS) == pytest.approx((-0.3, -0.15))


# Whatever the model.


@often
@given(modelled_deals())
def test_an_objective_that_is_unheard_leaves_the_interval_and_still_speaks(deal: Deal) -> None:
    known_ = deal.known()
    deaf = replace(deal.model, name="deaf", unheard=tuple(Objective), signals=())
    hearing = replace(deaf, name="hearing", unheard=())

    assert by(deaf, known_).sd_happen == by(deaf, known_).sd_win == 0
    assert by(deaf, known_).p == by(hearing, known_).p
    assert by(deaf, known_).contributions == by(hearing, known_).contributions


@often
@given(modelled_deals(), st.sampled_from(Facet), st.integers(0, 100))
def test_a_question_put_to_the_buyer_moves_only_what_its_silence_is_graded_for(
    deal: Deal, facet: Facet, days: int
) -> None:
    now = deal._replace(clock=MONDAY + timedelta(days=days))
    waiting = now._replace(unanswered={**deal.unanswered, facet: MONDAY})
    before, after = now.known(), waiting.known()
    silence = question_answer(facet.objective)

    def others(known_: Known) -> list[object]:
        return [one for one in hear_of(known_, deal.model) if one.signal.name != silence]

    assert others(after) == others(before)
    if all(one.name != silence for one in deal.model.signals):
        assert score(after).contributions == score(before).contributions
        assert score(after).p == score(before).p


@often
@given(modelled_deals())
def test_a_first_value_graded_as_the_mean_moves_nothing(deal: Deal) -> None:
    neutral = Graded(grade=FUNDS.mean, because="as most")
    model = replace(MODEL, signals=(replace(FUNDS, values={YES: neutral}),))
    before = deal._replace(
        model=model, beliefs=tuple(one for one in deal.beliefs if BUDGET not in one.fact.key)
    )

    told = score(before.with_fact(budget_is(YES)).known())

    assert told.contributions == score(before.known()).contributions
    assert told.p == score(before.known()).p


@often
@given(modelled_deals())
def test_the_terms_are_all_that_the_log_odds_hold(deal: Deal) -> None:
    value, said = score(deal.known()), terms(Believed(deal.known()))

    assert value.log_odds_happen - logit(deal.model.prior_happen) == pytest.approx(
        sum(one.happen for one in said), abs=1e-9
    )
    assert value.sd_win == pytest.approx(sqrt(sum(one.open_win**2 for one in said)), abs=1e-9)


def test_without_any_doubt_the_interval_is_the_probability() -> None:
    sure = replace(OKS_1, name="base rate", weights=dict.fromkeys(Objective, Nats()), signals=())
    values = [by(replace(sure, prior_win=part / 40), known()) for part in range(4, 37)]

    assert all(one.low == one.p == one.high for one in map(rounded, values))
    assert all(one.low <= one.p <= one.high for one in values)


def rounded(value: Score) -> Score:
    return replace(
        value, low=round(value.low, 12), p=round(value.p, 12), high=round(value.high, 12)
    )
