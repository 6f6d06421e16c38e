"""The forecast: three opinions side by side, and steps from one look to another that add up."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opps.domain.events import ForecastCategory
from opps.domain.forecasting.errors import MixedCurrencies, RateNotPositive
from opps.domain.forecasting.lines import (
    Line,
    differences,
    in_one_currency,
    weighted,
    worth,
)
from opps.domain.forecasting.scope import (
    Moved,
    Scope,
    Seen,
    date_moves,
    in_scope,
    moved,
    standings,
)
from opps.domain.forecasting.waterfall import ForecastStepKind, Standing, WaterfallStep, waterfall
from opps.domain.opportunity.state import Status
from tests.domain.given import named

ANNA = named("Anna")
PUMPS, ROBOTS, PAINT = named("pumps"), named("robots"), named("paint")
MARCH = date(2026, 3, 31)


def line(of: UUID = PUMPS, amount: int | None = 100_000, p: float = 0.4, **more: Any) -> Line:
    """Return a line of a forecast."""
    given_ = {
        "owner": ANNA,
        "currency": "EUR",
        "category": ForecastCategory.COMMIT,
        "commit_date": MARCH,
        "won": False,
        "low": 0.2,
        "high": 0.6,
    }
    held = None if amount is None else Decimal(amount)
    return Line(opportunity_id=of, amount=held, p=p, **{**given_, **more})


def test_knowledge_gut_and_stage_stand_side_by_side() -> None:
    of = worth([line(seller_estimate=0.9, stage_default=0.5), line(ROBOTS, 50_000, 0.2)])

    assert [of.knowledge, of.gut, of.stage] == [Decimal(one) for one in (50_000, 90_000, 50_000)]
    assert (of.gut_of, of.stage_of, of.opportunities) == (1, 1, 2)


def test_what_is_won_counts_in_full_for_everybody() -> None:
    of = worth([line(won=True, p=0.4)])

    assert {of.won, of.knowledge, of.gut, of.stage} == {Decimal(100_000)}


def test_what_has_no_amount_is_counted_and_worth_nothing_yet() -> None:
    of = worth([line(amount=None)])

    assert (of.opportunities, of.without_amount, of.knowledge) == (1, 1, Decimal(0))


def test_an_empty_forecast_is_worth_nothing() -> None:
    assert worth([]).knowledge == 0


def test_the_difference_is_explained_by_opportunity_the_largest_first() -> None:
    small = line(PUMPS, 10_000, 0.4, seller_estimate=0.9)
    large = line(ROBOTS, 100_000, 0.4, stage_default=0.1)
    agreed = line(PAINT, 100_000, 0.4, stage_default=0.4)
    found = differences([small, large, agreed])

    assert [(one.opportunity_id, one.less_gut, one.less_stage) for one in found] == [
        (ROBOTS, Decimal(0), Decimal(30_000)),
        (PUMPS, Decimal(-5_000), Decimal(0)),
    ]


def test_amounts_of_two_currencies_are_never_added_silently() -> None:
    with pytest.raises(MixedCurrencies) as refused:
        in_one_currency([line(), line(ROBOTS, currency="USD")], "EUR", {})

    assert refused.value.currencies == "EUR, USD"


def test_with_rates_amounts_of_two_currencies_are_added() -> None:
    dollars = line(ROBOTS, 100, currency="USD")
    one, other = in_one_currency([line(), dollars], "EUR", {"USD": Decimal("0.923456")})

    assert one.amount == Decimal(100_000)
    assert (other.amount, other.currency) == (Decimal("92.35"), "EUR")


def test_a_forecast_in_one_currency_needs_no_rate_unless_another_is_wanted() -> None:
    assert in_one_currency([line()], "EUR", {}) == [line()]
    with pytest.raises(MixedCurrencies):
        in_one_currency([line()], "USD", {})


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1), Decimal("NaN")])
def test_a_rate_is_above_zero(rate: Decimal) -> None:
    with pytest.raises(RateNotPositive):
        in_one_currency([line()], "EUR", {"USD": rate})


@pytest.mark.parametrize(
    ("before", "after", "stood", "stands", "steps"),
    [
        ([], [line()], Standing.NOT_OPENED, None, [(ForecastStepKind.OPENED, 40_000)]),
        ([], [line()], Standing.OPEN_ELSEWHEN, None, [(ForecastStepKind.PULLED_IN, 40_000)]),
        ([], [line(won=True)], Standing.OPEN_ELSEWHEN, None, [(ForecastStepKind.WON, 100_000)]),
        ([], [line()], Standing.CLOSED, None, [(ForecastStepKind.REOPENED, 40_000)]),
        ([], [line()], Standing.OTHER_TEAM, None, [(ForecastStepKind.HANDED_OVER, 40_000)]),
        ([line()], [], None, Standing.OTHER_TEAM, [(ForecastStepKind.HANDED_OVER, -40_000)]),
        ([line()], [], None, Standing.OPEN_ELSEWHEN, [(ForecastStepKind.PUSHED_OUT, -40_000)]),
        ([line()], [], None, Standing.CLOSED, [(ForecastStepKind.CLOSED, -40_000)]),
        ([line()], [line(won=True)], None, None, [(ForecastStepKind.WON, 60_000)]),
        ([line(won=True)], [line()], None, None, [(ForecastStepKind.REOPENED, -60_000)]),
        ([line()], [line(amount=120_000)], None, None, [(ForecastStepKind.AMOUNT, 8_000)]),
        ([line()], [line(p=0.5)], None, None, [(ForecastStepKind.KNOWLEDGE, 10_000)]),
        (
            [line()],
            [line(amount=120_000, p=0.5)],
            None,
            None,
            [(ForecastStepKind.KNOWLEDGE, 12_000), (ForecastStepKind.AMOUNT, 8_000)],
        ),
        ([line()], [line()], None, None, []),
    ],
)
def test_each_reason_for_a_change_is_a_step_of_its_own(
    before: list[Line],
    after: list[Line],
    stood: Standing | None,
    stands: Standing | None,
    steps: list[tuple[ForecastStepKind, int]],
) -> None:
    found = waterfall(
        before,
        after,
        {PUMPS: stood} if stood else {},
        {PUMPS: stands} if stands else {},
    )

    assert found == [WaterfallStep(kind, PUMPS, Decimal(change)) for kind, change in steps]


QUARTER = Scope(first=date(2026, 1, 1), last=MARCH, owners=frozenset([ANNA]))
BORIS = named("Boris")
APRIL = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("status", "of", "standing"),
    [
        (Status.OPEN, line(), None),
        (Status.OPEN, line(commit_date=date(2026, 1, 1)), None),
        (Status.OPEN, line(commit_date=APRIL), Standing.OPEN_ELSEWHEN),
        (Status.OPEN, line(commit_date=None), Standing.OPEN_ELSEWHEN),
        (Status.OPEN, line(owner=BORIS), Standing.OTHER_TEAM),
        (Status.WON, line(won=True, commit_date=APRIL, closed_on=MARCH), None),
        (Status.WON, line(won=True, closed_on=APRIL), Standing.CLOSED),
        (Status.LOST, line(), Standing.CLOSED),
        (Status.MERGED, line(owner=BORIS), Standing.CLOSED),
    ],
)
def test_a_forecast_counts_what_is_promised_in_its_period_and_what_was_won_in_it(
    status: Status, of: Line, standing: Standing | None
) -> None:
    assert QUARTER.standing(status, of) is standing
    assert in_scope(QUARTER, [Seen(status, of)]) == ([of] if standing is None else [])


def test_a_forecast_of_one_day_counts_that_day() -> None:
    day = Scope(first=MARCH, last=MARCH)

    assert day.standing(Status.OPEN, line(owner=BORIS)) is None
    assert day.standing(Status.OPEN, line(commit_date=APRIL)) is Standing.OPEN_ELSEWHEN


def test_what_nobody_had_opened_stood_nowhere() -> None:
    assert standings(QUARTER, [PUMPS, ROBOTS], [Seen(Status.LOST, line())]) == {
        PUMPS: Standing.CLOSED,
        ROBOTS: Standing.NOT_OPENED,
    }


def test_a_date_that_moves_later_slips_and_one_that_moves_earlier_is_pulled_in() -> None:
    before = {PUMPS: line(), ROBOTS: line(ROBOTS, 7), PAINT: line(PAINT, won=True)}
    after = {
        PUMPS: line(commit_date=APRIL),
        ROBOTS: line(ROBOTS, 9, commit_date=date(2026, 3, 1)),
        PAINT: line(PAINT, won=True, commit_date=APRIL),
    }
    moves = date_moves(before, after)

    assert [(one.opportunity_id, one.days, one.amount) for one in moves] == [
        (PUMPS, 1, Decimal(100_000)),
        (ROBOTS, -30, Decimal(9)),
    ]
    assert moved(moves) == Moved(2, Decimal(100_009))


def test_what_was_put_off_before_is_counted() -> None:
    assert worth([line(pushes=3), line(ROBOTS), line(PAINT, won=True, pushes=1)]).pushed == 1


lines = st.builds(
    line,
    of=st.sampled_from([PUMPS, ROBOTS, PAINT]),
    amount=st.none() | st.integers(0, 10**9),
    p=st.floats(0.01, 0.99),
    won=st.booleans(),
)
forecasts = st.lists(lines, max_size=3, unique_by=lambda one: one.opportunity_id)


@settings(max_examples=200, deadline=None)
@given(before=forecasts, after=forecasts, where=st.sampled_from(Standing))
def test_the_steps_add_up_exactly(before: list[Line], after: list[Line], where: Standing) -> None:
    every = dict.fromkeys([PUMPS, ROBOTS, PAINT], where)
    steps = waterfall(before, after, every, every)

    assert sum(one.change for one in steps) == worth(after).knowledge - worth(before).knowledge


@settings(max_examples=200, deadline=None)
@given(forecast=forecasts)
def test_what_a_forecast_is_worth_is_the_sum_of_its_lines(forecast: list[Line]) -> None:
    assert worth(forecast).knowledge == sum(weighted(one, one.p) for one in forecast)
