"""What GraphQL costs beside what could be in its place: CPU per answer, everything over real HTTP.

Run `python -m benchmarks.graphql`; `--json` prints the figures for a script. Every server has a
process of its own, and its CPU is what that process spends, all threads; the caller's is not
counted. All answer from memory: opps, bare Starlette endpoints and Strawberry by itself with rows
read once, graphql-yoga and Apollo Server with the very answer of opps. These two take part where
`npm ci` ran in a copy of `benchmarks/node`, which `OPPS_NODE_BENCHMARKS` names.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from rich.console import Console
from rich.table import Table

from benchmarks.asking import Connection, request
from benchmarks.five_questions import fill
from benchmarks.graphql_served import LIST_FIELDS, OBJECT_FIELDS
from opps.api.ids import NodeType, to_global
from opps.app import Opps
from opps.config import Environment, Settings
from opps.projections.projector import catch_up
from opps.projections.registry import PROJECTIONS

NODE = Path(__file__).parent / "node" / "server.mjs"
SCHEMA = Path(__file__).parents[1] / "schema.graphql"

OBJECT = f"query Object($id: ID!) {{ opportunity(id: $id) {{ {' '.join(OBJECT_FIELDS)} }} }}"
LIST = f"query List {{ opportunities(first: 100) {{ nodes {{ id {' '.join(LIST_FIELDS)} }} }} }}"
# Objects of other histories, each loaded once, and values that are worked out.
UNCOVERED = """query Uncovered { opportunities(first: 100) { nodes { id title status
  account { name } amount { amount currency } score { p low high } } } }"""

LIMITS = "limits and caches of it"

# What is asked, by whom it is answered, and how many times that may cost of each other.
GOALS = {
    "1 object x 10 fields": {"bare Starlette": 4.0, "graphql-yoga": 1.0},
    "list of 100 x 15 fields": {
        "bare Starlette": 1.5,
        "graphql-yoga": 0.5,
        "Apollo Server": 0.25,
        "stock Strawberry": 0.1,
    },
    "list of 100 with other objects": {"bare Starlette": 5.0},
}


class Peer(NamedTuple):
    """A server that answers, and the process that it is."""

    process: "Popen[str]"
    ready: dict[str, Any]

    def cpu_s(self) -> float:
        """Return the CPU seconds that it has spent so far."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(one.read_text().split()[0]) for one in threads) / 1e9


@contextmanager
def started(*command: str) -> Iterator[Peer]:
    """Yield a server that said that it is ready."""
    process = Popen(command, stdout=PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Peer(process, json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait()


def get(path: str) -> bytes:
    """Return a request for a bare endpoint."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def at(path: str, asked: bytes) -> bytes:
    """Return a request of GraphQL for another address."""
    return asked.replace(b"POST /graphql ", f"POST {path} ".encode(), 1)


def answered(peer: Peer, asked: bytes) -> bytes:
    """Return the body of one answer."""

    async def once() -> bytes:
        caller = await Connection.to(peer.ready["port"])
        try:
            return await caller.read(asked)
        finally:
            caller.close()

    return asyncio.run(once())


def cpu_us(peer: Peer, asked: bytes, times: int) -> float:
    """Return the CPU in microseconds that one answer takes, after as many to warm up."""

    async def spend() -> float:
        caller = await Connection.to(peer.ready["port"])
        try:
            for _ in range(times):
                await caller.read(asked)
            before = peer.cpu_s()
            for _ in range(times):
                await caller.read(asked)
            return (peer.cpu_s() - before) / times * 1e6
        finally:
            caller.close()

    return asyncio.run(spend())


def filled(directory: Path) -> UUID:
    """Fill an embedded database; return its tenant."""
    settings = Settings(data_directory=directory, environment=Environment.DEVELOPMENT)
    with Opps(settings, durable=False) as opps:
        tenant = opps.tenant()
        fill(opps.log, tenant)
        opps.make_read_models()
        catch_up(opps.log, opps.log_settings, list(PROJECTIONS))
    return tenant


def measure(rounds: int, times: int) -> dict[str, dict[str, float]]:
    """Return of each question the CPU of an answer by everybody, in microseconds."""
    with TemporaryDirectory(prefix="opps-benchmark-") as found, ExitStack() as running:
        directory = Path(found)
        deal = uuid5(filled(directory), "deal 0")
        served = (sys.executable, "-m", "benchmarks.graphql_served", str(directory))
        ours = running.enter_context(started(*served, "keep"))
        node_id = to_global(NodeType.OPPORTUNITY, deal)
        asked = {
            "1 object x 10 fields": request(OBJECT, {"id": node_id}),
            "list of 100 x 15 fields": request(LIST, {}),
            "list of 100 with other objects": request(UNCOVERED, {}),
        }
        by_hand = dict(
            zip(asked, (f"/bare/object/{deal}", "/bare/list", "/bare/others"), strict=True)
        )
        callers: dict[str, dict[str, tuple[Peer, bytes]]] = {
            name: {
                "opps": (ours, question),
                "bare Starlette": (ours, get(by_hand[name])),
                "stock Strawberry": (ours, at("/stock/", question)),
            }
            for name, question in asked.items()
        }
        for name, question in asked.items():
            answer = answered(ours, question)
            assert b'"errors"' not in answer, answer[:500]
            kept = directory / "answer.json"
            kept.write_text(json.dumps(json.loads(answer)["data"]))
            for which, called in (("yoga", "graphql-yoga"), ("apollo", "Apollo Server")):
                if node := _node():
                    command = (node, str(NODE), which, str(SCHEMA), str(kept))
                    peer = running.enter_context(started(*command))
                    callers[name][called] = (peer, question)
        figures = {name: _medians(of, rounds, times) for name, of in callers.items()}
        for name, question in asked.items():
            taken = answered(ours, at(f"/bare/limits/{times}", question))
            figures[name][LIMITS] = json.loads(taken)["data"]["us"]
        return figures


def _node() -> str | None:
    return shutil.which("node") if os.environ.get("OPPS_NODE_BENCHMARKS") else None


def _medians(callers: dict[str, tuple[Peer, bytes]], rounds: int, times: int) -> dict[str, float]:
    """Return the medians of rounds in which everybody takes turns."""
    taken: dict[str, list[float]] = {name: [] for name in callers}
    for _ in range(rounds):
        for name, (peer, asked) in callers.items():
            taken[name].append(cpu_us(peer, asked, times))
    return {name: median(of) for name, of in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.graphql", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=200, help="answers in each round")
    options = parser.parse_args()
    figures = measure(options.rounds, options.times)
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    table = Table("question", "answered by", "CPU us", "opps is", "goal")
    for question, of in figures.items():
        for name, us in of.items():
            goal = GOALS[question].get(name)
            ratio = "" if name == "opps" else f"{of['opps'] / us:.2f} x"
            told = f"{goal} x" if goal else ""
            if name == LIMITS:
                ratio, told = f"{us / of['opps']:.1%} of it", "10 %"
            table.add_row(question, name, f"{us:,.0f}", ratio, told)
    Console().print(table)


if __name__ == "__main__":
    main()
