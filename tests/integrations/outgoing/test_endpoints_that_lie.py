"""Endpoints that answer slowly, endlessly, wrongly or from elsewhere: each has a typed end."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from opps.integrations.outgoing import (
    Allowed,
    Sender,
    Sent,
    Times,
    Undelivered,
)
from opps.integrations.outgoing.answers import MOST_BYTES
from tests.integrations.outgoing.certificates import Authority
from tests.integrations.outgoing.endpoints import (
    OK,
    Endpoint,
    answering,
    endpoint,
    silent,
)

HURRIED = Times(connect_s=0.3, total_s=0.3, rest_s=0.1)
HEADERS = {"Webhook-Id": "one", "content-type": "application/json", "host": "elsewhere"}


@pytest.fixture(scope="module")
def here(authority: Authority) -> Sender:
    """Return a sender in a hurry that may send to this machine without encryption."""
    return Sender(Allowed.read("http://127.0.0.1"), times=HURRIED, tls=authority.client())


async def posted(here: Sender, *answer: bytes) -> Sent:
    async with endpoint(answering(*answer)) as found:
        return await here.post(found.url, HEADERS, b"{}")


async def test_what_is_sent_arrives_byte_for_byte(
    here: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with endpoint(answering(OK)) as found:
        sent = await here.post(found.url, HEADERS, b'{"a":1}\n')

    assert (sent.status, sent.why, sent.detail) == (200, None, "")
    (request,) = found.requests
    head, _, body = request.partition(b"\r\n\r\n")
    line, *headers = head.split(b"\r\n")
    assert (line, body) == (b"POST /hook?a=b HTTP/1.1", b'{"a":1}\n')
    assert sorted(headers) == sorted(
        [
            b"host: 127.0.0.1:%d" % found.port,
            b"user-agent: opps",
            b"accept: */*",
            b"content-length: 8",
            b"content-type: application/json",
            b"connection: close",
            b"webhook-id: one",
        ]
    )


@pytest.mark.parametrize("status", [201, 202, 204, 299])
async def test_every_status_of_success_is_one(here: Sender, status: int) -> None:
    sent = await posted(here, b"HTTP/1.1 %d Fine\r\n\r\n" % status)

    assert (sent.status, sent.why) == (status, None)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
async def test_every_other_status_is_none(here: Sender, status: int) -> None:
    sent = await posted(here, b"HTTP/1.1 %d No\r\ncontent-length: 0\r\n\r\n" % status)

    assert (sent.status, sent.why) == (status, Undelivered.STATUS)
    assert sent.detail == f"it answered {status}"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(here: Sender, status: int) -> None:
    async with endpoint(answering(OK)) as inside:
        sent = await posted(
            here, b"HTTP/1.1 %d Go\r\nlocation: %s\r\n\r\n" % (status, inside.url.encode())
        )

    assert (sent.status, sent.why) == (status, Undelivered.REDIRECTED)
    assert inside.requests == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("9999999999", 7 * 86_400),
        ("-1", None),
        ("soon", None),
        ("99999999999999999999999", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        pytest.param(
            format_datetime(datetime.now(UTC) + timedelta(days=99), usegmt=True),
            7 * 86_400,
            id="a date in three months",
        ),
        ("", None),
    ],
)
async def test_when_to_come_back_is_understood_and_bounded(
    here: Sender, text: str, seconds: int | None
) -> None:
    sent = await posted(here, b"HTTP/1.1 503 No\r\nretry-after: %s\r\n\r\n" % text.encode())

    assert sent.retry_after_s == seconds


LIES = {
    "more is promised than comes": b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
    "more comes than is promised": b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdefghij",
    "chunks that are none": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    "a chunk of astronomic size": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    b"ffffffffffffffff\r\nabc",
}


@pytest.mark.parametrize("answer", LIES.values(), ids=LIES)
async def test_the_status_counts_also_where_the_content_is_a_lie(
    here: Sender, answer: bytes
) -> None:
    sent = await posted(here, answer)

    assert (sent.status, sent.why) == (200, None)


NONSENSE = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\ncontent-le",
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a NUL": b"HTTP/1.1 200 OK\r\na: \0\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    "a negative length": b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
    "a number that is no status": b"HTTP/1.1 2000 OK\r\n\r\n",
    "another protocol from now on": b"HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n",
    "a header without end": b"HTTP/1.1 200 OK\r\na: " + b"b" * 1_000_000,
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200_000,
    "wait without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
async def test_what_is_no_answer_is_told_as_such(here: Sender, answer: bytes) -> None:
    sent = await posted(here, answer)

    assert (sent.status, sent.why) == (None, Undelivered.ANSWER_MALFORMED)
    written = set(re.findall(rb"[\w.-]{6,}", answer))
    assert [one for one in written if one.decode() in sent.detail] == []


async def test_who_never_answers_is_left(here: Sender) -> None:
    async with endpoint(silent) as found:
        sent = await here.post(found.url, HEADERS, b"{}")

    assert sent.why is Undelivered.TIMED_OUT
    assert 250 < sent.ms < 5_000


async def test_who_begins_to_answer_and_does_not_go_on_is_left(here: Sender) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nx: ")
        await silent(reader, writer)

    async with endpoint(slow) as found:
        sent = await here.post(found.url, HEADERS, b"{}")

    assert sent.why is Undelivered.TIMED_OUT


async def test_who_does_not_read_what_is_sent_is_left(here: Sender) -> None:
    hung_up = asyncio.Event()

    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hung_up.wait()

    async with endpoint(deaf, reads=False) as found:
        sent = await here.post(found.url, HEADERS, b"x" * 20_000_000)
        hung_up.set()

    assert sent.why is Undelivered.TIMED_OUT


async def test_an_endless_answer_is_cut(here: Sender) -> None:
    found: Endpoint

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            found.written += 10_000
            await writer.drain()

    async with endpoint(endless) as found:
        sent = await here.post(found.url, HEADERS, b"{}")

    assert (sent.status, sent.why) == (200, None)
    assert MOST_BYTES < found.written < 50_000_000  # what the buffers of two sockets hold


async def test_an_answer_that_never_ends_does_not_hold_anybody(here: Sender) -> None:
    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx")
        await silent(reader, writer)

    async with endpoint(dripping) as found:
        sent = await here.post(found.url, HEADERS, b"{}")

    assert (sent.status, sent.why) == (200, None)


async def test_nobody_listens(here: Sender) -> None:
    async with endpoint(silent) as gone:
        pass

    sent = await here.post(gone.url, HEADERS, b"{}")

    assert sent.why is Undelivered.UNREACHABLE
