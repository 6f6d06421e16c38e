"""Callers that wait for the outcome of their append, in threads and in event loops."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeAlias

from opps.eventstore.appends import Append, Appended

Outcome: TypeAlias = Appended | Exception


class Waiting:
    """An append and the future of its outcome; `loop` is the future's loop, if it has one."""

    __slots__ = ("append", "future", "loop")

    def __init__(
        self,
        append: Append,
        future: "Future[Appended] | asyncio.Future[Appended]",
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.append = append
        self.future = future
        self.loop = loop


def deliver(outcomes: Iterable[tuple[Waiting, Outcome]]) -> None:
    """Give every caller its outcome, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Waiting, Outcome]]] = {}
    for waiting, outcome in outcomes:
        if waiting.loop is None:
            _settle(waiting, outcome)
        else:
            by_loop.setdefault(waiting.loop, []).append((waiting, outcome))
    for loop, settled in by_loop.items():
        with suppress(RuntimeError):  # the loop was closed, its callers are gone
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(outcomes: list[tuple[Waiting, Outcome]]) -> None:
    for waiting, outcome in outcomes:
        _settle(waiting, outcome)


def _settle(waiting: Waiting, outcome: Outcome) -> None:
    if waiting.future.done():  # the caller was cancelled; what was stored stays stored
        return
    if isinstance(outcome, Exception):
        waiting.future.set_exception(outcome)
    else:
        waiting.future.set_result(outcome)
