"""A program that follows scores misses none, whatever happens to its connections."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps_client import AsyncClient, Client, Failed
from opps_client.following import MOST_S, Following
from opps_client.generated.answers.score_changed import SCORE_CHANGED

URL = "https://opps.example/graphql"
COMPLETE = "event: complete\ndata:\n\n"
HEARTBEAT = ":\n\n"


def change(position: int) -> str:
    """Return an item as a server sends it."""
    news = {"__typename": "StreamCaughtUp", "cursor": str(position), "position": position}
    data = json.dumps({"data": {"scoreChanged": news}})
    return f"id: {position}\nevent: next\ndata: {data}\n\n"


def refusal(code: str, **more: Any) -> str:
    error = {"message": code, "extensions": {"code": code, **more}}
    return f"event: next\ndata: {json.dumps({'errors': [error]})}\n\n"


def stream(*events: str) -> httpx.Response:
    return httpx.Response(
        200, content="".join(events), headers={"content-type": "text/event-stream"}
    )


class Server:
    """Answers one connection after the other, and keeps where each of them went on from."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.after: list[str | None] = []
        self.waited_s: list[float] = []
        self._answers = iter(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.after.append(request.headers.get("last-event-id"))
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _pause(self, seconds: float) -> None:
        self.waited_s.append(seconds)

    def waiting(self) -> list[int | None]:
        """Follow to the end with the client that waits, and return the positions."""
        http = httpx.Client(transport=httpx.MockTransport(self))
        with Client(URL, http=http, pause=self.waited_s.append) as client:
            return [one.score_changed.position for one in client.score_changed(after="0")]

    def awaited(self) -> list[int | None]:
        """Do the same with the client that is awaited."""

        async def followed() -> list[int | None]:
            http = httpx.AsyncClient(transport=httpx.MockTransport(self))
            async with AsyncClient(URL, http=http, pause=self._pause) as client:
                news = client.score_changed(after="0")
                return [one.score_changed.position async for one in news]

        return asyncio.run(followed())


@pytest.fixture(params=["waiting", "awaited"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return one of the two clients."""
    name: str = request.param
    return name


def followed(kind: str, server: Server) -> list[int | None]:
    found: list[int | None] = getattr(server, kind)()
    return found


def test_a_line_that_breaks_is_taken_up_after_the_last_item(kind: str) -> None:
    server = Server(
        stream(change(1), HEARTBEAT, change(2), change(3)[:-1]),
        httpx.ConnectError("gone"),
        httpx.Response(503, headers={"retry-after": "7"}),
        stream(change(3), COMPLETE),
    )

    assert followed(kind, server) == [1, 2, 3]
    assert server.after == [None, "2", "2", "2"]
    assert server.waited_s[2] == 7.0


def test_whoever_was_too_slow_goes_on_where_the_server_says(kind: str) -> None:
    server = Server(
        stream(change(1), refusal("TOO_SLOW", resumeAfter="5")), stream(change(6), COMPLETE)
    )

    assert followed(kind, server) == [1, 6]
    assert server.after == [None, "5"]


def test_an_end_for_good_is_told(kind: str) -> None:
    with pytest.raises(Failed) as failed:
        followed(kind, Server(stream(change(1), refusal("UNKNOWN_TEAM"), COMPLETE)))

    assert failed.value.codes == ["UNKNOWN_TEAM"]


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_nobody_knocks_again_where_they_are_not_let_in(kind: str, status: int) -> None:
    body = {"errors": [{"message": "No", "extensions": {"code": "FORBIDDEN"}}]}
    server = Server(stream(change(1)), httpx.Response(status, json=body))

    with pytest.raises(Failed) as failed:
        followed(kind, server)

    assert (failed.value.status, failed.value.codes) == (status, ["FORBIDDEN"])


def test_the_waits_grow_to_a_minute_and_begin_anew_once_something_comes() -> None:
    following = Following(SCORE_CHANGED, chance=lambda: 1.0)

    assert [following.wait_s() for _ in range(8)] == [1, 2, 4, 8, 16, 32, MOST_S, MOST_S]
    for line in change(1).split("\n"):
        following.line(line)
    assert following.wait_s() == 1.0


@pytest.mark.parametrize(("told", "waited_s"), [("1500", 1.5), ("soon", 1.0), ("", 1.0)])
def test_the_first_wait_is_what_the_server_says(told: str, waited_s: float) -> None:
    following = Following(SCORE_CHANGED, chance=lambda: 1.0)
    for line in (f"retry: {told}", ""):
        following.line(line)

    assert following.wait_s() == waited_s


@given(breaks=st.lists(st.integers(0, 400), max_size=4), count=st.integers(1, 6))
def test_wherever_the_line_breaks_every_item_comes_once_and_in_order(
    breaks: list[int], count: int
) -> None:
    """A server that goes on after the last id, and lines that break after any number of bytes."""

    def answers() -> Iterator[httpx.Response]:
        for length in [*breaks, None]:
            after = int(server.after[-1] or 0)
            sent = "".join(change(one) for one in range(after + 1, count + 1)) + COMPLETE
            yield stream(sent[:length])

    server = Server()
    server._answers = answers()

    assert server.waiting() == list(range(1, count + 1))


def test_a_line_of_two_pieces_is_one(kind: str) -> None:
    async def pieces(whole: str) -> Any:
        yield whole[:20].encode()
        yield whole[20:].encode()

    def waited(whole: str) -> Sequence[bytes]:
        return [whole[:20].encode(), whole[20:].encode()]

    whole = change(1) + COMPLETE
    content = waited(whole) if kind == "waiting" else pieces(whole)

    assert followed(kind, Server(httpx.Response(200, content=content))) == [1]
