"""Sellers who send commands all the time, and remember each answer that they got."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from opps.eventstore import Log, LogSettings
from tests.cli.processes import Caller
from tests.support import eventually

REGISTER = """mutation ($input: RegisterAccountInput!) {
  registerAccount(input: $input) { position replayed userErrors { code } account { id } } }"""
OPEN = """mutation ($input: OpenOpportunityInput!) {
  openOpportunity(input: $input) { position replayed userErrors { code } opportunity { id } } }"""
AGAIN_AFTER_S = 0.01
SETTLED_WITHIN_S = 60.0


class Acknowledged(Struct, frozen=True):
    """A command whose answer a seller has seen."""

    command_id: UUID
    position: int


class Seller(threading.Thread):
    """Registers accounts and opens a deal with each; asks another server when one does not answer.

    A command that got no answer is sent again under its id, until there is one.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[Acknowledged] = []
        self.wrong: list[str] = []
        self.unanswered = 0
        self.told: object = None
        self._callers = [Caller(address) for address in addresses]
        self._turns = cycle(self._callers)
        self._caller = next(self._turns)
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            account = self._until_answered(REGISTER, "registerAccount", name=f"Account {uuid4()}")
            if account is not None:
                deal = {"accountId": account["account"]["id"], "title": "Line 3", "currency": "EUR"}
                self._until_answered(OPEN, "openOpportunity", **deal)
        for caller in self._callers:
            caller.close()

    def stop(self) -> None:
        """Stop once what is in doubt is settled."""
        self._stopping.set()
        self.join(SETTLED_WITHIN_S)
        assert not self.is_alive(), f"a command was never answered: {self.told}"
        assert not self.wrong, self.wrong

    def _until_answered(self, query: str, name: str, /, **given: str) -> Any:
        command_id = uuid4()
        while True:
            answer = self._send(query, {"commandId": str(command_id), **given})
            if answer is not None and "errors" not in answer:
                break
            self.unanswered += 1
            self.told = answer
            self._caller = next(self._turns)
            threading.Event().wait(AGAIN_AFTER_S)
        payload = answer["data"][name]
        if payload["userErrors"]:
            self.wrong.append(f"{name}: {payload['userErrors']}")
            return None
        self.acknowledged.append(Acknowledged(command_id, int(payload["position"])))
        return payload

    def _send(self, query: str, given: dict[str, str]) -> Any:
        with suppress(OSError, HTTPException, ValueError):
            return self._caller.ask(query, {"input": given})
        return None


@contextmanager
def selling(addresses: Sequence[str], sellers: int = 3) -> Iterator[list[Seller]]:
    """Yield sellers at work, who have settled everything after the block."""
    team = [Seller([*addresses[n:], *addresses[:n]]) for n in _places(sellers, len(addresses))]
    for seller in team:
        seller.start()
    try:
        yield team
    finally:
        for seller in team:
            seller.stop()


def some_more(team: Sequence[Seller]) -> None:
    """Wait until every seller was answered once more."""
    before = [len(seller.acknowledged) for seller in team]
    eventually(
        lambda: all(
            len(seller.acknowledged) > count for seller, count in zip(team, before, strict=True)
        ),
        timeout_s=30.0,
    )


def not_as_acknowledged(url: str, team: Sequence[Seller]) -> list[Acknowledged]:
    """Look each acknowledged command up; return those that are not where they were said to be."""
    with Log(LogSettings(url=url)) as log:
        [tenant] = [log.find_tenant("default")]
        assert tenant is not None
        return [
            one
            for seller in team
            for one in seller.acknowledged
            if (found := log.command(tenant, one.command_id)) is None
            or found.last_position != one.position
        ]


def _places(count: int, of: int) -> list[int]:
    return [number % of for number in range(count)]
