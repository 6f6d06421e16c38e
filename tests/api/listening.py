"""A client of server-sent events that reads them byte by byte, as strictly as they are written."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import httpx
from msgspec import Struct

from tests.api.support import PATIENCE_S, Api

STREAM = "text/event-stream"


class Event(Struct, frozen=True):
    """One event; of a comment nothing but its being there."""

    name: str = ""
    data: Any = None
    id: str | None = None

    @property
    def item(self) -> dict[str, Any]:
        """The one field of the data."""
        assert "errors" not in self.data, self.data
        [found] = self.data["data"].values()
        item: dict[str, Any] = found
        return item

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [one["extensions"]["code"] for one in self.data["errors"]]


ALIVE = Event()
COMPLETE = Event("complete")


class Stream:
    """A stream as it is heard."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._heard = _events(response)

    def next(self) -> Event:
        """Return the next event that is no comment; comments alone are not waited through."""
        give_up_at_s = monotonic() + PATIENCE_S
        for one in self._heard:
            if one != ALIVE:
                return one
            assert monotonic() < give_up_at_s, "nothing but signs of life"
        raise AssertionError("the stream has ended")

    def alive(self) -> Event:
        """Return what comes next, be it a comment."""
        return next(self._heard)

    def rest(self) -> list[Event]:
        """Return all that is left until the stream ends, and it has to end."""
        return [one for one in self._heard if one != ALIVE]


@contextmanager
def listening(
    api: Api,
    query: str,
    *,
    headers: dict[str, str] | None = None,
    get: bool = False,
    **variables: Any,
) -> Iterator[Stream]:
    """Yield what is streamed of an operation."""
    given = {"Accept": STREAM, **(headers or {})}
    sent: dict[str, Any] = {"json": {"query": query, "variables": variables}}
    if get:
        sent = {"params": {"query": query, "variables": json.dumps(variables)}}
    way = "GET" if get else "POST"
    streaming = api.client.stream(way, api.url, headers=given, timeout=PATIENCE_S, **sent)
    with streaming as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"] == f"{STREAM}; charset=utf-8"
        yield Stream(response)


def _events(response: httpx.Response) -> Iterator[Event]:
    kept = b""
    for chunk in response.iter_bytes():
        kept += chunk
        *whole, kept = kept.split(b"\n\n")
        for one in whole:
            assert b"\r" not in one
            if not one.startswith(b"retry: "):
                yield _event(one.decode())
    assert kept == b""


def _event(text: str) -> Event:
    if text == ":":
        return ALIVE
    lines = [line.partition(":") for line in text.split("\n")]
    fields = {name: value.removeprefix(" ") for name, _, value in lines}
    assert len(fields) == len(lines)
    assert fields.keys() <= {"id", "event", "data"}
    data = json.loads(fields["data"]) if fields["data"] else None
    return Event(fields["event"], data, fields.get("id"))
