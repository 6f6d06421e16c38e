"""What never was one of ours is gone from every list of today, and stays in those of the past."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from opps.domain.coaching.indicators import Indicator
from opps.domain.events import (
    AmountEstimated,
    CommitBasis,
    CommitDateSet,
    ExceptionCause,
    ExceptionRaised,
    FactRetracted,
    ImportTakenBack,
    OpportunityWithdrawn,
    RetractionReason,
    StageSet,
    ValuesBefore,
)
from opps.domain.opportunity.state import Status
from opps.eventstore import Log
from opps.learning.moments import Silent, lesson
from opps.projections import found_wrong, inbox, indicators
from opps.projections.closings import COMPARABLE, EVER, comparable
from opps.projections.forecasting import ForecastWanted
from opps.projections.inbox import InboxFilter
from opps.projections.indicators import Span
from opps.projections.listing import BoardFilter, BoardOrder
from opps.projections.past import Look
from opps.projections.past_views import PastViews
from opps.projections.projector import catch_up
from opps.projections.scopes import Until
from opps.projections.verify import verify
from opps.projections.views import Views
from tests.domain.given import (
    ACCOUNT,
    FRIDAY,
    MONDAY,
    SELLER,
    THURSDAY,
    TUESDAY,
    at,
    budget,
    euros,
    learned,
    named,
    opened,
    said_by,
    won,
)
from tests.projections.conftest import Show
from tests.projections.support import Teller, account_registered, deals, settings

OPEN_ONE, WON_ONE, OURS = deals(3)
EVERYTHING = BoardFilter()
IMPORT, WRONG = named("import"), "The wrong file"
withdrawn = OpportunityWithdrawn(learned=at(FRIDAY), import_id=IMPORT, reason=WRONG)
APRIL = ForecastWanted(
    first=date(2026, 4, 1),
    last=date(2026, 6, 30),
    begins=datetime(2026, 1, 1, tzinfo=UTC),
    ends=datetime(2026, 7, 1, tzinfo=UTC),
)


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Views]:
    """Yield the read side of the test's database."""
    async with Views(database, connections=2) as opened_views:
        yield opened_views


class Before:
    """Where the log ended before the import was reverted."""

    position: int


@pytest.fixture
def before(database: str, log: Log, teller: Teller) -> Before:
    """Tell of three deals, two of them imported by mistake, and take these back."""
    teller.tell(ACCOUNT, account_registered("Halden Foods"))
    heard = learned(budget(80_000), "heard", on=MONDAY, source=said_by(None))
    promised = CommitDateSet(
        learned=at(MONDAY), commit_date=date(2026, 5, 1), basis=CommitBasis.OURS
    )
    worth = AmountEstimated(learned=at(MONDAY), amount=euros(100))
    for deal in (OPEN_ONE, WON_ONE, OURS):
        teller.tell(deal, opened, worth, promised, heard)
    teller.tell(
        OPEN_ONE,
        FactRetracted(
            learned=at(TUESDAY), fact_id=named("heard"), reason=RetractionReason.MISHEARD
        ),
    )
    teller.tell(WON_ONE, won)
    teller.tell(
        uuid4(),
        ExceptionRaised(
            opportunity_id=OPEN_ONE,
            cause=ExceptionCause.WALK_AWAY,
            about=None,
            since=1,
            summary="Low for long",
        ),
    )
    where = Before()
    where.position = len(teller.history())
    for deal in (OPEN_ONE, WON_ONE):
        teller.tell(deal, withdrawn)
    catch_up(log, settings(database))
    return where


async def test_the_board_shows_it_no_more_unless_somebody_asks_for_it(
    views: Views, teller: Teller, before: Before
) -> None:
    tenant = teller.tenant

    assert [one.board.opportunity_id for one in await views.board(tenant)] == [OURS]
    assert await views.count(tenant) == 1
    gone = await views.board(tenant, BoardFilter(statuses=[Status.WITHDRAWN]))
    assert {one.board.opportunity_id for one in gone} == {OPEN_ONE, WON_ONE}
    assert {one.board.status for one in gone} == {Status.WITHDRAWN}


async def test_pipeline_and_forecast_count_it_no_more_and_did_before(
    views: Views, teller: Teller, before: Before
) -> None:
    past = PastViews(views.reading, teller.tenant)
    then = Look(position=before.position)

    now_worth, then_worth = [await past.sums(look, EVERYTHING) for look in (None, then)]
    now, earlier = [await past.forecast(look, APRIL, 100) for look in (None, then)]

    assert [(one.count, int(one.amount)) for one in now_worth.sums] == [(1, 100)]
    assert [(one.count, int(one.amount)) for one in then_worth.sums] == [(3, 300)]
    assert {row.opportunity_id for row in now.rows} == {OURS}
    assert {row.opportunity_id for row in earlier.rows} == {OPEN_ONE, WON_ONE, OURS}


@pytest.mark.parametrize("instant", [None, THURSDAY + timedelta(hours=1)])
async def test_a_list_of_an_earlier_day_shows_what_it_showed(
    views: Views, teller: Teller, before: Before, instant: datetime | None
) -> None:
    past = PastViews(views.reading, teller.tenant)
    told_by = before.position if instant is None else len(teller.history())
    look = Look(position=told_by, known_at=instant)

    page = await past.page(look, EVERYTHING, BoardOrder.TITLE, None, 10, descending=False)

    shown = {one.row.opportunity_id: one.row.status for one in page.listed}
    assert shown == {OPEN_ONE: Status.OPEN, WON_ONE: Status.WON, OURS: Status.OPEN}


async def test_the_list_as_of_after_the_revert_is_the_one_of_now(
    views: Views, teller: Teller, before: Before
) -> None:
    past = PastViews(views.reading, teller.tenant)
    look = Look(position=len(teller.history()))

    page = await past.page(look, EVERYTHING, BoardOrder.TITLE, None, 10, descending=False)

    assert [one.row.opportunity_id for one in page.listed] == [OURS]


async def test_the_trend_of_the_portfolio_is_that_of_what_is_ours(
    views: Views, teller: Teller, before: Before
) -> None:
    today = datetime.now(UTC).date() + timedelta(days=1)
    end = datetime.now(UTC) + timedelta(days=1)

    [day] = await views.portfolio(teller.tenant, EVERYTHING, {today: end})

    assert day.open == 1


async def test_a_won_one_that_never_was_ours_teaches_nothing(
    views: Views, teller: Teller, before: Before, show: Show
) -> None:
    ends = {row["opportunity_id"]: row["outcome"] for row in show("closings")}
    asked = comparable(None, EVER)
    tallied = await views.reading.rows(teller.tenant, asked.query, asked.values)

    own = [one for one in teller.history() if one.stream == WON_ONE]
    assert ends[WON_ONE] == "WITHDRAWN"
    assert Status.WITHDRAWN not in COMPARABLE
    assert {one["found"] for one in tallied if one["value"] is None} <= {0}
    assert lesson(own) is Silent.WITHDRAWN
    assert await views.calibration(teller.tenant) == []


async def test_nobody_was_wrong_or_late_in_it(views: Views, teller: Teller, before: Before) -> None:
    reading, tenant = views.reading, teller.tenant
    now, then = (Until(position=one) for one in (len(teller.history()), before.position))
    since, until = MONDAY - timedelta(days=900), datetime.now(UTC) + timedelta(days=1)

    wrong = [await found_wrong.of_seller(reading, tenant, SELLER, one) for one in (now, then)]
    noted = [
        await found_wrong.noted(reading, tenant, SELLER, one.position, since, until)
        for one in (now, then)
    ]

    assert [len(one) for one in wrong] == [0, 1]
    assert [len(one) for one in noted] == [1, 3]


async def test_no_leading_indicator_counts_it(views: Views, teller: Teller, before: Before) -> None:
    around = Span(datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1))

    seen = await indicators.observed(views.reading, teller.tenant, SELLER, around)

    assert len(seen[Indicator.BUYER_SHARE]) == 1


async def test_its_exceptions_are_in_no_inbox_and_its_zones_are_closed(
    views: Views, teller: Teller, before: Before, show: Show
) -> None:
    reading, tenant = views.reading, teller.tenant

    assert await inbox.page(reading, tenant, InboxFilter(), FRIDAY.date()) == []
    assert await inbox.count(reading, tenant, InboxFilter()) == 0
    by_id = InboxFilter(opportunities=[OPEN_ONE])
    assert await inbox.count(reading, tenant, by_id) == 1
    zones = {row["opportunity_id"]: row["zones"] for row in show("danger_zones_now")}
    assert zones[OPEN_ONE] == zones[WON_ONE] == []
    assert zones[OURS]


def test_what_a_stage_said_before_an_import_is_said_again(teller: Teller, show: Show) -> None:
    before = ValuesBefore(stage="Offer", stage_default=0.4, seller_estimate=None)
    teller.tell(OURS, opened, StageSet(learned=at(MONDAY), stage="Offer", stage_default=0.4))
    teller.tell(OURS, StageSet(learned=at(TUESDAY), stage="Won", stage_default=1.0))
    teller.tell(
        OURS, ImportTakenBack(learned=at(FRIDAY), import_id=IMPORT, reason=WRONG, before=before)
    )

    assert [row["p"] for row in show("opinions")] == [0.4, 1.0, 0.4]


def test_rows_of_what_was_withdrawn_are_those_of_the_fold(
    database: str, log: Log, teller: Teller, before: Before
) -> None:
    verdict = verify(log, settings(database), teller.tenant)

    assert (verdict.difference, verdict.parked) == (None, 0)
