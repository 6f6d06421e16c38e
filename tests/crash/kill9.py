"""Kill server and database over and over while clients send commands, and look for lost answers.

Run it by hand: `python -m tests.crash.kill9 --cycles 50`.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import AbstractContextManager, ExitStack, suppress
from http.client import HTTPException
from pathlib import Path
from uuid import UUID, uuid4

from msgspec import Struct

from opps.app import Opps
from opps.config import settings
from opps.domain.events import AccountRegistered
from opps.eventstore import LoggedEvent
from tests.cli.processes import Caller, Process, running
from tests.support import eventually

CLIENTS = 6
# How long a cycle lets the clients work: long enough for a batch to be under way, never in step.
WORK_S = (0.02, 0.6)
ANSWERED_WITHIN_S = 60.0
SETTLED_WITHIN_S = 120.0
TARGETS = ("server", "database", "both")


class Acknowledged(Struct, frozen=True):
    """A command whose answer a client has seen."""

    command_id: UUID
    position: int
    replayed: bool


class Findings(Struct, kw_only=True):
    """What was left after all cycles; a lost or doubled command is what must never be."""

    kills: Counter[str]
    acknowledged: int
    replayed: int
    lost: list[UUID]
    doubled: list[UUID]
    moved: list[UUID]
    unasked: int
    gapless: bool
    verified: bool

    @property
    def sound(self) -> bool:
        """Whether nothing acknowledged was lost, and nothing is there twice."""
        wrong = self.lost or self.doubled or self.moved or self.unasked
        return not wrong and self.gapless and self.verified


class Client(threading.Thread):
    """Sends one command after the other; each again under its id until it is answered."""

    def __init__(self, address: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[Acknowledged] = []
        self.wrong: list[str] = []
        self._caller = Caller(address)
        self._stopping = stop

    def run(self) -> None:
        while not self._stopping.is_set():
            self._until_answered(uuid4())
        self._caller.close()

    def _until_answered(self, command_id: UUID) -> None:
        """Repeat a command, also after the last cycle: what is in doubt must be settled."""
        while True:
            answer = self._send(command_id)
            if answer is not None:
                self.acknowledged.append(answer)
                return
            self._stopping.wait(0.01)

    def _send(self, command_id: UUID) -> Acknowledged | None:
        with suppress(OSError, HTTPException, ValueError):
            answer = self._caller.register(f"Account {command_id}", command_id)
            if "errors" in answer:
                return None
            payload = answer["data"]["registerAccount"]
            if payload["userErrors"]:
                self.wrong.append(str(payload["userErrors"]))
            return Acknowledged(command_id, int(payload["position"]), payload["replayed"])
        return None


def run_cycles(cycles: int, directory: Path, *, seed: int = 1) -> Findings:
    """Return what is left after so many kills."""
    choose = random.Random(seed)
    port = _free_port()
    kills: Counter[str] = Counter()
    stop = threading.Event()
    clients = [Client(f"http://127.0.0.1:{port}", stop) for _ in range(CLIENTS)]
    server = ExitStack()
    try:
        process = server.enter_context(_serving(directory, port))
        assert process.address
        for client in clients:
            client.start()
        for cycle in range(cycles):
            _let_work(clients, choose.uniform(*WORK_S))
            target = TARGETS[cycle % len(TARGETS)]
            kills[target] += 1
            if target != "server":
                _kill_database(directory)
            if target != "database":
                process.child.kill()
                server.close()
                process = server.enter_context(_serving(directory, port))
                assert process.address
            print(f"cycle {cycle + 1}: {target} killed, {_count(clients)} answered", flush=True)
        stop.set()
        for client in clients:
            client.join(SETTLED_WITHIN_S)
            assert not client.is_alive(), process.said
            assert not client.wrong, client.wrong
        assert process.stop() == 0, process.said
    finally:
        server.close()
    return _examine(directory, kills, [one for client in clients for one in client.acknowledged])


def _serving(directory: Path, port: int) -> AbstractContextManager[Process]:
    return running(
        "serve", "--port", str(port), data_directory=directory, OPPS_ENVIRONMENT="development"
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _count(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def _let_work(clients: list[Client], seconds: float) -> None:
    """Return when every client may be in the middle of something, and something was answered."""
    before = _count(clients)
    eventually(lambda: _count(clients) > before, ANSWERED_WITHIN_S)
    threading.Event().wait(seconds)


def _kill_database(directory: Path) -> None:
    """Kill every process of the server, so that nobody writes down what was only in memory."""
    postmaster = int((directory / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    processes = [postmaster, *_children(postmaster)]
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _children(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True
    ).stdout
    return [int(line) for line in listed.split()]


def _examine(directory: Path, kills: Counter[str], answers: list[Acknowledged]) -> Findings:
    with Opps(settings({"OPPS_DATA_DIRECTORY": str(directory)})) as opps:
        tenant = opps.tenant()
        events = _all_events(opps, tenant)
    accounts = [event for event in events if event.tag == AccountRegistered.__name__]
    places = {event.command_id: event.position for event in accounts}
    times = Counter(event.command_id for event in accounts)
    asked = {answer.command_id for answer in answers}
    verified = subprocess.run(
        [sys.executable, "-c", "from opps.cli import main; main()", "verify"],
        env={**os.environ, "OPPS_DATA_DIRECTORY": str(directory)},
        capture_output=True,
    )
    return Findings(
        kills=kills,
        acknowledged=len(answers),
        replayed=sum(answer.replayed for answer in answers),
        lost=[one.command_id for one in answers if one.command_id not in places],
        doubled=[command_id for command_id, count in times.items() if count > 1],
        moved=[one.command_id for one in answers if places.get(one.command_id) != one.position],
        unasked=len(places.keys() - asked),
        gapless=[event.position for event in events] == list(range(1, len(events) + 1)),
        verified=verified.returncode == 0,
    )


def _all_events(opps: Opps, tenant: UUID) -> list[LoggedEvent]:
    """Return the whole log; the days that turned in it are nobody's command."""
    events: list[LoggedEvent] = []
    while batch := opps.log.read(tenant, len(events), 10_000):
        events.extend(batch)
    return events


def main() -> int:
    """Run the cycles and return the exit code: 1 if an acknowledged command was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="opps-kill9-") as directory:
        found = run_cycles(given.cycles, Path(directory), seed=given.seed)
    print(found)
    print("sound" if found.sound else "NOT SOUND")
    return 0 if found.sound else 1


if __name__ == "__main__":
    sys.exit(main())
