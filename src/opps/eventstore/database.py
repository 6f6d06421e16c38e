"""Connections to the log: their role, their time limits, and the settings that must hold."""

from typing import LiteralString

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opps.eventstore.arrays import register_arrays
from opps.eventstore.errors import ReadOnlyDatabase, UnsafeDatabase

_DURABLE: tuple[LiteralString, ...] = ("fsync", "synchronous_commit", "full_page_writes")
_ZONE = {"TimeZone": "UTC"}
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

    @property
    def pooled(self) -> bool:
        """Whether `url` leads through a pooler, whose servers no session of ours keeps."""
        return self.direct_url not in ("", self.url)


def connect_writer(settings: LogSettings) -> psycopg.Connection:
    """Return the committer's connection, checked to be safe.

    Raises:
        ReadOnlyDatabase: it is a replica.
        UnsafeDatabase: a setting or a right of the login could lose or leak what was acknowledged.
        psycopg.OperationalError: the database is away.
    """
    connection = connect_direct(settings, "opps writer")
    try:
        if is_replica(connection):
            raise ReadOnlyDatabase("the database is a replica: it takes nothing")
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
    return _connect(settings.direct_url or settings.url, application_name, _limits(settings))


def connect_reader(settings: LogSettings) -> psycopg.Connection:
    """Return a connection for the read functions, which name their tenant and role themselves.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    if not settings.pooled:
        return _connect(settings.url, "opps reader", _limits(settings))
    # A pooler gives each transaction any server: what was prepared or set on one is missed on the
    # next. Of all settings it carries the zone along; time limits are those of the login.
    return _connect(settings.url, "opps reader", _ZONE, prepare_threshold=None)


def is_replica(connection: psycopg.Connection) -> bool:
    """Tell whether the database only repeats what another one stored."""
    return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)


def _limits(settings: LogSettings) -> dict[str, str]:
    return {
        **_ZONE,
        "default_transaction_isolation": "read committed",
        "lock_timeout": f"{settings.lock_timeout_s}s",
        "statement_timeout": f"{settings.statement_timeout_s}s",
        "idle_in_transaction_session_timeout": f"{settings.statement_timeout_s}s",
        # The server too notices that we are gone, and gives our locks to others.
        "tcp_keepalives_idle": "5",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
    }


def _connect(
    url: str, application_name: str, limits: dict[str, str], *, prepare_threshold: int | None = 5
) -> psycopg.Connection:
    connection = psycopg.connect(
        patient(url, application_name), autocommit=True, prepare_threshold=prepare_threshold
    )
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


def patient(url: str, application_name: str) -> str:
    """Return a connection string with keep-alives, which notice a silent loss within seconds."""
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
