"""What a forecast may come to: an interval that widens with doubt, and is the same every time."""

from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from msgspec.structs import replace

from opps.domain.forecasting.lines import Line
from opps.learning.totals import Range, Total, total_of

SALES = UUID("00000000-0000-4000-8000-0000000005a1")


def deals(count: int, amount: int = 1_000, p: float = 0.5, width: float = 0.0) -> list[Line]:
    """Return open opportunities that are all alike."""
    return [
        Line(
            opportunity_id=uuid5(SALES, str(number)),
            owner=SALES,
            currency="EUR",
            category=None,
            commit_date=None,
            amount=Decimal(amount),
            won=False,
            p=p,
            low=p - width / 2,
            high=p + width / 2,
        )
        for number in range(count)
    ]


def test_the_same_forecast_has_the_same_interval_every_time() -> None:
    lines = deals(30, width=0.4)

    assert total_of(lines) == total_of(list(reversed(lines)))


def test_the_ids_of_opportunities_do_not_matter() -> None:
    lines = [*deals(5, width=0.4), *deals(5, amount=7_000, p=0.3)]
    others = [replace(one, opportunity_id=uuid5(SALES, repr(one))) for one in lines]

    assert total_of(others) == total_of(lines)


CERTAIN = Range(3_000.0, 3_000.0, 3_000.0)
NOTHING = Range(0.0, 0.0, 0.0)


def test_what_is_won_is_certain() -> None:
    won = [replace(one, won=True) for one in deals(3)]

    assert total_of(won) == Total(CERTAIN, CERTAIN)


def test_nothing_and_what_has_no_amount_come_to_nothing() -> None:
    assert total_of([]) == Total(NOTHING, NOTHING)
    assert total_of([replace(one, amount=None) for one in deals(3)]) == Total(NOTHING, NOTHING)


def test_many_even_chances_come_to_about_half_within_the_binomial_interval() -> None:
    outcome = total_of(deals(400)).outcome

    # 80 % of a binomial of 400 even chances lies within 1.2816 times its sd of 10.
    assert outcome.median == pytest.approx(200_000, abs=1_500)
    assert outcome.low == pytest.approx(187_200, abs=2_000)
    assert outcome.high == pytest.approx(212_800, abs=2_000)


def test_one_opportunity_is_expected_to_be_worth_what_its_own_interval_says() -> None:
    expected = total_of(deals(1, p=0.5, width=0.6)).expected

    assert expected.low == pytest.approx(200, abs=10)
    assert expected.median == pytest.approx(500, abs=10)
    assert expected.high == pytest.approx(800, abs=10)


def test_knowing_more_narrows_what_is_expected_and_not_what_chance_does() -> None:
    known, unknown = total_of(deals(40, width=0.02)), total_of(deals(40, width=0.8))

    assert _width(known.expected) < _width(unknown.expected) / 10
    assert _width(known.outcome) == pytest.approx(_width(unknown.outcome), rel=0.1)


def _width(of: Range) -> float:
    return of.high - of.low
