"""A database that is away or too busy: typed answers, safe repeats, and reads that recover."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict

from opps.eventstore import LogSettings, register_tenant
from tests.api.deals import new_id, opened
from tests.api.support import Api, installed, served_api
from tests.eventstore.relay import Relay
from tests.eventstore.support import settings
from tests.support import eventually

LOG_HEAD = "{ logHead { position } }"


@pytest.fixture
def acme(database: str) -> UUID:
    """Return a registered tenant of the test's own database."""
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def line(database: str) -> Iterator[Path]:
    """Yield the directory in which a relay to the database may listen."""
    if not str(conninfo_to_dict(database).get("host")).startswith("/"):
        pytest.skip("the relay passes on Unix sockets only, and this server has none")
    with TemporaryDirectory(prefix="opps") as directory:
        yield Path(directory)


def again(database: str, line: Path) -> Relay:
    """Return a relay where another one has stopped listening."""
    for socket in line.iterdir():
        socket.unlink()
    return Relay(database, line)


def code(api: Api, query: str) -> str | None:
    errors = api.errors(query)
    return errors[0]["extensions"]["code"] if errors else None


def test_a_database_that_goes_away_is_told_and_everything_recovers(
    database: str, acme: UUID, line: Path
) -> None:
    with ExitStack() as serving:
        with again(database, line) as relay:
            impatient = LogSettings(url=relay.conninfo, durable=False, patience_s=0.5, poll_s=0.2)
            installation = serving.enter_context(installed(relay.conninfo, acme, impatient))
            api = serving.enter_context(served_api(installation))
            id_ = opened(api)
        command = {
            "commandId": new_id(),
            "opportunityId": id_,
            "expectedVersion": 0,
            "title": "New",
        }
        [error] = api.send("renameOpportunity", command).json()["errors"]
        unread = code(api, LOG_HEAD)
        with again(database, line):
            eventually(lambda: "errors" not in api.send("renameOpportunity", command).json(), 20.0)
            payload = api.done("renameOpportunity", **command)
            eventually(lambda: code(api, LOG_HEAD) is None, 20.0)
            eventually(lambda: code(api, "{ opportunities { totalCount } }") is None, 20.0)
            serving.close()

    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert "safe to repeat" in error["message"]
    assert "socket" not in error["message"]
    assert unread == "UNAVAILABLE"
    assert (payload["version"], payload["replayed"]) == (1, True)


def test_too_many_commands_at_once_are_refused_as_data(database: str, acme: UUID) -> None:
    full = replace(settings(database), waiting_limit=0)
    with installed(database, acme, full) as installation, served_api(installation) as api:
        query = """mutation { registerAccount(input: {commandId: "%s", name: "x"}) {
          userErrors { code message ... on Overloaded { waiting limit } }
        } }"""
        [error] = api.ask(query % new_id())["registerAccount"]["userErrors"]

    assert (error["code"], error["limit"]) == ("OVERLOADED", 0)
    assert "again" in error["message"]
