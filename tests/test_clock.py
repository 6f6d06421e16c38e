"""The clock: every day that turned is in the log, once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from opps.clock import Ticker, held_clock, tick
from opps.domain.clock import clock_stream, days_turned
from opps.domain.events import DayTurned
from opps.domain.times import UnreadableTime, zone_of
from opps.eventstore import Log, LogSettings, register_tenant
from opps.recording import codec
from tests.domain.given import DEAL, opened
from tests.projections.support import Teller
from tests.support import eventually

MADRID = "Europe/Madrid"
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def tenant(database: str) -> UUID:
    """Return a registered tenant."""
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    """Yield the open log of the test's database."""
    with Log(LogSettings(url=database, durable=False)) as opened_log:
        yield opened_log


def days(log: Log, tenant: UUID) -> list[date]:
    """Return the days of a tenant's clock."""
    ticks = [codec.decode(one).event for one in log.stream(tenant, clock_stream(tenant))]
    return [one.day for one in ticks if isinstance(one, DayTurned)]


def test_no_day_has_turned_before_midnight() -> None:
    late = datetime(2026, 1, 1, 22, 59, 59, tzinfo=UTC)

    assert days_turned(NEW_YEAR, late, zone_of(MADRID)) == []


def test_a_day_turns_at_local_midnight() -> None:
    midnight = datetime(2026, 1, 1, 23, tzinfo=UTC)

    assert days_turned(NEW_YEAR, midnight, zone_of(MADRID)) == [date(2026, 1, 2)]
    assert days_turned(NEW_YEAR, midnight, zone_of("UTC")) == []


def test_every_missed_day_turns_also_over_a_change_of_clocks() -> None:
    later = datetime(2026, 3, 30, 0, tzinfo=UTC)

    assert days_turned(date(2026, 3, 27), later, zone_of(MADRID)) == [
        date(2026, 3, 28),
        date(2026, 3, 29),
        date(2026, 3, 30),
    ]


def test_an_empty_log_has_no_clock(log: Log, tenant: UUID) -> None:
    assert tick(log, tenant, MADRID, datetime.now(UTC)) == []
    assert log.head(tenant) is not None
    assert days(log, tenant) == []


def test_the_clock_starts_with_the_day_after_the_first_event(log: Log, tenant: UUID) -> None:
    Teller(log, tenant).tell(DEAL, opened)
    today = datetime.now(UTC).date()

    assert tick(log, tenant, "UTC", datetime.now(UTC)) == []
    tick(log, tenant, "UTC", datetime.now(UTC) + timedelta(days=3))

    assert days(log, tenant) == [today + timedelta(days=number) for number in (1, 2, 3)]


def test_a_day_turns_once_however_often_the_clock_is_asked(log: Log, tenant: UUID) -> None:
    Teller(log, tenant).tell(DEAL, opened)
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    assert len(tick(log, tenant, "UTC", tomorrow)) == 1
    assert tick(log, tenant, "UTC", tomorrow) == []
    assert len(days(log, tenant)) == 1


def test_a_clock_that_is_held_stands_still(log: Log, tenant: UUID, database: str) -> None:
    Teller(log, tenant).tell(DEAL, opened)
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    with held_clock(database, tenant):
        assert tick(log, tenant, "UTC", tomorrow) == []
    assert len(tick(log, tenant, "UTC", tomorrow)) == 1


def test_a_zone_that_is_none_is_refused(log: Log, tenant: UUID) -> None:
    with pytest.raises(UnreadableTime, match="Atlantis"):
        tick(log, tenant, "Atlantis", datetime.now(UTC))


def test_the_ticker_keeps_the_clock_going(log: Log, tenant: UUID) -> None:
    Teller(log, tenant).tell(DEAL, opened)

    with Ticker(log, lambda: [tenant], now=lambda: datetime.now(UTC) + timedelta(days=2)):
        eventually(lambda: len(days(log, tenant)) == 2)
