"""Documents that are sent by their SHA-256: over HTTP and sockets, kept, agreed on, and refused."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from opps.api import persisted
from opps.api.bodies import Asked
from opps.api.limits import DEFAULTS, Limits
from opps.api.negotiation import GRAPHQL_JSON
from opps.api.persisted import MOST_KEPT, PersistedDocuments, id_of
from opps.api.persisted_files import CannotLoad, loaded
from opps.api.refusing import Refused
from opps.api.schema import schema
from opps.cli.http import persisted_documents
from opps.cli.output import Cannot
from opps.config import settings
from tests.api.support import Api, Installation, served_api

WHO = "query Who { viewer { role } }"
HEAD = "query Head { logHead { position } }"
REGISTER = """mutation Register($id: UUID!) {
  registerAccount(input: {commandId: $id, name: "Acme"}) { userErrors { code } }
}"""
BOTH = f"{WHO} {HEAD}"
SHOWN = {"viewer": {"role": "ADMIN"}}
OPERATIONS = Path(__file__).parents[2] / "operations"


@pytest.fixture(scope="module")
def agreed(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server that carries out two documents and no other."""
    documents = PersistedDocuments([WHO, REGISTER], only=True)
    with served_api(installation, persisted=documents) as client:
        yield client


def by_id(api: Api, document: str, **more: Any) -> httpx.Response:
    return api.client.post(api.url, json={"documentId": id_of(document), **more})


def code(answer: httpx.Response) -> str:
    [error] = answer.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


def test_an_identifier_is_what_the_specification_gives_as_its_example() -> None:
    text = "query($id:ID!){user(id:$id){name}}"

    assert id_of(text) == "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"


def test_a_document_that_was_sent_with_its_identifier_is_known_by_it_from_then_on(api: Api) -> None:
    unknown = by_id(api, WHO)
    kept = by_id(api, WHO, query=WHO)
    known = by_id(api, WHO)
    by_address = api.client.get(api.url, params={"documentId": id_of(WHO)})

    assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
    assert [one.json()["data"] for one in (kept, known, by_address)] == [SHOWN] * 3


def test_a_client_of_apollo_says_it_in_an_extension(api: Api) -> None:
    digits = sha256(HEAD.encode()).hexdigest()
    asked = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digits}}}
    unknown = api.client.post(api.url, json=asked)
    api.client.post(api.url, json={**asked, "query": HEAD})
    known = api.client.get(api.url, params={"extensions": json.dumps(asked["extensions"])})

    assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
    assert "logHead" in known.json()["data"]


def test_a_document_that_nobody_knows_is_answered_as_other_requests_that_can_be_read(
    api: Api,
) -> None:
    plain = by_id(api, "{ nobody }")
    other = api.client.post(
        api.url, json={"documentId": id_of("{ nobody }")}, headers={"accept": GRAPHQL_JSON}
    )

    assert (plain.status_code, other.status_code) == (200, 422)


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": id_of(HEAD), "query": WHO},
        {"documentId": "sha256:71f7"},
        {"documentId": id_of(WHO).upper()},
        {"documentId": id_of(WHO).removeprefix("sha256:")},
        {"documentId": "x-ours:board"},
        {"documentId": ""},
    ],
    ids=["of another text", "short", "capitals", "no prefix", "another prefix", "empty"],
)
def test_what_is_no_identifier_of_the_text_is_refused(api: Api, asked: dict[str, str]) -> None:
    assert code(api.client.post(api.url, json=asked)) == "BAD_REQUEST"


@pytest.mark.parametrize(
    "asked",
    [{"documentId": 7}, {"extensions": {"persistedQuery": {"sha256Hash": 7}}}],
)
def test_an_identifier_is_a_text(api: Api, asked: dict[str, Any]) -> None:
    answer = api.client.post(api.url, json=asked)

    assert (answer.status_code, code(answer)) == (422, "BAD_REQUEST")


def test_a_mutation_known_by_its_identifier_is_not_carried_out_by_get(agreed: Api) -> None:
    variables = json.dumps({"id": str(uuid4())})
    sent = {"documentId": id_of(REGISTER), "variables": variables}
    refused = agreed.client.get(agreed.url, params=sent)
    done = by_id(agreed, REGISTER, variables=json.loads(variables))

    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert done.json()["data"]["registerAccount"]["userErrors"] == []


def test_a_socket_takes_identifiers_and_stays_open_when_it_knows_none(agreed: Api) -> None:
    with agreed.socket() as socket:
        socket.send(type="subscribe", id="1", payload={"documentId": id_of(HEAD)})
        unknown = socket.receive()
        socket.send(type="subscribe", id="2", payload={"documentId": id_of(WHO)})

        assert (unknown["type"], unknown["id"]) == ("error", "1")
        assert socket.next("2") == SHOWN


def test_an_event_stream_takes_identifiers_too(agreed: Api) -> None:
    stream = {"accept": "text/event-stream"}
    sent = {"documentId": id_of(WHO)}
    answer = agreed.client.post(agreed.url, json=sent, headers=stream)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert json.dumps(SHOWN, separators=(",", ":")) in answer.text


def test_where_documents_are_agreed_on_no_other_is_carried_out(agreed: Api) -> None:
    text, unknown, kept = (
        agreed.client.post(agreed.url, json={"query": HEAD}),
        by_id(agreed, HEAD),
        by_id(agreed, HEAD, query=HEAD),
    )

    assert {code(text), code(unknown), code(kept)} == {"PERSISTED_QUERY_ONLY"}
    assert agreed.ask(WHO) == SHOWN
    assert by_id(agreed, WHO).json()["data"] == SHOWN
    assert by_id(agreed, WHO, query=WHO).json()["data"] == SHOWN


def test_a_kept_document_is_of_its_organisation_alone() -> None:
    documents, ours, theirs = PersistedDocuments(), uuid4(), uuid4()
    documents.keep(ours, Asked(WHO, document_id=id_of(WHO)))

    assert documents.resolved(ours, Asked("", document_id=id_of(WHO))).query == WHO
    with pytest.raises(Refused):
        documents.resolved(theirs, Asked("", document_id=id_of(WHO)))


def test_no_more_documents_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persisted, "MOST_KEPT", 3)
    documents, tenant = PersistedDocuments(), uuid4()
    texts = [f"{{ a{number}: __typename }}" for number in range(4)]
    for text in [*texts[:3], texts[0], texts[3]]:
        documents.keep(tenant, Asked(text, document_id=id_of(text)))

    assert [known(documents, tenant, text) for text in texts] == [True, False, True, True]
    assert MOST_KEPT == 1_000


def known(documents: PersistedDocuments, tenant: UUID, text: str) -> bool:
    """Tell whether a document can be asked for by its identifier."""
    try:
        return bool(documents.resolved(tenant, Asked("", document_id=id_of(text))).query)
    except Refused:
        return False


def test_one_organisation_pushes_out_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persisted, "MOST_KEPT", 3)
    documents, ours, theirs = PersistedDocuments(), uuid4(), uuid4()
    documents.keep(ours, Asked(WHO, document_id=id_of(WHO)))
    for number in range(5):
        text = f"{{ a{number}: __typename }}"
        documents.keep(theirs, Asked(text, document_id=id_of(text)))

    assert known(documents, ours, WHO)


@pytest.mark.parametrize("text", ["{ nothing }", "{", "# " + "x" * 100_000 + HEAD, BOTH])
def test_what_is_not_carried_out_is_not_kept(api: Api, text: str) -> None:
    refused = by_id(api, text, query=text)
    again = by_id(api, text)

    assert "data" not in refused.json()
    assert code(again) == "PERSISTED_QUERY_NOT_FOUND"


def of_directory(directory: Path, limits: Limits = DEFAULTS) -> list[str]:
    return loaded(directory, schema()._schema, limits)


def test_a_directory_holds_documents_and_lists_of_them(tmp_path: Path) -> None:
    (tmp_path / "who.graphql").write_text(WHO)
    (tmp_path / "list.json").write_text(json.dumps({id_of(HEAD).removeprefix("sha256:"): HEAD}))
    (tmp_path / "who.variables.json").write_text("{}")
    (tmp_path / "README.md").write_text("ours")

    assert set(of_directory(tmp_path)) == {WHO, HEAD}


def test_the_operations_of_opps_can_be_agreed_on_as_they_are() -> None:
    assert len(of_directory(OPERATIONS)) == len(list(OPERATIONS.glob("*.graphql")))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.graphql", "{ nothing }", "Cannot query field 'nothing'"),
        ("a.graphql", "{ viewer {", "Syntax Error"),
        ("a.json", "[", "is no JSON"),
        ("a.json", '["{ viewer { role } }"]', "no JSON object of documents"),
        ("a.json", '{"abc": "{ viewer { role } }"}', "not its SHA-256"),
        ("a.txt", "{ viewer { role } }", "no document"),
    ],
)
def test_a_file_that_would_be_refused_is_named_before_anybody_is_answered(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(CannotLoad, match=said):
        of_directory(tmp_path)


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotLoad, match="cannot be read"):
        of_directory(tmp_path / "nowhere")


def test_a_server_does_not_begin_with_a_document_that_it_would_refuse(tmp_path: Path) -> None:
    given = {"OPPS_PERSISTED_DOCUMENTS": str(tmp_path), "OPPS_PERSISTED_ONLY": "yes"}
    (tmp_path / "a.graphql").write_text("{ nothing }")
    with pytest.raises(Cannot, match="Mend it, or change OPPS_PERSISTED_DOCUMENTS"):
        persisted_documents(settings(given))
    (tmp_path / "a.graphql").write_text(WHO)
    documents = persisted_documents(settings(given))

    assert documents.only
    assert documents.resolved(uuid4(), Asked("", document_id=id_of(WHO))).query == WHO
    assert not persisted_documents(settings({})).only
