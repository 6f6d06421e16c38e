"""Leading indicators as they are read: of one seller, and of the others without their names."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.measuring import Compared, Observed
from opps.domain.coaching.reporting import IndicatorReport
from opps.domain.events import Event
from opps.domain.provenance import SourceKind
from opps.eventstore import Log
from opps.projections import indicators
from opps.projections.indicators import Span
from opps.projections.projector import catch_up
from opps.projections.verify import verify
from opps.projections.views import Views
from tests.domain.build import a_criterion
from tests.domain.danger import told
from tests.domain.given import CFO, SELLER, opened, won
from tests.projections.support import Teller, settings
from tests.projections.test_calibrating import Historian, day, estimate

NOW = datetime.now(UTC)
AROUND = Span(NOW - timedelta(days=1), NOW + timedelta(days=1))
OTHERS = [uuid4() for _ in range(3)]
Read = Callable[[UUID], dict[Indicator, IndicatorReport]]


@pytest.fixture
def read(database: str, log: Log, tenant: UUID) -> Read:
    """Return what projects everything told so far and reads the indicators of a seller."""

    async def ask(seller: UUID) -> list[IndicatorReport]:
        async with Views(database) as views:
            return await indicators.reports(views.reading, tenant, seller, AROUND)

    def run(seller: UUID) -> dict[Indicator, IndicatorReport]:
        catch_up(log, settings(database))
        assert verify(log, settings(database), tenant).difference is None
        return {one.now.indicator: one for one in asyncio.run(ask(seller))}

    return run


def facts(seller: UUID, said: int, of: int) -> list[Event]:
    """Return so many facts that a seller learned, of which the buyer said some."""
    sources = [SourceKind.BUYER_SAID] * said + [SourceKind.SELLER_OBSERVATION] * (of - said)
    return [
        told(a_criterion(uuid4()), by=CFO, source=source, to=seller, name=str(uuid4()))
        for source in sources
    ]


def test_a_seller_stands_beside_the_median_of_the_others(teller: Teller, read: Read) -> None:
    teller.tell(uuid4(), opened, *facts(SELLER, 2, 20))
    for other, said in zip(OTHERS, (12, 14, 18), strict=True):
        teller.tell(uuid4(), opened, *facts(other, said, 20))

    found = read(SELLER)[Indicator.BUYER_SHARE]

    assert (found.now.n, found.now.value) == (20, 0.1)
    assert (found.peers.peers, found.peers.value) == (3, 0.7)
    assert found.beside_peers is Compared.WORSE
    assert found.sentence == (
        "10 % of 20 cases (between 3 % and 26 %); not enough data of the time before; "
        "worse than 70 %, the median of 3 others."
    )


def test_others_of_whom_there_is_too_little_are_no_peers(teller: Teller, read: Read) -> None:
    teller.tell(uuid4(), opened, *facts(SELLER, 2, 20), *facts(OTHERS[0], 9, 9))

    found = read(SELLER)[Indicator.BUYER_SHARE]

    assert (found.peers.peers, found.peers.value) == (0, None)
    assert not found.is_gap
    assert found.sentence.endswith("fewer than 3 others to stand beside.")


def test_every_indicator_is_shown_and_says_where_there_is_too_little(read: Read) -> None:
    found = read(uuid4())

    assert list(found) == list(Indicator)
    assert {one.sentence for one in found.values()} == {
        "Not enough data: 0 cases, and it takes 10."
    }


def test_an_estimate_counts_as_it_stood_thirty_days_before_the_end(
    database: str, log: Log, tenant: UUID, read: Read
) -> None:
    told = (10, estimate(0.6, 10)), (80, estimate(0.9, 80))
    Historian(log, tenant).deal(won, *told, seller=OTHERS[0])
    read(SELLER)

    async def ask() -> indicators.ByIndicator:
        async with Views(database) as views:
            then = Span(day(0), day(101))
            return await indicators.observed(views.reading, tenant, OTHERS[0], then)

    [seen] = asyncio.run(ask())[Indicator.ESTIMATE_BRIER]
    assert seen.value == pytest.approx(0.16)


def test_peers_are_pooled_without_those_who_are_left_out(
    database: str, log: Log, tenant: UUID, teller: Teller, read: Read
) -> None:
    for one in (SELLER, *OTHERS):
        teller.tell(uuid4(), opened, *facts(one, 1, 2))
    read(SELLER)

    async def ask() -> list[Observed]:
        async with Views(database) as views:
            left_out = [SELLER, OTHERS[0]]
            share = Indicator.BUYER_SHARE
            return await indicators.pooled(views.reading, tenant, share, left_out, AROUND)

    assert [one.value for one in asyncio.run(ask())] == [1.0, 0.0, 1.0, 0.0]
