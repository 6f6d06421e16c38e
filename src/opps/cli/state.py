"""Commands that look and change nothing: status, config and doctor."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from msgspec import Struct

from opps.cli.output import (
    DIFFERENCE,
    Json,
    Tenant,
    counted,
    end,
    moment,
    print_json,
    print_table,
    say,
)


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


class Status(Struct, frozen=True, kw_only=True):
    """What `opps status` shows."""

    version: str
    embedded: bool
    revision: str | None
    tenant: UUID
    slug: str
    head: Head
    projections: list[Projected]
    parked: list[GivenUp]
    clock: Clock | None


def add_to(application: typer.Typer) -> None:
    application.command()(status)
    application.command()(config)
    application.command()(doctor)


def status(tenant: Tenant = None, as_json: Json = False) -> None:
    """Show a tenant's log, how far each projection is, and what was given up."""
    found = _status(tenant)
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


def config(as_json: Json = False) -> None:
    """Show every setting as it holds, with where it comes from; secrets are masked.

    OPPS_PORT=8001 sets one, OPPS_PORT_FILE names a file with its value, and OPPS_SETTINGS_FILE a
    TOML file with lines such as port = 8001. The environment comes before that file.
    """
    from opps.config.shown import given

    found = given()
    if as_json:
        print_json(found)
    else:
        rows = ((one.name, one.value, one.origin) for one in found)
        print_table("", ("setting", "value", "from"), rows)


def doctor(
    schema_file: Annotated[
        Path | None,
        typer.Option(
            help="A schema file of clients to compare; by default schema.graphql, where there is "
            "one in this folder."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look for what could go wrong: Python, packages, settings, database, data, disk and keys.

    Exit code 1 if something has to be mended.
    """
    from opps.cli.examination import Verdict, examine

    findings = examine(schema_file)
    if as_json:
        print_json(findings)
    else:
        shown = ((one.verdict, one.subject, one.finding) for one in findings)
        print_table("", ("", "subject", "finding"), shown)
        for one in findings:
            if one.advice is not None:
                say(f"\n{one.subject}: {one.advice}")
    if any(one.verdict is Verdict.MEND for one in findings):
        end(DIFFERENCE)


def _status(slug: str | None) -> Status:
    from opps import __version__
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.domain.clock import clock_stream
    from opps.domain.events import DayTurned
    from opps.eventstore import migrations
    from opps.recording import codec

    with Opps(existing()) as opps:
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
            clock=next((Clock(t.day, t.zone) for t in ticked if isinstance(t, DayTurned)), None),
        )


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
