"""What our side did, and how large it is: labelled context, for a model that asks for it."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.activity import (
    LAST_DONE_VALUES,
    PROPOSED_AFTER,
    PROPOSED_AFTER_VALUES,
    activities,
    activity_turns,
    done_before_proposal,
    last_done,
)
from opps.domain.conduct import Conduct
from opps.domain.knowledge import next_step_at
from opps.domain.model import Graded, Nats, Signal, SignalSource, Topic
from opps.domain.money import Money
from opps.domain.oks_1 import OKS_1
from opps.domain.score import score
from opps.domain.size import AMOUNT_SIZE, amount_size
from tests.domain.build import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, euros, known

DAY = timedelta(days=1)
CALLS, LEADS = last_done("Call"), done_before_proposal("Lead")
OPENED = Conduct(opened_at=MONDAY)


def said(conduct: Conduct, name: str, clock: datetime = FRIDAY) -> str | None:
    return activities([name], conduct, clock).get(name)


def test_what_we_never_did_is_said_so() -> None:
    assert said(OPENED, CALLS) == "NEVER"


def test_what_we_did_counts_from_the_last_time() -> None:
    assert said(OPENED.acted("Call", TUESDAY), CALLS) == "003_DAYS"
    assert said(OPENED.acted("Call", WEDNESDAY).acted("Call", MONDAY), CALLS) == "001_DAYS"


def test_before_a_proposal_nothing_is_said_of_what_came_before_it() -> None:
    assert said(OPENED.acted("Lead", TUESDAY), LEADS) is None
    assert said(OPENED, PROPOSED_AFTER) is None


def test_what_we_did_before_the_first_proposal_is_told_from_what_came_later() -> None:
    before = OPENED.acted("Lead", MONDAY).proposed(TUESDAY)
    later = OPENED.proposed(TUESDAY).acted("Lead", WEDNESDAY).proposed(FRIDAY)

    assert (said(before, LEADS), said(later, LEADS)) == ("DONE", "NOT_DONE")


@pytest.mark.parametrize(
    ("hours", "pace"),
    [
        (0.9, "WITHIN_1_HOUR"),
        (1, "1_HOUR"),
        (12, "12_HOURS"),
        (24, "1_DAY"),
        (47.9, "1_DAY"),
        (48, "2_DAYS"),
        (7 * 24, "7_DAYS"),
        (900, "7_DAYS"),
    ],
)
def test_how_soon_we_proposed_counts_from_the_opening(hours: float, pace: str) -> None:
    assert said(OPENED.proposed(MONDAY + timedelta(hours=hours)), PROPOSED_AFTER) == pace
    assert pace in PROPOSED_AFTER_VALUES


def opted_in(name: str, values: tuple[str, ...], source: SignalSource) -> Signal:
    return Signal(
        name=name,
        source=source,
        topic=Topic(source.value),
        weight=Nats(),
        values={value: Graded(deviation=Nats(0.5, 0.5)) for value in values},
    )


def test_only_a_model_that_asks_for_our_activity_looks_at_it() -> None:
    called = replace(known(clock=FRIDAY), conduct=OPENED.acted("Call", TUESDAY))
    calls = opted_in(CALLS, LAST_DONE_VALUES, SignalSource.ACTIVITY)
    asking = replace(called, model=replace(OKS_1, name="calls", signals=(calls,)))

    assert score(called).p == score(known(clock=FRIDAY)).p
    assert score(asking).p > score(called).p
    assert [one.topic for one in score(asking).contributions if one.happen] == [Topic.ACTIVITY]


def test_the_next_tick_that_matters_knows_of_activities_that_the_model_looks_at() -> None:
    called = replace(known(clock=FRIDAY), conduct=OPENED.acted("Call", TUESDAY))
    calls = opted_in(CALLS, LAST_DONE_VALUES, SignalSource.ACTIVITY)
    asking = replace(called, model=replace(OKS_1, name="calls", signals=(calls,)))

    assert next_step_at(called) is None
    assert next_step_at(asking) == TUESDAY + 5 * DAY


hours = st.integers(0, 60 * 24).map(lambda hours: MONDAY + timedelta(hours=hours))


@given(st.lists(st.tuples(st.sampled_from(["Call", "Lead", "proposal"]), hours), max_size=6))
@settings(max_examples=50, deadline=None)
def test_time_alone_changes_our_activity_at_the_turns_and_nowhere_else(
    happened: list[tuple[str, datetime]],
) -> None:
    conduct = OPENED
    for name, at in happened:
        conduct = conduct.proposed(at) if name == "proposal" else conduct.acted(name, at)
    names = [CALLS, LEADS, last_done("Lead"), PROPOSED_AFTER]
    turning, at = list[datetime](), MONDAY - DAY
    while (turn := min(activity_turns(names, conduct, at), default=None)) is not None:
        turning.append(at := turn)

    for since, until in zip([MONDAY - DAY, *turning], [*turning, None], strict=True):
        seen = activities(names, conduct, since)
        if until is not None:
            assert activities(names, conduct, until - timedelta(microseconds=1)) == seen
            assert activities(names, conduct, until) != seen


@pytest.mark.parametrize(
    ("amount", "size"),
    [
        ("0", "EUR_UNDER_1"),
        ("0.99", "EUR_UNDER_1"),
        ("1", "EUR_1_OR_MORE"),
        ("1.50", "EUR_1.5_OR_MORE"),
        ("4999.99", "EUR_3000_OR_MORE"),
        ("5000", "EUR_5000_OR_MORE"),
        ("7500", "EUR_7500_OR_MORE"),
        ("9999", "EUR_7500_OR_MORE"),
        ("10000", "EUR_10000_OR_MORE"),
        ("123456789", "EUR_100000000_OR_MORE"),
    ],
)
def test_an_amount_has_one_of_six_sizes_in_each_power_of_ten(amount: str, size: str) -> None:
    assert amount_size(Money(Decimal(amount), "EUR")) == size


def test_only_a_model_that_asks_for_the_size_looks_at_it() -> None:
    large = opted_in(AMOUNT_SIZE, ("EUR_5000_OR_MORE",), SignalSource.CONTEXT)
    model = replace(OKS_1, name="sizes", signals=(large,))

    def p(amount: float) -> float:
        return score(replace(known(amount=euros(amount)), model=model)).p

    assert p(6000) > p(4000) == score(known(amount=euros(4000))).p == score(known()).p
