"""What a page of one seller's timeline costs, with a hundred thousand lines behind it.

Run `python -m benchmarks.timelines`; `--help` tells the rest. The CPU is that of the reader and of
its one backend of the database together, which works alone, over all rounds of a question.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid5

import psycopg
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from benchmarks.stories import EVENTS_A_DEAL, deal_events
from opps.domain.catalogue import Objective
from opps.domain.events import FactLearned, OpportunityEvent
from opps.domain.lag import lag_report
from opps.domain.recorded import Actor, Metadata, Via
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.projections import found_wrong, timelines
from opps.projections.account_timeline import ACCOUNT_TIMELINE
from opps.projections.projector import catch_up
from opps.projections.reading import Reading
from opps.projections.scopes import LineFilter, Until, of_seller
from opps.projections.timeline import TIMELINE
from opps.projections.timelines import Asked, GroupBy
from opps.projections.views import Axis, Views
from opps.projections.wrong_beliefs import WRONG_BELIEFS
from opps.recording import codec

SELLER = UUID("00000000-0000-4000-8000-0000005e11e5")
PAGE, GROUPS, LINES_A_GROUP = 100, 20, 5
EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_APPENDS_AT_ONCE = 200

Question = Callable[[], Awaitable[Any]]


def fill(log: Log, tenant: UUID, lines: int) -> None:
    """Append deals that one seller tells, an hour after each other."""
    waiting = []
    for number in range(lines // EVENTS_A_DEAL):
        waiting.append(log.submit(_deal(tenant, uuid5(tenant, f"deal {number}"), number)))
        if len(waiting) >= _APPENDS_AT_ONCE:
            for future in waiting:
                future.result()
            waiting.clear()
    for future in waiting:
        future.result()


def _deal(tenant: UUID, deal: UUID, number: int) -> Append:
    actor = Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL)
    metadata = codec.encode_metadata(Metadata(actor=actor))
    events = map(_by_the_seller, deal_events(deal, 60 * number))
    return Append(
        tenant=tenant,
        command_id=uuid5(deal, "command"),
        expected={deal: -1},
        events=tuple(
            NewEvent(
                stream=deal,
                event_id=uuid5(deal, f"event {index}"),
                tag=codec.tag_of(event),
                schema=event.schema,
                payload=codec.encode(event),
                metadata=metadata,
            )
            for index, event in enumerate(events)
        ),
    )


def _by_the_seller(event: OpportunityEvent) -> OpportunityEvent:
    if not isinstance(event, FactLearned):
        return event
    return replace(event, provenance=replace(event.provenance, learned_by=SELLER))


class Counting(Reading):
    """A reader that counts its statements."""

    def __init__(self, reading: Reading) -> None:
        self._pool = reading._pool
        self._patience_s = reading._patience_s
        self.statements = 0

    async def rows(self, *arguments: Any, **options: Any) -> list[dict[str, Any]]:
        """Return the rows of a query, and count it."""
        self.statements += 1
        return await super().rows(*arguments, **options)


def questions(reading: Reading, tenant: UUID, lines: int) -> dict[str, Question]:
    """Return what is asked of one seller's lines, by name."""
    end = Until(position=2**62)

    def asked(axis: Axis, **wanted: Any) -> Asked:
        return Asked(scope=of_seller(SELLER), axis=axis, until=end, wanted=LineFilter(**wanted))

    def page(axis: Axis, after: int | None = None, **wanted: Any) -> Question:
        return lambda: timelines.lines(reading, tenant, asked(axis, **wanted), after, PAGE + 1)

    def grouped(axis: Axis, by: GroupBy) -> Question:
        async def ask() -> None:
            found = await timelines.groups(reading, tenant, asked(axis), by, None, GROUPS + 1)
            await timelines.lines_of_groups(
                reading, tenant, asked(axis), by, found[:GROUPS], None, LINES_A_GROUP + 1
            )

        return ask

    async def report() -> None:
        lag_report(await found_wrong.noted(reading, tenant, SELLER, end.position, *EVER))

    return {
        "first page, RECORDED": page(Axis.RECORDED),
        "first page, LEARNED": page(Axis.LEARNED),
        "a page from the middle, LEARNED": page(Axis.LEARNED, lines // 2),
        "a page of one objective": page(Axis.LEARNED, objectives=[Objective.FUNDING]),
        "how many there are": lambda: timelines.count(reading, tenant, asked(Axis.LEARNED)),
        "20 days with 5 lines each": grouped(Axis.LEARNED, GroupBy.DAY),
        "all objectives with 5 lines each": grouped(Axis.LEARNED, GroupBy.OBJECTIVE),
        "20 commands with 5 lines each": grouped(Axis.RECORDED, GroupBy.COMMAND),
        "wrong beliefs": lambda: found_wrong.of_seller(reading, tenant, SELLER, end),
        "lag report": report,
    }


async def measured(url: str, tenant: UUID, lines: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return statements, milliseconds and CPU of each question."""
    alone = make_conninfo(url, options="-c max_parallel_workers_per_gather=0")
    async with Views(alone, connections=1) as views:
        reading = Counting(views.reading)
        [found] = await reading.rows(tenant, SQL("SELECT pg_backend_pid() AS pid"))
        answers = {}
        for name, ask in questions(reading, tenant, lines).items():
            await ask()
            answers[name] = await _measured(reading, ask, found["pid"], rounds)
        return answers


async def _measured(reading: Counting, ask: Question, pid: int, rounds: int) -> dict[str, float]:
    taken, before, cpu_s = [], reading.statements, _cpu_s(pid)
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        taken.append(1_000 * (time.perf_counter() - began))
    return {
        "statements": (reading.statements - before) / rounds,
        "median_ms": median(taken),
        "cpu_ms": 1_000 * (_cpu_s(pid) - cpu_s) / rounds,
    }


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of this process and of a backend, as far as the system shows it."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / _TICKS_A_SECOND


def main() -> int:
    """Measure and print a table; `--json` prints the figures instead."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="a migrated database; a thrown-away one if absent")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with server(options.database) as url, opened_log(url) as (log, tenant):
        fill(log, tenant, options.lines)
        catch_up(log, LogSettings(url=url), [TIMELINE, ACCOUNT_TIMELINE, WRONG_BELIEFS])
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE opps_views.timeline")
        found = asyncio.run(measured(url, tenant, options.lines, options.rounds))
    if options.json:
        json.dump(found, sys.stdout, indent=2)
        return 0
    table = Table("question", "statements", "median ms", "CPU ms")
    for name, figures in found.items():
        table.add_row(name, *(f"{figures[one]:.1f}" for one in figures))
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
