"""Connections to the log: their role, their time limits, and the settings that must hold."""

from typing import LiteralString

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opps.eventstore.arrays import register_arrays
from opps.eventstore.errors import UnsafeDatabase

_DURABLE: tuple[LiteralString, ...] = ("fsync", "synchronous_commit", "full_page_writes")
_LOST_SETTINGS = "what was acknowledged could be lost: switch it on, or allow it for tests only"


class LogSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the log uses its database; times in seconds.

    `url` may go through a pooler, `direct_url` must not (it is `url` if not given).
    `durable` asserts the settings without which an acknowledged event could be lost.
    `plain_roles` asserts that the login is no superuser and cannot bypass row security.
    `patience_s` is how long appends wait for a lost database before they fail.
    """

    url: str
    direct_url: str = ""
    durable: bool = True
    plain_roles: bool = False
    waiting_limit: int = 10_000
    patience_s: float = 5.0
    lock_timeout_s: float = 5.0
    statement_timeout_s: float = 30.0
    read_connections: int = 8
    poll_s: float = 1.0


def connect_writer(settings: LogSettings) -> psycopg.Connection:
    """Return the committer's connection, checked to be safe.

    Raises:
        UnsafeDatabase: a setting or a right of the login could lose or leak what was acknowledged.
        psycopg.OperationalError: the database is away.
    """
    connection = connect_direct(settings, "opps writer")
    try:
        connection.execute("SET ROLE opps_writer")
        _assert_safe(connection, settings)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_direct(settings: LogSettings, application_name: str) -> psycopg.Connection:
    """Return a connection that no pooler shares, with the log's time limits.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    return _connect(settings, settings.direct_url or settings.url, application_name)


def connect_reader(settings: LogSettings) -> psycopg.Connection:
    """Return a connection for the read functions, which name their tenant and role themselves.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    return _connect(settings, settings.url, "opps reader")


def _connect(settings: LogSettings, url: str, application_name: str) -> psycopg.Connection:
    connection = psycopg.connect(_patient(url, application_name), autocommit=True)
    limits = {
        "TimeZone": "UTC",
        "default_transaction_isolation": "read committed",
        "lock_timeout": f"{settings.lock_timeout_s}s",
        "statement_timeout": f"{settings.statement_timeout_s}s",
        "idle_in_transaction_session_timeout": f"{settings.statement_timeout_s}s",
    }
    try:
        register_arrays(connection)
        connection.execute(
            "SELECT set_config(name, value, false)"
            " FROM unnest(%s::text[], %s::text[]) settings(name, value)",
            [list(limits), list(limits.values())],
        )
    except BaseException:
        connection.close()
        raise
    return connection


def _patient(url: str, application_name: str) -> str:
    """Add keep-alives that notice a silent loss within seconds."""
    given = conninfo_to_dict(url)
    defaults: dict[str, str | int] = {
        "application_name": application_name,
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }
    missing = {key: value for key, value in defaults.items() if key not in given}
    return make_conninfo(url, **missing)


def _assert_safe(connection: psycopg.Connection, settings: LogSettings) -> None:
    if settings.durable:
        for name in _DURABLE:
            if setting(connection, name) == "off":
                raise UnsafeDatabase(f"{name} is off: {_LOST_SETTINGS}")
    if setting(connection, "transaction_isolation") != "read committed":
        raise UnsafeDatabase("the log is appended to in READ COMMITTED")
    if settings.plain_roles:
        _assert_plain_login(connection)


def setting(connection: psycopg.Connection, name: LiteralString) -> str:
    """Return a setting as the session has it."""
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def _assert_plain_login(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname IN (session_user, current_user)"
        " AND (rolsuper OR rolbypassrls) LIMIT 1"
    ).fetchone()
    if row is not None:
        raise UnsafeDatabase(
            f"{row[0]} is a superuser or bypasses row security: "
            "connect as a plain login that is a member of opps_writer"
        )
