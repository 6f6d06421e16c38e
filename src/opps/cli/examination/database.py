"""What the doctor looks at in the database: its server, its guards, its clock and its logins."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from secrets import randbits

import psycopg

from opps.app import Database
from opps.cli.examination.finding import Finding, Verdict
from opps.config import Environment, Settings
from opps.eventstore import migrations
from opps.operating.looking import look
from opps.projections.registry import PROJECTIONS

_LOWEST_SERVER = 150_000
_ROLES = (
    "opps_owner",
    "opps_append",
    "opps_writer",
    "opps_projector",
    "opps_reader",
    "opps_publisher",
    "opps_warehouse",
)
_LITTLE_SKEW = timedelta(seconds=2)
_MUCH_SKEW = timedelta(seconds=30)
_TRIES = 3


def findings_of(found: Settings, database: Database) -> Iterator[Finding]:
    """Look at the server, and at what opps has made in it."""
    with psycopg.connect(database.direct_url, autocommit=True) as connection:
        yield _server(connection)
        yield _clock(connection)
        yield _durable(connection)
        revision = migrations.current(database.direct_url)
        yield _revision(revision, found.is_embedded)
        if revision is None:
            return
        yield _roles(connection)
        if found.environment is Environment.PRODUCTION and not found.is_embedded:
            yield _login(connection)
        yield _row_security(connection)
    yield _connections(database)
    yield _lag(database, found.most_lag_s)


def _connections(database: Database) -> Finding:
    """Tell whether a pooler stands in front: two connections try one advisory lock."""
    if _is_pooled(database.direct_url):
        return Finding(
            "connections",
            Verdict.MEND,
            "the direct one leads through a pooler: two connections got one lock",
            "Set OPPS_DATABASE_DIRECT_URL to the server itself: two processes would lead at once.",
        )
    if database.url == database.direct_url:
        return Finding("connections", Verdict.GOOD, "direct")
    how = "through a pooler" if _is_pooled(database.url) else "direct"
    return Finding("connections", Verdict.GOOD, f"OPPS_DATABASE_URL {how}, the direct one direct")


def _is_pooled(url: str) -> bool:
    """Tell whether sessions are shared: a lock of one session is free to another of the same."""
    lock = randbits(62)
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(url, autocommit=True) as two:
        # A pooler may by chance serve both apart: it is asked more than once.
        return any([_share(one, two, lock) for _ in range(_TRIES)])


def _share(one: psycopg.Connection, two: psycopg.Connection, lock: int) -> bool:
    took = [_try(one, lock), _try(two, lock)]
    for connection, has_it in zip((one, two), took, strict=True):
        if has_it:
            connection.execute("SELECT pg_advisory_unlock(%s)", [lock])
    return all(took)


def _try(connection: psycopg.Connection, lock: int) -> bool:
    return connection.execute("SELECT pg_try_advisory_lock(%s)", [lock]).fetchone() == (True,)


def _clock(connection: psycopg.Connection) -> Finding:
    """Compare the clocks: events are timed by the database, and days turn by this machine.

    An answer that was long in coming says nothing of the time that it took.
    """
    before = datetime.now(UTC)
    [there] = connection.execute("SELECT clock_timestamp()").fetchone() or (before,)
    skew = max(before - there, there - datetime.now(UTC))
    seconds = skew.total_seconds()
    if skew <= _LITTLE_SKEW:
        return Finding("clock", Verdict.GOOD, "this machine and the database agree")
    verdict = Verdict.MEND if skew > _MUCH_SKEW else Verdict.WATCH
    which = "ahead" if there > before else "behind"
    advice = "Let both keep their time by NTP: what is learned now would be refused as of later."
    return Finding("clock", verdict, f"the database is {seconds:,.0f} s {which}", advice)


def _lag(database: Database, most_lag_s: int) -> Finding:
    """Tell how long what was recorded waits to be shown."""
    seen = look(database.direct_url, [one.name for one in PROJECTIONS])
    said = f"{seen.lag_s:,.0f} s at most"
    if most_lag_s and seen.lag_s > most_lag_s:
        advice = "Is a projector running? `opps serve` runs one, `opps project` is one alone."
        return Finding("lag", Verdict.WATCH, said, advice)
    return Finding("lag", Verdict.GOOD, said)


def _server(connection: psycopg.Connection) -> Finding:
    said = f"PostgreSQL {connection.info.parameter_status('server_version')}"
    if connection.info.server_version < _LOWEST_SERVER:
        return Finding("database", Verdict.MEND, said, "opps needs PostgreSQL 15 or later.")
    return Finding("database", Verdict.GOOD, said)


def _durable(connection: psycopg.Connection) -> Finding:
    rows = connection.execute(
        "SELECT name FROM pg_settings WHERE setting = 'off'"
        " AND name IN ('fsync', 'synchronous_commit', 'full_page_writes')"
    ).fetchall()
    if not rows:
        return Finding("durability", Verdict.GOOD, "what is acknowledged survives a crash")
    names = ", ".join(name for (name,) in rows)
    return Finding(
        "durability",
        Verdict.MEND,
        f"{names} off",
        "What was acknowledged could be lost in a crash: switch it on in postgresql.conf.",
    )


def _revision(found: str | None, is_embedded: bool) -> Finding:
    if found == migrations.head():
        return Finding("schema", Verdict.GOOD, f"revision {found}")
    said = f"revision {found or 'none'}, this opps needs {migrations.head()}"
    if is_embedded and (found is None or found in migrations.revisions()):
        return Finding("schema", Verdict.GOOD, f"{said}: opps serve brings it there")
    advice = "Run `opps migrate`; if the database is newer, install the newer opps."
    return Finding("schema", Verdict.MEND, said, advice)


def _roles(connection: psycopg.Connection) -> Finding:
    rows = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE starts_with(rolname, 'opps_')"
    ).fetchall()
    missing = sorted(set(_ROLES) - {name for name, _ in rows})
    mighty = sorted(name for name, is_mighty in rows if is_mighty)
    if missing:
        advice = "Run `opps migrate` as a login that may make roles."
        return Finding("roles", Verdict.MEND, f"missing: {', '.join(missing)}", advice)
    if mighty:
        advice = f"ALTER ROLE {mighty[0]} NOSUPERUSER NOBYPASSRLS, and so for each."
        return Finding("roles", Verdict.MEND, f"too mighty: {', '.join(mighty)}", advice)
    return Finding("roles", Verdict.GOOD, f"{len(rows)} roles, each with its own rights")


def _login(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user"
    ).fetchone()
    assert row is not None
    if row[1]:
        advice = "Connect as a plain login that is a member of the opps roles."
        return Finding("login", Verdict.MEND, f"{row[0]} bypasses row security", advice)
    return Finding("login", Verdict.GOOD, f"{row[0]} is a plain login")


def _row_security(connection: psycopg.Connection) -> Finding:
    rows = connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text"
        " IN ('opps', 'opps_views') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        " ORDER BY 1"
    ).fetchall()
    if rows:
        names = ", ".join(name for (name,) in rows)
        advice = "One tenant could read another's rows: ALTER TABLE ... FORCE ROW LEVEL SECURITY."
        return Finding("row security", Verdict.MEND, f"not forced on {names}", advice)
    return Finding("row security", Verdict.GOOD, "forced on every table of a tenant")
