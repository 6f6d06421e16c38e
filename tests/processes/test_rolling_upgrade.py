"""A server of today while a newer one, beside it, records what today's code has never heard of."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from opps.api.ids import NodeType, node_uuid
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.eventstore.migrations import head
from tests.cli.processes import Caller
from tests.processes.clients import OPEN, REGISTER
from tests.processes.places import database, opps, verify
from tests.support import eventually

RENAME = """mutation ($input: RenameOpportunityInput!) {
  renameOpportunity(input: $input) { position userErrors { code message } } }"""
SEEN = """query ($deal: ID!) {
  opportunity(id: $deal) { title timeline(first: 50) { nodes { tag } } }
  opportunities(first: 10) { totalCount } logHead { position } }"""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


# A tag, a schema and a field that nobody here has heard of.
UNKNOWN = (
    ("ColourChosen", 1, {"colour": "red"}),
    ("OpportunityRenamed", 99, {"titles": {"en": "Line 5"}}),
    ("OpportunityRenamed", 1, {"title": "Line 4", "told_by_voice": True}),
)


def record(url: str, deal: str, *events: tuple[str, int, dict[str, Any]]) -> None:
    """Append events to a deal as a newer opps would."""
    stream = UUID(deal)
    with Log(LogSettings(url=url)) as log:
        tenant = log.find_tenant("default")
        assert tenant is not None
        found = log.stream(tenant, stream)
        told = tuple(
            NewEvent(
                stream=stream,
                event_id=uuid4(),
                tag=tag,
                schema=schema,
                payload=msgspec.json.encode(payload),
                metadata=found[0].metadata,
            )
            for tag, schema, payload in events
        )
        log.append_now(
            Append(
                tenant=tenant,
                command_id=uuid4(),
                expected={stream: found[-1].version},
                events=told,
            )
        )


def test_what_a_newer_version_records_is_kept_and_counted_and_stops_nobody(tmp_path: Path) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    with database(tmp_path / "postgres") as server:
        url = server.conninfo()

        def start(*command: str) -> Any:
            return opps(*command, data=data, keys=keys, OPPS_DATABASE_URL=url)

        with start("serve", "--port", "0") as process, closing(Caller(process.address)) as caller:
            account = done(caller, REGISTER, name="Halden")["account"]["id"]
            line = {"accountId": account, "currency": "EUR"}
            deal = done(caller, OPEN, title="Line 3", **line)["opportunity"]["id"]
            other = done(caller, OPEN, title="Other", **line)["opportunity"]["id"]
            record(url, raw(deal), *UNKNOWN)
            eventually(lambda: titles(caller) == {"Line 3", "Other"})

            seen = caller.ask(SEEN, {"deal": deal})
            refused = caller.ask(RENAME, {"input": renaming(deal, "Line 6")})
            taken = done(caller, RENAME, **renaming(other, "Another"))

            assert seen["data"]["opportunity"]["title"] == "Line 3"
            [error] = refused["data"]["renameOpportunity"]["userErrors"]
            assert error["code"] == "WRITTEN_BY_NEWER_VERSION"
            assert int(taken["position"]) == int(seen["data"]["logHead"]["position"]) + 1

            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE opps.alembic_version SET version_num = '9999'")
            done(caller, RENAME, **renaming(other, "Once more"))
            eventually(lambda: titles(caller) == {"Line 3", "Once more"})
            assert process.stop() == 0
            assert "Traceback" not in process.said

        with start("serve", "--port", "0") as late:
            assert late.ended() == 2
            assert "install the newer version" in late.said
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE opps.alembic_version SET version_num = %s", [head()])
        with start("status", "--json") as status:
            assert status.ended() == 0, status.said
            counted = {one["unknown"] for one in json.loads(status.said)["projections"]}
        assert counted == {len(UNKNOWN)}
        verify(url, data, keys)


def done(caller: Caller, query: str, **given: Any) -> Any:
    """Carry out a command and return what it made."""
    answer = caller.ask(query, {"input": {"commandId": str(uuid4()), **given}})
    assert "errors" not in answer, answer
    [payload] = answer["data"].values()
    assert payload["userErrors"] == [], payload
    return payload


def renaming(deal: str, title: str) -> dict[str, Any]:
    """Return the input of a renaming."""
    return {
        "commandId": str(uuid4()),
        "opportunityId": deal,
        "title": title,
        "expectedVersion": None,
    }


def titles(caller: Caller) -> set[str]:
    """Return what the opportunities on the board are called."""
    answer = caller.ask("{ opportunities(first: 10) { nodes { title } } }")
    return {one["title"] for one in answer["data"]["opportunities"]["nodes"]}


def raw(node: str) -> str:
    """Return the UUID in the id of a node."""
    return str(node_uuid(NodeType.OPPORTUNITY, node))
