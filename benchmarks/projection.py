"""How fast the read models follow the log, compared with others on the same server.

Run `python -m benchmarks.projection`; `--help` tells the rest. Every figure is the median of
several rounds in which all competitors take turns, so that a busy moment hits all of them.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from benchmarks.boards import pure_sql, stock_runner
from benchmarks.stories import EVENTS_A_DEAL, deal_append, fill
from opps.eventstore import Append, Log, LogSettings
from opps.projections.listing import BoardFilter
from opps.projections.projection import Projection
from opps.projections.projector import BATCH, Projector, catch_up
from opps.projections.rebuild import rebuild
from opps.projections.registry import PROJECTIONS, projection_of
from opps.projections.views import Views
from opps.recording import codec

NAMES = ("board", "timeline", "score_trend")
GOALS = (
    ("board / stock runner", "board", "stock runner", 50.0),
    ("board / stock runner, not waiting for the disk", "board", "stock runner, no wait", 50.0),
    ("board / pure SQL", "board", "pure SQL", 0.4),
)

TABLES = ", ".join(
    f"opps_views.{table.name}" for name in NAMES for table in projection_of(name).tables
)


def projected(url: str, log: Log, events: int, projections: list[Projection]) -> float:
    """Return events a second from an empty read model to the end of the log."""
    settings = LogSettings(url=url)
    catch_up(log, settings)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {TABLES}")
        connection.execute("UPDATE opps_views.positions SET position = 0")
    began = time.perf_counter()
    catch_up(log, settings, projections)
    return events / (time.perf_counter() - began)


def throughput(
    url: str, log: Log, tenant: UUID, events: int, stock_events: int, rounds: int
) -> dict[str, float]:
    """Return events a second of ours and of the others, each the median of its rounds."""
    stock = partial(
        stock_runner, url, [codec.decode(one) for one in log.read(tenant, 0, stock_events)]
    )
    competitors: dict[str, Callable[[], float]] = {
        "stock runner": partial(stock, waits_for_disk=True),
        "stock runner, no wait": partial(stock, waits_for_disk=False),
        "pure SQL": partial(pure_sql, url, tenant, events, BATCH),
        **{name: partial(projected, url, log, events, [projection_of(name)]) for name in NAMES},
        "all": partial(projected, url, log, events, list(PROJECTIONS)),
    }
    measured: dict[str, list[float]] = {name: [] for name in competitors}
    for _ in range(rounds):
        for name, competitor in competitors.items():
            measured[name].append(competitor())
    return {name: median(rates) for name, rates in measured.items()}


def rebuilt(url: str, log: Log) -> float:
    """Return how many seconds a rebuild of the board takes."""
    began = time.perf_counter()
    rebuild(log, LogSettings(url=url), projection_of("board"))
    return time.perf_counter() - began


async def own_writes(url: str, log: Log, tenant: UUID, deals: int) -> list[float]:
    """Return the time in ms of each event from its acknowledgement until the board was read."""
    taken_ms: list[float] = []
    async with Views(url) as views:
        with Projector(log, LogSettings(url=url)):
            for number in range(deals):
                for append in one_by_one(tenant, number):
                    position = (await log.append(append)).last_position
                    assert position is not None
                    began = time.perf_counter()
                    assert await views.at_least(tenant, position)
                    assert await views.board(tenant, BoardFilter(ids=[append.events[0].stream]))
                    taken_ms.append((time.perf_counter() - began) * 1_000)
    return taken_ms[EVENTS_A_DEAL:]


def one_by_one(tenant: UUID, number: int) -> Iterator[Append]:
    """Yield the events of a new deal, each by a command of its own."""
    whole = deal_append(tenant, uuid4(), number)
    for version, event in enumerate(whole.events):
        yield Append(
            tenant=tenant,
            command_id=uuid4(),
            expected={event.stream: version - 1},
            events=(event,),
        )


def ratios(rates: dict[str, float]) -> list[tuple[str, float, float]]:
    """Return every goal: its name, what was reached, what was asked."""
    return [(name, rates[ours] / rates[theirs], goal) for name, ours, theirs, goal in GOALS]


def report(console: Console, figures: dict[str, Any]) -> None:
    """Print the tables."""
    table = Table("competitor", "events/s", title="From the log into rows")
    for name, rate in figures["events_per_second"].items():
        table.add_row(name, f"{rate:,.0f}")
    console.print(table)
    table = Table("goal", "reached", "asked", title="Goals")
    for name, reached, goal in ratios(figures["events_per_second"]):
        table.add_row(name, f"{reached:.2f}", f"≥ {goal}")
    own = figures["read_your_writes_ms"]
    table.add_row("read your writes, p50", f"{own['p50']:.2f} ms", "≤ 3 ms")
    table.add_row("read your writes, p99", f"{own['p99']:.2f} ms", "≤ 10 ms")
    if "rebuild" in figures:
        size, seconds = figures["rebuild"]["events"], figures["rebuild"]["seconds"]
        table.add_row(f"rebuild of board, {size:,} events", f"{seconds:.1f} s", "≤ 60 s a million")
    console.print(table)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    figures: dict[str, Any] = {}
    with server(options.url) as url:
        with opened_log(url) as (log, tenant):
            events = fill(log, tenant, options.events)
            stock_events = options.stock_events
            figures["events_per_second"] = throughput(
                url, log, tenant, events, stock_events, options.rounds
            )
            catch_up(log, LogSettings(url=url))
            taken_ms = asyncio.run(own_writes(url, log, tenant, options.deals))
            percentiles = quantiles(taken_ms, n=100)
            figures["read_your_writes_ms"] = {"p50": percentiles[49], "p99": percentiles[98]}
        if options.rebuild:
            with opened_log(url) as (log, tenant):
                size = fill(log, tenant, options.rebuild) + events
                figures["rebuild"] = {"events": size, "seconds": rebuilt(url, log)}
    return figures


def main(arguments: list[str]) -> None:
    """Measure, print the tables, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=100_000, help="in the log")
    parser.add_argument("--stock-events", type=int, default=2_000, help="for the stock runner")
    parser.add_argument("--deals", type=int, default=50, help="written and read one by one")
    parser.add_argument("--rebuild", type=int, default=0, help="also rebuild so many events")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    figures = measure(options)
    report(Console(), figures)
    if options.json:
        reached = {name: ratio for name, ratio, _ in ratios(figures["events_per_second"])}
        options.json.write_text(json.dumps({**figures, "ratios": reached}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
