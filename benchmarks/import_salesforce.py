"""How fast an export of Salesforce comes in, and whether its size changes the memory it takes.

Run `python -m benchmarks.import_salesforce`; `--help` tells the rest. The exports are generated
from a seed: opportunities with a row each, and their history. Every size is imported by a process
of its own, so that its peak memory is its own.
"""

import argparse
import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random

from msgspec import Struct, structs
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from opps.application import Application
from opps.integrations.importing import import_salesforce_csv, salesforce_mapping
from opps.recording.keyring import MemoryKeyring

SIZES = (20_000, 100_000)
SEED = 20
GOAL_ROWS_PER_SECOND = 5_000
ROWS_EACH = 20
FIRST_DAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
STAGES = (
    ("Prospecting", 10, "Pipeline"),
    ("Qualification", 20, "Pipeline"),
    ("Needs Analysis", 30, "Pipeline"),
    ("Proposal/Price Quote", 60, "BestCase"),
    ("Negotiation/Review", 80, "Forecast"),
)
ENDS = (("Closed Won", 100, "Closed"), ("Closed Lost", 0, "Omitted"))
HISTORY = (
    "OpportunityId,StageName,Amount,CloseDate,Probability,ForecastCategory,CreatedDate,CreatedById"
)
OPPORTUNITY = (
    "Id,AccountId,Account.Name,Name,StageName,Amount,Probability,CloseDate,Type,LeadSource,"
    "ForecastCategory,OwnerId,CurrencyIsoCode,CreatedDate,LastModifiedDate,IsClosed,IsWon,IsDeleted"
)


class Measured(Struct, frozen=True, kw_only=True):
    """One import: rows of the export, events in the log, seconds, and the peak of memory."""

    rows: int
    history_rows: int
    events: int
    seconds: float
    again_seconds: float
    processor_seconds: float
    peak_mb: float

    @property
    def rows_per_second(self) -> float:
        """From the files to the durable log."""
        return self.rows / self.seconds


def export(directory: Path, history_rows: int, seed: int) -> Path:
    """Write an export with so many rows of history, and return its folder."""
    folder = directory / f"export-{history_rows}"
    folder.mkdir()
    with (
        (folder / "opportunities.csv").open("w", newline="") as opportunities,
        (folder / "history.csv").open("w", newline="") as history,
    ):
        now, then = csv.writer(opportunities), csv.writer(history)
        now.writerow(OPPORTUNITY.split(","))
        then.writerow(HISTORY.split(","))
        for number in range(history_rows // ROWS_EACH):
            rows = list(_history(number, Random(f"{seed}:{number}")))
            then.writerows(rows)
            now.writerow(_today(number, rows))
    return folder


def _history(number: int, chance: Random) -> Iterator[list[str]]:
    """Yield the history of one opportunity: amounts, dates that slide, stages, often an end."""
    id_, owner = f"006{number:012d}", f"005{number % 40:012d}"
    at = FIRST_DAY + timedelta(minutes=37 * number)
    closes = at.date() + timedelta(days=90)
    amount, stage = 1_000 * chance.randint(5, 200), 0
    for row in range(ROWS_EACH):
        match chance.choice(("stage", "date", "amount", "date")):
            case "stage":
                stage = min(stage + 1, len(STAGES) - 1)
            case "date":
                closes += timedelta(days=chance.randint(-7, 30))
            case _:
                amount += 500 * chance.randint(-4, 6)
        last = row == ROWS_EACH - 1 and chance.random() < 0.7
        name, share, category = chance.choice(ENDS) if last else STAGES[stage]
        yield [
            id_,
            name,
            f"{max(amount, 500)}.00",
            _day(closes),
            str(share),
            category,
            _at(at),
            owner,
        ]
        at += timedelta(days=chance.randint(1, 9), minutes=chance.randint(0, 600))


def _today(number: int, rows: list[list[str]]) -> list[str]:
    id_, stage, amount, closes, share, category, at, owner = rows[-1]
    closed = str(stage.startswith("Closed")).lower()
    won = str(stage == "Closed Won").lower()
    account = f"001{number % 2_000:012d}"
    return [
        *(id_, account, f"Customer {number % 2_000}", f"Deal {number}", stage, amount, share),
        *(closes, "New Business", "Web", category, owner, "EUR", rows[0][6], at),
        *(closed, won, "false"),
    ]


def _day(day: date) -> str:
    return day.isoformat()


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def imported(url: str, folder: Path, history_rows: int) -> Measured:
    """Import an export into a tenant of its own, and once more."""
    with opened_log(url) as (log, tenant):
        keyring = MemoryKeyring()
        application = Application(log, lambda _: keyring)
        began, busy = time.perf_counter(), time.process_time()
        report = import_salesforce_csv(application, tenant, [folder], salesforce_mapping())
        seconds, processor_s = time.perf_counter() - began, time.process_time() - busy
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        again = import_salesforce_csv(application, tenant, [folder], salesforce_mapping())
        assert report.complete
        assert again.events == 0
        return Measured(
            rows=report.rows,
            history_rows=history_rows,
            events=report.events,
            seconds=seconds,
            again_seconds=time.perf_counter() - began,
            processor_seconds=processor_s,
            peak_mb=peak_mb,
        )


def measured(url: str, history_rows: int, seed: int) -> Measured:
    """Return what an import of so many rows takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as directory:
        folder = export(Path(directory), history_rows, seed)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            return process.submit(imported, url, folder, history_rows).result()


def report(console: Console, found: list[Measured]) -> None:
    """Print the table."""
    table = Table(
        *("history rows", "rows", "events", "s", "rows/s", "CPU s", "again s", "peak MB"),
        title="Import of an export of Salesforce",
    )
    for one in found:
        table.add_row(
            f"{one.history_rows:,}",
            f"{one.rows:,}",
            f"{one.events:,}",
            f"{one.seconds:.1f}",
            f"{one.rows_per_second:,.0f}",
            f"{one.processor_seconds:.1f}",
            f"{one.again_seconds:.1f}",
            f"{one.peak_mb:.0f}",
        )
    console.print(table)
    console.print(f"Goal: {GOAL_ROWS_PER_SECOND:,} rows/s, and memory that does not grow.")


def main(arguments: list[str]) -> None:
    """Measure, print the table, and write it down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="rows of history")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with server(options.url) as url:
        found = [measured(url, size, options.seed) for size in options.sizes]
    report(Console(), found)
    if options.json:
        figures = [{**structs.asdict(one), "rows_per_second": one.rows_per_second} for one in found]
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
