"""What looking back at a whole portfolio costs: lists and sums as shown and as known.

Run `python -m benchmarks.portfolio_as_of`; `--help` tells the rest. Each figure is the median of
several rounds in which all questions take turns; the list of now is the baseline. The deals are
opened over half a year, a tenth of what is told of them is told days late, and days turn.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid5

import psycopg
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from benchmarks.stories import deal_events
from opps.domain.clock import clock_stream
from opps.domain.events import (
    AmountEstimated,
    CommitBasis,
    CommitDateSet,
    DayTurned,
    Event,
    ForecastCategory,
    ForecastCategorySet,
    OpportunityEvent,
    OpportunityLost,
    SellerActed,
    StageSet,
)
from opps.domain.money import Money
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.times import Learned
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.projections.board import BOARD
from opps.projections.board_history import BOARD_HISTORY
from opps.projections.listing import BoardFilter, BoardOrder
from opps.projections.past import Look
from opps.projections.past_sums import Group
from opps.projections.projection import Projection
from opps.projections.projector import catch_up
from opps.projections.registry import PROJECTIONS
from opps.projections.score_trend import NOW, SCORE_TREND
from opps.projections.views import Views
from opps.recording import codec

BEGIN = datetime(2025, 11, 3, 9, tzinfo=UTC)
DAYS, OPENED_WITHIN, LATE = 300, 240, 0.1
GOAL_MS = 100.0
PAGE = 50
EVERYTHING = BoardFilter()
Ask = Callable[[], Awaitable[object]]


def story(deal: UUID, number: int, random: Random) -> Iterator[tuple[float, OpportunityEvent]]:
    """Yield what happens to a deal with the day on which it is told; a tenth comes late."""
    day = random.uniform(0, OPENED_WITHIN)
    left_out = (OpportunityLost, SellerActed, StageSet)
    events = [one for one in deal_events(deal, number) if not isinstance(one, left_out)]
    more: list[OpportunityEvent] = []
    for _ in range(8):
        amount = Money(Decimal(random.randint(1, 900) * 1000), "EUR")
        more += [
            random.choice(
                (
                    AmountEstimated(learned=Learned(), amount=amount),
                    StageSet(learned=Learned(), stage=random.choice("ABCDE")),
                    CommitDateSet(
                        learned=Learned(),
                        commit_date=(BEGIN + timedelta(days=day + 90)).date(),
                        basis=CommitBasis.OURS,
                    ),
                    ForecastCategorySet(
                        learned=Learned(), category=random.choice(list(ForecastCategory))
                    ),
                )
            )
        ]
    closed = [one for one in deal_events(deal, number) if isinstance(one, OpportunityLost)]
    for one in [*events, *more, *(closed if random.random() < 0.4 else [])]:
        late = random.uniform(0.5, 9) if random.random() < LATE and one is not events[0] else 0.0
        learned = BEGIN + timedelta(days=max(day - late, 0.0))
        yield day, replace(one, learned=Learned(latest=learned))
        day = min(day + random.expovariate(1 / 3), DAYS - 0.1)


def fill(log: Log, tenant: UUID, deals: int) -> list[int]:
    """Append the deals and the days in the order in which they were told.

    Return at which position each day ended.
    """
    random, told = Random(1), list[tuple[float, UUID, OpportunityEvent]]()
    for number in range(deals):
        deal = uuid5(tenant, f"deal {number}")
        told += [(day, deal, one) for day, one in story(deal, number, random)]
    told.sort(key=lambda one: one[0])
    versions: dict[UUID, int] = {}
    next_one, ends = 0, list[int]()
    for day in range(DAYS + 1):
        chunk: list[tuple[UUID, Event]] = []
        while next_one < len(told) and told[next_one][0] < day:
            chunk.append((told[next_one][1], told[next_one][2]))
            next_one += 1
        turned = DayTurned(day=(BEGIN + timedelta(days=day)).date(), zone="UTC")
        chunk.append((clock_stream(tenant), turned))
        for start in range(0, len(chunk), 500):
            position = _append(log, tenant, chunk[start:][:500], versions)
        ends.append(position)
    return ends


def _append(
    log: Log, tenant: UUID, chunk: list[tuple[UUID, Event]], versions: dict[UUID, int]
) -> int:
    expected = {stream: versions.get(stream, -1) for stream, _ in chunk}
    metadata = codec.encode_metadata(
        Metadata(actor=Actor(principal=tenant, role="SELLER", via=Via.IMPORT))
    )
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
    name = f"{chunk[0][0]} {versions[chunk[0][0]]} {len(chunk)}"
    append = Append(
        tenant=tenant,
        command_id=uuid5(tenant, name),
        expected=expected,
        events=tuple(events),
    )
    last = log.append_now(append).last_position
    assert last is not None
    return last


def projected(url: str, log: Log, projections: list[Projection]) -> float:
    """Return the seconds from empty read models to the end of the log."""
    began = time.perf_counter()
    catch_up(log, LogSettings(url=url), projections)
    return time.perf_counter() - began


def questions(views: Views, tenant: UUID, ends: Sequence[int]) -> dict[str, Ask]:
    """Return every question, the list of now first."""
    past, head, half = views.past(tenant), ends[-1], ends[DAYS // 2]
    middle = BEGIN + timedelta(days=DAYS / 2)
    asked: dict[str, Ask] = {
        "now, list": lambda: views.board(
            tenant, EVERYTHING, BoardOrder.AMOUNT, limit=PAGE + 1, descending=True
        ),
        "now, value": lambda: past.sums(None, EVERYTHING, [Group.STATUS, Group.CATEGORY]),
    }
    looks = {
        "SCREEN at the end": Look(position=head),
        "SCREEN half way": Look(position=half),
        "SCREEN early": Look(position=ends[DAYS // 5]),
        "KNOWN now, told by now": Look(position=head, known_at=BEGIN + timedelta(days=DAYS)),
        "KNOWN half way, told by now": Look(position=head, known_at=middle),
        "KNOWN half way, told by then": Look(position=half, known_at=middle),
        "KNOWN early, told by half way": Look(
            position=half, known_at=BEGIN + timedelta(days=DAYS / 4)
        ),
    }
    for name, look in looks.items():

        def listed(look: Look = look) -> Awaitable[object]:
            return past.page(look, EVERYTHING, BoardOrder.AMOUNT, None, PAGE + 1, descending=True)

        def changed(look: Look = look) -> Awaitable[object]:
            return past.page(look, EVERYTHING, BoardOrder.CHANGED, None, PAGE + 1, descending=True)

        def valued(look: Look = look) -> Awaitable[object]:
            return past.sums(look, EVERYTHING, [Group.STATUS, Group.CATEGORY])

        asked[f"{name}, list by value"] = listed
        asked[f"{name}, list by last change"] = changed
        asked[f"{name}, value"] = valued
    return asked


async def timed(
    url: str, tenant: UUID, ends: Sequence[int], rounds: int
) -> dict[str, dict[str, float]]:
    """Return of each question the median and the 95th percentile in ms, and the CPU time of both.

    CPU is what this process and the database's spend: other work on the machine does not count.
    """
    taken_ms: dict[str, list[float]] = {}
    spent_ms: dict[str, float] = {}
    unsettled = 0
    with psycopg.connect(url) as connection:
        database = parent_of(connection)
    async with Views(url) as views:
        for _ in range(rounds):
            for name, ask in questions(views, tenant, ends).items():
                began, cpu = time.perf_counter(), time.process_time() + cpu_seconds(database)
                answer = await ask()
                taken_ms.setdefault(name, []).append((time.perf_counter() - began) * 1_000)
                spent = time.process_time() + cpu_seconds(database) - cpu
                spent_ms[name] = spent_ms.get(name, 0.0) + spent * 1_000 / rounds
                unsettled = max(unsettled, len(getattr(answer, "unsettled", ())))
    return {
        name: {
            "median_ms": median(taken),
            "p95_ms": quantiles(taken, n=20)[18],
            "cpu_ms": spent_ms[name],
        }
        for name, taken in taken_ms.items()
    } | {"unsettled": {"most": float(unsettled)}}


def parent_of(connection: psycopg.Connection) -> int:
    """Return the process that every backend of the server is a child of."""
    pid = connection.info.backend_pid
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def cpu_seconds(parent: int) -> float:
    """Return what the children of a process have spent, to the resolution of the kernel."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    ticks = 0
    for child in children:
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def costs(url: str, deals: int) -> dict[str, float]:
    """Return events a second of the projector, without the history and with it."""
    with opened_log(url) as (log, tenant):
        head = fill(log, tenant, deals)[-1]
        others = [one for one in PROJECTIONS if one is not BOARD_HISTORY]
        without = projected(url, log, others)
        tables = [f"opps_views.{table.name}" for one in others for table in one.tables]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {', '.join(tables)}")
            connection.execute("UPDATE opps_views.positions SET position = 0")
        return {"without": head / without, "with": head / projected(url, log, list(PROJECTIONS))}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    with server(options.url) as url:
        projector = costs(url, options.projector_deals)
        with opened_log(url) as (log, tenant):
            ends = fill(log, tenant, options.deals // options.copies)
            projected(url, log, [BOARD, SCORE_TREND, BOARD_HISTORY])
            with psycopg.connect(url, autocommit=True) as connection:
                copied(connection, tenant, options.copies)
                connection.execute("VACUUM ANALYZE")
                rows = {
                    name: stored(connection, name) for name in ("board_history", "known_history")
                }
            return {
                "opportunities": options.deals,
                "events": ends[-1],
                "rows": rows,
                "projector": projector,
                "questions": asyncio.run(timed(url, tenant, ends, options.rounds)),
            }


def copied(connection: psycopg.Connection, tenant: UUID, copies: int) -> None:
    """Give each deal so many rows of each kind, under other ids: reading sees no difference."""
    for table in (BOARD.tables[0], NOW, *BOARD_HISTORY.tables[:2]):
        others = ", ".join(name for name in table.columns if name != "opportunity_id")
        connection.execute(
            f"INSERT INTO opps_views.{table.name} (tenant, opportunity_id, {others})"
            f" SELECT tenant, md5(opportunity_id::text || n)::uuid, {others}"
            f" FROM opps_views.{table.name}, generate_series(2, %s) n WHERE tenant = %s"
            " ORDER BY position, n",
            [copies, tenant],
        )


def stored(connection: psycopg.Connection, table: str) -> dict[str, int]:
    """Return how many rows a table has, and how many megabytes with its indexes."""
    query = f"SELECT count(*), pg_total_relation_size('opps_views.{table}') FROM opps_views.{table}"
    [(count, size)] = connection.execute(query).fetchall()
    return {"rows": count, "megabytes": size // 2**20}


def report(console: Console, figures: dict[str, Any]) -> None:
    """Print the tables."""
    table = Table("question", "median ms", "p95 ms", "CPU ms", title="Looking back")
    for name, one in figures["questions"].items():
        if "median_ms" in one:
            table.add_row(name, *(f"{one[key]:.1f}" for key in ("median_ms", "p95_ms", "cpu_ms")))
    console.print(table)
    console.print({key: value for key, value in figures.items() if key != "questions"})
    console.print(f"goal: at most {GOAL_MS:.0f} ms; unsettled: {figures['questions']['unsettled']}")


def main(arguments: list[str]) -> None:
    """Measure, print the tables, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--deals", type=int, default=10_000)
    parser.add_argument("--copies", type=int, default=5, help="of each deal's rows, to load faster")
    parser.add_argument("--projector-deals", type=int, default=500, help="to measure the projector")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    figures = measure(options)
    report(Console(), figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
