"""A replica answers as of a position, refuses commands, and takes over with nothing lost."""

import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore.migrations import revisions
from opps.operating.readiness import Readiness, Revisions
from opps.projections.registry import PROJECTIONS
from tests.cli.processes import Process, ask, register
from tests.processes.clients import not_as_acknowledged, selling, some_more
from tests.processes.places import (
    database,
    either,
    kill,
    log_size,
    opps,
    promote,
    replica_of,
    rows_show,
    verify,
    wait_for_replicas,
)
from tests.support import eventually

EXAMPLES = Path(__file__).parents[2] / "examples"
# Comparing rows with a fold takes tables of its own for a while.
CHANGING = ("rebuild board", "verify", "tenant create other", "ledger seal")
HEAD = "{ logHead { position } }"
DEALS = """{ opportunities(first: 100) { nodes { title facts { factId } } } }"""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def head(server: Process) -> int:
    """Return how long the log is, as a server sees it."""
    return int(ask(server.address, HEAD)["data"]["logHead"]["position"])


def code(answer: Any) -> str:
    """Return why a command was refused."""
    [refused] = answer["data"]["registerAccount"]["userErrors"]
    return str(refused["code"])


def readiness(server: EmbeddedPostgres) -> tuple[bool, str]:
    """Return whether a server of this database is ready, and what is said of a replica."""
    names = [one.name for one in PROJECTIONS]
    state = Readiness(server.conninfo(), names, Revisions(revisions()), most_lag_s=300).state()
    replica = state.checks.get("replica")
    return state.ready, "no replica" if replica is None else replica.reason


def hold_back(replica: EmbeddedPostgres) -> None:
    """Let a replica show no more than it does now."""
    with psycopg.connect(replica.conninfo(), autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")


def go_on(replica: EmbeddedPostgres) -> None:
    """Let it show what it was sent meanwhile."""
    with psycopg.connect(replica.conninfo(), autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_resume()")


def test_a_server_of_a_replica_answers_and_takes_no_commands_until_it_is_promoted(
    tmp_path: Path,
) -> None:
    keys = tmp_path / "keys"
    with database(tmp_path / "one") as primary, replica_of(primary, tmp_path / "two") as replica:

        def serve(server: EmbeddedPostgres, name: str) -> Any:
            url = server.conninfo()
            return opps(
                "serve", "--port", "0", data=tmp_path / name, keys=keys, OPPS_DATABASE_URL=url
            )

        with serve(primary, "first") as first:
            before = register(first.address, "Halden", known := uuid4())
            eventually(lambda: "errors" not in ask(first.address, DEALS))
            position = int(before["data"]["registerAccount"]["position"])
            with serve(replica, "second") as second:
                eventually(lambda: head(second) >= position)
                seen = as_of(second, position)
                refused = register(second.address, "Never", late := uuid4())
                repeated = register(second.address, "Halden", known)

                assert "READ_ONLY" in second.said
                assert seen == as_of(first, position)
                assert (code(refused), code(repeated)) == ("READ_ONLY", "READ_ONLY")
                assert not (tmp_path / "second" / "ledger").exists()

                assert readiness(replica) == (True, "shows the primary of 0 s ago")

                hold_back(replica)
                later = register(first.address, "Later", uuid4())["data"]["registerAccount"]
                assert head(first) >= int(later["position"]) > head(second)
                assert as_of(second, position) == seen
                go_on(replica)
                eventually(lambda: head(second) >= int(later["position"]))

                kill(primary)
                eventually(lambda: "hears nothing" in readiness(replica)[1])
                promote(replica)
                assert readiness(replica) == (True, "no replica")
                eventually(lambda: not refusals(register(second.address, "Never", late)), 20.0)
                assert register(second.address, "Halden", known)["data"]["registerAccount"] == {
                    **before["data"]["registerAccount"],
                    "replayed": True,
                }
                url = replica.conninfo()
                eventually(lambda: rows_show(url) == log_size(url), 30.0)
                stopped = second.stop()
                assert stopped == 0, second.said
                assert "Traceback" not in second.said
        verify(replica.conninfo(), tmp_path / "second", keys)


def test_operators_look_at_a_replica_and_copy_it_and_cannot_change_it(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with database(tmp_path / "one") as primary, replica_of(primary, tmp_path / "two") as replica:

        def run(server: EmbeddedPostgres, *command: str) -> tuple[int, str]:
            url = server.conninfo()
            with opps(*command, data=tmp_path / "data", keys=keys, OPPS_DATABASE_URL=url) as done:
                return done.ended(), done.said

        source, mapping = EXAMPLES / "import/quotes.xes", EXAMPLES / "mappings/quotes.toml"
        imported = run(primary, "import", "xes", str(source), "-m", str(mapping))
        rebuilt = run(primary, "rebuild", "all")
        eventually(lambda: rows_show(replica.conninfo()) == log_size(primary.conninfo()))
        copies = [
            run(server, "backup", str(tmp_path / f"{name}.backup"))
            for name, server in (("primary", primary), ("replica", replica))
        ]
        looked = run(replica, "status")
        refused = [run(replica, *command.split()) for command in CHANGING]

    for code, said in (imported, rebuilt, *copies, looked):
        assert code == 0, said
    for code, said in refused:
        assert (code, "is a replica" in said, "Traceback" in said) == (2, True, False), said
    one, other = ((tmp_path / f"{name}.backup").read_bytes() for name in ("primary", "replica"))
    assert one == other


def as_of(server: Process, position: int) -> Any:
    """Return what a server shows as of a position."""
    query = (
        f"{{ opportunities(first: 100, asOf: {{position: {position}}}) "
        "{ asOfPosition totalCount nodes { title asOfPosition } } }"
    )
    return ask(server.address, query)


def refusals(answer: Any) -> list[Any]:
    """Return what stands in the way of a command."""
    if "errors" in answer:
        return list(answer["errors"])
    return list(answer["data"]["registerAccount"]["userErrors"])


def test_no_acknowledged_event_is_lost_when_the_primary_is_killed_and_its_replica_promoted(
    tmp_path: Path,
) -> None:
    keys = tmp_path / "keys"
    with database(tmp_path / "one") as primary, replica_of(primary, tmp_path / "two") as replica:
        wait_for_replicas(primary)
        url = either(primary, replica)

        def serve(name: str) -> Any:
            return opps(
                "serve", "--port", "0", data=tmp_path / name, keys=keys, OPPS_DATABASE_URL=url
            )

        with serve("first") as first, serve("second") as second:
            with selling([first.address, second.address], sellers=6) as team:
                some_more(team)
                threading.Event().wait(0.5)
                kill(primary)
                began = time.monotonic()
                promote(replica)
                some_more(team)
                took = time.monotonic() - began
                some_more(team)

            assert not_as_acknowledged(replica.conninfo(), team) == []
            eventually(
                lambda: head(first) == head(second) == rows_show(replica.conninfo()), timeout_s=30.0
            )
            assert (first.stop(), second.stop()) == (0, 0)
        verify(replica.conninfo(), tmp_path / "first", keys)
    answers = sum(len(seller.acknowledged) for seller in team)
    print(f"{answers} commands acknowledged; all sellers served again after {took:.2f} s")
