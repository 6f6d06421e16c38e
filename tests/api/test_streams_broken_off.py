"""Streams that are broken off: by who takes nothing, or is too slow, or may not stay."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from starlette.requests import HTTPConnection

from opps.api import sse
from opps.api.feeds.sent import Sent, TooSlow
from opps.api.identity import Identify, NotLetIn, Viewer
from opps.api.shutdown import Draining
from opps.api.standing import Standing
from opps.domain.recorded import Actor, Via
from opps.eventstore import LogUnavailable
from opps.telemetry.asking import Asking
from tests.api.support import PATIENCE_S

SOMEBODY = Viewer(
    tenant=UUID(int=1),
    slug="acme",
    actor=Actor(principal=UUID(int=2), role="SELLER", via=Via.GRAPHQL),
)
CONNECTION = HTTPConnection({"type": "http", "headers": []})
ITEM = Sent(b'{"data":{"a":1}}', "5.0")
SENT = b'id: 5.0\nevent: next\ndata: {"data":{"a":1}}\n\n'


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server take a moment for a long time."""
    for name in ("SILENT_FOR_S", "LOOK_EVERY_S", "SEND_TIMEOUT_S"):
        monkeypatch.setattr(f"opps.api.sse.{name}", 0.01)
    monkeypatch.setattr("opps.api.standing.LOOKED_AT_EVERY_S", 0.01)


async def always(connection: HTTPConnection) -> Viewer | None:
    return SOMEBODY


def until(error: Exception) -> Identify:
    """Return the identity of somebody who is let in once."""
    times: Iterator[int] = iter(range(100))

    async def identify(connection: HTTPConnection) -> Viewer | None:
        if next(times) > 0:
            raise error
        return SOMEBODY

    return identify


async def some(*last: Exception) -> AsyncGenerator[Sent, None]:
    """Yield an item, and then what is raised, or the end."""
    yield ITEM
    for error in last:
        raise error


async def for_ever() -> AsyncGenerator[Sent, None]:
    yield ITEM
    await asyncio.Event().wait()


class Line:
    """The two ends of a connection: what was sent, and when the caller leaves."""

    def __init__(self, takes: int = 1_000) -> None:
        self.sent: list[dict[str, Any]] = []
        self._takes = takes

    async def send(self, message: Any) -> None:
        if len(self.sent) == self._takes:
            await asyncio.Event().wait()
        self.sent.append(message)

    async def receive(self) -> Any:
        await asyncio.Event().wait()

    @property
    def body(self) -> bytes:
        """All that was sent, without signs of life and the time to come back after."""
        [_, hello, *rest] = [one.get("body", b"") for one in self.sent]
        assert hello.startswith(b"retry: ")
        return b"".join(one for one in rest if one != b":\n\n")

    @property
    def ended(self) -> bool:
        """Whether the answer came to its end."""
        return not self.sent[-1].get("more_body", True)


def streamed(
    results: Callable[[], AsyncGenerator[Sent, None]],
    line: Line,
    identify: Identify = always,
    *,
    draining: bool = False,
) -> Asking:
    """Stream what comes, and return what is noted of it."""
    asking = Asking("a-request-1", kind="subscription")

    async def run() -> None:
        stopping = Draining()
        if draining:
            stopping.begin()
        standing = Standing(CONNECTION, identify)
        await standing.let_in()
        stream = sse.Stream(stopping, asking, standing, line.send)
        async with asyncio.timeout(PATIENCE_S):
            await stream.serve(results(), line.receive)

    asyncio.run(run())
    return asking


def test_what_ends_by_itself_says_so() -> None:
    line = Line()
    asking = streamed(some, line)

    assert line.body == SENT + b"event: complete\ndata:\n\n"
    assert (line.ended, asking.outcome) == (True, "ok")


def test_what_a_stopping_server_breaks_off_does_not() -> None:
    line = Line()
    streamed(some, line, draining=True)

    assert (line.body, line.ended) == (SENT, True)


def test_who_is_too_slow_is_told_from_where_to_go_on_and_that_there_is_more() -> None:
    line = Line()
    asking = streamed(lambda: some(TooSlow("5.0")), line)

    assert b'"code":"TOO_SLOW","resumeAfter":"5.0"' in line.body
    assert b"complete" not in line.body
    assert (line.ended, asking.outcome) == (True, "errors")


def test_what_breaks_says_why_and_gives_nothing_away() -> None:
    line = Line()
    streamed(lambda: some(LogUnavailable("db1 is away")), line)

    assert b'"code":"UNAVAILABLE"' in line.body
    assert b"db1" not in line.body
    assert line.body.endswith(b"event: complete\ndata:\n\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotLetIn("The token has expired."), b"UNAUTHENTICATED"),
        (NotLetIn("You were let in no more.", status=403), b"FORBIDDEN"),
    ],
)
def test_who_may_not_stay_is_told_so_and_gets_nothing_more(error: NotLetIn, code: bytes) -> None:
    line = Line()
    asking = streamed(for_ever, line, until(error))

    assert b'"code":"%b"' % code in line.body
    assert str(error).encode() in line.body
    assert b"complete" not in line.body
    assert (line.ended, asking.outcome) == (True, "errors")


def test_who_takes_nothing_is_let_go(caplog: pytest.LogCaptureFixture) -> None:
    for taken in (0, 1, 2):
        line = Line(takes=taken)
        streamed(for_ever, line)

        assert len(line.sent) == taken
    assert "took nothing" in caplog.text


def test_who_takes_no_more_signs_of_life_is_let_go() -> None:
    line = Line(takes=5)
    streamed(for_ever, line)

    assert [one.get("body") for one in line.sent[3:]] == [b":\n\n"] * 2


def test_who_leaves_is_followed_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    monkeypatch.setattr(line, "receive", gone)

    assert streamed(for_ever, line).outcome == "left"
