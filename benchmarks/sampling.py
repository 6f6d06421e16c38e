"""Where the time of an event loop goes: which room of the house it is in, tick by tick.

It counts also while another thread holds the interpreter: mostly after a write to a socket, which
makes the share of asyncio larger than its work.
"""

import signal
import threading
import time
from collections import Counter, defaultdict
from functools import cache
from itertools import takewhile
from selectors import DefaultSelector
from types import CodeType, FrameType
from typing import Any

EVERY_S = 0.001
WAITING = DefaultSelector.select.__code__
DOMAIN = "domain:"

# Where code lies, from the particular to the general. What is called from a room belongs to it.
ROOMS = (
    ("/graphql/language/", "graphql: parse"),
    ("/graphql/validation/", "graphql: validate"),
    ("/graphql/execution/values", "graphql: read the input"),
    ("/graphql/utilities/", "graphql: read the input"),
    ("/graphql/", "graphql: execute"),
    ("/strawberry/", "strawberry"),
    ("/opps/api/", "api"),
    ("/opps/application/", "application"),
    ("/opps/recording/", "recording"),
    ("/opps/eventstore/", "eventstore"),
    ("/opps/domain/opportunity/evolve", f"{DOMAIN} evolve"),
    ("/opps/domain/opportunity/state", f"{DOMAIN} score"),
    ("/opps/domain/opportunity/", f"{DOMAIN} decide"),
    ("/opps/domain/", f"{DOMAIN} score"),
    ("/psycopg", "psycopg"),
    ("/starlette/", "starlette"),
    ("/uvicorn/", "uvicorn, h11"),
    ("/h11/", "uvicorn, h11"),
    ("/asyncio/", "asyncio"),
)


class Sampler:
    """Counts in which room ticks find the event loop, while it has something to do."""

    def __init__(self) -> None:
        self._rooms: Counter[str] = Counter()

    def start(self) -> None:
        signal.signal(signal.SIGALRM, self._take)
        signal.setitimer(signal.ITIMER_REAL, EVERY_S, EVERY_S)

    def stop(self) -> dict[str, int]:
        """Return how often each room was found."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        return dict(self._rooms.most_common())

    def _take(self, _: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code is not WAITING:
            self._rooms[room_of(frame)] += 1


def room_of(frame: FrameType | None) -> str:
    """Return the innermost room; in the domain, what it was entered for."""
    within: list[str] = []
    while frame is not None:
        room = _room(frame.f_code)
        if room is not None:
            within.append(room)
        frame = frame.f_back
    if not within:
        return "the rest"
    entered = list(takewhile(lambda room: room.startswith(DOMAIN), within))
    return entered[-1] if entered else within[0]


@cache
def _room(code: CodeType) -> str | None:
    return next((room for place, room in ROOMS if place in code.co_filename), None)


def thread_seconds() -> dict[str, float]:
    """Return the CPU seconds of each thread so far, by what the threads are for."""
    spent: dict[str, float] = defaultdict(float)
    for thread in threading.enumerate():
        if thread.ident is not None:
            clock: Any = time.pthread_getcpuclockid(thread.ident)
            spent[_purpose(thread.name)] += time.clock_gettime(clock)
    return dict(spent)


def _purpose(name: str) -> str:
    return {
        "MainThread": "event loop",
        "opps-reader": "sealing, digest, reads",
        "opps-committer": "committer",
        "opps-projector": "projector",
    }.get(name.rsplit("_", 1)[0], "other threads")
