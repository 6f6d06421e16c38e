"""The schema of the log and how it comes to its present form, one revision after another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from opps.eventstore.errors import NewerDatabase
from opps.eventstore.migrations.script import sql_text

SCHEMA = "opps"
# Any number that nobody else locks in this database.
_MIGRATION_LOCK = 0x6F707073
# Alembic keeps its context in globals: one migration at a time in a process.
_ALEMBIC = Lock()


def migrate(
    direct_url: str, *, to: str = "head", progress: Callable[[str], None] | None = None
) -> str:
    """Bring the database to a revision, the newest by default, and return that revision.

    Safe to call from several processes at once: the second waits, then finds nothing to do.
    `direct_url` must not go through a pooler. `progress` is told each revision before it runs.

    Raises:
        NewerDatabase: a newer version of opps has been here.
        psycopg.Error: the database is away, or the login may not make roles and schemas.
    """
    script = _script_directory()
    with _connection(direct_url) as connection:
        _prepare(connection)
        refuse_newer(_revision_of(connection))
        environment = EnvironmentContext(
            _config(), script, fn=_steps(script, to, progress), destination_rev=to
        )
        with _ALEMBIC, environment:
            environment.configure(connection=connection, version_table_schema=SCHEMA)
            with environment.begin_transaction():
                environment.run_migrations()
        connection.commit()
        return _revision_of(connection) or ""


def current(url: str) -> str | None:
    """Return the revision of the database, `None` where there is no log yet."""
    with _connection(url) as connection:
        return _revision_of(connection)


def head() -> str:
    """Return the newest revision that this version of opps knows."""
    return revisions()[-1]


def revisions() -> list[str]:
    """Return every known revision, oldest first."""
    return [script.revision for script in _script_directory().walk_revisions()][::-1]


def _steps(
    script: ScriptDirectory, to: str, progress: Callable[[str], None] | None
) -> Callable[[Any, MigrationContext], Any]:
    def steps(revision: Any, _context: MigrationContext) -> Any:
        planned = script._upgrade_revs(to, revision)  # what alembic's own upgrade command calls
        if progress is not None:
            for step in planned:
                progress(f"{step.to_revisions_no_deps[0]}: {step.doc}")
        return planned

    return steps


def _prepare(connection: Connection) -> None:
    """Make the roles, wait for other migrations, and make room for the table of the revision."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(sql_text("roles.sql"))
    driver.commit()
    # Held until the connection ends.
    driver.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
    driver.execute("CREATE SCHEMA IF NOT EXISTS opps")
    driver.commit()


def refuse_newer(revision: str | None) -> None:
    """Refuse a database of a revision that this version does not know.

    Raises:
        NewerDatabase: a newer version of opps has been here.
    """
    if revision is not None and revision not in revisions():
        raise NewerDatabase(
            f"the database is at revision {revision}, this version of opps knows up to {head()}: "
            "install the newer version"
        )


def _revision_of(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
    return context.get_current_revision()


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def _script_directory() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
