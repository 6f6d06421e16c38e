"""Work on a tenant's log that several share, or one does alone."""

from uuid import UUID, uuid4

import psycopg
import pytest

from opps.eventstore import Log, LogUnavailable
from opps.eventstore.turns import turn
from tests.eventstore.support import settings

WORK, OTHER_WORK = 1, 2


def test_several_share_a_turn_and_nobody_is_alone_beside_them(log: Log, tenant: UUID) -> None:
    with (
        log.turn(tenant, WORK, "one", alone=False) as one,
        log.turn(tenant, WORK, "other", alone=False) as other,
        log.turn(tenant, WORK, "alone", alone=True) as alone,
    ):
        assert (one, other, alone) == (True, True, False)


def test_who_is_alone_keeps_others_out_of_this_work_and_tenant_only(log: Log, tenant: UUID) -> None:
    begins_alike = UUID(bytes=tenant.bytes[:8] + uuid4().bytes[8:])
    with log.turn(tenant, WORK, "alone", alone=True) as alone:
        with log.turn(tenant, WORK, "shared", alone=False) as shared:
            assert (alone, shared) == (True, False)
        with (
            log.turn(tenant, OTHER_WORK, "other work", alone=True) as other,
            log.turn(begins_alike, WORK, "other tenant", alone=True) as elsewhere,
        ):
            assert (other, elsewhere) == (True, True)
    with log.turn(tenant, WORK, "after", alone=True) as after:
        assert after


def test_whoever_loses_the_connection_gives_the_turn_back(
    log: Log, tenant: UUID, database: str
) -> None:
    killing = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE application_name = 'killed' AND datname = current_database()"
    )
    with log.turn(tenant, WORK, "killed", alone=True):
        with psycopg.connect(database) as connection:
            assert connection.execute(killing).fetchall() == [(True,)]
        with log.turn(tenant, WORK, "next", alone=True) as ours:
            assert ours


def test_a_database_that_is_away_is_told_as_such(tenant: UUID) -> None:
    nowhere = settings("host=127.0.0.1 port=1 dbname=none")

    with pytest.raises(LogUnavailable), turn(nowhere, tenant, WORK, "nobody", alone=True):
        pass
