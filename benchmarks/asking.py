"""Requests to a running opps: what a seller tells about deals, and callers that wait for answers.

The callers speak just enough HTTP for it, so that they leave the machine to the server.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

OPERATIONS = Path(__file__).parents[1] / "operations"
THINGS_TOLD = 20  # about one opportunity

_REGISTER = """mutation RegisterAccount($input: RegisterAccountInput!) {
  registerAccount(input: $input) { account { id } userErrors { code message path } } }"""
_OPEN = """mutation OpenOpportunity($input: OpenOpportunityInput!) {
  openOpportunity(input: $input) { opportunity { id } userErrors { code message path } } }"""
_STAGE = """mutation SetStage($input: SetStageInput!) {
  setStage(input: $input) { version position userErrors { code message path } } }"""
_LEARN = """mutation LearnFact($input: LearnFactInput!) {
  learnFact(input: $input) {
    version position scoreChange { before { p low high } after { p low high } points }
    userErrors { code message path } } }"""


def stages(opportunity: str) -> list[bytes]:
    """Return requests that set one stage after the other."""
    return [
        _request(_STAGE, **_to(opportunity), stage=f"Stage {number}")
        for number in range(THINGS_TOLD)
    ]


def facts(opportunity: str) -> list[bytes]:
    """Return requests that tell facts, and ask what each did to the score."""
    return [_request(_LEARN, **_to(opportunity), stated=one) for one in _stated()]


def facts_and_leanings(opportunity: str) -> list[bytes]:
    """Return requests that tell facts, and ask also for the leanings of all evaluators."""
    operation = (OPERATIONS / "learn-fact.graphql").read_text()
    return [_request(operation, **_to(opportunity), stated=one) for one in _stated()]


def _to(opportunity: str) -> dict[str, Any]:
    return {"opportunityId": opportunity, "expectedVersion": None}


def _stated() -> list[dict[str, Any]]:
    """Return what is told about a deal: four evaluators, and what is to be bought."""
    evaluators = [str(uuid4()) for _ in range(4)]
    told: list[tuple[dict[str, Any], str]] = [
        (fact, evaluator)
        for evaluator in evaluators
        for fact in (
            {"evaluator": {"evaluatorId": evaluator, "title": "Head of it", "roles": ["USER"]}},
            {"influence": {"evaluatorId": evaluator, "level": "SIGNIFICANT"}},
            {"leaning": {"evaluatorId": evaluator, "level": "SUPPORTER"}},
            {"stance": {"evaluatorId": evaluator, "stance": "FOR"}},
        )
    ]
    first, criterion = evaluators[0], str(uuid4())
    issue = {"issueId": str(uuid4()), "text": "Orders are keyed in twice", "issueKind": "PROBLEM"}
    money = {"amount": "90000", "currency": "EUR"}
    price = {"criterionId": criterion, "text": "Price", "criterionKind": "FORMAL"}
    weight = {"criterionId": criterion, "weight": 0.4}
    told += [
        ({"businessIssue": issue}, first),
        ({"funding": {"status": "REQUESTED", "amount": money}}, first),
        ({"criterion": price}, first),
        ({"criterionWeight": weight}, first),
    ]
    return [
        {
            "fact": fact,
            "provenance": {"source": "BUYER_SAID", "channel": "CALL", "toldBy": evaluator},
        }
        for fact, evaluator in told
    ]


def _request(query: str, **input: Any) -> bytes:
    return request(query, {"input": {"commandId": str(uuid4()), **input}})


def request(query: str, variables: dict[str, Any]) -> bytes:
    """Return a query as it goes over the line."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Refused(Exception):
    """The server answered something else than that it was done."""


class Connection:
    """A connection that is kept, and asks one thing after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> bytes:
        """Return the body of the answer to a mutation.

        Raises:
            Refused: it was not done.
        """
        body = await self.read(request)
        if b'"userErrors":[]' not in body:
            raise Refused(body.decode())
        return body

    async def read(self, request: bytes) -> bytes:
        """Return the body of any answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()

    async def ask_all(self, requests: Sequence[bytes]) -> list[bytes]:
        """Return the answers; each request waits for the answer before."""
        return [await self.ask(one) for one in requests]


async def ask_at_once(port: int, requests: Sequence[Sequence[bytes]]) -> tuple[float, list[bytes]]:
    """Return the seconds that all callers took, each with its requests, and the last answers."""
    callers = [await Connection.to(port) for _ in requests]
    try:
        began = time.perf_counter()
        waiting = map(Connection.ask_all, callers, requests)
        answers = await asyncio.gather(*waiting)
        return time.perf_counter() - began, [one[-1] for one in answers]
    finally:
        for caller in callers:
            caller.close()


def register_account(port: int) -> str:
    """Return the id of a new account."""
    request = _request(_REGISTER, name="Nordwind Logistics")
    _, [answer] = asyncio.run(ask_at_once(port, [[request]]))
    return str(json.loads(answer)["data"]["registerAccount"]["account"]["id"])


def open_opportunities(port: int, account: str, count: int) -> list[str]:
    """Return the ids of new opportunities."""
    of = {"accountId": account, "title": "Fleet telematics for 120 vans", "currency": "EUR"}
    requests = [[_request(_OPEN, **of)] for _ in range(count)]
    _, answers = asyncio.run(ask_at_once(port, requests))
    return [json.loads(one)["data"]["openOpportunity"]["opportunity"]["id"] for one in answers]
