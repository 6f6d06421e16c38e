"""A log that ends earlier is what the whole log was when it ended there."""

from uuid import UUID, uuid4

import pytest

from opps.application.places import position_at
from opps.eventstore import Log, LogHead
from opps.eventstore.until import LogUntil
from tests.eventstore.support import append

STREAMS = [UUID(int=number) for number in (1, 2, 3)]


@pytest.fixture
def grown(log: Log, tenant: UUID) -> Log:
    """Return a log of nine events, in three streams by turns."""
    for version in range(3):
        for stream in STREAMS:
            log.append_now(append(tenant, stream, expected=version - 1))
    return log


def until(log: Log, tenant: UUID, position: int) -> LogUntil:
    """Return the log as it was when it ended at a position."""
    events = log.read(tenant, 0, 100)
    head = log.head(tenant)
    assert head is not None
    at = events[position - 1].recorded_at if position else head.recorded_at
    return LogUntil(log, tenant, LogHead(position, at))


@pytest.mark.parametrize("position", range(10))
def test_it_reads_as_the_whole_log_did_when_it_ended_there(
    grown: Log, tenant: UUID, position: int
) -> None:
    ended = until(grown, tenant, position)
    first = grown.read(tenant, 0, position) if position else []
    head = ended.head(tenant)

    assert head is not None
    assert head.size == position
    assert ended.read(tenant, 0, 100) == first
    assert ended.read(tenant, 2, 2, until=7) == [one for one in first if 3 <= one.position <= 4]
    assert ended.streams(tenant, STREAMS[:2]) == [one for one in first if one.stream in STREAMS[:2]]
    for stream in STREAMS:
        own = [one for one in first if one.stream == stream]
        assert ended.stream(tenant, stream) == own
        assert ended.stream(tenant, stream, newest_first=True, limit=1) == own[::-1][:1]


@pytest.mark.parametrize("position", range(1, 10))
def test_an_instant_lies_where_it_did_and_a_later_one_at_the_end(
    grown: Log, tenant: UUID, position: int
) -> None:
    ended = until(grown, tenant, position)
    events = grown.read(tenant, 0, 100)

    for one in events:
        assert position_at(ended, tenant, one.recorded_at) == min(one.position, position)


def test_it_is_the_log_of_one_tenant_only(grown: Log, tenant: UUID) -> None:
    ended = until(grown, tenant, 5)

    with pytest.raises(AssertionError, match="own tenant"):
        ended.read(uuid4(), 0, 1)
