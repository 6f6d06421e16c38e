"""Reading the log by position, by stream and by command."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from opps.eventstore import Log, LogUnavailable, register_tenant
from tests.eventstore.support import append, rows, settings


@pytest.fixture
def stream(log: Log, tenant: UUID) -> UUID:
    """Return a stream of five events, at positions 1 to 3, 5 and 6; position 4 is another's."""
    stream = uuid4()
    log.append_now(append(tenant, stream, events=3, tag="first"))
    log.append_now(append(tenant, tag="other"))
    log.append_now(append(tenant, stream, expected=2, events=2, tag="last"))
    return stream


@pytest.mark.parametrize(
    ("after", "limit", "until", "expected"),
    [
        (0, 10, None, [1, 2, 3, 4, 5, 6]),
        (0, 2, None, [1, 2]),
        (4, 10, None, [5, 6]),
        (6, 10, None, []),
        (1, 10, 4, [2, 3, 4]),
        (1, 2, 4, [2, 3]),
    ],
)
def test_the_log_is_read_by_position(
    log: Log,
    tenant: UUID,
    stream: UUID,
    after: int,
    limit: int,
    until: int | None,
    expected: list[int],
) -> None:
    assert [e.position for e in log.read(tenant, after, limit, until=until)] == expected


def test_the_log_is_read_by_tag(log: Log, tenant: UUID, stream: UUID) -> None:
    read = log.read(tenant, 0, 10, tags=["other", "last", "unknown"])

    assert [event.position for event in read] == [4, 5, 6]


def test_a_stream_is_read_from_behind_a_version(log: Log, tenant: UUID, stream: UUID) -> None:
    def versions(after: int = -1, until: int | None = None, *, newest: bool = False) -> list[int]:
        read = log.stream(tenant, stream, after, until_version=until, newest_first=newest)
        return [event.version for event in read]

    assert versions() == [0, 1, 2, 3, 4]
    assert versions(2) == [3, 4]
    assert versions(0, 2) == [1, 2]
    assert versions(4) == []
    assert versions(newest=True) == [4, 3, 2, 1, 0]
    assert [e.version for e in log.stream(tenant, stream, newest_first=True, limit=1)] == [4]


def test_streams_are_merged_in_order_of_the_log(log: Log, tenant: UUID, stream: UUID) -> None:
    [other] = log.read(tenant, 3, 1)

    merged = log.streams(tenant, [other.stream, stream, uuid4(), stream])

    assert [event.position for event in merged] == [1, 2, 3, 4, 5, 6]
    assert log.streams(tenant, []) == []


def test_one_tenant_reads_nothing_of_another(
    database: str, log: Log, tenant: UUID, stream: UUID
) -> None:
    other = register_tenant(database, uuid4(), "other")
    [command_id] = {event.command_id for event in log.read(tenant, 3, 1)}

    assert log.read(other, 0, 10) == []
    assert log.stream(other, stream) == []
    assert log.streams(other, [stream]) == []
    assert log.command(other, command_id) is None


def test_the_head_tells_size_and_last_instant(log: Log, tenant: UUID, stream: UUID) -> None:
    head = log.head(tenant)

    assert head is not None
    assert (head.size, head.recorded_at) == (6, log.read(tenant, 5, 1)[0].recorded_at)
    assert log.head(uuid4()) is None


def test_a_tenant_is_found_by_its_slug(log: Log, tenant: UUID) -> None:
    assert log.find_tenant("acme") == tenant
    assert log.find_tenant("nobody") is None


async def test_reads_run_beside_an_event_loop(log: Log, tenant: UUID, stream: UUID) -> None:
    read = await log.aside(log.stream, tenant, stream, 3)

    assert [event.version for event in read] == [4]


def test_reads_share_a_bounded_number_of_connections(database: str, tenant: UUID) -> None:
    count = (
        "SELECT count(*)::int FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'opps reader'"
    )
    with Log(msgspec.structs.replace(settings(database), read_connections=2)) as log:
        together = Barrier(2)

        def read(_reader: int) -> int:
            together.wait()
            return len([log.head(tenant) for _ in range(20)])

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(read, range(8))) == [20] * 8
        assert rows(database, count) <= [(2,)]


def test_a_reader_that_gets_no_connection_says_so(database: str, tenant: UUID) -> None:
    hurried = msgspec.structs.replace(settings(database), read_connections=1, patience_s=0.1)
    with Log(hurried) as log:

        def read_within(_connection: psycopg.Connection) -> object:
            return log.head(tenant)

        with pytest.raises(LogUnavailable, match="busy"):
            log.run(read_within)
        assert log.head(tenant) is not None
