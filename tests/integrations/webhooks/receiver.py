"""A receiver of webhooks on this machine, which answers as a test wants."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, NamedTuple
from uuid import UUID

OK = 204


class Received(NamedTuple):
    """A message as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> UUID:
        """The id of the message."""
        return UUID(self.headers["webhook-id"])

    @property
    def told(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    @property
    def subject(self) -> UUID:
        """What it is about."""
        return UUID(self.told["partitionkey"])

    @property
    def position(self) -> int:
        """Where that is in the log."""
        found: int = self.told["data"]["position"]
        return found

    @property
    def at(self) -> datetime:
        """When it was sent, as the header says."""
        return datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)


class Answer(NamedTuple):
    """How a message is answered."""

    status: int
    retry_after: str | None = None


class Receiver:
    """Keeps what came in; answers 204 unless told otherwise."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: deque[int | Answer] = deque()
        self.always: int | Answer = OK
        self.of_subject: dict[UUID, int] = {}
        self.on_message: Callable[[Received], None] = lambda _: None
        self._lock = Lock()
        self.url = ""

    def answer(self, one: Received) -> Answer:
        """Keep a message and return how it is answered."""
        with self._lock:
            self.received.append(one)
            answer = self.of_subject.get(one.subject) or (
                self.answers.popleft() if self.answers else self.always
            )
        self.on_message(one)
        return answer if isinstance(answer, Answer) else Answer(answer)

    @property
    def ids(self) -> list[UUID]:
        """The ids of what came in, in order."""
        return [one.message_id for one in self.received]

    @property
    def positions(self) -> list[int]:
        """The positions of what came in, in order."""
        return [one.position for one in self.received]

    def took(self) -> list[Received]:
        """Return what came in since this was asked last."""
        with self._lock:
            found, self.received = self.received, []
        return found


class _Server(ThreadingHTTPServer):
    request_queue_size = 100  # of five, some would be asked to come back in a second


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Yield a receiver that listens."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.answer(Received(self.path, headers, body))
            self.send_response(answer.status)
            if answer.retry_after is not None:
                self.send_header("Retry-After", answer.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/opps"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
