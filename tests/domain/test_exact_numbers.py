"""Numbers that are kept exactly: finite, bounded, and one form of each."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.account_map.outcome import drift
from opps.domain.account_map.state import Assessment, Outcome
from opps.domain.events import (
    DesiredOutcome,
    Metric,
    OutcomeDimension,
    OutcomeProgressAssessed,
    SaleTarget,
    Tolerance,
)
from opps.domain.money import Money
from tests.domain.given import MONDAY, at, named

FIGURE = named("figure")
FIGURES = st.decimals(
    -(10**18) + 1, 10**18 - 1, allow_nan=False, allow_infinity=False, places=6
) | st.sampled_from([Decimal(f"{sign}{one}") for sign in ("", "-") for one in ("1E-6", "0", "1")])
AMOUNTS = st.decimals(Decimal("1E-9"), 10**15 - 1, places=9)


def metric(target: Decimal, baseline: Decimal = Decimal(0)) -> Metric:
    return Metric(metric_id=FIGURE, name="Scrap", unit="percent", baseline=baseline, target=target)


def heading(value: Decimal) -> OutcomeProgressAssessed:
    return OutcomeProgressAssessed(
        learned=at(MONDAY),
        dimension=OutcomeDimension.PERFORMANCE,
        metric_id=FIGURE,
        projected_value=value,
    )


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1E+18", "-1E+999999", "1E+99999999999", "1E-7"]
)
def test_a_figure_that_nobody_could_compare_is_none(text: str) -> None:
    number = Decimal(text)

    with pytest.raises(ValueError, match="a figure has at most 18 digits"):
        metric(number)
    with pytest.raises(ValueError, match="a figure has at most 18 digits"):
        metric(Decimal(1), baseline=number)
    with pytest.raises(ValueError, match="a figure has at most 18 digits"):
        heading(number)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1E+15", "1E+99999999999", "1E-10"])
def test_an_amount_that_nobody_could_add_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="an amount has at most 15 digits"):
        Money(Decimal(text), "EUR")


@pytest.mark.parametrize("kind", [Metric, OutcomeProgressAssessed])
def test_what_is_read_is_checked_as_what_is_made(kind: type[Any]) -> None:
    made = metric(Decimal(3)) if kind is Metric else heading(Decimal(3))
    stored = msgspec.json.encode(made).replace(b'"3"', b'"Infinity"')

    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(stored, type=kind)


def test_equal_numbers_that_are_large_are_stored_as_equal_bytes() -> None:
    for one, other in (("1E+3", "1000"), ("12E2", "1200")):
        stored = [msgspec.json.encode(metric(Decimal(text))) for text in (one, other)]
        assert stored[0] == stored[1]


@given(FIGURES, FIGURES, FIGURES)
def test_every_figure_that_is_kept_can_be_held_against_its_target(
    baseline: Decimal, target: Decimal, value: Decimal
) -> None:
    of = Assessment(
        dimension=OutcomeDimension.PERFORMANCE,
        at=MONDAY,
        metric_id=FIGURE,
        projected_value=heading(value).projected_value,
    )
    desired = DesiredOutcome(statement="Less", performance=(metric(target, baseline),))
    progress = {(of.dimension, of.metric_id): of}
    [found] = drift(Outcome(desired=desired, stated_at=MONDAY, progress=progress))

    assert found.off.is_finite()


@given(AMOUNTS, AMOUNTS)
def test_every_amount_that_is_kept_can_be_held_against_its_target(
    target: Decimal, projected: Decimal
) -> None:
    of = Assessment(
        dimension=OutcomeDimension.SALE, at=MONDAY, projected_amount=Money(projected, "EUR")
    )
    sale = SaleTarget(product="Line 3", amount=Money(target, "EUR"))
    desired = DesiredOutcome(statement="Sell", sale=sale, tolerance=Tolerance())
    outcome = Outcome(desired=desired, stated_at=MONDAY, progress={(of.dimension, None): of})
    [found] = drift(outcome)

    assert found.off.is_finite()


def test_a_figure_need_not_be_known() -> None:
    assert Metric(metric_id=FIGURE, name="Scrap", unit="percent").target is None
