"""Dossiers of long deals, asked of a server over HTTP: what its threads spend on each answer."""

import asyncio
from collections.abc import Mapping
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from benchmarks.asking import OPERATIONS, Connection, request
from benchmarks.long_deals import BEGIN, EVENTS, EVERY, SHAPES
from benchmarks.served import Served, serving
from opps.domain.events import Event
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.recording import codec
from tests.domain import given

ROUNDS = 7
INSTANT = (BEGIN + EVENTS * EVERY * 4 / 5).isoformat()
AS_OF: Mapping[str, Any] = {
    "NOW": None,
    "KNOWN": {"known": {"at": INSTANT}},
    "HINDSIGHT": {"hindsight": INSTANT},
}
SCORE = """query Score($id: ID!, $asOf: AsOf) {
  opportunity(id: $id, asOf: $asOf) {
    title status lens score { p low high } objectives { objective state coverage } } }"""


def answered() -> dict[str, dict[str, float]]:
    """Return for each deal and question what the server spends on an answer, in ms of CPU."""
    with serving(projecting=False) as served:
        tenant = UUID(served.ready["tenant"])
        with Log(LogSettings(url=served.ready["url"])) as log:
            deals = {shape: append_deal(log, tenant, make()) for shape, make in SHAPES.items()}
        taken: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for shape, deal in deals.items():
                for question, asked in _requests(deal).items():
                    taken.setdefault((shape, question), []).append(_spent_on(served, asked))
    questions = {question: None for _, question in taken}
    return {
        shape: {question: median(taken[shape, question]) for question in questions}
        for shape in deals
    }


def append_deal(log: Log, tenant: UUID, events: list[Event]) -> UUID:
    """Return a new opportunity with these events."""
    stream = uuid4()
    new = tuple(
        NewEvent(
            stream=stream,
            event_id=uuid4(),
            tag=codec.tag_of(one.event),
            schema=one.event.schema,
            payload=codec.encode(one.event),
            metadata=codec.encode_metadata(one.metadata),
        )
        for one in given.recorded(events)
    )
    log.append_now(
        Append(
            tenant=tenant,
            command_id=uuid4(),
            digest=bytes(32),
            expected={stream: -1},
            events=new,
        )
    )
    return stream


def _requests(deal: UUID) -> dict[str, bytes]:
    """Return what is asked of a deal: the score through each lens, and the operations now."""
    five = (OPERATIONS / "five-questions.graphql").read_text()
    facts = (OPERATIONS / "facts.graphql").read_text()
    asked = {
        f"score, {lens}": request(SCORE, {"id": str(deal), "asOf": as_of})
        for lens, as_of in AS_OF.items()
    }
    return asked | {
        "five questions": request(five, {"id": str(deal)}),
        "all facts": request(facts, {"id": str(deal)}),
    }


def _spent_on(served: Served, asked: bytes) -> float:
    """Return the milliseconds of CPU that all threads of the server spend on an answer."""
    before = sum(served.ask("spent").values())
    answer = asyncio.run(_answer(served.ready["port"], asked))
    spent: float = sum(served.ask("spent").values()) - before
    assert b'"errors"' not in answer, answer[:1_000]
    return spent * 1_000


async def _answer(port: int, asked: bytes) -> bytes:
    caller = await Connection.to(port)
    try:
        return await caller.read(asked)
    finally:
        caller.close()
