"""What a feed costs and how soon it arrives: many who follow the same, bursts, replays, one alone.

python -m benchmarks.feeds [--only bursts,shared,idle,replay] [--sockets 5000]
"""

import argparse
import asyncio
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson
import psycopg

from benchmarks.followers import followers, leave
from benchmarks.served import Served
from opps.domain.events import Event, FactLearned, OpportunityOpened
from opps.domain.facts import Evaluator, Leaning
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.times import Learned
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.recording import codec

SCORES = """subscription Scores($after: ScoreCursor) {
  scoreChanged(after: $after) {
    __typename
    ... on ScoreChanged {
      cursor opportunityId position cause sentence points after { p low high } recordedAt }
    ... on StreamCaughtUp { cursor position } } }"""
LEVELS = (LeaningLevel.SUPPORTER, LeaningLevel.OPPONENT)
SHARING, STOCK = 1_000, 1_000
SHARED_EVENTS, STOCK_EVENTS = 100, 5
BURSTS, BURST = 10, 5
MISSED, REPLAYS = 10_000, 5
ALONE = 300
CHANGED = b'"ScoreChanged"'


class Deals:
    """Opportunities whose scores move with every event behind the second."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self._log = log
        self._tenant = tenant
        self._metadata = codec.encode_metadata(
            Metadata(actor=Actor(principal=tenant, role="SELLER", via=Via.IMPORT))
        )

    def append(self, stream: UUID, version: int, events: Sequence[Event]) -> int:
        """Return the position of the last of these events of one opportunity, once stored."""
        new = tuple(
            NewEvent(
                stream=stream,
                event_id=uuid4(),
                tag=codec.tag_of(one),
                schema=one.schema,
                payload=codec.encode(one),
                metadata=self._metadata,
            )
            for one in events
        )
        expected = {stream: version}
        append = Append(tenant=self._tenant, command_id=uuid4(), expected=expected, events=new)
        position = self._log.append_now(append).last_position
        assert position is not None
        return position

    def one(self) -> "Deal":
        """Return a new opportunity."""
        return Deal(self)


class Deal:
    """One opportunity."""

    def __init__(self, deals: Deals) -> None:
        self._deals = deals
        self._id = uuid4()
        self._moves = _moves(self._id)
        self._version = -1
        self.more(2)

    def more(self, count: int) -> int:
        """Return the position of the last of so many further events, once stored."""
        some = list(itertools.islice(self._moves, count))
        position = self._deals.append(self._id, self._version, some)
        self._version += count
        return position


def _moves(deal: UUID) -> Iterator[Event]:
    """Yield an opening, somebody who decides, and how they change their mind, over and over."""
    begun, evaluator = datetime.now(UTC) - timedelta(days=1), uuid5(deal, "evaluator")
    learned = Learned(latest=begun)
    yield OpportunityOpened(
        learned=learned,
        account_id=uuid5(deal, "account"),
        title="Fleet renewal",
        currency="EUR",
        owner=uuid5(deal, "seller"),
    )
    said = Provenance(source=SourceKind.BUYER_SAID, channel=Channel.CALL, told_by=evaluator)
    facts = itertools.chain(
        [Evaluator(evaluator_id=evaluator, title="CFO", roles=(Role.ECONOMIC,))],
        (Leaning(evaluator_id=evaluator, level=level) for level in itertools.cycle(LEVELS)),
    )
    for number, fact in enumerate(facts):
        when = Learned(latest=begun + timedelta(seconds=number))
        yield FactLearned(learned=when, fact_id=uuid4(), fact=fact, provenance=said)


class Heard:
    """What sockets heard: how many changes, and when which position."""

    def __init__(self) -> None:
        self.changes = 0
        self._news = asyncio.Event()
        self.times: list[tuple[int, float]] = []

    def __call__(self, payload: bytes) -> None:
        if CHANGED in payload:
            self.changes += 1
            self._news.set()
            _, _, rest = payload.partition(b'"position":')
            self.times.append((int(rest[: rest.index(b",")]), time.perf_counter()))

    async def until(self, changes: int, within_s: float = 120.0) -> None:
        """Wait until so many changes were heard."""
        async with asyncio.timeout(within_s):
            while self.changes < changes:
                self._news.clear()
                await self._news.wait()


def serving(directory: Path) -> Served:
    """Return the process that is followed."""
    return Served(directory, "benchmarks.feeds_served")


async def shared(served: Served, deals: Deals, path: str, count: int, events: int) -> float:
    """Return the microseconds of CPU that each message takes, of all threads."""
    heard, deal = Heard(), deals.one()
    made = await followers(served.ready["port"], count, path, SCORES, {}, heard)
    deal.more(1)  # the first that moves the score
    await heard.until(count)
    before, begun = _spent(served), heard.changes
    for number in range(events):
        await asyncio.to_thread(deal.more, 1)
        await heard.until(begun + (number + 1) * count)
    spent = _spent(served) - before
    leave(made)
    return 1e6 * spent / (events * count)


async def bursts(served: Served, deals: Deals, count: int) -> dict[str, float]:
    """Return how late changes are that come in bursts, and what a socket takes of memory."""
    heard, some = Heard(), [deals.one() for _ in range(BURST)]
    await asyncio.sleep(1)
    before = served.ask("memory")
    made = await followers(served.ready["port"], count, "/graphql", SCORES, {}, heard)
    joined = served.ask("memory")
    committed: dict[int, float] = {}
    for _ in range(BURSTS):
        expected = heard.changes + BURST * count
        for deal in some:
            position = await asyncio.to_thread(deal.more, 1)
            committed[position] = time.perf_counter()
        await heard.until(expected)
    late = sorted(1e3 * (at - committed[one]) for one, at in heard.times if one in committed)
    held = served.ask("memory")
    leave(made)
    return {
        "p50 ms": median(late),
        "p99 ms": _p99(late),
        "longest ms": late[-1],
        "kB a socket, joined": (joined - before) / count,
        "kB a socket, after bursts": (held - before) / count,
    }


async def replay(served: Served, deals: Deals) -> dict[str, float]:
    """Return how many missed events a second are sent while others write."""
    [place] = _rows(served, "SELECT max(position) FROM opps_views.score_trend")[0]
    for deal in [deals.one() for _ in range(20)]:
        for _ in range(MISSED // 20 // 50):
            deal.more(50)
    await _caught_up(served)
    rates = []
    for _ in range(REPLAYS):
        payloads: list[bytes] = []
        stop = threading.Event()
        writer = threading.Thread(target=_write, args=[deals.one(), stop])
        writer.start()
        variables = {"after": str(place or 0)}
        begun = time.perf_counter()
        made = await followers(
            served.ready["port"], 1, "/graphql", SCORES, variables, payloads.append
        )
        while len(payloads) < MISSED:
            await asyncio.sleep(0.001)
        rates.append(MISSED / (time.perf_counter() - begun))
        stop.set()
        writer.join()
        await _caught_up(served)
        await _all_heard(served, payloads, place or 0)
        leave(made)
    return {"events/s, median": median(rates), "slowest": min(rates), "fastest": max(rates)}


def _write(deal: Deal, stop: threading.Event) -> None:
    while not stop.wait(0.02):
        deal.more(1)


async def _all_heard(served: Served, payloads: list[bytes], place: int) -> None:
    """Wait until everything came, and see that it came in order and once."""
    stored = _rows(
        served,
        "SELECT position, ordinal FROM opps_views.score_trend"
        f" WHERE position > {place} ORDER BY position, ordinal",
    )
    while sum(CHANGED in one for one in payloads) < len(stored):
        await asyncio.sleep(0.01)
    told = [orjson.loads(one)["payload"]["data"]["scoreChanged"] for one in payloads]
    came = [one["cursor"] for one in told if one["__typename"] == "ScoreChanged"]
    assert came == [f"{position}.{ordinal}" for position, ordinal in stored]


async def alone(served: Served, deals: Deals) -> dict[str, float]:
    """Return how late changes are where nothing else happens, behind their commit."""
    heard, deal, late = Heard(), deals.one(), []
    made = await followers(served.ready["port"], 1, "/graphql", SCORES, {}, heard)
    for _ in range(ALONE):
        expected = heard.changes + 1
        await asyncio.to_thread(deal.more, 1)
        committed = time.perf_counter()
        await heard.until(expected)
        late.append(1e3 * (heard.times[-1][1] - committed))
        await asyncio.sleep(0.03)
    leave(made)
    late.sort()
    return {"p50 ms": median(late), "p99 ms": _p99(late), "longest ms": late[-1]}


def _p99(figures: list[float]) -> float:
    return figures[int(0.99 * len(figures))]


def _spent(served: Served) -> float:
    return float(sum(served.ask("spent").values()))


def _rows(served: Served, query: str) -> list[Any]:
    with psycopg.connect(served.ready["url"]) as connection:
        return connection.execute(query).fetchall()


async def _caught_up(served: Served) -> None:
    """Wait until the read models show all of the log."""
    behind = (
        "SELECT (SELECT max(position) FROM opps.events) - min(position) FROM opps_views.positions"
    )
    while _rows(served, behind)[0][0]:
        await asyncio.sleep(0.02)


async def measure(served: Served, deals: Deals, options: argparse.Namespace) -> None:
    """Measure and print; what a socket takes of memory first, of which nothing is left over yet."""
    if "bursts" in options.only:
        print("bursts:", _told(await bursts(served, deals, options.sockets)))
    if "shared" in options.only:
        ours = [await shared(served, deals, "/graphql", SHARING, SHARED_EVENTS) for _ in range(3)]
        stock = await shared(served, deals, "/stock/", STOCK, STOCK_EVENTS)
        print(f"shared: {_few(ours)} us a message; stock Strawberry: {stock:.0f} us,", end=" ")
        print(f"{stock / median(ours):.1f} times as much")
    if "idle" in options.only:
        print("idle:", _told(await alone(served, deals)))
    if "replay" in options.only:
        print("replay:", _told(await replay(served, deals)))


def _few(figures: list[float]) -> str:
    return " / ".join(f"{one:.1f}" for one in figures)


def _told(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {figure:,.1f}" for name, figure in figures.items())


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="bursts,shared,idle,replay")
    parser.add_argument("--sockets", type=int, default=5_000)
    options = parser.parse_args()
    with (
        TemporaryDirectory(prefix="opps-benchmark-") as directory,
        closing(serving(Path(directory))) as served,
        Log(LogSettings(url=served.ready["url"])) as log,
    ):
        asyncio.run(measure(served, Deals(log, UUID(served.ready["tenant"])), options))


if __name__ == "__main__":
    main()
