"""PgBouncer in transaction mode: all goes well, and what belongs to a session goes past it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from websockets.sync.client import connect

from opps.embedded import EmbeddedPostgres
from tests.cli.processes import Process, ask
from tests.processes.clients import not_as_acknowledged, selling, some_more
from tests.processes.places import Pooler, database, opps, value, verify

EVENTS = "{ events(first: 100) { nodes { position tag } } }"
BOARD = "{ opportunities(first: 100) { totalCount } }"
SCORES = """subscription { scoreChanged(after: "0") {
  ... on ScoreChanged { cursor } ... on StreamCaughtUp { cursor } } }"""
EXAMPLES = Path(__file__).parents[2] / "examples"
# What a session holds: its locks, what it listens to, what it prepared, whose rows it sees.
HELD_BY_SESSIONS = """
SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND a.application_name = 'opps reader'
"""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


class Place(NamedTuple):
    """A database, the pooler before it, and a server that uses both."""

    database: EmbeddedPostgres
    pooler: Pooler
    server: Process
    environment: dict[str, str]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Yield a server whose reads of the log go through a pooler."""
    with (
        database(tmp_path / "postgres") as server,
        Pooler(server, tmp_path / "pooler").running() as pooler,
    ):
        urls = {
            "OPPS_DATABASE_URL": pooler.url,
            "OPPS_DATABASE_DIRECT_URL": server.conninfo(),
        }
        keys = tmp_path / "keys"
        with opps("serve", "--port", "0", data=tmp_path / "data", keys=keys, **urls) as process:
            assert process.address
            yield Place(server, pooler, process, urls)


def test_commands_and_queries_go_through_a_pooler_that_shares_its_connections(
    place: Place, tmp_path: Path
) -> None:
    address = place.server.address
    with selling([address, address], sellers=6) as team:
        some_more(team)
        before = place.pooler.transactions()
        for _ in range(20):
            assert "errors" not in ask(address, EVENTS)
            assert "errors" not in ask(address, BOARD)
        some_more(team)

    assert place.pooler.transactions() > before + 20
    assert not_as_acknowledged(place.database.conninfo(), team) == []
    assert prepared(place.pooler) == 0
    assert value(place.database.conninfo(), HELD_BY_SESSIONS) == 0
    assert place.server.stop() == 0
    assert "Traceback" not in place.server.said
    verify(place.database.conninfo(), tmp_path / "data", tmp_path / "keys")


def test_whoever_subscribes_hears_of_what_another_server_recorded(
    place: Place, tmp_path: Path
) -> None:
    with (
        opps(
            *("serve", "--no-projector", "--port", "0"),
            data=tmp_path / "other",
            keys=tmp_path / "keys",
            **place.environment,
        ) as other,
        subscribed(place.server.address) as told,
        selling([other.address], sellers=1) as team,
    ):
        some_more(team)
        some_more(team)
        position = team[0].acknowledged[1].position
        assert any(int(one["cursor"].partition(".")[0]) >= position for one in told)


@contextmanager
def subscribed(address: str) -> Iterator[Iterator[Any]]:
    """Yield what a subscriber is told of scores, as it comes."""
    with connect(
        f"ws{address.removeprefix('http')}/graphql",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]  # a NewType of str
    ) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(10))["type"] == "connection_ack"
        socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": SCORES}}))
        yield (json.loads(message)["payload"]["data"]["scoreChanged"] for message in socket)


def test_an_import_and_a_back_up_go_through_it_too(place: Place, tmp_path: Path) -> None:
    def run(*command: str) -> Any:
        with opps(
            *command, data=tmp_path / "data", keys=tmp_path / "keys", **place.environment
        ) as process:
            assert process.ended() == 0, process.said
            return json.loads(process.said[process.said.index("{") :])

    source, mapping = EXAMPLES / "import/quotes.xes", EXAMPLES / "mappings/quotes.toml"
    done = run("import", "xes", str(source), "-m", str(mapping), "--json")
    again = run("import", "xes", str(source), "-m", str(mapping), "--json")
    written = run("backup", str(tmp_path / "copy.backup"), "--json")

    assert (done["opened"] > 0, again["opened"]) == (True, 0)
    assert written["events"] == value(
        place.database.conninfo(), "SELECT size FROM opps.tenant_head"
    )


def prepared(pooler: Pooler) -> object:
    """Return how many statements are prepared on the connections that the pooler shares."""
    return value(pooler.url, "SELECT count(*) FROM pg_prepared_statements")
