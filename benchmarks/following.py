"""What each read model costs the projector an event: our CPU, and the database's.

Run `python -m benchmarks.following`, or `... FILE.xes.gz --mapping MAPPING` for cases of a real
log; `--profile` tells which functions spend it. Each projection follows the whole log alone, then
all of them follow it together. What folding alone costs is taken off the parts.
"""

import argparse
import cProfile
import json
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg
from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from benchmarks.replica import replicate
from benchmarks.stories import deal_events
from opps.application import Application
from opps.domain.clock import clock_stream
from opps.domain.events import DayTurned, Event, OpportunityLost
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.times import Learned
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.integrations.importing import import_xes, read_mapping
from opps.projections.projection import Projection
from opps.projections.projector import catch_up
from opps.projections.registry import PROJECTIONS
from opps.projections.steps import OPPORTUNITY
from opps.recording import codec
from opps.recording.keyring import MemoryKeyring

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
OPENED_WITHIN_DAYS, DAYS_AN_EVENT = 40, 2
FOLDING = Projection(name="folding", version=1, kind=OPPORTUNITY, tables=(), rows=lambda _: ())


class Cost(Struct, frozen=True):
    """Seconds of processor that a run took: ours, and the database's."""

    ours: float
    database: float

    def an_event(self, events: int, without: "Cost | None" = None) -> tuple[float, float]:
        """Return the microseconds an event of both, less what another run took."""
        less = without or Cost(0.0, 0.0)
        return (
            1e6 * (self.ours - less.ours) / events,
            1e6 * (self.database - less.database) / events,
        )


def tell(log: Log, tenant: UUID, deals: int, days: int) -> None:
    """Append deals of twenty events, one every other day, a third of them closed, and the days."""
    told: dict[int, list[tuple[UUID, Event]]] = {}
    for number in range(deals):
        deal, day = uuid5(tenant, f"deal {number}"), number % OPENED_WITHIN_DAYS
        for event in deal_events(deal, number):
            if isinstance(event, OpportunityLost) and number % 3:
                continue
            learned = Learned(latest=BEGIN + timedelta(days=day, minutes=number))
            told.setdefault(day, []).append((deal, replace(event, learned=learned)))
            day += DAYS_AN_EVENT
    versions: dict[UUID, int] = {}
    last = max(told)
    turning = {last * (number + 1) // days for number in range(days)} if days else set()
    for day in range(last + 1):
        chunk = told.get(day, [])
        for start in range(0, len(chunk), 500):
            _append(log, tenant, chunk[start : start + 500], versions)
        if day in turning:
            turned = DayTurned(day=(BEGIN + timedelta(days=day + 1)).date(), zone="UTC")
            _append(log, tenant, [(clock_stream(tenant), turned)], versions)


def _append(
    log: Log, tenant: UUID, chunk: Sequence[tuple[UUID, Event]], versions: dict[UUID, int]
) -> None:
    expected = {stream: versions.get(stream, -1) for stream, _ in chunk}
    actor = Actor(principal=tenant, role="SELLER", via=Via.IMPORT)
    metadata = codec.encode_metadata(Metadata(actor=actor))
    events = []
    for stream, event in chunk:
        versions[stream] = versions.get(stream, -1) + 1
        events.append(
            NewEvent(
                stream=stream,
                event_id=uuid5(stream, f"event {versions[stream]}"),
                tag=codec.tag_of(event),
                schema=event.schema,
                payload=codec.encode(event),
                metadata=metadata,
            )
        )
    command = uuid5(chunk[0][0], f"command {versions[chunk[0][0]]}")
    log.append_now(
        Append(tenant=tenant, command_id=command, expected=expected, events=tuple(events))
    )


def imported(log: Log, tenant: UUID, file: Path, mapping: Path, rows: int) -> None:
    """Append the first cases of a real log, as an import does."""
    with tempfile.TemporaryDirectory() as directory:
        part = Path(directory) / "part.xes.gz"
        replicate(file, part, rows)
        keyring = MemoryKeyring()
        import_xes(Application(log, lambda _: keyring), tenant, part, read_mapping(mapping))


def server_of(url: str) -> int:
    """Return the process that every backend of the server is a child of."""
    with psycopg.connect(url) as connection:
        return _times(connection.info.backend_pid)[0]


def spent(database: int) -> Cost:
    """Return what this process and the server have spent, children that ended included."""
    children = Path(f"/proc/{database}/task/{database}/children").read_text().split()
    ticks = sum(_times(database)[1:])
    for child in children:
        try:
            ticks += sum(_times(int(child))[1:3])
        except FileNotFoundError:
            continue  # it has ended since: its parent counts it the next time
    return Cost(time.process_time(), ticks / os.sysconf("SC_CLK_TCK"))


def _times(process: int) -> tuple[int, int, int, int, int]:
    """Return the parent of a process, its own time, and that of its children that ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    user, system, children_user, children_system = map(int, fields[11:15])
    return int(fields[1]), user, system, children_user, children_system


def followed(url: str, log: Log, database: int, projections: Sequence[Projection]) -> Cost:
    """Return what it costs to follow the whole log, from empty read models."""
    catch_up(log, LogSettings(url=url), [FOLDING])  # so that tables of others are not made in here
    with psycopg.connect(url, autocommit=True) as connection:
        tables = [f"opps_views.{table.name}" for one in projections for table in one.tables]
        if tables:
            connection.execute(f"TRUNCATE {', '.join(tables)}")
        connection.execute("UPDATE opps_views.positions SET position = 0")
    before = spent(database)
    catch_up(log, LogSettings(url=url), projections)
    time.sleep(0.05)  # the server hears a moment later that the session has ended
    after = spent(database)
    return Cost(after.ours - before.ours, after.database - before.database)


def measure(url: str, log: Log, tenant: UUID, options: argparse.Namespace) -> dict[str, Any]:
    """Return the microseconds an event of each projection, and of all together."""
    head = log.head(tenant)
    assert head is not None
    events, database = head.size, server_of(url)
    catch_up(log, LogSettings(url=url))
    parts: dict[str, Sequence[Projection]] = {"folding alone": [FOLDING]}
    if not options.only_all:
        parts |= {one.name: [one] for one in PROJECTIONS}
    costs = {name: followed(url, log, database, some) for name, some in parts.items()}
    folding = costs.pop("folding alone")
    everything = min(
        (followed(url, log, database, PROJECTIONS) for _ in range(options.rounds)),
        key=lambda one: one.ours + one.database,
    )
    if options.profile:
        with cProfile.Profile() as profile:
            followed(url, log, database, PROJECTIONS)
        pstats.Stats(profile).sort_stats(options.profile).print_stats(60)
    return {
        "events": events,
        "parts": {
            "folding alone": folding.an_event(events),
            **{name: one.an_event(events, folding) for name, one in costs.items()},
        },
        "all": everything.an_event(events),
        "rows": dict(_rows(url)),
    }


def _rows(url: str) -> Iterator[tuple[str, int]]:
    with psycopg.connect(url) as connection:
        for one in PROJECTIONS:
            for table in one.tables:
                [(count,)] = connection.execute(f"SELECT count(*) FROM opps_views.{table.name}")
                yield table.name, count


def report(console: Console, figures: dict[str, Any]) -> None:
    """Print the table."""
    events, (ours, database) = figures["events"], figures["all"]
    table = Table("read model", "our CPU, µs", "the database's, µs", title=f"{events:,} events")
    for name, part in sorted(figures["parts"].items(), key=lambda one: -sum(one[1])):
        table.add_row(name, *(f"{one:,.0f}" for one in part))
    table.add_row("all together", f"{ours:,.0f}", f"{database:,.0f}")
    console.print(table)
    console.print(f"{1e6 / (ours + database):,.0f} events a second of CPU; rows {figures['rows']}")


def main(arguments: list[str]) -> None:
    """Measure, print the table, and write the figures down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="an XES log instead of our own deals")
    parser.add_argument("--mapping", type=Path)
    parser.add_argument("--rows", type=int, default=12_000, help="of the file")
    parser.add_argument("--deals", type=int, default=300)
    parser.add_argument("--days", type=int, default=40, help="that turn meanwhile, 0 for none")
    parser.add_argument("--rounds", type=int, default=2, help="of all together, the best counts")
    parser.add_argument("--only-all", action="store_true", help="leave the parts out")
    parser.add_argument("--profile", choices=("tottime", "cumtime"), help="and by which column")
    parser.add_argument("--url", help="a database of its own; one of ours if not given")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with server(options.url) as url, opened_log(url) as (log, tenant):
        if options.file:
            imported(log, tenant, options.file, options.mapping, options.rows)
        else:
            tell(log, tenant, options.deals, options.days)
        figures = measure(url, log, tenant, options)
    report(Console(), figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
