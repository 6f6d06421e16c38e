"""Nothing acknowledged is lost, however often server and database are killed."""

import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore import Log, LogSettings, UnsafeDatabase, register_tenant
from opps.eventstore.migrations import migrate
from tests.crash.kill9 import run_cycles
from tests.eventstore.support import append

CYCLES = int(os.environ.get("OPPS_CRASH_CYCLES", "50"))
APPENDS = 200
# The server writes down what was committed only every so often: that is what can be lost.
UNSAFE = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1_800)]


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    found = run_cycles(CYCLES, tmp_path)
    print(found)

    assert sum(found.kills.values()) == CYCLES
    assert found.acknowledged > CYCLES
    assert found.sound, found


def test_commands_in_doubt_were_among_them(tmp_path: Path) -> None:
    """A control: kills that never hit a command under way would show nothing."""
    found = run_cycles(12, tmp_path, seed=2)

    assert found.replayed > 0


@pytest.mark.parametrize(("settings", "loses"), [({}, False), (UNSAFE, True)])
def test_a_database_that_does_not_wait_for_its_disk_does_lose(
    tmp_path: Path, settings: dict[str, str], loses: bool
) -> None:
    """The control: the same kill takes acknowledged events where a setting is off."""
    server = EmbeddedPostgres(tmp_path / "postgres", settings=settings)
    with server:
        migrate(server.conninfo())
        tenant = register_tenant(server.conninfo(), uuid4(), "acme")
    server.start()
    try:
        acknowledged = _append_and_kill(server, tenant)
        server.start()

        with Log(LogSettings(url=server.conninfo(), durable=False)) as log:
            head = log.head(tenant)
    finally:
        server.stop()
    assert head is not None
    assert (head.size < acknowledged) is loses


def test_such_a_database_is_refused(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "postgres", settings=UNSAFE) as server:
        migrate(server.conninfo())

        with pytest.raises(UnsafeDatabase, match="synchronous_commit is off"):
            Log(LogSettings(url=server.conninfo()))


def _append_and_kill(server: EmbeddedPostgres, tenant: UUID) -> int:
    """Return how many events were acknowledged before the kill."""
    with Log(LogSettings(url=server.conninfo(), durable=False)) as log:
        acknowledged = sum(log.append_now(append(tenant)).count for _ in range(APPENDS))
        server.kill()
    return acknowledged
