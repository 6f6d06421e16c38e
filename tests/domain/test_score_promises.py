"""What the score promises, whatever is known: it never punishes an unknown, and always adds up."""

import random
from datetime import timedelta
from math import fsum

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.beliefs import FOREVER
from opps.domain.catalogue import Facet
from opps.domain.facts import Fact
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.knowledge import Believed, next_step_at
from opps.domain.provenance import SourceKind
from opps.domain.score import HIGHEST, LOWEST, Score, logit, prior, score
from opps.domain.signals import terms
from tests.domain.build import (
    CFO,
    COLLEAGUE,
    MONDAY,
    US,
    a_need,
    agreed_by,
    an_event,
    an_issue,
    leans,
    next_step,
    note,
    often,
    prefers,
    rated,
)
from tests.domain.deals import (
    Deal,
    facts,
    modelled_deals,
    moments,
    sources,
    waits_for_a_date,
)

NOTHING_MUCH = 1e-12
DAY, A_MOMENT = timedelta(days=1), timedelta(microseconds=1)


def certainty(value: Score) -> tuple[float, float]:
    """Return minus the standard deviations: more is surer."""
    return -value.sd_happen, -value.sd_win


def as_sure(after: Score, before: Score) -> bool:
    return all(
        later >= earlier - NOTHING_MUCH
        for later, earlier in zip(certainty(after), certainty(before), strict=True)
    )


@often
@given(modelled_deals())
def test_the_probability_lies_in_its_interval_and_both_in_their_range(deal: Deal) -> None:
    value = score(deal.known())

    assert LOWEST <= value.low <= value.p <= value.high <= HIGHEST
    assert 0 < value.decidability <= 1


@often
@given(modelled_deals())
def test_the_contributions_and_the_prior_are_all_there_is(deal: Deal) -> None:
    value = score(deal.known())

    assert value.log_odds_happen == fsum(
        (logit(deal.model.prior_happen), *(one.happen for one in value.contributions))
    )
    assert value.log_odds_win == fsum(
        (logit(deal.model.prior_win), *(one.win for one in value.contributions))
    )
    assert [one.topic for one in value.contributions] == list(deal.model.topics)


@often
@given(modelled_deals(), st.sampled_from(Facet))
def test_asking_a_question_never_moves_the_probability_and_never_makes_less_sure(
    deal: Deal, facet: Facet
) -> None:
    before = score(deal.known())
    asked = score(deal._replace(questions=deal.questions | {facet}).known())

    assert asked.p == before.p
    assert asked.contributions == before.contributions
    assert as_sure(asked, before)


@often
@given(modelled_deals(), st.data(), sources, moments)
def test_another_voice_that_says_the_same_never_makes_less_sure(
    deal: Deal, data: st.DataObject, source: SourceKind, when: object
) -> None:
    assume(deal.beliefs)
    place = data.draw(st.integers(0, len(deal.beliefs) - 1))
    seconded = replace(
        deal.beliefs[place],
        corroborated=(*deal.beliefs[place].corroborated, agreed_by(COLLEAGUE, source)),
    )
    beliefs = (*deal.beliefs[:place], seconded, *deal.beliefs[place + 1 :])

    assert as_sure(score(deal._replace(beliefs=beliefs).known()), score(deal.known()))


@often
@given(modelled_deals(), facts, st.booleans())
def test_a_fact_learned_and_taken_back_counts_as_never_learned(
    deal: Deal, fact: Fact, replaces: bool
) -> None:
    supersedes = deal.beliefs[0].fact_id if replaces and deal.beliefs else None
    misheard = deal.with_fact(fact, supersedes=supersedes, retracted=(note(MONDAY, 999),))

    assert score(misheard.known()) == score(deal.known())


NEUTRAL = [
    an_issue(None),
    leans(CFO, LeaningLevel.NEUTRAL),
    a_need(met_by_status_quo=True),
    an_event(),
    prefers(CFO, None),
    rated(US, 0),
    next_step(),
]


@often
@given(modelled_deals(), st.sampled_from(NEUTRAL))
def test_a_first_fact_that_speaks_neither_way_never_moves_the_probability(
    deal: Deal, neutral: Fact
) -> None:
    deal = deal._replace(clock=None)
    assume(all(one.fact.objective is not neutral.objective for one in deal.beliefs))

    assert score(deal.with_fact(neutral).known()).p == score(deal.known()).p


@often
@given(modelled_deals(), st.integers(0, 200))
def test_time_alone_wears_down_what_each_signal_says_and_never_past_nothing(
    deal: Deal, days: int
) -> None:
    beliefs = tuple(one for one in deal.beliefs if not waits_for_a_date(one))
    young, old = (
        deal.unheeded()._replace(beliefs=beliefs, clock=MONDAY + age * DAY).known()
        for age in (days, days + 30)
    )

    for before, after in zip(terms(Believed(young)), terms(Believed(old)), strict=True):
        assert between_nothing_and(before.happen, after.happen)
        assert between_nothing_and(before.win, after.win)
    assert as_sure(score(young), score(old))


def between_nothing_and(before: float, after: float) -> bool:
    low, high = sorted((0.0, before))
    return low - NOTHING_MUCH <= after <= high + NOTHING_MUCH


@often
@given(modelled_deals(), st.integers(0, 200))
def test_until_the_next_step_of_time_is_announced_the_score_stays(deal: Deal, days: int) -> None:
    now = deal._replace(clock=MONDAY + days * DAY).known()
    turn = next_step_at(now)
    before_it = FOREVER if turn is None else turn - A_MOMENT

    assert score(replace(now, clock=before_it)) == score(now)


@often
@given(modelled_deals(), st.randoms(use_true_random=False))
def test_the_order_in_which_keys_are_kept_makes_no_difference(
    deal: Deal, shuffler: random.Random
) -> None:
    looked_at = deal.known()
    keys = list(looked_at.standings)
    shuffler.shuffle(keys)
    shuffled = replace(looked_at, standings={key: looked_at.standings[key] for key in keys})

    assert score(shuffled) == score(looked_at)


@often
@given(modelled_deals())
def test_a_deal_of_which_nothing_stands_is_a_deal_of_which_nothing_is_known(deal: Deal) -> None:
    gone = tuple(replace(one, retracted=(note(MONDAY, 999),)) for one in deal.beliefs)

    forgotten = deal.unheeded()._replace(beliefs=gone, questions=frozenset(), context={})

    assert score(forgotten._replace(amount=None).known()) == prior(deal.model)
