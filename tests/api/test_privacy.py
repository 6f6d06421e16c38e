"""Erasures through the API: two people, what is shown after, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from opps.api.identity import ACT_AS
from opps.api.ids import NodeType, from_global, to_global
from tests.api.deals import opened
from tests.api.support import Api, Installation
from tests.support import eventually

NAME, QUOTE = "Dana Ruiz", "We sign in March"
REQUEST = """mutation ($input: RequestErasureInput!) { requestErasure(input: $input) {
  erasure { erasureId status level basis } userErrors { code ... on OnLegalHold { holds } } } }"""
APPROVE = """mutation ($input: ApproveErasureInput!) { approveErasure(input: $input) {
  position erasure { status keysDestroyed approvedAt carriedOutAt purged { kind count } }
  userErrors { code } } }"""
WITHDRAW = """mutation ($input: WithdrawErasureInput!) { withdrawErasure(input: $input) {
  erasure { status reason } userErrors { code } } }"""
HOLD = """mutation ($input: PlaceLegalHoldInput!) { placeLegalHold(input: $input) {
  legalHold { holdId reason liftedAt } userErrors { code } } }"""
LIFT = """mutation ($input: LiftLegalHoldInput!) { liftLegalHold(input: $input) {
  legalHold { liftedBecause } userErrors { code } } }"""
RETENTION = """mutation ($input: SetRetentionInput!) { setRetention(input: $input) {
  retentionRules { outcome keepDays level } userErrors { code } } }"""
PREVIEW = """query ($id: ID!) { erasurePreview(personId: $id, level: IDENTITY) {
  erasing remaining gone places { tag field values erased } holds erased onlyFully } }"""
PERSON = "query ($id: ID!) { person(id: $id) { name { text redacted erasedAt basis } } }"
DEAL = """query ($id: ID!, $asOf: AsOf) { opportunity(id: $id, asOf: $asOf) {
  asOfPosition score { p } facts { fact: content { ... on EvaluatorFact {
    evaluatorId person { text redacted erasedAt basis } } } } } }"""

EVENTS = """query ($tags: [String!]!) { events(first: 100, filter: {tags: $tags}) {
  nodes { tag content } } }"""
LIVE = """subscription ($deal: ID!) { scoreChanged(filter: {opportunityIds: [$deal]}) {
  __typename ... on ScoreChanged { facts { factId content { __typename ... on LeaningFact {
    behaviour { text redacted } } } } } } }"""
DIFF = """query ($id: ID!, $start: AsOf!) { opportunity(id: $id) { diff(from: $start) {
  lines { kind milliPoints eventIds fact { kind } } } } }"""


def ask(api: Api, document: str, role: str = "DPO", **variables: Any) -> dict[str, Any]:
    """Return what is answered to somebody of a role; each role is another person."""
    principal = str(uuid4())
    headers = {ACT_AS: f"{role} {principal}"}
    body = {"query": document, "variables": variables}
    answer: dict[str, Any] = api.client.post(api.url, json=body, headers=headers).json()
    return answer


def forbidden(answer: dict[str, Any]) -> str:
    """Return the field that is not for the role of whoever asked; nothing else was answered."""
    [error] = answer["errors"]
    assert (error["extensions"]["code"], answer.get("data")) == ("FORBIDDEN", None)
    return str(error["message"]).partition(" ")[0]


def done(api: Api, document: str, **fields: Any) -> dict[str, Any]:
    """Return the payload of a mutation by a data protection officer; each time another one."""
    answer = ask(api, document, input={"commandId": str(uuid4()), **fields})
    assert "errors" not in answer, answer
    [payload] = answer["data"].values()
    return dict(payload)


def erasure(person: str, level: str = "FULL") -> dict[str, str]:
    return {
        "erasureId": str(uuid4()), "personId": person, "level": level, "basis": "OBJECTION"
    }  # fmt: skip


@pytest.fixture
def dana(api: Api) -> str:
    """Return the id of a person."""
    id_: str = api.done("registerPerson", "person { id }", name=NAME)["person"]["id"]
    return id_


@pytest.fixture
def deal(api: Api, dana: str) -> str:
    """Return an opportunity in which the CFO is that person."""
    deal = opened(api)
    cfo = {"evaluator": {"evaluatorId": str(uuid4()), "title": "CFO", "roles": ["ECONOMIC"],
                         "person": {"subject": dana, "text": "Dana, who signs"}}}  # fmt: skip
    told = {"source": "SELLER_OBSERVATION", "channel": "OBSERVED"}
    stated = {"fact": cfo, "provenance": told}
    api.done("learnFact", "", opportunityId=deal, stated=stated, expectedVersion=None)
    return deal


def test_two_people_erase_a_person_whose_texts_read_as_redacted_from_then_on(
    api: Api, dana: str, deal: str
) -> None:
    before = api.ask(DEAL, id=deal)["opportunity"]
    wanted = erasure(dana)
    requested = done(api, REQUEST, **wanted)["erasure"]
    approved = done(api, APPROVE, erasureId=wanted["erasureId"])["erasure"]

    assert requested["status"] == "REQUESTED"
    assert (approved["status"], approved["keysDestroyed"]) == ("CARRIED_OUT", 2)
    assert approved["purged"] == [{"kind": "reads", "count": 0}]
    gone = {"text": None, "redacted": True, "erasedAt": approved["approvedAt"],
            "basis": "OBJECTION"}  # fmt: skip
    assert api.ask(PERSON, id=dana)["person"]["name"] == gone
    then = {"position": before["asOfPosition"]}
    [line] = api.ask(DIFF, id=deal, start=then)["opportunity"]["diff"]["lines"]
    assert (line["kind"], line["milliPoints"], line["fact"]["kind"]) == ("ERASED", 0, "EVALUATOR")
    assert len(line["eventIds"]) == 1
    for as_of in (None, then):
        after = api.ask(DEAL, id=deal, asOf=as_of)["opportunity"]
        assert after["facts"][0]["fact"]["person"] == gone
        assert after["score"] == before["score"]


def test_whoever_requested_an_erasure_does_not_approve_it(api: Api, dana: str) -> None:
    wanted = erasure(dana)
    headers = {ACT_AS: f"DPO {uuid4()}"}
    for document, fields in ((REQUEST, wanted), (APPROVE, {"erasureId": wanted["erasureId"]})):
        body = {"query": document, "variables": {"input": {"commandId": str(uuid4()), **fields}}}
        [answer] = api.client.post(api.url, json=body, headers=headers).json()["data"].values()

    assert [one["code"] for one in answer["userErrors"]] == ["SECOND_PERSON_NEEDED"]
    assert done(api, WITHDRAW, erasureId=wanted["erasureId"], reason="Asked by mistake") == {
        "erasure": {"status": "WITHDRAWN", "reason": "Asked by mistake"}, "userErrors": []
    }  # fmt: skip


def test_a_subscription_that_showed_somebody_before_the_erasure_shows_them_no_more(
    api: Api, dana: str, deal: str
) -> None:
    cfo = api.ask(DEAL, id=deal)["opportunity"]["facts"][0]["fact"]["evaluatorId"]
    leaning = {"leaning": {"evaluatorId": cfo, "level": "CHAMPION",
                           "behaviour": {"subject": dana, "text": QUOTE}}}  # fmt: skip
    seen = {"source": "SELLER_OBSERVATION", "channel": "OBSERVED"}
    with api.socket() as socket:

        def shown() -> dict[str, Any]:
            while True:
                for fact in socket.next()["scoreChanged"].get("facts", ()):
                    if fact["content"]["__typename"] == "LeaningFact":
                        return dict(fact)

        socket.subscribe(LIVE, deal=deal)
        assert socket.next()["scoreChanged"]["__typename"]  # it has begun
        api.done("learnFact", "", opportunityId=deal, expectedVersion=None,
                 stated={"fact": leaning, "provenance": seen})  # fmt: skip
        before = shown()
        wanted = erasure(dana)
        done(api, REQUEST, **wanted)
        done(api, APPROVE, erasureId=wanted["erasureId"])
        api.done("retractFact", "", opportunityId=deal, expectedVersion=None,
                 factId=before["factId"], reason="MISHEARD")  # fmt: skip
        after = shown()

    assert before["content"]["behaviour"] == {"text": QUOTE, "redacted": False}
    assert after["factId"] == before["factId"]
    assert after["content"]["behaviour"] == {"text": None, "redacted": True}


@pytest.mark.parametrize("role", ["SELLER", "MANAGER", "AUDITOR", "INTEGRATOR"])
def test_nobody_else_erases(api: Api, dana: str, role: str) -> None:
    asked = {"commandId": str(uuid4()), **erasure(dana)}

    assert forbidden(ask(api, REQUEST, role, input=asked)) == "Mutation.requestErasure"


@pytest.mark.parametrize("role", ["SELLER", "MANAGER", "INTEGRATOR"])
def test_nobody_else_looks_at_erasures(api: Api, dana: str, role: str) -> None:
    for field in ("erasures { level }", "legalHolds { reason }", "retentionDue { since }"):
        answer = ask(api, f"{{ {field} }}", role)
        assert forbidden(answer) == f"Query.{field.partition(' ')[0]}"
    assert forbidden(ask(api, PREVIEW, role, id=dana)) == "Query.erasurePreview"


@pytest.mark.parametrize(("role", "shown"), [("SELLER", False), ("AUDITOR", True)])
def test_the_log_keeps_notes_and_reasons_for_those_who_look_at_erasures(
    api: Api, dana: str, role: str, shown: bool
) -> None:
    done(api, REQUEST, **erasure(dana), note="Letter of 3 March")
    done(api, HOLD, holdId=str(uuid4()), persons=[str(uuid4())], reason="File 12")
    tags = ["ErasureRequested", "LegalHoldPlaced"]
    found = ask(api, EVENTS, role, tags=tags)["data"]["events"]["nodes"]
    said = str([one["content"] for one in found])

    assert {one["tag"] for one in found} == {*tags}
    assert [text in said for text in ("Letter of 3 March", "File 12")] == [shown, shown]


def test_whoever_may_not_decide_does_not_learn_whether_there_is_an_erasure(api: Api) -> None:
    asked = {"commandId": str(uuid4()), "erasureId": str(uuid4())}

    assert forbidden(ask(api, APPROVE, "SELLER", input=asked)) == "Mutation.approveErasure"


def test_words_under_the_id_of_a_deal_are_erased_and_the_deal_goes_on(api: Api) -> None:
    deal = opened(api)
    nobody = to_global(NodeType.PERSON, from_global(deal)[1])

    def told(title: str, **who: Any) -> dict[str, Any]:
        cfo = {"evaluatorId": str(uuid4()), "title": title, "roles": ["ECONOMIC"], **who}
        seen = {"source": "SELLER_OBSERVATION", "channel": "OBSERVED"}
        stated = {"fact": {"evaluator": cfo}, "provenance": seen}
        return api.done("learnFact", "", opportunityId=deal, stated=stated, expectedVersion=None)

    told("CFO", person={"subject": nobody, "text": "Dana, who signs"})
    wanted = erasure(nobody)
    done(api, REQUEST, **wanted)
    assert done(api, APPROVE, erasureId=wanted["erasureId"])["erasure"]["status"] == "CARRIED_OUT"
    behind = told("CTO")

    assert "Dana" not in str(api.ask(DEAL, id=deal))
    assert behind["version"] == 3
    shown = (
        "query ($id: ID!) { opportunity(id: $id) { timeline(first: 9) { nodes { position } } } }"
    )

    def last() -> str:
        nodes = api.ask(shown, id=deal)["opportunity"]["timeline"]["nodes"]
        return str(nodes[-1]["position"]) if nodes else ""

    eventually(lambda: last() == str(behind["position"]))


def test_an_auditor_looks_at_erasures_and_holds(api: Api) -> None:
    assert "errors" not in ask(api, "{ erasures { level } legalHolds { reason } }", "AUDITOR")


def test_a_preview_says_what_goes_and_what_stays(api: Api, dana: str, deal: str) -> None:
    seen = ask(api, PREVIEW, id=dana)["data"]["erasurePreview"]

    assert (seen["erasing"], seen["remaining"], seen["gone"]) == (2, 0, 0)
    assert [one["field"] for one in seen["places"]] == ["fact.person", "name"]
    assert (seen["holds"], seen["erased"], seen["onlyFully"]) == ([], None, False)


def test_a_legal_hold_stops_an_erasure_and_is_named(api: Api, dana: str) -> None:
    hold = str(uuid4())
    person = ask(api, "query ($id: ID!) { person(id: $id) { id } }", id=dana)
    assert person["data"]["person"]["id"] == dana
    done(api, HOLD, holdId=hold, persons=[_uuid(dana)], reason="File 12")
    refused = done(api, REQUEST, **erasure(dana))

    assert refused["userErrors"] == [{"code": "ON_LEGAL_HOLD", "holds": [hold]}]
    assert done(api, LIFT, holdId=hold, reason="Settled")["userErrors"] == []
    assert done(api, REQUEST, **erasure(dana))["userErrors"] == []


def _uuid(person: str) -> str:
    from opps.api.ids import NodeType, node_uuid

    return str(node_uuid(NodeType.PERSON, person))


def test_a_second_erasure_and_one_of_nobody_are_refused(api: Api, dana: str) -> None:
    wanted = erasure(dana)
    done(api, REQUEST, **wanted)
    done(api, APPROVE, erasureId=wanted["erasureId"])

    again = done(api, REQUEST, **erasure(dana, "IDENTITY"))
    nobody = done(api, REQUEST, **erasure(str(uuid4())))
    assert [one["code"] for one in again["userErrors"]] == ["ALREADY_ERASED"]
    assert [one["code"] for one in nobody["userErrors"]] == ["UNKNOWN_PERSON"]


def test_retention_rules_are_set_and_shown(api: Api) -> None:
    rules = [{"outcome": "LOST", "keepDays": 365, "level": "FULL"}]
    shown = done(api, RETENTION, rules=rules)

    assert shown == {"retentionRules": rules, "userErrors": []}
    asked = ask(api, "{ retentionRules { outcome keepDays level } retentionDue { since } }")
    assert asked["data"] == {"retentionRules": rules, "retentionDue": []}


def test_the_certificate_has_a_proof_once_the_log_is_sealed(
    api: Api, installation: Installation, dana: str
) -> None:
    document = "query ($id: UUID!) { erasureCertificate(id: $id) }"
    wanted = erasure(dana)
    done(api, REQUEST, **wanted)
    early = ask(api, document, id=wanted["erasureId"])
    done(api, APPROVE, erasureId=wanted["erasureId"])
    before = ask(api, document, id=wanted["erasureId"])["data"]["erasureCertificate"]
    installation.seal()
    after = ask(api, document, id=wanted["erasureId"])["data"]["erasureCertificate"]

    assert early["errors"][0]["extensions"]["code"] == "ERASURE_NOT_THROUGH"
    assert (before["format"], before["proof"]) == ("opps-erasure-certificate/1", None)
    assert after["proof"]["text"].startswith("c2sp.org/tlog-proof@v1")
    assert NAME not in str(after)
