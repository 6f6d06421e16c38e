"""The read side: lists in order, pages without gaps, and reading what one has just written."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from msgspec.structs import replace

from opps.domain.events import AmountEstimated, CommitBasis, CommitDateSet
from opps.domain.opportunity.state import Status
from opps.eventstore import Log, register_tenant
from opps.projections.listing import BoardFilter, BoardKey, BoardOrder
from opps.projections.projector import Projector, catch_up
from opps.projections.registry import PROJECTIONS
from opps.projections.score_trend import ScoreCursor
from opps.projections.views import Views
from tests.domain.given import (
    ACCOUNT,
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
from tests.projections.support import Teller, account_registered, deals, run, settings

DEALS = deals(5)
START = ScoreCursor(0, 0)


def terminate(application: str) -> str:
    return (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE application_name = '{application}' AND datname = current_database()"
    )


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Views]:
    """Yield the read side of the test's database."""
    async with Views(database, connections=2) as opened_views:
        yield opened_views


@pytest.fixture
def told(database: str, log: Log, teller: Teller) -> Teller:
    """Project five deals of which some have amounts, dates and facts, and others have not."""
    teller.tell(ACCOUNT, account_registered("Halden Foods"))
    for number, deal in enumerate(DEALS):
        teller.tell(deal, replace(opened, title=f"Line {number % 3}"))
        if number % 2:
            teller.tell(deal, AmountEstimated(learned=at(MONDAY), amount=euros(1000 * number)))
    promised = CommitDateSet(
        learned=at(MONDAY), commit_date=date(2026, 6, 30), basis=CommitBasis.OURS
    )
    teller.tell(DEALS[1], promised, lost)
    teller.tell(DEALS[2], cfo_known, learned(budget(80_000), on=MONDAY, source=said_by(CFO)))
    teller.tell(DEALS[2], replace(opened, title="twice"))
    catch_up(log, settings(database))
    return teller


async def all_pages(views: Views, tenant: UUID, order: BoardOrder, descending: bool) -> list[UUID]:
    found: list[UUID] = []
    key: BoardKey | None = None
    while page := await views.board(tenant, order=order, after=key, limit=2, descending=descending):
        found += [one.board.opportunity_id for one in page]
        key = page[-1].key
    return found


@pytest.mark.parametrize("order", BoardOrder)
async def test_pages_in_any_order_show_everything_once(
    views: Views, tenant: UUID, told: Teller, order: BoardOrder
) -> None:
    falling = await all_pages(views, tenant, order, True)
    rising = await all_pages(views, tenant, order, False)

    assert sorted(falling) == sorted(DEALS)
    assert rising == falling[::-1]


async def test_what_has_no_amount_comes_behind_all_that_have(
    views: Views, tenant: UUID, told: Teller
) -> None:
    page = await views.board(tenant, order=BoardOrder.AMOUNT)

    assert [one.board.amount for one in page] == [3000, 1000, None, None, None]


async def test_a_row_knows_its_account_and_its_score(
    views: Views, tenant: UUID, told: Teller
) -> None:
    [row] = await views.board(tenant, BoardFilter(ids=[DEALS[2]]))

    assert (row.board.title, row.account_name) == ("Line 2", "Halden Foods")
    assert row.score is not None
    assert row.score.p > 0.2475


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (BoardFilter(), 5),
        (BoardFilter(statuses=[Status.LOST]), 1),
        (BoardFilter(statuses=[]), 0),
        (BoardFilter(accounts=[ACCOUNT]), 5),
        (BoardFilter(owners=[CFO]), 0),
        (BoardFilter(min_amount=euros(1000).amount), 2),
        (BoardFilter(min_amount=euros(1001).amount), 1),
        (BoardFilter(max_amount=euros(999).amount), 0),
        (BoardFilter(min_probability=0.25), 1),
        (BoardFilter(commit_from=date(2026, 6, 30), commit_until=date(2026, 6, 30)), 1),
        (BoardFilter(commit_from=date(2026, 7, 1)), 0),
        (BoardFilter(currency="USD"), 0),
        (BoardFilter(search="LINE 1"), 2),
        (BoardFilter(search="halden"), 5),
        (BoardFilter(search="%"), 0),
        (BoardFilter(search="Line _"), 0),
        (BoardFilter(search=" "), 5),
    ],
)
async def test_a_filter_lets_through_what_it_says(
    views: Views, tenant: UUID, told: Teller, wanted: BoardFilter, found: int
) -> None:
    assert await views.count(tenant, wanted) == found
    assert len(await views.board(tenant, wanted)) == found


async def test_accounts_and_persons_go_on_behind_one(
    views: Views, tenant: UUID, told: Teller
) -> None:
    [halden] = await views.accounts(tenant, search="foods")

    assert halden.account_id == ACCOUNT
    assert await views.accounts(tenant, after=halden) == []
    assert await views.accounts(tenant, ids=[CFO]) == []
    assert await views.persons(tenant) == []


async def test_score_items_go_on_behind_a_cursor(views: Views, tenant: UUID, told: Teller) -> None:
    items = await views.score_items(tenant, START)

    assert [item.cursor for item in items] == sorted(item.cursor for item in items)
    assert {item.opportunity_id for item in items} == set(DEALS)
    assert await views.score_items(tenant, items[2].cursor) == items[3:]
    own = await views.score_trend(tenant, DEALS[2])
    assert own == [item for item in items if item.opportunity_id == DEALS[2]]
    assert await views.score_trend(tenant, DEALS[2], own[0].cursor) == own[1:]
    [now] = await views.scores(tenant, [DEALS[2]])
    assert (now.p, now.position) == (own[-1].p, own[-1].position)


def test_a_score_cursor_reads_as_it_is_written() -> None:
    assert ScoreCursor.read(str(ScoreCursor(17, 4))) == ScoreCursor(17, 4)
    assert ScoreCursor.read("17") < ScoreCursor.read("17.1") < ScoreCursor.read("18")


async def test_another_tenant_sees_nothing(
    views: Views, tenant: UUID, told: Teller, database: str
) -> None:
    rival = register_tenant(database, uuid4(), "rival")

    assert len(await views.board(tenant)) == 5
    assert await views.board(rival) == []
    assert await views.board(rival, BoardFilter(ids=[DEALS[0]])) == []
    assert await views.score_items(rival, START) == []
    assert await views.position(rival) == 0


async def test_what_was_written_can_be_waited_for_and_read(
    views: Views, tenant: UUID, teller: Teller, log: Log, database: str
) -> None:
    with Projector(log, settings(database)):
        for deal in DEALS:
            position = await asyncio.to_thread(teller.tell, deal, opened)
            assert await views.at_least(tenant, position, 10)
            assert await views.board(tenant, BoardFilter(ids=[deal]))
            for projection in PROJECTIONS:
                assert await views.position(tenant, projection.name) >= position


async def test_a_position_that_nobody_wrote_is_not_waited_for_for_ever(
    views: Views, tenant: UUID, told: Teller
) -> None:
    assert not await views.at_least(tenant, 1_000, 0.05)


async def test_a_change_wakes_whoever_waits_for_one(
    views: Views, tenant: UUID, told: Teller, log: Log, database: str
) -> None:
    seen = await views.position(tenant)
    assert not await views.wait_for_change(tenant, 0.05, seen)

    waiting = asyncio.create_task(views.wait_for_change(tenant, 10, seen))
    with Projector(log, settings(database)):
        await asyncio.to_thread(told.tell, DEALS[0], lost)

        assert await waiting
    assert await views.wait_for_change(tenant, 0.05, seen)


async def test_reads_and_waits_recover_from_lost_connections(
    views: Views, tenant: UUID, told: Teller, log: Log, database: str
) -> None:
    assert await views.count(tenant) == 5

    run(database, "NOTIFY opps_views, 'nonsense'")
    run(database, terminate("opps views"), terminate("opps news"))

    assert await views.count(tenant) == 5
    position = await asyncio.to_thread(told.tell, DEALS[0], lost)
    await asyncio.to_thread(catch_up, log, settings(database))
    assert await views.at_least(tenant, position, 10)
