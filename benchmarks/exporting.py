"""How fast a log leaves, as CloudEvents, CSV and Parquet, and what memory that takes.

Run `python -m benchmarks.exporting`; `--help` tells the rest. Each export runs in a process of its
own; what that process holds at most beyond its start is asked of Linux.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from uuid import UUID

from benchmarks.append import opened_log, server
from benchmarks.stories import fill
from opps.eventstore import LogSettings
from opps.integrations.cloud_events import export_cloud_events
from opps.integrations.parquet import export_parquet
from opps.integrations.whole_tables import export_csv, view_of
from opps.projections.projector import catch_up

Export = Callable[[str, UUID, Path], int]


def quietly(done: int, total: int) -> None:
    """Tell nobody."""


def as_cloud_events(url: str, tenant: UUID, path: Path) -> int:
    return export_cloud_events(url, tenant, path, progress=quietly).events


def as_csv(url: str, tenant: UUID, path: Path) -> int:
    return export_csv(url, tenant, view_of("events"), path, progress=quietly).rows


def as_parquet(url: str, tenant: UUID, path: Path) -> int:
    return export_parquet(url, tenant, view_of("events"), path, progress=quietly).rows


def opportunities(url: str, tenant: UUID, path: Path) -> int:
    return export_csv(url, tenant, view_of("opportunities"), path, progress=quietly).rows


EXPORTS: dict[str, Export] = {
    "CloudEvents": as_cloud_events,
    "CSV of the events": as_csv,
    "Parquet of the events": as_parquet,
    "CSV of the opportunities": opportunities,
}


def measured(
    name: str, url: str, tenant: UUID, path: Path, told: "Queue[tuple[int, float, int]]"
) -> None:
    """Tell how many rows an export wrote, in how many seconds, with how many bytes of memory."""
    before = most_held()
    began = time.perf_counter()
    rows = EXPORTS[name](url, tenant, path)
    taken_s = time.perf_counter() - began
    told.put((rows, taken_s, most_held() - before))


def most_held() -> int:
    """Return the bytes of memory that this process has held at most, as Linux tells."""
    (line,) = [
        line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    ]
    return int(line.split()[1]) * 1024


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    chosen = parser.parse_args(arguments)
    spawned = get_context("spawn")
    with server(None) as url, tempfile.TemporaryDirectory() as folder:
        with opened_log(url) as (log, tenant):
            fill(log, tenant, chosen.events)
            catch_up(log, LogSettings(url=url))
        for name in EXPORTS:
            told: Queue[tuple[int, float, int]] = spawned.Queue()
            path = Path(folder, "export")
            process = spawned.Process(target=measured, args=(name, url, tenant, path, told))
            process.start()
            rows, taken_s, held = told.get()
            process.join()
            size = path.stat().st_size
            print(
                f"{name}: {rows:,} rows in {taken_s:.1f} s, {rows / taken_s:,.0f} a second, "
                f"{size / 1e6:.0f} MB; memory beyond the start {held / 1e6:.0f} MB"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
