"""How fast a history comes in: from a file to the durable log, and how much memory it takes.

Run `python -m benchmarks.import_history FILE --mapping MAPPING`, or with neither for copies of the
example; `--help` tells the rest. Every size is imported by a process of its own, so that its peak
memory is its own.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import UUID

from msgspec import Struct, structs
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from benchmarks.replica import replicate
from opps.application import Application
from opps.eventstore import Log, LogSettings
from opps.eventstore.database import connect_direct
from opps.integrations.importing import Report, import_xes, read_mapping
from opps.integrations.importing.rules import compiled
from opps.integrations.importing.source import SourceFile
from opps.integrations.importing.xes import xes_cases
from opps.projections.projector import Projector
from opps.projections.registry import PROJECTIONS
from opps.projections.tables import connect_role, make_tables
from opps.projections.views import Views
from opps.recording.keyring import MemoryKeyring

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

EXAMPLES = Path(__file__).parent.parent / "examples"
SIZES = (10_000, 100_000, 1_000_000)
GOAL_ROWS_PER_SECOND = 10_000


class Measured(Struct, frozen=True, kw_only=True):
    """One import: rows of the source, events in the log, seconds of wall and processor."""

    rows: int
    events: int
    seconds: float
    processor_seconds: float
    peak_mb: float

    @property
    def rows_per_second(self) -> float:
        """From the file to the durable log."""
        return self.rows / self.seconds


class Stages(Struct, frozen=True, kw_only=True):
    """Microseconds a row takes: reading, deciding and encoding, and what storing adds."""

    read: float
    decided: float
    stored: float


def imported(url: str, file: Path, mapping: Path, *, dry_run: bool = False) -> Measured:
    """Import a file into a tenant of its own."""
    with opened_log(url) as (log, tenant):
        began, busy = time.perf_counter(), time.process_time()
        report = _import(log, tenant, file, mapping, dry_run=dry_run)
        return Measured(
            rows=report.rows,
            events=report.events,
            seconds=time.perf_counter() - began,
            processor_seconds=time.process_time() - busy,
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )


def read_only(file: Path, mapping: Path) -> float:
    """Return the seconds it takes to read the cases of a file."""
    rules = compiled(read_mapping(mapping))
    began = time.perf_counter()
    with SourceFile(file) as source:
        for _ in xes_cases(source, rules):
            pass
    return time.perf_counter() - began


def stages(url: str, file: Path, mapping: Path) -> Stages:
    """Return where the time of a row goes."""
    read = _apart(read_only, file, mapping)
    dry = _apart(_dry, url, file, mapping)
    real = _apart(imported, url, file, mapping)
    microseconds = 1_000_000 / real.rows
    return Stages(
        read=read * microseconds,
        decided=(dry.seconds - read) * microseconds,
        stored=(real.seconds - dry.seconds) * microseconds,
    )


def again_and_projected(url: str, file: Path, mapping: Path) -> tuple[float, float]:
    """Return the seconds of a second import, and of the read models to catch up with the first."""
    with opened_log(url) as (log, tenant):
        _import(log, tenant, file, mapping)
        began = time.perf_counter()
        _import(log, tenant, file, mapping)
        again_s = time.perf_counter() - began
        _make_tables(url)
        began = time.perf_counter()
        with Projector(log, LogSettings(url=url)):
            asyncio.run(_caught_up(url, log, tenant))
        return again_s, time.perf_counter() - began


def _make_tables(url: str) -> None:
    with connect_direct(LogSettings(url=url), "benchmark") as connection:
        connect_role(connection)
        make_tables(connection, PROJECTIONS)


async def _caught_up(url: str, log: Log, tenant: UUID) -> None:
    head = log.head(tenant)
    assert head is not None
    async with Views(url) as views:
        while not await views.at_least(tenant, head.size, timeout_s=600):
            pass


def _dry(url: str, file: Path, mapping: Path) -> Measured:
    return imported(url, file, mapping, dry_run=True)


def _import(log: Log, tenant: UUID, file: Path, mapping: Path, *, dry_run: bool = False) -> Report:
    keyring = MemoryKeyring()
    application = Application(log, lambda _: keyring)
    return import_xes(application, tenant, file, read_mapping(mapping), dry_run=dry_run)


def _apart(call: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs) -> Answer:
    """Return what a call gives in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(call, *given, **named).result()


def sizes_of(file: Path, sizes: tuple[int, ...], directory: Path) -> Iterator[Path]:
    """Yield the file copied to each size."""
    for events in sizes:
        target = directory / f"{events}.xes.gz"
        replicate(file, target, events)
        yield target


def report(console: Console, measured: list[Measured], stages: Stages) -> None:
    """Print the tables."""
    table = Table("rows", "events", "s", "rows/s", "µs a row", "peak MB", title="Import")
    for one in measured:
        table.add_row(
            f"{one.rows:,}",
            f"{one.events:,}",
            f"{one.seconds:.1f}",
            f"{one.rows_per_second:,.0f}",
            f"{one.seconds * 1_000_000 / one.rows:.1f}",
            f"{one.peak_mb:.0f}",
        )
    console.print(table)
    console.print(
        f"Goal: {GOAL_ROWS_PER_SECOND:,} rows/s. A row takes {stages.read:.1f} µs to read, "
        f"{stages.decided:.1f} µs to decide and encode, and storing adds {stages.stored:.1f} µs."
    )


def main(arguments: list[str]) -> None:
    """Measure, print the tables, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    given = os.environ.get("OPPS_BPIC2012")
    parser.add_argument("file", nargs="?", type=Path, default=Path(given) if given else None)
    parser.add_argument("--mapping", type=Path)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="events to copy it to")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    name = "quotes" if options.file is None else "bpic2012"
    file = options.file or EXAMPLES / "import" / "quotes.xes"
    mapping = options.mapping or EXAMPLES / "mappings" / f"{name}.toml"
    console = Console()
    with server(options.url) as url, tempfile.TemporaryDirectory() as directory:
        measured = [
            _apart(imported, url, copied, mapping)
            for copied in sizes_of(file, tuple(options.sizes), Path(directory))
        ]
        figures: dict[str, object] = {
            "imports": [
                {**structs.asdict(one), "rows_per_second": one.rows_per_second} for one in measured
            ]
        }
        whole = file if options.file else next(sizes_of(file, (100_000,), Path(directory)))
        found = stages(url, whole, mapping)
        again_s, projected_s = again_and_projected(url, whole, mapping)
    report(console, measured, found)
    console.print(f"A second import of the same file: {again_s:.1f} s.")
    console.print(f"The read models have caught up after {projected_s:.1f} s.")
    if options.json:
        figures |= {
            "microseconds_a_row": structs.asdict(found),
            "second_import_seconds": again_s,
            "projected_seconds": projected_s,
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
