"""However a database came to the newest revision, it is the same database."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from opps.embedded import EmbeddedPostgres
from opps.embedded.files import binary
from opps.eventstore import NewerDatabase, migrations
from tests.eventstore.support import execute


class Databases(Protocol):
    def __call__(self) -> str: ...


@pytest.fixture
def empty_database(postgres: "Server") -> Iterator[Databases]:
    """Yield a maker of empty databases."""
    made: list[str] = []
    admin = postgres.conninfo("postgres")

    def make() -> str:
        made.append(f"opps_empty_{uuid4().hex}")
        execute(admin, f"CREATE DATABASE {made[-1]} TEMPLATE template0")
        return postgres.conninfo(made[-1])

    yield make
    for name in made:
        execute(admin, f"DROP DATABASE {name} WITH (FORCE)")


class Server(Protocol):
    def conninfo(self, dbname: str) -> str: ...


def schema_of(database: str) -> str:
    """Return the dumped schema, without the lines that differ from dump to dump."""
    command = [str(binary("pg_dump")), "--schema-only", "--dbname", database]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "\n".join(
        line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))
    )


def test_migrating_step_by_step_equals_a_fresh_installation(empty_database: Databases) -> None:
    fresh, stepped = empty_database(), empty_database()

    migrations.migrate(fresh)
    for revision in migrations.revisions():
        assert migrations.migrate(stepped, to=revision) == revision

    assert schema_of(stepped) == schema_of(fresh)


def test_the_comparison_of_schemas_sees_a_difference(empty_database: Databases) -> None:
    one, other = empty_database(), empty_database()
    migrations.migrate(one)
    migrations.migrate(other)
    execute(other, "ALTER TABLE opps.events DROP CONSTRAINT events_sound")

    assert schema_of(one) != schema_of(other)


def test_a_database_without_a_log_has_no_revision(empty_database: Databases) -> None:
    database = empty_database()

    assert migrations.current(database) is None


def test_migrating_again_changes_nothing_and_says_nothing(empty_database: Databases) -> None:
    database, said = empty_database(), list[str]()
    migrations.migrate(database, progress=said.append)
    before = schema_of(database)

    again = list[str]()
    revision = migrations.migrate(database, progress=again.append)

    assert revision == migrations.current(database) == migrations.head()
    assert [line[:4] for line in said] == migrations.revisions()
    assert again == []
    assert schema_of(database) == before


def test_databases_of_one_cluster_migrate_at_the_same_time(empty_database: Databases) -> None:
    same, others = empty_database(), [empty_database(), empty_database()]

    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        reached = list(pool.map(migrations.migrate, [same, same, *others]))

    assert reached == [migrations.head()] * 4


def test_a_newer_database_is_refused(empty_database: Databases) -> None:
    database = empty_database()
    migrations.migrate(database)
    execute(database, "UPDATE opps.alembic_version SET version_num = '9999'")

    with pytest.raises(NewerDatabase, match="9999"):
        migrations.migrate(database)


@pytest.fixture
def operator() -> str:
    """Return the name of a login that may make roles."""
    return f"opps_operator_{uuid4().hex}"


def hand_over(database: str, operator: str) -> str:
    """Make the login, give it the database, and return how it connects."""
    execute(database, f"CREATE ROLE {operator} LOGIN CREATEROLE PASSWORD 'told'")
    with psycopg.connect(database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        owner = sql.Identifier(operator)
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owner))
    return make_conninfo(database, user=operator, password="told")


def test_a_plain_login_migrates_where_the_roles_were_made_by_another(
    empty_database: Databases, operator: str
) -> None:
    database = empty_database()
    own = hand_over(database, operator)
    execute(
        database,
        "GRANT opps_owner, opps_append, opps_writer, opps_projector, opps_reader, opps_publisher,"
        f" opps_warehouse TO {operator} WITH ADMIN OPTION",
    )

    try:
        assert migrations.migrate(own) == migrations.head()
    finally:
        execute(database, f"REASSIGN OWNED BY {operator} TO CURRENT_USER")
        execute(database, f"DROP OWNED BY {operator}")
        execute(database, f"DROP ROLE {operator}")


def test_a_plain_login_migrates_where_nobody_has_been_before(tmp_path: Path, operator: str) -> None:
    """Roles belong to a cluster: only a new one has none of them."""
    with EmbeddedPostgres(tmp_path / "new", durable=False) as server:
        own = hand_over(server.conninfo(), operator)

        assert migrations.migrate(own) == migrations.head()
