"""What auditors ask for, and what they hear when it cannot be proven."""

import json
from base64 import b64decode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from opps.api.identity import Viewer
from opps.domain.recorded import Actor, Via
from opps.eventstore import register_tenant
from opps.ledger.checkpoint import read_checkpoint
from opps.ledger.note import read_verifier
from opps.ledger.proofs import extends, includes
from opps.recording.header import leaf_hash
from tests.api.deals import new_id, opened
from tests.api.support import Api, Installation, served_api

CHECKPOINT = "{ ledger { checkpoint { size root note } publicKeys } }"
BUNDLE = "query ($id: ID!, $p: Position) { auditBundle(opportunityId: $id, asOf: $p) }"
PROOF = """query ($p: Position!) { ledger { inclusionProof(position: $p) {
  position index size leaf hashes text } } }"""
PROOF_OF = """query ($event: UUID!, $of: ID!) {
  ledger { inclusionProof(event: {eventId: $event, of: $of}) {
    position index size leaf hashes text } } }"""
EVENTS = "query ($id: ID!) { events(filter: {opportunityId: $id}) { nodes { eventId position } } }"
GROWN = """query ($from: Position!, $to: Position) {
  ledger { consistencyProof(from: $from, to: $to) { from to fromRoot toRoot hashes } } }"""


@pytest.fixture(scope="module")
def opportunity(api: Api, installation: Installation) -> str:
    """Return an opportunity of three events, sealed."""
    assert api.ask(CHECKPOINT) == {"ledger": {"checkpoint": None, "publicKeys": []}}
    id_ = opened(api)
    for title in ("Second title", "Third title"):
        api.done("renameOpportunity", opportunityId=id_, expectedVersion=None, title=title)
    installation.seal()
    return id_


def code(api: Api, query: str, **variables: Any) -> str:
    """Return with which code a query is refused."""
    [error] = api.errors(query, **variables)
    assert error["message"].strip()
    found: str = error["extensions"]["code"]
    return found


def bundled(api: Api, id_: str, position: int | None = None) -> Any:
    return api.ask(BUNDLE, id=id_, p=position)["auditBundle"]


def size_of(api: Api) -> int:
    found: int = api.ask(CHECKPOINT)["ledger"]["checkpoint"]["size"]
    return found


def test_a_checkpoint_is_signed_by_the_key_of_the_log(api: Api, opportunity: str) -> None:
    ledger = api.ask(CHECKPOINT)["ledger"]
    [key] = ledger["publicKeys"]

    found = read_checkpoint(ledger["checkpoint"]["note"], [read_verifier(key)])

    assert found.size == ledger["checkpoint"]["size"]
    assert found.root == b64decode(ledger["checkpoint"]["root"])


def test_every_sealed_event_is_proven(api: Api, opportunity: str) -> None:
    checkpoint = api.ask(CHECKPOINT)["ledger"]["checkpoint"]
    for position in range(1, checkpoint["size"] + 1):
        proof = api.ask(PROOF, p=position)["ledger"]["inclusionProof"]
        hashes = [b64decode(one) for one in proof["hashes"]]
        leaf, top = b64decode(proof["leaf"]), b64decode(checkpoint["root"])

        assert includes(leaf, position - 1, checkpoint["size"], hashes, top)
        assert proof["text"].endswith(checkpoint["note"])


def test_an_event_is_proven_by_its_id_too(api: Api, opportunity: str) -> None:
    shown = api.ask(EVENTS, id=opportunity)["events"]["nodes"][1]

    found = api.ask(PROOF_OF, event=shown["eventId"], of=opportunity)["ledger"]["inclusionProof"]

    assert found["position"] == shown["position"]
    assert found == api.ask(PROOF, p=shown["position"])["ledger"]["inclusionProof"]


def test_the_log_is_proven_to_have_only_grown(api: Api, opportunity: str) -> None:
    size = size_of(api)

    proof = api.ask(GROWN, **{"from": 2})["ledger"]["consistencyProof"]

    roots = (b64decode(proof["fromRoot"]), b64decode(proof["toRoot"]))
    assert (proof["from"], proof["to"]) == (2, size)
    assert extends(2, size, *roots, [b64decode(one) for one in proof["hashes"]])


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (PROOF, {"p": 0}, "NOT_SEALED"),
        (PROOF, {"p": 10_000}, "NOT_SEALED"),
        (GROWN, {"from": 3, "to": 2}, "NOT_GROWN"),
        (GROWN, {"from": 3, "to": 10_000}, "NOT_GROWN"),
        (BUNDLE, {"id": new_id(), "p": 10_000}, "NOT_SEALED"),
        (BUNDLE, {"id": "no id"}, "BAD_USER_INPUT"),
        (PROOF_OF, {"event": new_id(), "of": new_id()}, "UNKNOWN_EVENT"),
        (PROOF_OF, {"event": new_id(), "of": "no id"}, "BAD_USER_INPUT"),
        ("{ ledger { inclusionProof { position } } }", {}, "BAD_USER_INPUT"),
    ],
)
def test_what_is_not_sealed_is_not_proven(
    api: Api, opportunity: str, query: str, variables: dict[str, Any], expected: str
) -> None:
    assert code(api, query, **variables) == expected


def test_a_bundle_holds_all_that_it_takes_to_check_an_opportunity(
    api: Api, opportunity: str, installation: Installation
) -> None:
    found = bundled(api, opportunity)

    keys = [read_verifier(one) for one in found["public_keys"]]
    checkpoint = read_checkpoint(found["checkpoint"], keys)
    assert (found["format"], found["origin"]) == ("opps-audit-bundle-1", checkpoint.origin)
    assert found["tenant"] == str(installation.tenant)
    assert (found["as_of"], found["statements"]) == (checkpoint.size, [])
    assert [one["version"] for one in found["events"]] == [0, 1, 2]
    previous = bytes(32)
    for event in found["events"]:
        header, proof = bytes.fromhex(event["header"]), event["proof"]
        hashes = [b64decode(one) for one in proof["hashes"]]
        leaf = leaf_hash(header)
        assert header[49:81] == previous
        assert header[121:153] == sha256(b64decode(event["payload"])).digest()
        assert header[153:185] == sha256(b64decode(event["metadata"])).digest()
        assert (proof["index"], proof["size"]) == (event["position"] - 1, checkpoint.size)
        assert includes(leaf, proof["index"], checkpoint.size, hashes, checkpoint.root)
        previous = leaf
    [stream] = found["streams"]
    assert (stream["first_version"], stream["last_version"]) == (0, 2)
    assert stream["last_leaf"] == previous.hex()


def test_a_bundle_of_an_earlier_position_ends_there(api: Api, opportunity: str) -> None:
    whole = bundled(api, opportunity)
    [first, second, _] = [one["position"] for one in whole["events"]]

    assert bundled(api, opportunity, second)["events"] == whole["events"][:2]
    assert bundled(api, opportunity, second)["as_of"] == second
    assert bundled(api, opportunity, first - 1) is None


def test_there_is_no_bundle_of_what_is_no_opportunity(api: Api, opportunity: str) -> None:
    account = new_id()
    api.done("registerAccount", accountId=account, name="Acme")

    assert bundled(api, new_id()) is None
    assert bundled(api, account) is None


def test_what_was_opened_since_the_checkpoint_is_told_to_wait(
    api: Api, opportunity: str, installation: Installation
) -> None:
    late = opened(api, "Opened later")

    assert code(api, BUNDLE, id=late) == "NOT_SEALED"
    assert bundled(api, late, size_of(api)) is None
    installation.seal()
    assert len(bundled(api, late)["events"]) == 1


def test_the_opportunity_of_another_organisation_is_not_shown(
    api: Api, opportunity: str, installation: Installation
) -> None:
    async def other(_: object) -> Viewer:
        return Viewer(tenant=stranger, slug="other", actor=actor)

    stranger = register_tenant(installation.database, uuid4(), "other")
    actor = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)
    with served_api(installation, other) as theirs:
        opened(theirs)
        installation.seal(stranger)

        shown = api.ask(EVENTS, id=opportunity)["events"]["nodes"][0]
        assert bundled(theirs, opportunity) is None
        assert size_of(theirs) < size_of(api)
        assert code(theirs, PROOF_OF, event=shown["eventId"], of=opportunity) == "UNKNOWN_EVENT"
        assert code(theirs, PROOF, p=size_of(api)) == "NOT_SEALED"


def test_a_state_of_the_sealer_that_disagrees_is_told(
    api: Api, opportunity: str, installation: Installation
) -> None:
    state = installation.ledger_of(installation.tenant).directory / "epoch-1" / "state.json"
    sound = state.read_text()
    try:
        state.write_text(sound.replace(f"\\n{size_of(api)}\\n", "\\n1\\n"))
        refused = [code(api, CHECKPOINT), code(api, PROOF, p=1), code(api, BUNDLE, id=opportunity)]
    finally:
        state.write_text(sound)

    assert refused == ["LEDGER_STATE_ALTERED"] * 3
    assert size_of(api) >= 3


def test_a_damaged_ledger_is_told_without_saying_where_it_is_kept(
    api: Api, opportunity: str, installation: Installation
) -> None:
    ledger = installation.ledger_of(installation.tenant)
    level = ledger.directory / "epoch-1" / "level-0"
    sound = level.read_bytes()
    try:
        level.write_bytes(bytes(len(sound)))
        [error] = api.errors(PROOF, p=1)
    finally:
        level.write_bytes(sound)

    assert error["extensions"]["code"] == "TREE_ALTERED"
    assert str(ledger.directory.parent) not in json.dumps(error)
