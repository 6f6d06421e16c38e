"""Wherever an id is taken, one of another organisation is told apart in nothing from none."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.api.ids import NodeType, to_global
from opps.api.schema import schema
from opps.eventstore import register_tenant
from tests.api.deals import evaluator, learned, new_id, stated
from tests.api.policies.places import Operation, Place, operation, places
from tests.api.support import Api, Installation, Socket, served_api

SCHEMA = schema()._schema
PLACES = list(places(SCHEMA))
FOLLOWED = [one for one in PLACES if one.kind == "Subscription"]
ANSWERED = [one for one in PLACES if one.kind != "Subscription"]
UUIDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AT = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| UTC)")
PLACE = re.compile(r"(position\W{0,4})\d+", re.IGNORECASE)
NO_ID = ("BAD_USER_INPUT", "INVALID_INPUT")


@pytest.fixture(scope="module")
def other(installation: Installation) -> Iterator[Api]:
    """Yield a client of another organisation on the same database."""
    tenant = register_tenant(installation.database, uuid4(), "other")
    with served_api(replace(installation, tenant=tenant)) as client:
        yield client


class Stock(NamedTuple):
    """The ids of things that an organisation has; what a deal holds has the id of the deal."""

    deal: str
    account: str
    person: str
    exception: str
    gap: str
    endpoint: str


# By a word in the name of where an id stands; what names none of these may be any of them.
NAMED = {
    "endpoint": ("endpoint",),
    "account": ("account",),
    "person": ("person", "owner", "seller", "member", "learned", "subject", "principal"),
    "exception": ("exception",),
    "gap": ("gap",),
    "deal": ("id", "facts", "basedon", "answers", "into", "of", "parent", "opportunit"),
}


def candidates(name: str, stock: Stock) -> list[str]:
    """Return the ids that could stand in a place of a name."""
    for kind, words in NAMED.items():
        if name not in ("id", "ids") and any(word in name.lower() for word in words):
            return [getattr(stock, kind)]
    return [*stock]


@pytest.fixture(scope="module")
def theirs(api: Api) -> Stock:
    """Return what the first organisation has."""
    return stocked(api)


@pytest.fixture(scope="module")
def own(other: Api) -> Stock:
    """Return what the other organisation has of its own."""
    return stocked(other)


def stocked(api: Api) -> Stock:
    """Give an organisation something of every kind, and return the ids."""
    endpoint = api.done("registerWebhookEndpoint", "webhookEndpoint { endpointId }",
                        url="https://hooks.example.com/opps", types=["opps.*"])  # fmt: skip
    deal, account, person, exception, gap = (new_id() for _ in range(5))
    made = endpoint["webhookEndpoint"]["endpointId"]
    has = Stock(deal, account, person, exception, gap, made)
    id_, of = has.deal, {"opportunityId": has.deal, "expectedVersion": None}
    api.done("registerAccount", accountId=has.account, name="Nordwind")
    api.done("registerPerson", personId=has.person, name="Sam Seller", accountId=has.account)
    api.done("openOpportunity", accountId=has.account, opportunityId=id_, owner=has.person,
             title="Secret", currency="EUR")  # fmt: skip
    said = [
        stated(evaluator(id_), factId=id_),
        stated({"businessIssue": {"issueId": id_, "text": "It slid", "issueKind": "PROBLEM"}}),
        stated({"need": {"needId": id_, "text": "Vans", "issueId": id_, "criticality": "MUST"}}),
        stated({"want": {"wantId": id_, "text": "Red vans"}}),
        stated({"criterion": {"criterionId": id_, "text": "Price", "criterionKind": "FORMAL"}}),
        stated({"alternative": {"alternativeId": id_, "alternativeKind": "COMPETITOR",
                                "name": "Rival", "status": "CONSIDERED"}}),
    ]  # fmt: skip
    learned(api, id_, *said)
    api.done("raiseQuestion", **of, questionId=id_, facet="ALTERNATIVE_STRATEGY", text="Who signs?")
    api.done("planAction", **of, actionId=id_, what="Call")
    api.done("planMilestone", **of, milestoneId=id_, what="Visit", due="2027-01-04",
             ourOwner=has.person)  # fmt: skip
    api.done("raiseException", opportunityId=id_, exceptionId=has.exception, summary="It slid.")
    api.done("formTeam", teamId=id_, name="North")
    api.done("assignTeamMember", teamId=id_, member=has.person)
    api.done("identifyGap", gapId=has.gap, seller=has.person, indicator="CRITERIA_BEFORE_PROPOSAL")
    api.done("requestErasure", erasureId=id_, personId=has.person, level="FULL", basis="OBJECTION")
    api.done("placeLegalHold", holdId=id_, persons=[has.person], reason="File 12")
    return has


def asked(place: Place, id_: str, own: Stock) -> Operation:
    return operation(SCHEMA, place, id_, lambda name: candidates(name, own)[0])


def answer(api: Api, place: Place, id_: str, own: Stock) -> str:
    """Return what is answered where an id stands in a place, whatever ids and times it names."""
    wanted = asked(place, id_, own)
    found = api.post(wanted.document, wanted.variables).text
    return nameless(found.partition(',"extensions":{"cost"')[0], id_)


def nameless(text: str, id_: str) -> str:
    """Return a text that says nothing of which ids, when, and how much happened before."""
    for one in (to_global(kind, UUID(id_)) for kind in NodeType):
        text = text.replace(one, "<id>")
    return PLACE.sub(r"\1<place>", AT.sub("<then>", UUIDS.sub("<id>", text)))


def accepted(found: str) -> bool:
    """Tell whether a command was carried out: its id may be any that is new."""
    return '"userErrors":[]' in found


@pytest.fixture(scope="module")
def unknown(other: Api, own: Stock) -> dict[Place, str]:
    """Return what is answered where an id stands that nobody has."""
    return {place: answer(other, place, new_id(), own) for place in ANSWERED}


def test_no_feed_follows_an_id_of_another_organisation(
    other: Api, theirs: Stock, own: Stock
) -> None:
    with other.socket() as socket:
        for place in FOLLOWED:
            for id_ in candidates(place.name, theirs):
                found, none = (asked(place, one, own) for one in (id_, new_id()))
                assert first_of(socket, found, id_) == first_of(socket, none, id_), str(place)


def test_no_id_of_another_organisation_is_told_apart_from_one_that_nobody_has(
    other: Api, theirs: Stock, own: Stock, unknown: dict[Place, str]
) -> None:
    for place in sorted(ANSWERED, key=lambda one: accepted(unknown[one])):
        for id_ in candidates(place.name, theirs):
            # What may be any new id is asked with one once more: there may be less to do now.
            new = accepted(unknown[place])
            expected = answer(other, place, new_id(), own) if new else unknown[place]
            assert answer(other, place, id_, own) == expected, str(place)


def test_an_id_of_something_else_is_one_that_nobody_has(
    other: Api, own: Stock, unknown: dict[Place, str]
) -> None:
    for place in ANSWERED:
        fitting = candidates(place.name, own)
        if place.takes == "ID" and len(fitting) == 1 and not accepted(unknown[place]):
            wrong = own.exception if own.exception not in fitting else own.deal
            assert answer(other, place, wrong, own) == unknown[place], str(place)


def test_what_is_no_id_is_told_so(other: Api, own: Stock) -> None:
    for place in ANSWERED:
        wanted = asked(place, "no id", own)
        told = other.post(wanted.document, wanted.variables).text
        assert any(code in told for code in NO_ID), (str(place), told)


def test_an_own_id_is_told_apart_so_this_would_show(
    other: Api, own: Stock, unknown: dict[Place, str]
) -> None:
    of_nodes = [one for one in ANSWERED if one.takes == "ID"]
    told = [
        str(place)
        for place in of_nodes
        if any(
            answer(other, place, id_, own) != unknown[place] for id_ in candidates(place.name, own)
        )
    ]

    assert {"Query.opportunity.id", "Query.account.id", "Query.person.id"} <= {*told}
    assert len(told) > 0.7 * len(of_nodes)


def first_of(socket: Socket, wanted: Operation, id_: str) -> str:
    """Return the first message of a subscription, and let it end."""
    socket.subscribe(wanted.document, **wanted.variables)
    told = socket.receive()
    assert told["type"] == "next" or "UNKNOWN_TEAM" in json.dumps(told), told
    if told["type"] == "next":
        socket.send(type="complete", id="1")
    return nameless(json.dumps(told), id_)
