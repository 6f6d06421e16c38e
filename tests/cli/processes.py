"""opps as a process of its own: started, asked over HTTP, told to stop."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

READY_WITHIN_S = 60.0
ANSWER_WITHIN_S = 30.0
_JSON = {"Content-Type": "application/json"}
GRAPHQL = re.compile(r"^GraphQL +(http://\S+)/graphql$", re.MULTILINE)


class Process:
    """A running `opps` that says where it answers."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        self._said: list[str] = []
        self._ready = threading.Event()
        self.child = subprocess.Popen(
            [sys.executable, "-c", "from opps.cli import main; main()", *arguments],
            env={**_clean_environment(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def said(self) -> str:
        """Everything it has printed."""
        return "".join(self._said)

    @property
    def address(self) -> str:
        """Where it answers; waits until it does."""
        assert self._ready.wait(READY_WITHIN_S), self.said
        found = GRAPHQL.search(self.said)
        assert found, self.said
        return found[1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop and return its exit code."""
        self.child.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Return its exit code once it has ended by itself."""
        code = self.child.wait(READY_WITHIN_S)
        self._reader.join()
        assert self.child.stdout is not None
        self.child.stdout.close()
        return code

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self._said.append(line)
            if "Ctrl-C" in line:
                self._ready.set()
        self._ready.set()


@contextmanager
def running(*arguments: str, data_directory: Path, **environment: str) -> Iterator[Process]:
    """Yield a process that has ended, one way or another, when the block has."""
    process = Process(list(arguments), {"OPPS_DATA_DIRECTORY": str(data_directory), **environment})
    try:
        yield process
    finally:
        if process.child.poll() is None:
            process.child.kill()
        process.ended()


class Caller:
    """A client with one connection, made again when it breaks: cheap enough to send many."""

    def __init__(self, address: str) -> None:
        host = urlsplit(address)
        assert host.hostname is not None
        self._connection = HTTPConnection(host.hostname, host.port, timeout=ANSWER_WITHIN_S)

    def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return the answer of a GraphQL server, errors included.

        Raises:
            OSError, HTTPException: the server is not there, or went away before it answered.
        """
        body = json.dumps({"query": query, "variables": dict(variables or {})})
        try:
            self._connection.request("POST", "/graphql", body, _JSON)
            return json.loads(self._connection.getresponse().read())
        except BaseException:
            self.close()
            raise

    def register(self, name: str, command_id: UUID) -> Any:
        """Register an account and return the whole answer; raises what `ask` raises."""
        return self.ask(REGISTER, {"input": {"commandId": str(command_id), "name": name}})

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def ask(address: str, query: str) -> Any:
    """Return the answer of a GraphQL server, errors included."""
    with closing(Caller(address)) as caller:
        return caller.ask(query)


REGISTER = """
mutation($input: RegisterAccountInput!) {
  registerAccount(input: $input) { position replayed userErrors { code } }
}
"""


def register(address: str, name: str, command_id: UUID | None = None) -> Any:
    """Register an account over GraphQL and return the whole answer."""
    with closing(Caller(address)) as caller:
        return caller.register(name, command_id or uuid4())


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OPPS_")}
