"""How fast the log takes events, one a commit, compared with others on the same server.

Run `python -m benchmarks.append`; `--help` tells the rest. Every figure is the median of several
rounds in which all competitors take turns, so that a busy moment of the machine hits all of them.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.table import Table

from benchmarks import baselines
from benchmarks.baselines import METADATA, PAYLOAD, new_id
from opps.embedded import EmbeddedPostgres
from opps.eventstore import Append, Log, LogSettings, NewEvent, migrations, register_tenant

CALLERS = (1, 16, 64, 256)
SIZES = (10_000, 100_000, 1_000_000)
GOALS = (
    ("1 caller / single inserts", "log 1", "single inserts", 0.4),
    ("16 callers / stock recorder", "log 16", "stock recorder 16", 8.0),
    ("64 callers / stock recorder", "log 64", "stock recorder 64", 15.0),
    ("64 callers / pgbench 16, unordered", "log 64", "pgbench 16, unordered", 0.8),
)


def one_event(tenant: UUID) -> Append:
    """Return a complete append of one event to a new stream."""
    return many_events(tenant, 1)


def many_events(tenant: UUID, count: int) -> Append:
    """Return an append of one event to each of some new streams."""
    streams = [new_id() for _ in range(count)]
    return Append(
        tenant=tenant,
        command_id=new_id(),
        digest=bytes(32),
        expected=dict.fromkeys(streams, -1),
        events=tuple(
            NewEvent(
                stream=stream,
                event_id=new_id(),
                tag="fact_learned",
                schema=1,
                payload=PAYLOAD,
                metadata=METADATA,
            )
            for stream in streams
        ),
    )


def log_with_threads(log: Log, tenant: UUID, callers: int, seconds: float) -> float:
    """Return appends a second; every caller is a thread."""

    def append() -> int:
        return log.append_now(one_event(tenant)).count

    return baselines.counted(append, callers, seconds)


def log_with_tasks(log: Log, tenant: UUID, callers: int, seconds: float) -> float:
    """Return appends a second; every caller is a task of one event loop."""
    done = 0

    async def caller(until: float) -> None:
        nonlocal done
        while time.perf_counter() < until:
            appended = await log.append(one_event(tenant))
            done += appended.count

    async def run() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(caller(began + seconds) for _ in range(callers)))
        return done / (time.perf_counter() - began)

    return asyncio.run(run())


def throughput(url: str, rounds: int, seconds: float) -> dict[str, float]:
    """Return the median rate of every competitor."""
    measured: dict[str, list[float]] = {}
    with opened_log(url) as (log, tenant):
        competitors = competitors_on(url, log, tenant, seconds)
        for _ in range(rounds):
            for name, compete in competitors.items():
                rate = compete()
                if rate is not None:
                    measured.setdefault(name, []).append(rate)
    return {name: median(rates) for name, rates in measured.items()}


def competitors_on(
    url: str, log: Log, tenant: UUID, seconds: float
) -> dict[str, Callable[[], float | None]]:
    """Return everybody who takes part, by name."""
    competitors: dict[str, Callable[[], float | None]] = {
        "single inserts": partial(baselines.single_inserts, url, seconds),
        "inserts of 100": partial(baselines.inserts_of_a_hundred, url, seconds),
        "pgbench 16, unordered": partial(baselines.unordered_pgbench, url, seconds),
        "log 1": partial(log_with_threads, log, tenant, 1, seconds),
        "log 1, task": partial(log_with_tasks, log, tenant, 1, seconds),
    }
    for callers in CALLERS:
        stock = partial(baselines.stock_recorder, url, callers, seconds)
        competitors[f"stock recorder {callers}"] = stock
        if callers > 1:
            competitors[f"log {callers}"] = partial(log_with_tasks, log, tenant, callers, seconds)
    return competitors


def growth(url: str, sizes: tuple[int, ...], samples: int) -> dict[int, float]:
    """Return the median milliseconds of one append to logs of several sizes, taken in turn."""
    taken: dict[int, list[float]] = {size: [] for size in sizes}
    with ExitStack() as stack:
        logs = {size: stack.enter_context(grown_log(url, size)) for size in sizes}
        for _ in range(samples):
            for size, (log, tenant) in logs.items():
                taken[size].append(append_ms(log, tenant))
    return {size: median(times) for size, times in taken.items()}


def append_ms(log: Log, tenant: UUID) -> float:
    """Return the milliseconds of one append."""
    append = one_event(tenant)
    began = time.perf_counter()
    log.append_now(append)
    return (time.perf_counter() - began) * 1_000


@contextmanager
def grown_log(url: str, size: int) -> Iterator[tuple[Log, UUID]]:
    """Yield a log that holds this many events, in a database of its own."""
    name = f"opps_growth_{size}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            own = make_conninfo(url, dbname=name)
            migrations.migrate(own)
            with opened_log(own) as (log, tenant):
                for _ in range(size // 1_000):
                    log.append_now(many_events(tenant, 1_000))
                yield log, tenant
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def opened_log(url: str) -> Iterator[tuple[Log, UUID]]:
    """Yield a log with a tenant of its own."""
    tenant = register_tenant(url, new_id(), f"benchmark-{new_id().hex}")
    with Log(LogSettings(url=url)) as log:
        yield log, tenant


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """Yield a migrated database: the one given, or a durable one of our own that is thrown away."""
    if url is not None:
        migrations.migrate(url)
        yield url
        return
    with (
        tempfile.TemporaryDirectory(prefix="opps-benchmark-") as directory,
        EmbeddedPostgres(Path(directory) / "postgres") as postgres,
    ):
        migrations.migrate(postgres.conninfo())
        yield postgres.conninfo()


def ratios(rates: dict[str, float]) -> list[tuple[str, float, float]]:
    """Return every goal whose competitors took part: its name, what was reached, what was asked."""
    return [
        (name, rates[ours] / rates[theirs], goal)
        for name, ours, theirs, goal in GOALS
        if ours in rates and theirs in rates
    ]


def report(console: Console, rates: dict[str, float], sizes: dict[int, float]) -> None:
    """Print the tables."""
    table = Table("competitor", "events/s", title="Append, one event a commit")
    for name, rate in rates.items():
        table.add_row(name, f"{rate:,.0f}")
    console.print(table)
    if "pgbench 16, unordered" not in rates:
        console.print("pgbench is absent: install the PostgreSQL client programs to compare.")
    table = Table("ratio", "reached", "goal", title="Goals")
    for name, reached, goal in ratios(rates):
        table.add_row(name, f"{reached:.2f}", f"≥ {goal}")
    console.print(table)
    if sizes:
        table = Table("events in the log", "p50 ms", "ratio", title="Growth, one caller")
        smallest = sizes[min(sizes)]
        for size, taken_ms in sizes.items():
            table.add_row(f"{size:,}", f"{taken_ms:.3f}", f"{taken_ms / smallest:.2f}")
        console.print(table)


def main(arguments: list[str]) -> None:
    """Measure, print the tables, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each competitor and round")
    parser.add_argument("--growth", action="store_true", help="also compare logs of three sizes")
    parser.add_argument("--samples", type=int, default=3_000, help="appends to each of them")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with server(options.url) as url:
        rates = throughput(url, options.rounds, options.seconds)
        sizes = growth(url, SIZES, options.samples) if options.growth else {}
    report(Console(), rates, sizes)
    if options.json:
        reached = {name: round(ratio, 3) for name, ratio, _ in ratios(rates)}
        figures = {"events_per_second": rates, "ratios": reached, "append_p50_ms": sizes}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
