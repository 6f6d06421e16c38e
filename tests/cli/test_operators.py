"""What operators see of a running server: everything on their own port, little on the main one."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.cli.processes import Process, ask, register, running
from tests.support import eventually

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "opps.rules.yml"
OPERATORS = re.compile(r"^Operators (http://\S+)/metrics$", re.MULTILINE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Yield a server in development with a port for operators."""
    directory = tmp_path_factory.mktemp("operated")
    development = {"OPPS_ENVIRONMENT": "development", "OPPS_METRICS_PORT": "0"}
    with running("serve", "--port", "0", data_directory=directory, **development) as process:
        register(process.address, "Halden Foods")
        yield process


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Yield a server in production with a port for operators."""
    directory = tmp_path_factory.mktemp("strict")
    with running(
        "serve", "--port", "0", data_directory=directory, OPPS_METRICS_PORT="0"
    ) as process:
        yield process


def operators(process: Process) -> str:
    """Return where a process answers operators."""
    eventually(lambda: OPERATORS.search(process.said), timeout_s=60.0)
    found = OPERATORS.search(process.said)
    assert found
    return found[1]


def figure(metrics: str, name: str) -> float:
    """Return the value of one figure."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    assert found, f"{name} is not in\n{metrics}"
    return float(found[1])


def measured(address: str) -> str:
    answer = httpx.get(f"{address}/metrics")
    assert answer.status_code == 200
    return answer.text


def test_a_server_that_answers_is_alive_and_ready(server: Process) -> None:
    alive = httpx.get(f"{server.address}/healthz")
    ready = httpx.get(f"{server.address}/readyz")

    assert (alive.status_code, alive.json()) == (200, {"alive": True})
    assert (ready.status_code, ready.json()["ready"]) == (200, True)


def test_in_production_the_main_port_tells_whether_and_not_why(strict: Process) -> None:
    ready = httpx.get(f"{strict.address}/readyz")

    assert ready.json() == {"ready": True}
    assert httpx.get(f"{strict.address}/metrics").status_code == 404


def test_the_port_for_operators_tells_why(strict: Process) -> None:
    assert strict.address
    ready = httpx.get(f"{operators(strict)}/readyz").json()

    assert set(ready["checks"]) == {"draining", "database", "migrations", "lag"}
    assert all(check["good"] and check["reason"] for check in ready["checks"].values())


def test_no_page_of_elsewhere_reads_the_port_for_operators(strict: Process) -> None:
    elsewhere = {"host": "elsewhere.example"}

    assert httpx.get(f"{operators(strict)}/metrics", headers=elsewhere).status_code == 404
    ready = httpx.get(f"{operators(strict)}/readyz", headers=elsewhere)
    assert ready.json() == {"ready": True}


def test_the_figures_tell_how_far_the_rows_are(server: Process) -> None:
    def has_followed() -> bool:
        return figure(measured(operators(server)), "opps_log_events") >= 1

    eventually(has_followed)
    metrics = measured(operators(server))

    assert figure(metrics, "opps_ready") == 1
    assert figure(metrics, 'opps_projection_lag_events{projection="board"}') >= 0
    assert figure(metrics, 'opps_projection_parked_streams{projection="board"}') == 0


def test_a_server_whose_database_is_gone_says_so_and_stays_alive(tmp_path: Path) -> None:
    development = {"OPPS_ENVIRONMENT": "development", "OPPS_METRICS_PORT": "0"}
    with running("serve", "--port", "0", data_directory=tmp_path, **development) as process:
        address, apart = process.address, operators(process)
        postmaster = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)
        try:
            eventually(lambda: httpx.get(f"{apart}/readyz", timeout=10).status_code == 503, 20.0)
            told = httpx.get(f"{apart}/readyz", timeout=10).json()
            public = httpx.get(f"{address}/readyz", timeout=10)

            assert "does not answer" in told["checks"]["database"]["reason"]
            assert (public.status_code, public.json()["ready"]) == (503, False)
            assert httpx.get(f"{address}/healthz").status_code == 200
        finally:
            os.kill(postmaster, signal.SIGCONT)
        eventually(lambda: httpx.get(f"{apart}/readyz", timeout=10).status_code == 200, 20.0)
        assert process.stop() == 0


def test_a_projector_of_its_own_answers_operators_too(tmp_path: Path) -> None:
    settings = {"OPPS_ENVIRONMENT": "development", "OPPS_METRICS_PORT": "0"}
    with running("project", data_directory=tmp_path, **settings) as process:
        apart = operators(process)

        assert httpx.get(f"{apart}/healthz").json() == {"alive": True}
        assert figure(measured(apart), "opps_ready") == 1
        assert process.stop() == 0


def test_a_port_for_operators_in_use_is_told_by_its_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with running("project", data_directory=tmp_path, OPPS_METRICS_PORT=port) as process:
            assert process.ended() == 2

    assert f"Port {port} of 127.0.0.1 is in use" in process.said
    assert "OPPS_METRICS_PORT" in process.said


def test_the_rules_of_alerts_ask_for_figures_that_are_there(server: Process) -> None:
    ask(server.address, "{ logHead { position } }")
    metrics = measured(operators(server))
    asked = set(re.findall(r"\bopps_\w+(?=\{job)", RULES.read_text()))

    assert len(asked) >= 10
    assert sorted(name for name in asked if f"\n{name}" not in metrics) == []


def test_promtool_takes_the_rules_and_their_tests() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed here (Debian: in the package prometheus)")
    for check in (
        ["check", "rules", RULES],
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "opps.rules.test.yml"],
    ):
        ran = subprocess.run(
            [promtool, *check], cwd=RULES.parent, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_traces_go_where_the_variables_of_opentelemetry_say(tmp_path: Path) -> None:
    came: list[str] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            came.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = Thread(target=collector.serve_forever, daemon=True)
        thread.start()
        settings = {
            "OPPS_ENVIRONMENT": "development",
            "OPPS_TRACES": "yes",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        }
        with running("serve", "--port", "0", data_directory=tmp_path, **settings) as process:
            ask(process.address, "{ logHead { position } }")
            assert process.stop() == 0
        collector.shutdown()
        thread.join()

    assert set(came) == {"/v1/traces"}


def test_a_server_can_tell_everything_in_lines_for_programs(tmp_path: Path) -> None:
    settings = {
        "OPPS_ENVIRONMENT": "development",
        "OPPS_LOG_FORMAT": "json",
        "OPPS_LOG_LEVEL": "info",
    }
    with running("serve", "--port", "0", data_directory=tmp_path, **settings) as process:
        eventually(lambda: "answers at" in process.said, timeout_s=60.0)
        lines = [json.loads(line) for line in process.said.splitlines()]
        [told] = [one["message"] for one in lines if "answers at" in one["message"]]
        register(told.rpartition(" ")[2], "Halden Foods")
        assert process.stop() == 0
    lines = [json.loads(line) for line in process.said.splitlines()]
    [command] = [one for one in lines if one["logger"] == "opps.commands"]

    assert (command["command"], command["outcome"]) == ("RegisterAccount", "stored")
    [warned] = [one for one in lines if one["level"] != "INFO"]
    assert "this is development mode" in warned["message"]
