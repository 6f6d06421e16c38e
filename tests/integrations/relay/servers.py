"""nats-server as a process that can be killed, and streams read to their end."""

import re
import subprocess
import threading
from types import TracebackType
from typing import Any, Self

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import DeliverPolicy

_LISTENS = re.compile(r"Listening for client connections on [0-9.]+:([0-9]+)")
_READY_WITHIN_S = 30.0


class NatsServer:
    """A nats-server on this machine; after a kill it starts again where it was."""

    def __init__(self, program: str, *arguments: str) -> None:
        self._command = [program, "-a", "127.0.0.1", *arguments]
        self._port = "-1"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"nats://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start, and return once it answers."""
        self._child = subprocess.Popen(
            [*self._command, "-p", self._port], stderr=subprocess.PIPE, text=True
        )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(ready,), daemon=True)
        self._reader.start()
        assert ready.wait(_READY_WITHIN_S), "nats-server does not start"

    def kill(self) -> None:
        """End it without a word."""
        self._child.kill()
        self._child.wait()
        self._reader.join()
        assert self._child.stderr is not None
        self._child.stderr.close()

    def _read(self, ready: threading.Event) -> None:
        assert self._child.stderr is not None
        for line in self._child.stderr:
            if found := _LISTENS.search(line):
                self._port = found[1]
            if "Server is ready" in line:
                ready.set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()


async def held(client: Client, stream: str) -> list[Msg]:
    """Return every message of a stream, in its order."""
    found = await client.jetstream().stream_info(stream)
    reading = await client.jetstream().subscribe(
        ">", stream=stream, ordered_consumer=True, deliver_policy=DeliverPolicy.ALL
    )
    messages = [await reading.next_msg(timeout=30) for _ in range(found.state.messages)]
    await reading.unsubscribe()
    return messages


def ids(messages: list[Msg]) -> list[Any]:
    """Return the sequence and the message id of each."""
    return [
        (one.metadata.sequence.stream, (one.headers or {}).get("Nats-Msg-Id")) for one in messages
    ]
