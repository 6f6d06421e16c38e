"""What holds of one tenant, in a command: its log, its read models, who leads."""

from collections.abc import Sequence
from datetime import date, datetime
from time import sleep
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import psycopg
import typer
from msgspec import Struct

from opps.cli import checking
from opps.cli.output import (
    Json,
    Tenant,
    counted,
    moment,
    print_json,
    print_table,
    say,
)
from opps.cli.webhook_standing import Webhooks, webhooks_doing

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.ledger.ledger import Ledger

_WATCH_EVERY_S = 2.0


class Head(Struct, frozen=True):
    """How long the log is, and when it last grew."""

    position: int
    recorded_at: datetime


class Projected(Struct, frozen=True, kw_only=True):
    """How far one projection is behind the log; `parked` streams wait for a rebuild."""

    name: str
    position: int
    lag: int
    unknown: int
    parked: int
    advanced_at: datetime


class GivenUp(Struct, frozen=True, kw_only=True):
    """A stream that a projection could not go on with, and why."""

    projection: str
    stream: UUID
    position: int
    tag: str
    reason: str


class Clock(Struct, frozen=True):
    """The last day that turned in the log."""

    day: date
    zone: str


class Leader(Struct, frozen=True):
    """The process whose projector moves the rows, as far as this login may know."""

    name: str
    address: str | None
    since: datetime | None


class Status(Struct, frozen=True, kw_only=True):
    """What `opps status` shows; `lag_s` is how long what was recorded waits to be shown."""

    version: str
    embedded: bool
    revision: str | None
    tenant: UUID
    slug: str
    head: Head
    projections: list[Projected]
    parked: list[GivenUp]
    clock: Clock | None
    leader: Leader | None
    lag_s: float
    sealed: int | None
    webhooks: Webhooks


def add_to(application: typer.Typer) -> None:
    application.command()(status)
    application.command()(checking.config)
    application.command()(checking.doctor)


def status(
    tenant: Tenant = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it anew every two seconds, until interrupted.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a tenant's log, who leads, how far each projection is, and what was given up."""
    from opps.app import Opps
    from opps.cli.place import existing

    with Opps(existing()) as opps:
        _show(_status(opps, tenant), as_json)
        while watch:
            sleep(_WATCH_EVERY_S)
            _show(_status(opps, tenant), as_json)


def _show(found: Status, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say(f"opps {found.version}, {'embedded' if found.embedded else 'installed'} PostgreSQL,")
    say(f"schema of the log at revision {found.revision}.")
    say(f"Tenant {found.slug} ({found.tenant}): {counted(found.head.position, 'event')}")
    if found.head.position:
        say(f"Last recorded at {moment(found.head.recorded_at)}.")
    if found.clock is not None:
        say(f"Clock: {found.clock.day} in {found.clock.zone}.")
    sealed = "nothing yet" if found.sealed is None else f"up to {found.sealed:,}"
    say(f"Sealed: {sealed}. Longest wait to be shown: {found.lag_s:.1f} s.")
    say(_leading(found.leader))
    if found.webhooks.endpoints:
        say(f"Webhooks: {found.webhooks}. `opps webhook list` shows each.")
    missing = missing_of(found.projections)
    if missing is not None and found.head.position:
        say(missing)
    if not found.projections:
        return
    print_table(
        "",
        ("projection", "position", "lag", "unknown", "parked", "advanced at"),
        (
            (one.name, one.position, one.lag, one.unknown, one.parked, moment(one.advanced_at))
            for one in found.projections
        ),
    )
    for one in found.parked:
        say(f"{one.projection} gave up stream {one.stream} at {one.position} ({one.tag}):")
        say(f"  {one.reason}. `opps rebuild {one.projection}` tries again.")


def _leading(leader: Leader | None) -> str:
    if leader is None:
        return "No projector leads."
    where = "" if leader.address is None else f" at {leader.address}"
    since = "" if leader.since is None else f" since {moment(leader.since)}"
    return f"{leader.name}{where} leads{since}."


def _status(opps: "Opps", slug: str | None) -> Status:
    from opps import __version__
    from opps.domain.clock import clock_stream
    from opps.domain.events import DayTurned
    from opps.eventstore import migrations
    from opps.operating.looking import look
    from opps.projections.registry import PROJECTIONS
    from opps.recording import codec

    tenant = opps.tenant(slug)
    head = opps.log.head(tenant)
    assert head is not None
    projections, parked = standing(opps.database.direct_url, tenant, head.size)
    ticks = opps.log.stream(tenant, clock_stream(tenant), newest_first=True, limit=1)
    ticked = [codec.decode(tick).event for tick in ticks]
    return Status(
        version=__version__,
        embedded=opps.settings.is_embedded,
        revision=migrations.current(opps.database.direct_url),
        tenant=tenant,
        slug=slug or opps.settings.tenant,
        head=Head(head.size, head.recorded_at),
        projections=projections,
        parked=parked,
        leader=_leader(opps.database.direct_url),
        lag_s=look(opps.database.direct_url, [one.name for one in PROJECTIONS]).lag_s,
        sealed=_sealed(opps.ledger(tenant)),
        webhooks=webhooks_doing(opps.log, tenant),
        clock=next((Clock(t.day, t.zone) for t in ticked if isinstance(t, DayTurned)), None),
    )


def _sealed(ledger: "Ledger") -> int | None:
    """Return up to where a log was signed; None where it never was, or not by this machine."""
    from opps.ledger.errors import LedgerRefused

    try:
        return ledger.signed().checkpoint.size
    except LedgerRefused:
        return None


def _leader(url: str) -> Leader | None:
    from opps.projections.projector import LEADER

    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT coalesce(a.application_name, 'a projector'), host(a.client_addr),"
            " a.backend_start"
            " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %s AND l.objid = %s"
            " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            list(LEADER),
        ).fetchone()
    return None if row is None else Leader(*row)


def standing(url: str, tenant: UUID, size: int) -> tuple[list[Projected], list[GivenUp]]:
    """Return how far a tenant's projections are, and which streams they gave up."""
    from opps.projections import books

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE opps_projector")
        known = connection.execute("SELECT to_regclass('opps_views.positions') IS NOT NULL")
        if known.fetchone() != (True,):
            return [], []
        projected = [
            Projected(
                name=one.projection,
                position=one.position,
                lag=size - one.position,
                unknown=one.unknown,
                parked=one.parked,
                advanced_at=one.advanced_at,
            )
            for one in books.standings(connection, tenant)
        ]
        parked = [
            GivenUp(
                projection=one.projection,
                stream=one.stream,
                position=one.position,
                tag=one.tag,
                reason=one.reason,
            )
            for one in books.parked_streams(connection, tenant)
        ]
    return projected, parked


def missing_read_models(url: str, tenant: UUID) -> str | None:
    """Return what to tell where a tenant's log has no read models, or not all of them."""
    return missing_of(standing(url, tenant, 0)[0])


def missing_of(projections: Sequence[Projected]) -> str | None:
    """Return what to tell where these are not all projections."""
    from opps.projections.registry import PROJECTIONS

    there = {one.name for one in projections}
    missing = [one.name for one in PROJECTIONS if one.name not in there]
    if not missing:
        return None
    which = f"{', '.join(missing)} yet" if there else "read models yet"
    return f"No {which}: `opps serve` or `opps rebuild all` makes them."
