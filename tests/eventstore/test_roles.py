"""A plain login that is a member of the writer is all that a server needs."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from opps.eventstore import Log, UnsafeDatabase
from tests.eventstore.support import append, execute, settings


@pytest.fixture
def login(database: str) -> Iterator[str]:
    """Yield the name of a login without any rights of its own."""
    name = f"opps_login_{uuid4().hex}"
    execute(database, f"CREATE ROLE {name} LOGIN PASSWORD 'told'")
    yield name
    execute(database, f"DROP ROLE {name}")


def connected_as(database: str, login: str) -> str:
    return make_conninfo(database, user=login, password="told")


def test_a_member_of_the_writer_appends_and_reads(database: str, tenant: UUID, login: str) -> None:
    execute(database, f"GRANT opps_writer TO {login}")
    production = msgspec.structs.replace(settings(connected_as(database, login)), plain_roles=True)

    with Log(production) as log:
        log.append_now(append(tenant, events=2))

        assert [event.position for event in log.read(tenant, 0, 9)] == [1, 2]
        assert log.find_tenant("acme") == tenant


def test_a_login_that_bypasses_row_security_is_refused(database: str, login: str) -> None:
    execute(database, f"GRANT opps_writer TO {login}")
    execute(database, f"ALTER ROLE {login} BYPASSRLS")
    production = msgspec.structs.replace(settings(connected_as(database, login)), plain_roles=True)

    with pytest.raises(UnsafeDatabase, match=login):
        Log(production)


def test_a_login_that_is_no_member_can_do_nothing(database: str, tenant: UUID, login: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        Log(settings(connected_as(database, login)))
    with psycopg.connect(connected_as(database, login), autocommit=True) as stranger:
        for statement in ("SELECT opps.read_head({})", "SELECT * FROM opps.events"):
            with pytest.raises(InsufficientPrivilege):
                stranger.execute(sql.SQL(statement).format(tenant))
