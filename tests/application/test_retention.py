"""Saved reads are kept for so many days, to the microsecond, and then deleted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from opps.application.retention import forget_old_reads, forgetting
from opps.eventstore import Log, register_tenant
from opps.eventstore.reads import find_reads, save_reads
from tests.eventstore.support import settings
from tests.eventstore.test_reads import read
from tests.support import eventually

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
LIMIT = NOW - timedelta(days=30)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    """Yield the open log of the test's database."""
    with Log(settings(database)) as opened:
        yield opened


def kept(log: Log, tenant: UUID) -> list[datetime]:
    return [one.read_at for one in log.run(lambda of: find_reads(of, tenant))]


def test_a_read_is_kept_for_thirty_days_and_not_a_moment_longer(log: Log, database: str) -> None:
    tenant = register_tenant(database, uuid4(), "acme")
    reads = [read(tenant, LIMIT - MOMENT), read(tenant, LIMIT), read(tenant, LIMIT + MOMENT)]
    log.run(lambda of: save_reads(of, reads))

    assert forget_old_reads(log, tenant, 30, NOW) == 1
    assert kept(log, tenant) == [LIMIT + MOMENT, LIMIT]
    assert forget_old_reads(log, tenant, 30, NOW) == 0
    assert forget_old_reads(log, tenant, 30, NOW + MOMENT) == 1


def test_it_is_done_round_by_round_for_every_tenant(log: Log, database: str) -> None:
    tenants = [register_tenant(database, uuid4(), name) for name in ("acme", "other")]
    for tenant in tenants:
        old, new = read(tenant, LIMIT - MOMENT), read(tenant, LIMIT)
        log.run(partial(save_reads, reads=(old, new)))

    with forgetting(log, lambda: tenants, 30, lambda: NOW):
        eventually(lambda: all(kept(log, one) == [LIMIT] for one in tenants))
