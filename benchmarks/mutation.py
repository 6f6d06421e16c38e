"""How fast opps takes mutations over HTTP, compared with bare appends of the same bytes.

Run `python -m benchmarks.mutation`; `--help` tells the rest. The server is a process of its own
with a durable PostgreSQL; every caller has its own connection and its own opportunity, and awaits
each answer. Every figure is the median of several rounds in which all competitors take turns.
"""

import argparse
import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle, product
from statistics import median
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.table import Table

from benchmarks import asking
from benchmarks.append import opened_log
from benchmarks.baselines import new_id
from benchmarks.served import Served, serving
from opps.api.ids import NodeType, node_uuid
from opps.eventstore import Append, Log, LoggedEvent, LogSettings, NewEvent, migrations

CALLERS = (1, 16, 64)
BARE_APPENDS = 2_000
BARE = ("setStage", "learnFact")
KINDS: dict[str, Callable[[str], list[bytes]]] = {
    "setStage": asking.stages,
    "learnFact": asking.facts,
    "learnFact, leanings": asking.facts_and_leanings,
}


class Rate(Struct, frozen=True):
    """What was reached: how many a second, and the CPU milliseconds that each took."""

    per_second: float
    server_ms: float
    loop_ms: float
    client_ms: float


class Measured(Struct, frozen=True):
    """What mutations took: CPU seconds by thread, and how often ticks found the loop in a room."""

    done: int
    taken_s: float
    client_s: float
    threads: dict[str, float]
    rooms: dict[str, int]

    @property
    def rate(self) -> Rate:
        """What that is for each mutation."""
        return Rate(
            per_second=self.done / self.taken_s,
            server_ms=sum(self.threads.values()) / self.done * 1_000,
            loop_ms=self.threads["event loop"] / self.done * 1_000,
            client_ms=self.client_s / self.done * 1_000,
        )


class Sellers:
    """Those who tell one server about their deals."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.port: int = served.ready["port"]
        self.account = asking.register_account(self.port)

    def tell(self, kind: str, callers: int, seconds: float, *, sampled: bool = False) -> Measured:
        """Return what mutations took, for at least so many seconds; openings are left out."""
        done, taken_s, client_s = 0, 0.0, 0.0
        threads: Counter[str] = Counter()
        rooms: dict[str, int] = {}
        while taken_s < seconds:
            opened = asking.open_opportunities(self.port, self.account, callers)
            requests = [KINDS[kind](one) for one in opened]
            before, client_before_s = self.served.ask("spent"), time.process_time()
            if sampled:
                self.served.ask("sample")
            block_s, _ = asyncio.run(asking.ask_at_once(self.port, requests))
            if sampled:
                rooms = self.served.ask("sampled")
            client_s += time.process_time() - client_before_s
            threads.update(_less(self.served.ask("spent"), before))
            taken_s += block_s
            done += sum(map(len, requests))
        return Measured(done, taken_s, client_s, dict(threads), rooms)

    def stored(self, kind: str) -> list[LoggedEvent]:
        """Return the events that telling about one deal leaves in the log."""
        [opened] = asking.open_opportunities(self.port, self.account, 1)
        asyncio.run(asking.ask_at_once(self.port, [KINDS[kind](opened)]))
        with Log(LogSettings(url=self.served.ready["url"])) as log:
            stream = node_uuid(NodeType.OPPORTUNITY, opened)
            return log.stream(UUID(self.served.ready["tenant"]), stream, 0)


def bare_appends(log: Log, tenant: UUID, events: Sequence[LoggedEvent], callers: int) -> float:
    """Return appends a second of the same bytes; every caller has a stream of its own."""
    count = max(len(events), BARE_APPENDS // callers)

    async def caller() -> None:
        stream = new_id()
        for version, event in zip(range(count), cycle(events), strict=False):
            await log.append(_append(tenant, stream, version, event))

    async def run() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        return callers * count / (time.perf_counter() - began)

    return asyncio.run(run())


def _append(tenant: UUID, stream: UUID, version: int, event: LoggedEvent) -> Append:
    new = NewEvent(
        stream=stream,
        event_id=new_id(),
        tag=event.tag,
        schema=event.schema,
        payload=event.payload,
        metadata=event.metadata,
    )
    return Append(
        tenant=tenant,
        command_id=new_id(),
        digest=bytes(32),
        expected={stream: version - 1},
        events=(new,),
        result=b"1000",
    )


@contextmanager
def log_beside(url: str) -> Iterator[tuple[Log, UUID]]:
    """Yield a log in a database of its own on the same server, which nobody projects."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE opps_bare TEMPLATE template0")
    own = make_conninfo(url, dbname="opps_bare")
    migrations.migrate(own)
    with opened_log(own) as opened:
        yield opened


class Figures(Struct, frozen=True):
    """Everything that was measured; shares in percent."""

    mutations: dict[str, dict[int, Rate]]
    appends_per_second: dict[str, dict[int, float]]
    threads: dict[str, dict[str, float]]
    rooms: dict[str, dict[str, float]]


def measure(rounds: int, seconds: float, callers: Sequence[int], *, projecting: bool) -> Figures:
    """Return the medians of all competitors, and where the CPU time of the server goes."""
    rates: dict[tuple[str, int], list[Rate]] = defaultdict(list)
    bare: dict[tuple[str, int], list[float]] = defaultdict(list)
    with serving(projecting=projecting) as served, log_beside(served.ready["url"]) as (log, tenant):
        sellers = Sellers(served)
        events = {kind: sellers.stored(kind) for kind in BARE}
        for _ in range(rounds):
            for kind, many in product(KINDS, callers):
                rates[kind, many].append(sellers.tell(kind, many, seconds).rate)
            for kind, many in product(BARE, callers):
                bare[kind, many].append(bare_appends(log, tenant, events[kind], many))
        sampled = {kind: sellers.tell(kind, max(callers), seconds, sampled=True) for kind in KINDS}
    return Figures(
        mutations={kind: {many: _middle(rates[kind, many]) for many in callers} for kind in KINDS},
        appends_per_second={
            kind: {many: median(bare[kind, many]) for many in callers} for kind in BARE
        },
        threads={kind: _percent(one.threads) for kind, one in sampled.items()},
        rooms={kind: _percent(one.rooms) for kind, one in sampled.items()},
    )


def _middle(rates: Sequence[Rate]) -> Rate:
    return Rate(*(median(getattr(one, name) for one in rates) for name in Rate.__struct_fields__))


def _less(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    return {name: spent - before.get(name, 0.0) for name, spent in after.items()}


def _percent(spent: Mapping[str, float]) -> dict[str, float]:
    whole = sum(spent.values())
    return {name: 100 * one / whole for name, one in spent.items()}


def report(console: Console, figures: Figures) -> None:
    """Print the tables."""
    columns = ("mutations/s", "server CPU ms", "of it event loop", "client CPU ms")
    table = Table("mutation", "callers", *columns, title="Mutations over HTTP, each durable")
    for kind, rates in figures.mutations.items():
        for callers, rate in rates.items():
            cpu = (rate.server_ms, rate.loop_ms, rate.client_ms)
            shown = [f"{rate.per_second:,.0f}", *(f"{one:.2f}" for one in cpu)]
            table.add_row(kind, str(callers), *shown)
    console.print(table)
    table = Table("same bytes as", "callers", "appends/s", "ratio", title="Bare appends")
    for kind, by_callers in figures.appends_per_second.items():
        for callers, bare in by_callers.items():
            ratio = figures.mutations[kind][callers].per_second / bare
            table.add_row(kind, str(callers), f"{bare:,.0f}", f"{ratio:.3f}")
    console.print(table)
    _print_shares(console, "CPU time of the server by thread, percent", figures.threads)
    _print_shares(console, "Time of its event loop by room, percent", figures.rooms)


def _print_shares(console: Console, title: str, shares: dict[str, dict[str, float]]) -> None:
    table = Table("", *shares, title=title)
    total: Counter[str] = Counter()
    for one in shares.values():
        total.update(one)
    for name, _ in total.most_common():
        table.add_row(name, *(f"{one.get(name, 0):.1f}" for one in shares.values()))
    console.print(table)


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each competitor and round")
    parser.add_argument("--callers", type=int, nargs="+", default=CALLERS)
    parser.add_argument(
        "--without-projector", action="store_true", help="as `opps serve --no-projector`"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    projecting = not options.without_projector
    figures = measure(options.rounds, options.seconds, options.callers, projecting=projecting)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(figures), indent=2).decode())
        return
    report(Console(), figures)


if __name__ == "__main__":
    main()
