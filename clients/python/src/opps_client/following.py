"""A subscription over as many connections as it takes; nothing here speaks to a network."""

import random
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import msgspec

from .errors import Failed, Fault
from .messages import reply, retry_after_s
from .operation import Operation

T = TypeVar("T")

MOST_S = 60.0
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Following(Generic[T]):
    """Reads server-sent events, and knows after which one to go on when a line breaks."""

    def __init__(
        self, operation: Operation[T], chance: Callable[[], float] = random.random
    ) -> None:
        self.over = False
        self._operation = operation
        self._chance = chance
        self._last_id: str | None = None
        self._shortest_s = 1.0
        self._tries = 0
        self._asked_s: float | None = None
        self._fields: dict[str, list[str]] = {}
        self._faults: list[Fault] = []

    def headers(self) -> dict[str, str]:
        """Return what a new connection says of the one before, and begin to read it."""
        self._fields, self._faults = {}, []
        return {} if self._last_id is None else {"Last-Event-ID": self._last_id}

    def refused(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Take note that there is no stream.

        Raises:
            Failed: trying again is of no use.
        """
        self._asked_s = retry_after_s(headers)
        if status not in AGAIN:
            raise Failed(reply(body)[1], status, retry_after_s=self._asked_s)

    def wait_s(self) -> float:
        """Return how long to wait before the next connection: longer each time, up to a minute."""
        self._tries += 1
        grown_s = min(self._shortest_s * 2.0 ** (self._tries - 1), MOST_S)
        return max(self._asked_s or 0.0, grown_s * (0.5 + self._chance() / 2))

    def line(self, line: str) -> T | None:
        """Read a line; return what was sent, where it is the last line of an item.

        Raises:
            Failed: the subscription ended with errors, or an item has some.
        """
        if line:
            name, _, value = line.partition(":")
            self._fields.setdefault(name, []).append(value.removeprefix(" "))
            return None
        fields, self._fields = self._fields, {}
        if (retry := fields.get("retry", [""])[-1]).isdecimal():
            self._shortest_s = int(retry) / 1000
        match fields.get("event"):
            case [*_, "next"]:
                item = self._item("\n".join(fields.get("data", [])))
                self._last_id = fields.get("id", [self._last_id])[-1]
                return item
            case [*_, "complete"]:
                self.over = True
                if self._faults:
                    raise Failed(self._faults)
        return None

    def _item(self, text: str) -> T | None:
        self._tries, self._asked_s = 0, None
        data, faults = reply(text)
        if data is None:
            # The end of a subscription if `complete` follows; else of a connection only.
            self._faults = faults
            for one in faults:
                self._last_id = one.extensions.get("resumeAfter") or self._last_id
            return None
        if faults:
            raise Failed(faults, data=data)
        return msgspec.json.decode(data, type=self._operation.answer)
