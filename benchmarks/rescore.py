"""How long every open opportunity waits for its score when another model comes into force.

Run `python -m benchmarks.rescore`; `--help` tells the rest. The opportunities are those of the
other benchmarks, still open. Once the read models follow the log in a process of long standing,
and once in one that was just started and has to read every opportunity from the log.
"""

import argparse
import asyncio
import cProfile
import json
import pstats
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import psycopg
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from benchmarks.append import opened_log, server
from benchmarks.stories import EVENTS_A_DEAL, deal_append
from opps.application import Application, Request
from opps.domain.model import Model
from opps.domain.oks_1 import OKS_1
from opps.domain.recorded import Actor, Via
from opps.domain.scoring_model import ActivateScoringModel, DefineScoringModel
from opps.eventstore import Append, Appended, Log, LogSettings
from opps.eventstore.database import connect_direct
from opps.projections import books
from opps.projections.leader import Leader
from opps.projections.projector import BATCH, prepare
from opps.projections.registry import PROJECTIONS
from opps.projections.tables import connect_role
from opps.recording.keyring import MemoryKeyring

GOAL_S = 10.0
MANAGER = Actor(principal=uuid4(), role="MANAGER", via=Via.SYSTEM)


def open_deal(tenant: UUID, number: int) -> Append:
    """Return the append of a whole deal, without its last event: nobody decided yet."""
    whole = deal_append(tenant, uuid5(tenant, f"deal {number}"), number)
    return replace(whole, events=whole.events[:-1])


def fill(log: Log, tenant: UUID, opportunities: int) -> None:
    """Append that many open opportunities."""
    waiting: list[Future[Appended]] = []
    for number in range(opportunities):
        waiting.append(log.submit(open_deal(tenant, number)))
        if len(waiting) == 500 or number == opportunities - 1:
            for future in waiting:
                future.result()
            waiting.clear()


def activate(log: Log, tenant: UUID, model: Model) -> int:
    """Define a model and bring it into force; return the position that does it."""

    async def run() -> int:
        application = Application(log, lambda _: MemoryKeyring())
        for command in (
            DefineScoringModel(model=model, origin="A benchmark"),
            ActivateScoringModel(name=model.name, reason="A benchmark", override=True),
        ):
            request = Request(tenant=tenant, actor=MANAGER, command_id=uuid4())
            executed = await application.scoring_model(command, request)
        return executed.position

    return asyncio.run(run())


class Following:
    """Read models that follow the log when asked to."""

    def __init__(self, url: str, log: Log) -> None:
        self._connection = connect_direct(LogSettings(url=url), "opps benchmark")
        connect_role(self._connection)
        self._connection.execute("SET statement_timeout = 0")
        prepare(self._connection, log)
        self._leader = Leader(self._connection, log, PROJECTIONS, BATCH)

    def follow(self, tenant: UUID, size: int) -> float:
        """Project up to a size of the log; return the seconds it took."""
        began = time.perf_counter()
        while self._leader.step({tenant: size}):
            pass
        return time.perf_counter() - began

    def rescored(self, tenant: UUID, position: int) -> int:
        """Return how many scores an activation has moved."""
        books.enter_tenant(self._connection, tenant)
        query = "SELECT count(*) FROM opps_views.score_trend WHERE position = %s"
        found = self._connection.execute(query, [position]).fetchone()
        assert found is not None
        return int(found[0])

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()


def measure(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return seconds, items and items a second, for a warm and a cold start."""
    figures = {}
    with server(options.url) as url, opened_log(url) as (log, tenant):
        fill(log, tenant, options.opportunities)
        following = Following(url, log)
        following.follow(tenant, options.opportunities * (EVENTS_A_DEAL - 1))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        for name, prior in (("warm", 0.5), ("cold", 0.55)):
            if name == "cold":
                following.close()
                following = Following(url, log)
            model = replace(OKS_1, name=f"benchmark-{name}", prior_win=prior)
            position = activate(log, tenant, model)
            with cProfile.Profile() if options.profile else _Unprofiled() as profile:
                seconds = following.follow(tenant, position)
            if isinstance(profile, cProfile.Profile):
                pstats.Stats(profile).sort_stats("tottime").print_stats(30)
            items = following.rescored(tenant, position)
            figures[name] = {"seconds": seconds, "items": items, "items/s": items / seconds}
        following.close()
    return figures


class _Unprofiled:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def main(arguments: list[str]) -> None:
    """Measure, print the table, and write it down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a durable database; one of our own if not given")
    parser.add_argument("--opportunities", type=int, default=10_000, help="open ones")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    figures = measure(options)
    table = Table("start", "opportunities", "seconds", "a second", "asked", title="Rescoring")
    for name, one in figures.items():
        table.add_row(
            name,
            f"{one['items']:,.0f}",
            f"{one['seconds']:.2f}",
            f"{one['items/s']:,.0f}",
            f"< {GOAL_S:.0f} s for 10,000",
        )
    Console().print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
