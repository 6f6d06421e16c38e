"""The portfolio, day by day: what was open, and what was believed of it by the end of that day."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
import pytest_asyncio
from msgspec.structs import replace

from opps.domain.events import AmountEstimated, OpportunityRenamed, OpportunityReopened
from opps.domain.score import NOTHING_KNOWN
from opps.eventstore import Log
from opps.projections.listing import BoardFilter
from opps.projections.portfolio import PortfolioDay, Worth
from opps.projections.projector import catch_up
from opps.projections.views import EVERYTHING, Views
from tests.domain.given import (
    CFO,
    MONDAY,
    at,
    budget,
    cfo_known,
    euros,
    learned,
    lost,
    opened,
    said_by,
)
from tests.projections.conftest import Show
from tests.projections.support import Teller, deals, run, settings

ONE, OTHER, AMERICAN = deals(3)
MARCH_1 = date(2026, 3, 1)
P = Decimal("0.2475")


def end(day: int) -> datetime:
    """Return the end of a day in March."""
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day)


def until(*days: int) -> Mapping[date, datetime]:
    return {date(2026, 3, day): end(day) for day in days}


def worth(amount: int) -> AmountEstimated:
    return AmountEstimated(learned=at(MONDAY), amount=euros(amount))


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Views]:
    """Yield the read side of the test's database."""
    async with Views(database, connections=2) as opened_views:
        yield opened_views


@pytest.fixture
def told(database: str, log: Log, teller: Teller) -> Teller:
    """Project two deals in euros, told on days of March, of which one ends and goes on."""
    again = OpportunityReopened(learned=at(MONDAY), reason="They called back")
    when = {
        teller.tell(ONE, opened): end(1),  # at the very end of 1 March
        teller.tell(ONE, worth(1000)): end(2),
        teller.tell(OTHER, opened): end(3) - timedelta(microseconds=1),
        teller.tell(OTHER, worth(200)): end(4),
        teller.tell(ONE, lost): end(5),
        teller.tell(ONE, again): end(7),
    }
    catch_up(log, settings(database))
    for position, instant in when.items():
        run(
            database,
            f"UPDATE opps_views.portfolio SET told_at = '{instant.isoformat()}'"
            f" WHERE position = {position}",
        )
    return teller


async def test_each_day_shows_what_was_told_before_it_ended(
    views: Views, tenant: UUID, told: Teller
) -> None:
    days = await views.portfolio(tenant, EVERYTHING, until(*range(1, 10)))

    # What is told at the very end of a day belongs to the next one.
    assert [(one.day.day, one.open, one.sum_p) for one in days] == [
        (1, 0, 0),
        (2, 1, P),
        (3, 2, 2 * P),
        (4, 2, 2 * P),
        (5, 2, 2 * P),
        (6, 1, P),
        (7, 1, P),
        (8, 2, 2 * P),
        (9, 2, 2 * P),
    ]


async def test_the_expected_value_is_the_sum_of_amounts_times_probabilities(
    views: Views, tenant: UUID, told: Teller
) -> None:
    days = await views.portfolio(tenant, EVERYTHING, until(1, 2, 3, 5, 6, 8))

    assert [one.worth for one in days] == [
        [],
        [Worth("EUR", 1, 1, Decimal(0), Decimal(0))],
        [Worth("EUR", 2, 1, Decimal(1000), 1000 * P)],
        [Worth("EUR", 2, 0, Decimal(1200), 1200 * P)],
        [Worth("EUR", 1, 0, Decimal(200), 200 * P)],
        [Worth("EUR", 2, 0, Decimal(1200), 1200 * P)],
    ]


async def test_amounts_of_two_currencies_are_never_added(
    database: str, log: Log, views: Views, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened, worth(1000))
    teller.tell(AMERICAN, replace(opened, currency="USD"))
    catch_up(log, settings(database))

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    [day] = await views.portfolio(tenant, EVERYTHING, {MARCH_1: tomorrow})

    assert (day.open, day.sum_p) == (2, 2 * P)
    assert [(one.currency, one.open, one.without_amount) for one in day.worth] == [
        ("EUR", 1, 0),
        ("USD", 1, 1),
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EVERYTHING, 2),
        (BoardFilter(ids=[OTHER]), 1),
        (BoardFilter(min_amount=Decimal(200)), 2),
        (BoardFilter(min_amount=Decimal(201)), 1),
        (BoardFilter(max_amount=Decimal(199)), 0),
        (BoardFilter(currency="USD"), 0),
        (BoardFilter(owners=[]), 0),
    ],
)
async def test_only_opportunities_that_are_wanted_count(
    views: Views, tenant: UUID, told: Teller, wanted: BoardFilter, found: int
) -> None:
    [day] = await views.portfolio(tenant, wanted, until(9))

    assert day.open == found


async def test_another_tenant_s_opportunities_do_not_count(views: Views, told: Teller) -> None:
    [day] = await views.portfolio(CFO, EVERYTHING, until(9))

    assert day == PortfolioDay(day=date(2026, 3, 9), open=0, sum_p=Decimal(0), worth=[])


async def test_what_is_believed_moves_the_portfolio_and_a_new_title_does_not(
    database: str, log: Log, views: Views, tenant: UUID, teller: Teller, show: Show
) -> None:
    told = learned(budget(80_000), source=said_by(CFO))
    renamed = OpportunityRenamed(learned=at(MONDAY), title="Line 4")
    teller.tell(ONE, opened, cfo_known, told, renamed)

    rows = show("portfolio")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    [day] = await views.portfolio(tenant, EVERYTHING, {MARCH_1: tomorrow})

    assert [row["p"] for row in rows] == [NOTHING_KNOWN.p, pytest.approx(0.29875, abs=1e-5)]
    assert float(day.sum_p) == pytest.approx(rows[-1]["p"], abs=1e-14)
    assert all(one["position"] < other["position"] for one, other in pairwise(rows))


async def test_time_moves_the_portfolio(
    views: Views, tenant: UUID, teller: Teller, show: Show
) -> None:
    teller.tell(ONE, opened, cfo_known, learned(budget(80_000), source=said_by(CFO)))
    position = teller.turn(date(2026, 12, 1))

    row = show("portfolio")[-1]

    assert row["position"] == position
    assert row["p"] < 0.29
