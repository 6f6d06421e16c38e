"""A server asked in every role: whole operations refused, people shown to their own, the log."""

from typing import Any, NamedTuple, get_args
from uuid import UUID, uuid4

import pytest

from opps.api.identity import ACT_AS
from opps.api.ids import NodeType, to_global
from opps.api.policies.audiences import Relation
from opps.api.policies.log import EVENT_POLICIES, shows
from opps.api.policies.table import written
from opps.api.schema import schema
from opps.domain.events import TAGS, AccessEvent
from opps.domain.roles import ActorRole
from tests.api.deals import new_id, opened
from tests.api.policies.places import smallest
from tests.api.support import Api, Socket
from tests.api.watched import Somebody, somebody

SCHEMA = schema()._schema
LOG = "{ events(first: 100) { nodes { tag } } }"
LIVE = "subscription { events(after: 0) { __typename ... on Event { tag } } }"
OF_ACCESS = {one.__name__ for one in get_args(AccessEvent)}
# What is asked of one of our own, and under which policies.
OF_A_SELLER = {
    "Seller.timeline": "seller(id: $id) { timeline { totalCount } }",
    "Seller.wrongBeliefs": "seller(id: $id) { wrongBeliefs { nodes { key } } }",
    "Seller.lagReport": "seller(id: $id) { lagReport { least } }",
    "Seller.leadingIndicators": "seller(id: $id) { leadingIndicators { least } }",
    "Seller.ownEstimates": "seller(id: $id) { ownEstimates { n } }",
    "Query.lagReport": "lagReport(seller: $id) { least }",
    "Query.coaching": "coaching(seller: $id) { openGaps }",
}
# The others of these policies: parts of what these show, filtered lists, and commands.
SHOWN_ONLY_WHERE_LOOKED_AT = {
    "Calibration.sellers",
    "Coaching.indicators",
    "Query.performanceGap",
    "Query.performanceGaps",
}


class Ours(NamedTuple):
    """Somebody who sells, and who leads them."""

    seller: UUID
    leader: UUID


@pytest.fixture(scope="module", autouse=True)
def ours(api: Api) -> Ours:
    """Fill a log with a deal, a team of two, and a key; return the two."""
    found = Ours(uuid4(), uuid4())
    team = api.done("formTeam", "teams { teamId }", name="North")["teams"][-1]["teamId"]
    opened(api, "Fleet renewal", owner=str(found.seller))
    api.done("registerPerson", personId=str(found.seller), name="Sam Seller")
    api.done("assignTeamMember", teamId=team, member=str(found.seller))
    api.done("assignTeamMember", teamId=team, member=str(found.leader), lead=True)
    api.done("issueApiKey", name="Nightly export", role="INTEGRATOR")
    return found


def forbidden(who: Somebody, document: str, **variables: Any) -> str | None:
    """Return which field the role of somebody has nothing of, where the operation is refused."""
    answer = who.post(document, **variables)
    errors = answer.json().get("errors", [])
    if [one["extensions"]["code"] for one in errors] != ["FORBIDDEN"]:
        return None
    assert (answer.status_code, "data" in answer.json()) == (403, False)
    assert who.role in errors[0]["message"]
    return str(errors[0]["message"]).partition(" ")[0]


def test_one_field_too_many_refuses_the_whole_operation_and_nothing_is_carried_out(
    api: Api,
) -> None:
    title = "Not to be opened"
    account = api.done("registerAccount", "account { id }", name="Nordwind")["account"]["id"]
    document = """mutation ($input: OpenOpportunityInput!) { openOpportunity(input: $input) {
      opportunity { title owner { name { text } } } } }"""
    asked = {"commandId": new_id(), "accountId": account, "title": title, "currency": "EUR"}

    assert forbidden(somebody(api, "INTEGRATOR"), document, input=asked) == "Person.name"
    found = api.ask("{ opportunities(first: 100) { nodes { title } } }")["opportunities"]["nodes"]
    assert title not in [one["title"] for one in found]
    assert forbidden(somebody(api, "SELLER"), document, input=asked) is None


@pytest.mark.parametrize("role", ["AUDITOR", "DPO"])
def test_who_looks_on_changes_no_deal(api: Api, role: str) -> None:
    document = """mutation ($input: RegisterAccountInput!) {
      registerAccount(input: $input) { version } }"""
    asked = {"commandId": new_id(), "name": "Nordwind"}

    assert forbidden(somebody(api, role), document, input=asked) == "Mutation.registerAccount"


def test_a_socket_refuses_the_same(api: Api) -> None:
    with api.raw_socket() as connection:
        socket = Socket(connection)
        socket.send(type="connection_init", payload={ACT_AS: f"DPO {uuid4()}"})
        assert socket.receive() == {"type": "connection_ack"}
        for document in (
            "subscription { scoreChanged { ... on StreamCaughtUp { position } } }",
            "{ opportunities { nodes { title } } }",
        ):
            socket.subscribe(document)
            refused = socket.receive()
            assert refused["type"] == "error"
            assert refused["payload"][0]["extensions"]["code"] == "FORBIDDEN"


def test_an_event_stream_refuses_the_same_before_it_begins(api: Api) -> None:
    refused = api.client.post(
        api.url,
        json={"query": "subscription { scoreChanged { ... on StreamCaughtUp { position } } }"},
        headers={ACT_AS: f"DPO {uuid4()}", "Accept": "text/event-stream"},
    )

    assert refused.status_code == 403
    assert [one["extensions"]["code"] for one in refused.json()["errors"]] == ["FORBIDDEN"]


def test_a_faulty_document_says_its_faults_first(api: Api) -> None:
    seller = somebody(api, "SELLER")

    assert seller.errors("{ apiKeys { colour } }") == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize("coordinate", OF_A_SELLER)
@pytest.mark.parametrize("relation", Relation)
def test_what_is_about_one_of_us_goes_by_role_and_relation(
    api: Api, ours: Ours, coordinate: str, relation: Relation
) -> None:
    document = f"query ($id: ID!) {{ {OF_A_SELLER[coordinate]} }}"
    id_ = to_global(NodeType.PERSON, ours.seller)
    me = {Relation.SELF: ours.seller, Relation.LEADS: ours.leader, Relation.OTHER: uuid4()}
    policy = written()[coordinate]

    shown = {
        role: "errors" not in Somebody(api, role, me[relation]).post(document, id=id_).json()
        for role in ActorRole
    }

    assert shown == {role: policy.admits_as(role, relation) for role in ActorRole}


def test_no_field_about_one_of_us_is_left_out() -> None:
    by_person = {
        one
        for one, audience in written().items()
        if audience.goes_by_person and one.startswith(("Query.", "Seller.", "Calibration."))
    }

    assert by_person <= OF_A_SELLER.keys() | SHOWN_ONLY_WHERE_LOOKED_AT


def test_every_event_has_a_policy() -> None:
    assert EVENT_POLICIES.keys() == TAGS.keys()


def test_an_event_of_a_newer_version_is_shown_to_whoever_answers_for_everything() -> None:
    assert [role for role in ActorRole if shows("SomethingNew", role)] == ["AUDITOR", "ADMIN"]


@pytest.mark.parametrize("role", ActorRole)
def test_the_log_shows_roles_and_keys_to_administrators_and_auditors_alone(
    api: Api, role: ActorRole
) -> None:
    asking = somebody(api, role)
    told = {one["tag"] for one in asking.ask(LOG)["events"]["nodes"]}
    named = asking.ask('{ events(filter: {tags: ["ApiKeyIssued"]}) { nodes { tag } } }')

    shown = role in ("ADMIN", "AUDITOR")
    assert bool(told & OF_ACCESS) is shown
    assert bool(named["events"]["nodes"]) is shown
    assert "PersonRegistered" in told


@pytest.mark.parametrize(("role", "shown"), [("SELLER", False), ("AUDITOR", True)])
def test_the_feed_of_the_log_leaves_out_the_same(api: Api, role: str, shown: bool) -> None:
    told = set()
    with api.raw_socket() as connection:
        socket = Socket(connection)
        socket.send(type="connection_init", payload={ACT_AS: f"{role} {uuid4()}"})
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe(LIVE)
        while "tag" in (item := socket.next()["events"]):
            told.add(item["tag"])

    assert bool(told & OF_ACCESS) is shown
    assert "PersonRegistered" in told


def test_whoever_answers_for_personal_data_reads_nothing_of_deals_in_the_log(api: Api) -> None:
    told = {one["tag"] for one in somebody(api, "DPO").ask(LOG)["events"]["nodes"]}

    assert told == {"AccountRegistered", "PersonRegistered"}


@pytest.mark.parametrize("role", ActorRole)
def test_what_the_table_lets_through_is_answered(api: Api, role: ActorRole) -> None:
    asking, query = somebody(api, role), SCHEMA.query_type
    assert query is not None

    for field in query.fields:
        document, variables = smallest(SCHEMA, "Query", field)
        codes = {*asking.errors(document, **variables)}
        refused = bool(codes & {"FORBIDDEN", "ROLE_NEEDED"})
        assert refused is not written()[f"Query.{field}"].admits(role), (field, codes)
