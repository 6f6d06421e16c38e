"""Silence and answers: what the buyer did or left undone, and when it becomes something else."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.behaviour import (
    PROPOSAL_ANSWER,
    STEPS,
    Wait,
    behaviours,
    question_answer,
    turns,
)
from opps.domain.catalogue import Facet, Objective
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.model import SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.score import NOTHING_KNOWN, score
from tests.domain.build import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, euros, known

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def answer(conduct: Conduct, clock: datetime | None = FRIDAY) -> str | None:
    return behaviours(conduct, {}, clock).get(PROPOSAL_ANSWER)


def p(conduct: Conduct, asked: Mapping[Facet, datetime] | None = None, *, days: float) -> float:
    """Return the probability some days after Monday, with nothing else known."""
    clock = MONDAY + days * DAY
    return score(replace(known(clock=clock), conduct=conduct, unanswered=asked or {})).p


def test_nobody_waits_for_an_answer_before_a_proposal_was_sent() -> None:
    assert answer(NO_CONDUCT) is None
    assert answer(NO_CONDUCT.answered(MONDAY)) is None


def test_an_answer_is_awaited_since_the_last_proposal() -> None:
    assert answer(NO_CONDUCT.proposed(MONDAY)) == "AWAITED_003_DAYS"
    assert answer(NO_CONDUCT.proposed(MONDAY).proposed(THURSDAY)) == "AWAITED_001_DAYS"


def test_what_the_buyer_said_before_any_proposal_answers_none() -> None:
    assert answer(NO_CONDUCT.answered(MONDAY).proposed(TUESDAY)) == "AWAITED_003_DAYS"


def test_an_answer_ages_from_the_day_it_came() -> None:
    conduct = NO_CONDUCT.proposed(MONDAY).answered(TUESDAY)

    assert answer(conduct) == "ANSWERED_003_DAYS"
    assert answer(conduct.answered(THURSDAY)) == "ANSWERED_001_DAYS"


def test_a_newer_proposal_to_a_buyer_who_answered_is_a_requote() -> None:
    conduct = NO_CONDUCT.proposed(MONDAY).answered(TUESDAY).proposed(WEDNESDAY)

    assert answer(conduct) == "REQUOTED_001_DAYS"
    assert answer(conduct.answered(FRIDAY)) == "ANSWERED_000_DAYS"


def test_a_proposal_that_was_recorded_late_is_still_the_earlier_one() -> None:
    assert answer(NO_CONDUCT.proposed(THURSDAY).proposed(MONDAY)) == "AWAITED_001_DAYS"
    assert NO_CONDUCT.proposed(THURSDAY).proposed(MONDAY).first_proposal_at == MONDAY


def test_to_send_the_same_proposal_again_does_not_end_the_silence() -> None:
    sent = NO_CONDUCT.proposed(MONDAY, "P-1", euros(100))

    assert answer(sent.proposed(THURSDAY, "P-1", euros(100))) == "AWAITED_003_DAYS"
    assert answer(sent.proposed(THURSDAY, "P-1", euros(90))) == "AWAITED_001_DAYS"
    assert answer(sent.proposed(THURSDAY, "P-2", euros(100))) == "AWAITED_001_DAYS"


def test_the_same_proposal_sent_again_after_an_answer_asks_anew() -> None:
    answered = NO_CONDUCT.proposed(MONDAY, "P-1").answered(TUESDAY)

    assert answer(answered.proposed(WEDNESDAY, "P-1").proposed(FRIDAY, "P-1")) == (
        "REQUOTED_001_DAYS"
    )


def test_nobody_waits_for_an_answer_to_a_proposal_that_we_took_back() -> None:
    taken_back = NO_CONDUCT.proposed(MONDAY, "P-1").took_back(WEDNESDAY, "P-1")

    assert answer(taken_back) is None
    assert answer(taken_back.proposed(THURSDAY, "P-1")) == "AWAITED_001_DAYS"


def test_to_take_back_one_proposal_leaves_the_others_and_every_answer() -> None:
    both = NO_CONDUCT.proposed(MONDAY, "P-1").proposed(THURSDAY, "P-2")

    assert answer(both.took_back(FRIDAY, "P-2")) == "AWAITED_003_DAYS"
    assert answer(both.took_back(FRIDAY, "P-3")) == "AWAITED_001_DAYS"
    assert answer(both.answered(THURSDAY).took_back(FRIDAY, "P-2")) == "ANSWERED_001_DAYS"


@pytest.mark.parametrize("days", STEPS[1:])
def test_silence_becomes_another_observation_exactly_when_its_days_are_full(days: int) -> None:
    conduct = NO_CONDUCT.proposed(MONDAY)
    full = MONDAY + days * DAY

    assert answer(conduct, full - MOMENT) == Wait.AWAITED.at(STEPS[STEPS.index(days) - 1])
    assert answer(conduct, full) == Wait.AWAITED.at(days)


@pytest.mark.parametrize("clock", [None, MONDAY - DAY, MONDAY])
def test_no_time_has_passed_for_a_clock_that_has_not_ticked_since(clock: datetime | None) -> None:
    assert answer(NO_CONDUCT.proposed(MONDAY), clock) == "AWAITED_000_DAYS"


def test_of_the_questions_about_an_objective_the_oldest_counts() -> None:
    asked = {Facet.FUNDING_STATUS: THURSDAY, Facet.FUNDING_AMOUNT: MONDAY}

    said = behaviours(NO_CONDUCT, asked, FRIDAY)

    assert said == {question_answer(Objective.FUNDING): "AWAITED_003_DAYS"}


def test_the_first_score_listens_to_silence_about_the_proposal_and_each_objective() -> None:
    heard = {one.name: one for one in OKS_1.signals}

    assert heard.keys() == {PROPOSAL_ANSWER, *map(question_answer, Objective)}
    assert {one.source for one in OKS_1.signals} == {SignalSource.BEHAVIOUR}
    assert heard[PROPOSAL_ANSWER].topic is Topic.DECISION_PROCESS
    assert heard[PROPOSAL_ANSWER].values.keys() == {name for wait in Wait for name in wait.values}


def test_the_grade_of_every_silence_says_why() -> None:
    assert all(value.because for one in OKS_1.signals for value in one.values.values())


@pytest.mark.parametrize("objective", Objective)
def test_asking_moves_nothing_by_itself(objective: Objective) -> None:
    asked = {facet: MONDAY for facet in Facet if facet.objective is objective}

    assert p(NO_CONDUCT, asked, days=0) == NOTHING_KNOWN.p
    assert p(NO_CONDUCT.proposed(MONDAY), asked, days=0) == NOTHING_KNOWN.p


@pytest.mark.parametrize("objective", Objective)
def test_a_question_without_an_answer_says_more_the_longer_it_waits(objective: Objective) -> None:
    asked = {next(facet for facet in Facet if facet.objective is objective): MONDAY}
    over_time = [p(NO_CONDUCT, asked, days=days) for days in (1, 3, 8, 20, 60, 400)]

    assert over_time[0] == NOTHING_KNOWN.p
    assert over_time == sorted(over_time, reverse=True)
    assert len(set(over_time)) == len(over_time) - (1 if over_time[-1] == over_time[-2] else 0)


def test_the_same_stage_without_an_answer_is_another_opportunity_after_a_month() -> None:
    sent = NO_CONDUCT.proposed(MONDAY)

    assert p(sent, days=30) < p(sent, days=8) < p(sent, days=3) < p(sent, days=1)
    assert p(sent, days=30) < NOTHING_KNOWN.p / 3


def test_an_answer_lifts_what_silence_lowered() -> None:
    silent = NO_CONDUCT.proposed(MONDAY)
    after_20_days = silent.answered(MONDAY + 20 * DAY)

    assert p(after_20_days, days=20) > NOTHING_KNOWN.p > p(silent, days=20)


moments = st.integers(0, 60 * 24).map(lambda hours: MONDAY + timedelta(hours=hours))
acts = st.lists(st.tuples(st.sampled_from(["P-1", "P-2", "back", "answer"]), moments), max_size=6)
asked = st.dictionaries(st.sampled_from(Facet), moments, max_size=4)


def conduct_of(happened: list[tuple[str, datetime]]) -> Conduct:
    conduct = NO_CONDUCT
    for act, at in happened:
        match act:
            case "answer":
                conduct = conduct.answered(at)
            case "back":
                conduct = conduct.took_back(at, "P-1")
            case _:
                conduct = conduct.proposed(at, act)
    return conduct


@given(acts, asked)
@settings(max_examples=50, deadline=None)
def test_time_alone_changes_what_is_seen_at_the_turns_and_nowhere_else(
    happened: list[tuple[str, datetime]], unanswered: dict[Facet, datetime]
) -> None:
    conduct = conduct_of(happened)
    begin, end = MONDAY - DAY, datetime(2027, 1, 1, tzinfo=UTC)
    turning, at = list[datetime](), begin
    while (turn := min(turns(conduct, unanswered, at), default=None)) is not None:
        turning.append(at := turn)

    for since, until in zip([begin, *turning], [*turning, end], strict=True):
        seen = behaviours(conduct, unanswered, since)
        assert behaviours(conduct, unanswered, since + (until - since) / 2) == seen
        assert behaviours(conduct, unanswered, until - MOMENT) == seen
        assert until == end or behaviours(conduct, unanswered, until) != seen


@given(acts)
@settings(max_examples=50, deadline=None)
def test_the_order_of_recording_makes_no_difference(happened: list[tuple[str, datetime]]) -> None:
    assert conduct_of(happened) == conduct_of(happened[::-1])
