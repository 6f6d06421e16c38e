"""What the ledger costs an append, and how long a proof takes in a log of a million events.

Run `python -m benchmarks.ledger`; `--json` writes the figures down. Sealing is timed on the log
that the appends before it made, in the same rounds, so that a busy moment hits both. Proofs are
read as the server reads them: files, signature and check of each proof included.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median, quantiles
from uuid import UUID

from rich.console import Console
from rich.table import Table

from benchmarks.append import log_with_tasks, many_events, opened_log, server
from benchmarks.baselines import new_id
from opps.eventstore import Log
from opps.ledger.ledger import Ledger
from opps.ledger.sealer import seal
from opps.ledger.tree import HASH_BYTES
from opps.sealing import TenantLeaves, now

CALLERS = (1, 64)
PROOFS = 2_000
BUNDLE = 500


class Leaves:
    """A log of made-up leaf hashes."""

    def __init__(self, count: int) -> None:
        self.hashes = Random(6962).randbytes(count * HASH_BYTES)

    def size(self) -> int:
        """Return how many events it holds."""
        return len(self.hashes) // HASH_BYTES

    def leaves(self, after: int, until: int) -> tuple[bytes, int | None]:
        """Return leaf hashes, all of them right."""
        return self.hashes[after * HASH_BYTES : until * HASH_BYTES], None

    def restored_at(self) -> int | None:
        """Return None: nobody restored it."""
        return None

    def sealed_by(self, first_key: str | None = None, *, taking_over: bool = False) -> str | None:
        """Return the key: nobody else seals it."""
        return first_key


def shares(url: str, directory: Path, rounds: int, seconds: float) -> dict[int, dict[str, float]]:
    """Return for several numbers of callers what an event costs to append and to seal, in µs."""
    found: dict[int, dict[str, float]] = {}
    with opened_log(url) as (log, tenant):
        ledger, leaves = Ledger(directory, tenant), TenantLeaves(log, tenant)
        seal(ledger, leaves, now)
        for callers in CALLERS:
            taken: list[tuple[float, float, float]] = []
            for _ in range(rounds):
                rate = log_with_tasks(log, tenant, callers, seconds)
                taken.append((1_000_000 / rate, *sealing_us(ledger, leaves)))
            append, wall, processor = (median(column) for column in zip(*taken, strict=True))
            found[callers] = {"append": append, "seal": wall, "seal, CPU": processor}
    return found


def sealing_us(ledger: Ledger, leaves: TenantLeaves) -> tuple[float, float]:
    """Return what sealing took an event that was not sealed yet: microseconds, and those of CPU."""
    before = ledger.signed().checkpoint.size
    began, began_cpu = time.perf_counter(), time.process_time()
    grown = seal(ledger, leaves, now).checkpoint.size - before
    wall, processor = time.perf_counter() - began, time.process_time() - began_cpu
    return 1_000_000 * wall / grown, 1_000_000 * processor / grown


def thorough_s(log: Log, tenant: UUID, directory: Path, size: int) -> dict[str, float]:
    """Return the seconds it takes to seal a log for the first time, and to compare all of it."""
    for _ in range(size // 1_000):
        log.append_now(many_events(tenant, 1_000))
    ledger, leaves = Ledger(directory, tenant), TenantLeaves(log, tenant)
    began = time.perf_counter()
    seal(ledger, leaves, now)
    first = time.perf_counter()
    seal(ledger, leaves, now, thorough=True)
    return {"first seal": first - began, "comparison": time.perf_counter() - first}


def proofs_ms(directory: Path, size: int) -> dict[str, list[float]]:
    """Return milliseconds of proofs at random places of a large tree."""
    ledger, random = Ledger(directory, new_id()), Random(1)
    seal(ledger, Leaves(size), now)
    places = sorted(random.sample(range(1, size + 1), BUNDLE))
    measured: dict[str, Callable[[], object]] = {
        "checkpoint": ledger.signed,
        "inclusion": lambda: ledger.inclusion_proof(random.randint(1, size)),
        "consistency": lambda: ledger.consistency_proof(random.randint(1, size)),
    }
    taken = {name: [timed_ms(read) for _ in range(PROOFS)] for name, read in measured.items()}
    taken[f"{BUNDLE} inclusions"] = [
        timed_ms(lambda: ledger.inclusion_proofs(places)) for _ in range(PROOFS // BUNDLE)
    ]
    return taken


def timed_ms(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return (time.perf_counter() - began) * 1_000


def report(figures: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print the tables."""
    console = Console()
    for title, rows in figures.items():
        columns = list(next(iter(rows.values())))
        table = Table("", *columns, title=title)
        for name, row in rows.items():
            table.add_row(name, *(f"{row[column]:,.3f}" for column in columns))
        console.print(table)


def main(arguments: list[str]) -> None:
    """Measure, print the tables, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of appends in each round")
    parser.add_argument("--size", type=int, default=1_000_000, help="events of the large tree")
    parser.add_argument("--log", type=int, default=100_000, help="events of the compared log")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="opps-ledger-") as home, server(options.url) as url:
        directory = Path(home)
        appends = shares(url, directory, options.rounds, options.seconds)
        with opened_log(url) as (log, tenant):
            whole = thorough_s(log, tenant, directory, options.log)
        taken = proofs_ms(directory, options.size)
    figures = {
        "An event, µs": {
            f"{callers} callers": {
                **row,
                "share of an append, %": 100 * row["seal"] / row["append"],
            }
            for callers, row in appends.items()
        },
        f"A log of {options.log:,} events, s": {"all of it": whole},
        f"Proofs at {options.size:,} events, ms": {
            name: {"p50": median(row), "p95": quantiles(row, n=20)[-1]}
            for name, row in taken.items()
        },
    }
    report(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
