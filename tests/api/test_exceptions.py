"""Exceptions over HTTP and a socket: raised, worked on, in the order that they deserve time."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.api.identity import ACT_AS
from opps.eventstore import register_tenant
from opps.projections import inbox
from opps.projections.inbox import InboxFilter, InInbox
from opps.projections.views import Views
from tests.api.deals import leaning, learned, new_id, opened, stated
from tests.api.support import Api, Installation, installed, served_api
from tests.conftest import PostgresServer, made_database

SHOWN = "exception { exceptionId status cause summary plan people hours conclusion version open }"
INBOX = """
query Inbox($filter: ExceptionFilter, $first: Int, $after: String, $atLeast: Position) {
  exceptions(filter: $filter, first: $first, after: $after, atLeast: $atLeast) {
    totalCount
    nodes {
      exceptionId status summary
      opportunity { title }
      urgency { value width timeLeft score inWords }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
LIVE = """
subscription Live($filter: ExceptionFilter, $after: Position) {
  exceptionChanged(filter: $filter, after: $after) {
    __typename
    ... on ExceptionChanged { position change exception { summary status } }
    ... on StreamCaughtUp { position }
  }
}
"""


def raised(api: Api, deal: str, summary: str = "The date moved again.", **more: Any) -> str:
    """Return the id of a new exception."""
    payload = api.done("raiseException", SHOWN, opportunityId=deal, summary=summary, **more)
    id_: str = payload["exception"]["exceptionId"]
    return id_


def act(api: Api, name: str, id_: str, **more: Any) -> dict[str, Any]:
    """Carry out a command on an exception, whatever the version."""
    return api.done(name, SHOWN, exceptionId=id_, expectedVersion=None, **more)


def refused(api: Api, name: str, id_: str, **more: Any) -> str:
    """Return the code with which a command on an exception is refused."""
    code: str = api.refused(name, exceptionId=id_, expectedVersion=None, **more)["code"]
    return code


def test_an_exception_is_raised_taken_on_given_time_and_resolved(api: Api) -> None:
    id_ = raised(api, opened(api))
    boris = str(uuid4())
    act(api, "acknowledgeException", id_, plan="Plan backwards on Thursday.")
    money = {"amount": "500", "currency": "EUR"}
    act(api, "resourceException", id_, people=[boris], hours=8, money=money)
    done = act(api, "resolveException", id_, how="The buyer confirmed the steps.")["exception"]

    assert done == {
        "exceptionId": id_,
        "status": "RESOLVED",
        "cause": "BY_HAND",
        "summary": "The date moved again.",
        "plan": "Plan backwards on Thursday.",
        "people": done["people"],
        "hours": 8.0,
        "conclusion": "The buyer confirmed the steps.",
        "version": 3,
        "open": False,
    }
    assert len(done["people"]) == 1


DUE = "exceptionsDue { cause about summary factIds graceDays }"


def test_a_command_says_which_exceptions_it_leads_to(api: Api) -> None:
    wanted = {"opportunityId": opened(api), "expectedVersion": None, "basis": "BUYER_STATED"}
    payload = api.done("setCommitDate", DUE, **wanted, commitDate="2126-06-01")
    again = api.done("setCommitDate", DUE, **wanted, commitDate="2126-06-02")

    [unreasoned] = [one for one in payload["exceptionsDue"] if one["about"] == "DZ15"]
    assert unreasoned["cause"] == "DANGER_ZONE"
    assert unreasoned["summary"].startswith("No reason to act now: ")
    assert unreasoned["graceDays"] == 7
    assert again["exceptionsDue"] == []


def test_an_exception_is_resolved_once(api: Api) -> None:
    id_ = raised(api, opened(api))
    act(api, "dismissException", id_, reason="A typing error.")

    assert refused(api, "dismissException", id_, reason="Again.") == "EXCEPTION_IS_CLOSED"


def test_what_is_asked_again_under_its_command_id_is_answered_again(api: Api) -> None:
    deal = opened(api)
    again = {"commandId": new_id(), "opportunityId": deal, "summary": "The date moved again."}
    first = api.done("raiseException", SHOWN, **again)
    second = api.done("raiseException", SHOWN, **again)

    assert second["replayed"] is True
    assert second["exception"] == first["exception"]


def test_an_exception_is_about_an_opportunity_that_exists_and_facts_that_it_has(api: Api) -> None:
    deal = opened(api)
    nowhere = api.refused("raiseException", opportunityId=new_id(), summary="Gone.")
    unfounded = api.refused("raiseException", opportunityId=deal, summary="Odd.", facts=[new_id()])

    assert (nowhere["code"], unfounded["code"]) == ("UNKNOWN_OPPORTUNITY", "UNKNOWN_FACT")


def test_nothing_is_raised_about_an_opportunity_that_is_over(api: Api) -> None:
    deal = opened(api)
    api.done("winOpportunity", opportunityId=deal, expectedVersion=0)

    assert api.refused("raiseException", opportunityId=deal, summary="Late.")["code"] == "NOT_OPEN"


def test_a_seller_neither_dismisses_nor_gives_time(api: Api) -> None:
    id_ = raised(api, opened(api))
    query = (
        "mutation ($input: DismissExceptionInput!) { dismissException(input: $input) "
        "{ userErrors { code } } }"
    )
    given = {
        "commandId": new_id(),
        "exceptionId": id_,
        "expectedVersion": None,
        "reason": "Not mine.",
    }
    answer = api.client.post(
        api.url,
        json={"query": query, "variables": {"input": given}},
        headers={ACT_AS: f"SELLER {uuid4()}"},
    ).json()

    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]


def test_an_exception_of_nowhere_is_null_and_one_with_facts_shows_them(api: Api) -> None:
    deal, cfo = opened(api), new_id()
    fact = new_id()
    title = {"evaluator": {"evaluatorId": cfo, "title": "CFO", "roles": ["ECONOMIC"]}}
    learned(api, deal, stated(title, factId=fact), stated(leaning(cfo, "OPPONENT")))
    id_ = raised(api, deal, facts=[fact])
    query = "query ($id: UUID!) { exception(id: $id) { facts { kind } opportunityId } }"
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask(INBOX, atLeast=head)

    assert api.ask(query, id=new_id()) == {"exception": None}
    assert api.ask(query, id=id_)["exception"]["facts"] == [{"kind": "EVALUATOR"}]


@pytest.fixture(scope="module")
def other(postgres: PostgresServer, template: str) -> Any:
    """Yield a server of another installation, with five exceptions of unequal urgency."""
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        tenant = register_tenant(database, uuid4(), "inbox")
        with installed(database, tenant) as opened_, served_api(opened_) as client:
            yield client, opened_


def _filled(api: Api) -> int:
    """Raise five exceptions, and return the position that shows them."""
    position = 0
    deals = [
        ("Small and soon", "10000", "2027-01-02", "EUR"),
        ("Large and late", "90000", "2029-12-31", "EUR"),
        ("Usual", "30000", None, "EUR"),
        ("Dollars", "1000", "2029-12-31", "USD"),
        ("Nothing known", None, None, "EUR"),
    ]
    for title, amount, commit, currency in deals:
        deal = opened(api, title, currency)
        if amount is not None:
            money = {"amount": amount, "currency": currency}
            api.done("estimateAmount", opportunityId=deal, expectedVersion=None, amount=money)
        if commit is not None:
            api.done(
                "setCommitDate",
                opportunityId=deal,
                expectedVersion=None,
                commitDate=commit,
                basis="BUYER_STATED",
            )
        payload = api.done("raiseException", SHOWN, opportunityId=deal, summary=title)
        position = payload["position"]
    return position


def test_the_inbox_is_ordered_by_value_openness_and_time(
    other: tuple[Api, Installation],
) -> None:
    api, _ = other
    position = _filled(api)
    whole = api.ask(INBOX, atLeast=position)["exceptions"]
    scores = [one["urgency"]["score"] for one in whole["nodes"]]
    first = api.ask(INBOX, first=2)["exceptions"]
    second = api.ask(INBOX, first=2, after=first["pageInfo"]["endCursor"])["exceptions"]
    rest = api.ask(INBOX, first=2, after=second["pageInfo"]["endCursor"])["exceptions"]

    assert whole["totalCount"] == 5
    assert scores == sorted(scores, reverse=True)
    assert whole["nodes"][0]["summary"] == "Large and late"
    assert [*first["nodes"], *second["nodes"], *rest["nodes"]] == whole["nodes"]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert [
        one["summary"] for one in whole["nodes"] if "no amount" in one["urgency"]["inWords"]
    ] == ["Nothing known"]


def test_the_database_orders_the_inbox_as_the_domain_says(
    other: tuple[Api, Installation],
) -> None:
    _, of = other
    chance, today = Random(7), date(2026, 11, 22)
    for _ in range(40):
        _shaken(of, chance, today)
        found = asyncio.run(_page(of, today))

        assert [one.key.urgency for one in found] == pytest.approx(
            [one.urgency.score for one in found]
        )
        assert found == sorted(found, key=lambda one: -one.urgency.score)


async def _page(of: Installation, today: date) -> list[InInbox]:
    async with Views(of.database) as views:
        return await inbox.page(views.reading, of.tenant, InboxFilter(), today)


def _shaken(of: Installation, chance: Random, today: date) -> None:
    """Give every opportunity another amount and commit date in the read model."""
    with psycopg.connect(of.database, autocommit=True) as connection:
        found = connection.execute("SELECT opportunity_id FROM opps_views.board").fetchall()
        for (id_,) in found:
            amount = chance.choice([None, Decimal(chance.randrange(1, 10**6))])
            commit = chance.choice([None, today + timedelta(days=chance.randrange(-40, 140))])
            connection.execute(
                "UPDATE opps_views.board SET amount = %s, commit_date = %s"
                " WHERE opportunity_id = %s",
                [amount, commit, id_],
            )


def test_the_inbox_of_a_team_shows_that_team_only(other: tuple[Api, Installation]) -> None:
    api, _ = other
    me = api.ask("{ viewer { principal } }")["viewer"]["principal"]
    mine = api.ask(INBOX, filter={"ownerIds": [me]})["exceptions"]["totalCount"]
    nobody = api.ask(INBOX, filter={"ownerIds": [str(UUID(int=7))]})["exceptions"]["totalCount"]

    assert (mine > 0, nobody) == (True, 0)


def test_the_inbox_is_live(api: Api) -> None:
    id_ = raised(api, opened(api), "Gone quiet.")
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask(INBOX, atLeast=head)
    with api.socket() as socket:
        socket.subscribe(LIVE, after=head - 1, filter={"open": None})
        first = socket.next()["exceptionChanged"]
        assert (first["change"], first["exception"]["summary"]) == (
            "ExceptionRaised",
            "Gone quiet.",
        )
        assert socket.next()["exceptionChanged"]["__typename"] == "StreamCaughtUp"
        act(api, "acknowledgeException", id_, plan="Call somebody else.")
        second = socket.next()["exceptionChanged"]

    assert (second["change"], second["exception"]["status"]) == (
        "ExceptionAcknowledged",
        "ACKNOWLEDGED",
    )


def test_a_cursor_that_somebody_made_up_is_refused(api: Api) -> None:
    [error] = api.errors(INBOX, after="abc")

    assert "is no cursor" in error["message"]


SET = {
    "scoreMove": 0.2,
    "decisionThreshold": 0.3,
    "walkAwayBelow": 0.1,
    "walkAwayDays": 14,
    "reason": "Fewer, larger ones.",
}


def test_an_organisation_sets_from_which_deviation_on_somebody_has_to_look(api: Api) -> None:
    query = "{ exceptionThresholds { scoreMove decisionThreshold walkAwayBelow walkAwayDays } }"
    at_first = api.ask(query)["exceptionThresholds"]
    api.done("setExceptionThresholds", "thresholds { walkAwayDays }", **SET)

    assert at_first["scoreMove"] == 0.15
    assert api.ask(query)["exceptionThresholds"] == {
        name: value for name, value in SET.items() if name != "reason"
    }


@pytest.mark.parametrize(
    ("name", "value"), [("scoreMove", 0), ("walkAwayBelow", 1), ("walkAwayDays", 366)]
)
def test_a_threshold_that_nothing_or_everything_reaches_is_refused(
    api: Api, name: str, value: float
) -> None:
    assert api.refused("setExceptionThresholds", **{**SET, name: value})["code"] == "INVALID_INPUT"


def test_walking_away_names_the_exception_that_asked_for_it(api: Api) -> None:
    deal, other = opened(api), opened(api)
    id_ = raised(api, deal, "Even the high end is low.")
    away = {"expectedVersion": None, "reason": "Not worth it.", "exceptionId": id_}

    wrong = api.refused("disqualifyOpportunity", opportunityId=other, **away)
    assert wrong["code"] == "UNKNOWN_EXCEPTION"
    done = api.done("disqualifyOpportunity", opportunityId=deal, **away)
    query = "query ($id: ID!) { opportunity(id: $id) { events { nodes { tag content } } } }"
    events = api.ask(query, id=deal)["opportunity"]["events"]["nodes"]
    assert done["version"] == 1
    assert events[-1]["content"]["exception_id"] == id_


def test_a_simulation_says_which_exceptions_it_would_lead_to(
    other: tuple[Api, Installation],
) -> None:
    api, _ = other
    id_, event = opened(api), {"text": "Nothing ends", "absent": True}
    told = stated({"compellingEvent": event})
    ask = (
        "query Try($id: ID!, $facts: [FactStatedInput!]) { simulate(opportunityId: $id,"
        " facts: $facts) { exceptionsDue { cause summary graceDays } userErrors { code } } }"
    )
    limits = {"scoreMove": 0.02, "decisionThreshold": 0.1, "walkAwayBelow": 0.05}
    shown = "thresholds { scoreMove }"
    api.done("setExceptionThresholds", shown, **limits, walkAwayDays=7, reason="Look at all")

    answer = api.ask(ask, id=id_, facts=[told])["simulate"]
    assert answer["userErrors"] == []
    [moved] = answer["exceptionsDue"]

    assert (moved["cause"], moved["graceDays"]) == ("SCORE_MOVE", 0)
    assert moved["summary"].startswith("The win probability moved from ")
