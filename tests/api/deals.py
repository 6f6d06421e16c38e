"""Short ways to an opportunity and its facts, through the API."""

from typing import Any
from uuid import uuid4

from tests.api.support import Api

SAID = {"source": "BUYER_SAID", "channel": "CALL"}
SEEN = {"source": "SELLER_OBSERVATION", "channel": "OBSERVED"}


def opened(api: Api, title: str = "Fleet renewal", currency: str = "EUR", **more: Any) -> str:
    """Return the id of a new opportunity of a new account."""
    account = api.done("registerAccount", "account { id }", name="Nordwind")["account"]
    payload = api.done(
        "openOpportunity",
        "opportunity { id }",
        accountId=account["id"],
        title=title,
        currency=currency,
        **more,
    )
    id_: str = payload["opportunity"]["id"]
    return id_


def stated(fact: dict[str, Any], told_by: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a fact that somebody of the buyer said."""
    return {"fact": fact, "provenance": {**SAID, "toldBy": told_by}, **more}


def learned(api: Api, opportunity: str, *facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Record facts, whatever the version, and return the payload."""
    return api.done(
        "recordFacts",
        "scoreChange { points }",
        opportunityId=opportunity,
        expectedVersion=None,
        facts=list(facts),
        **more,
    )


def evaluator(id_: str, title: str = "CFO", *roles: str) -> dict[str, Any]:
    return {"evaluator": {"evaluatorId": id_, "title": title, "roles": list(roles)}}


def leaning(id_: str, level: str = "SUPPORTER") -> dict[str, Any]:
    return {"leaning": {"evaluatorId": id_, "level": level}}


def new_id() -> str:
    return str(uuid4())
