"""Two servers on one database: whom one erases, the other shows no more, nor prints."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore import register_tenant
from opps.eventstore.migrations import migrate
from tests.cli.processes import Process, running
from tests.support import eventually

NAME, SIGNS, QUOTE = f"Dana {uuid4().hex}", f"signs {uuid4().hex}", f"in March {uuid4().hex}"
DPO, SECOND, SELLER = uuid4(), uuid4(), uuid4()
SEEN = """query ($person: ID!, $deal: ID!, $then: AsOf!) {
  person(id: $person) { name { text } }
  opportunity(id: $deal) { ...Told } then: opportunity(id: $deal, asOf: $then) { ...Told }
  events(first: 100) { nodes { tag content } } }
fragment Told on Opportunity { facts { content { ... on EvaluatorFact { person { text } } }
  provenance { evidence { quote { text } } } } timeline(first: 50) { nodes { tag } } }"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a database of opps."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("database") / "postgres") as server:
        migrate(server.conninfo())
        yield server.conninfo()


def asked(server: Process, query: str, role: str, who: UUID, **variables: Any) -> Any:
    """Return what somebody is answered."""
    answer = httpx.post(
        f"{server.address}/graphql",
        json={"query": query, "variables": variables},
        headers={"Opps-Act-As": f"{role} {who}"},
        timeout=30,
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]


def done(server: Process, name: str, show: str, role: str, who: UUID, /, **given: Any) -> Any:
    """Return the payload of a command."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($i: {kind}!) {{ {name}(input: $i) {{ {show} userErrors {{ code }} }} }}"
    return asked(server, query, role, who, i={"commandId": str(uuid4()), **given})[name]


def told(server: Process, deal: str, person: str) -> Any:
    """Say something of the person in a deal."""
    fact = {"evaluatorId": str(uuid4()), "title": "CFO", "roles": ["ECONOMIC"],
            "person": {"subject": person, "text": SIGNS}}  # fmt: skip
    provenance = {"source": "SELLER_OBSERVATION", "channel": "OBSERVED",
                  "evidence": {"quote": {"subject": person, "text": QUOTE}}}  # fmt: skip
    stated = {"fact": {"evaluator": fact}, "provenance": provenance}
    return done(server, "learnFact", "position", "SELLER", SELLER, opportunityId=deal,
                stated=stated, expectedVersion=None)  # fmt: skip


@pytest.mark.parametrize("keys", ["files", "tables"])
def test_whom_one_server_erases_the_other_shows_no_more(
    url: str, tmp_path: Path, keys: str
) -> None:
    register_tenant(url, uuid4(), keys)
    shared = {
        "OPPS_DATABASE_URL": url, "OPPS_ENVIRONMENT": "development", "OPPS_SEAL_EVERY_S": "0",
        "OPPS_AUDITED_READS": "*", "OPPS_TENANT": keys,
        "OPPS_KEYS_DIRECTORY": str(tmp_path / "keys"),
    } | ({"OPPS_KEYS_URL": url} if keys == "tables" else {})  # fmt: skip
    with (
        running("serve", "--port", "0", data_directory=tmp_path / "one", **shared) as one,
        running("serve", "--port", "0", data_directory=tmp_path / "other", **shared) as other,
    ):
        person = done(one, "registerPerson", "person { id }", "SELLER", SELLER, name=NAME)
        person = person["person"]["id"]
        account = done(one, "registerAccount", "account { id }", "SELLER", SELLER, name="Halden")
        account = account["account"]["id"]
        deal = done(one, "openOpportunity", "opportunity { id }", "SELLER", SELLER,
                    accountId=account, title="Line 3", currency="EUR")  # fmt: skip
        deal = deal["opportunity"]["id"]
        position = told(one, deal, person)["position"]

        def seen(server: Process) -> str:
            then = {"position": position}
            return json.dumps(asked(server, SEEN, "SELLER", SELLER, person=person, deal=deal,
                                    then=then))  # fmt: skip

        # The other one remembers the deal in clear, for its next command.
        assert told(other, deal, person)["userErrors"] == []
        for server in (one, other):
            assert all(text in seen(server) for text in (NAME, SIGNS, QUOTE))

        erasure = str(uuid4())
        wanted = {"erasureId": erasure, "personId": person, "level": "FULL", "basis": "OBJECTION"}
        done(one, "requestErasure", "position", "DPO", DPO, **wanted)
        approved = done(one, "approveErasure", "erasure { status }", "DPO", SECOND,
                        erasureId=erasure)  # fmt: skip

        assert approved["erasure"]["status"] == "CARRIED_OUT"
        gone = (NAME, SIGNS, QUOTE)
        assert not any(text in seen(one) for text in gone)
        eventually(lambda: not any(text in seen(other) for text in gone), timeout_s=5)
        eventually(
            lambda: (
                [one["code"] for one in told(other, deal, person)["userErrors"]]
                == ["PERSON_IS_ERASED"]
            ),
            timeout_s=5,
        )
        assert (one.stop(), other.stop()) == (0, 0)
        assert not any(text in one.said + other.said for text in gone)
    held = {file.name for file in (tmp_path / "keys").glob("*.jsonl")}
    assert ("erasures.jsonl" in held) is (keys == "files")
