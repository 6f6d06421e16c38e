"""Servers as processes: they answer, make way for each other, and go when they are told to."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.cli.conftest import Run
from tests.cli.processes import Process, ask, register, running
from tests.support import eventually

TITLES = "{ opportunities(first: 100) { nodes { title } } }"
SUBSCRIPTION = (
    'subscription { scoreChanged(after: "0") { __typename ... on StreamCaughtUp { position } } }'
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of the demo."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator[Process]:
    """Yield a running demo."""
    with running("demo", "--port", "0", data_directory=home) as process:
        yield process


def test_the_demo_answers_with_its_opportunities(demo: Process) -> None:
    answer = ask(demo.address, TITLES)

    assert len(answer["data"]["opportunities"]["nodes"]) == 12


def test_the_demo_says_where_to_look_and_what_to_try(demo: Process) -> None:
    assert httpx.get(f"{demo.address}/graphiql").status_code == 200
    assert f"curl {demo.address}/graphql" in demo.said


def test_the_demo_prints_what_makes_a_second_terminal_its_own(demo: Process, home: Path) -> None:
    assert demo.address
    (line,) = re.findall(r"^export .*$", demo.said, re.MULTILINE)
    shown = subprocess.run(
        ["/bin/sh", "-c", f"{line}; command -v opps; opps status --json"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    program, _, status = shown.stdout.partition("\n")
    assert Path(program).parent == Path(sys.executable).parent, shown.stderr
    assert json.loads(status)["slug"] == "default"
    assert f"OPPS_DATA_DIRECTORY={home} " in line


def test_other_commands_find_the_running_server(
    demo: Process, home: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = ask(demo.address, "{ logHead { position } }")["data"]["logHead"]["position"]
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(home))

    shown = run("status", "--json").answer

    assert shown["head"]["position"] == int(head)
    assert {one["name"] for one in shown["projections"]} >= {"board", "timeline", "score_trend"}
    assert [one["parked"] for one in shown["projections"]] == [0] * len(shown["projections"])
    assert shown["clock"] is not None


def test_a_second_server_on_the_same_data_is_refused(demo: Process, home: Path) -> None:
    assert demo.address
    with running("serve", "--port", "0", data_directory=home) as second:
        assert second.ended() == 2

    assert f"in use by process {demo.child.pid}" in second.said
    assert "OPPS_DATA_DIRECTORY" in second.said


def test_a_port_in_use_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("serve", "--port", str(port), data_directory=tmp_path) as process:
            assert process.ended() == 2

    assert f"Port {port} of 127.0.0.1 is in use" in process.said
    assert "--port 0" in process.said
    assert "OPPS_PORT=8001 make run" in process.said
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    with running("serve", "--host", "192.0.2.1", data_directory=tmp_path) as process:
        assert process.ended() == 2

    assert "OPPS_HOST" in process.said


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Path]]:
    """Yield a server that was told nothing of who may come in, and its data directory."""
    directory = tmp_path_factory.mktemp("production")
    with running("serve", "--port", "0", data_directory=directory) as process:
        yield process, directory


def test_in_production_nobody_is_answered_who_is_not_known(
    production: tuple[Process, Path],
) -> None:
    process, _ = production
    refused = httpx.post(f"{process.address}/graphql", json={"query": TITLES})

    assert refused.status_code == 401
    assert "WARNING: people are not let in" in process.said
    assert "OPPS_ENVIRONMENT=development" in process.said


def test_in_production_a_program_is_answered_that_shows_its_key(
    production: tuple[Process, Path],
) -> None:
    process, directory = production
    assert process.address
    with running("key", "create", "Export", "--json", data_directory=directory) as made:
        assert made.ended() == 0, made.said
    key = json.loads(made.said[made.said.index("{") :])["key"]
    answer = httpx.post(
        f"{process.address}/graphql",
        json={"query": TITLES},
        headers={"Authorization": f"Bearer {key}"},
    )

    assert answer.json()["data"] == {"opportunities": {"nodes": []}}


def test_development_says_loudly_what_it_is(home: Path) -> None:
    directory = home.with_name("development")
    development = {"OPPS_ENVIRONMENT": "development"}
    with running("serve", "--port", "0", data_directory=directory, **development) as process:
        assert process.address
        assert "WARNING: this is development mode" in process.said


def test_a_demo_told_to_stop_ends_subscriptions_within_a_second(demo: Process) -> None:
    # Nothing asks the demo after it. A server whose database goes on is told in test_stopping.
    address = demo.address.replace("http", "ws", 1)
    with connect(f"{address}/graphql", subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]  # a NewType of str
        socket.send('{"type": "connection_init"}')
        subscribe = {"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}}
        assert json.loads(socket.recv())["type"] == "connection_ack"
        socket.send(json.dumps(subscribe))
        while "StreamCaughtUp" not in str(socket.recv(timeout=10)):
            pass
        told_at = monotonic()
        demo.child.send_signal(signal.SIGINT)
        _read_until_closed(socket)

        assert monotonic() - told_at < 1.0
    assert demo.ended() == 0


def test_the_read_models_can_be_kept_by_a_process_of_their_own(tmp_path: Path) -> None:
    development = {"OPPS_ENVIRONMENT": "development"}
    with running(
        "serve", "--port", "0", "--no-projector", data_directory=tmp_path, **development
    ) as server:
        address = server.address
        register(address, "Halden Foods")
        assert _accounts(address) == []
        with running("project", data_directory=tmp_path, **development) as projector:
            eventually(lambda: _accounts(address) == ["Halden Foods"], timeout_s=30.0)
            assert projector.stop() == 0


def _accounts(address: str) -> list[str]:
    answer = ask(address, "{ accounts(first: 10) { nodes { name } } }")
    return [node["name"] for node in answer["data"]["accounts"]["nodes"]]


def test_scripts_read_where_a_server_answers(tmp_path: Path) -> None:
    with running("serve", "--port", "0", "--json", data_directory=tmp_path) as process:
        eventually(lambda: "}" in process.said, timeout_s=60.0)
        answering = json.loads(process.said[process.said.index("{") :])

    assert answering["graphql"].endswith("/graphql")


def test_a_server_without_its_database_says_so_at_once(tmp_path: Path) -> None:
    away = "postgresql://opps@127.0.0.1:1/opps"
    with running(
        "serve", "--port", "0", data_directory=tmp_path, OPPS_DATABASE_URL=away
    ) as process:
        assert process.ended() == 2

    assert "OPPS_DATABASE_URL" in process.said
    assert "Traceback" not in process.said


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    settings = {"data_directory": tmp_path, "OPPS_ENVIRONMENT": "development"}
    with running("serve", "--port", "0", **settings) as first:  # type: ignore[arg-type]  # mixed
        register(first.address, "Halden Foods")
        assert first.stop() == 0
    with running("serve", "--port", "0", **settings) as second:  # type: ignore[arg-type]  # mixed
        eventually(lambda: _accounts(second.address) == ["Halden Foods"], timeout_s=30.0)


def _read_until_closed(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=10)
