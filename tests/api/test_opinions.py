"""Three opinions over the API: side by side, where they disagree, and how well they came true."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from opps.application import Request
from opps.domain.account import RegisterAccount
from opps.domain.events import LossKind
from opps.domain.opportunity.commands import (
    LoseOpportunity,
    OpenOpportunity,
    RecordSellerEstimate,
    WinOpportunity,
)
from opps.domain.recorded import Actor, Via
from opps.domain.times import Learned
from tests.api.deals import opened
from tests.api.support import Api, Installation

OPINIONS = """query ($id: ID!, $p: Position) { opportunity(id: $id, atLeast: $p) { opinions {
  held { whose p since because }
  disagreements { higher { whose } lower { whose } points question } } } }"""
LISTED = """query ($filter: OpportunityFilter, $p: Position) {
  opportunities(filter: $filter, atLeast: $p) { nodes { title } totalCount } }"""
CALIBRATION = """query ($p: Position) { calibration(atLeast: $p) { least
  overall { whose moment n enough baseRate brier skill sentence }
  sellers { sellerId seller { id } opinions { whose n } }
  models { model opinions { whose n } } } }"""
UNSPECIFIED = {"loss_kind": LossKind.UNSPECIFIED}
SELLER, ACCOUNT = uuid4(), uuid4()
TUESDAY = {"at": "2026-03-03T09:00:00Z"}


def said(api: Api, command: str, id_: str, **more: Any) -> str:
    payload = api.done(command, opportunityId=id_, expectedVersion=None, **more)
    position: str = payload["position"]
    return position


def estimated(api: Api, id_: str, p: float) -> str:
    rationale = "They asked for a start date"
    return said(
        api, "recordSellerEstimate", id_, probability=p, rationale=rationale, learned=TUESDAY
    )


def test_opinions_stand_side_by_side_with_what_to_ask(api: Api) -> None:
    id_ = opened(api)
    estimated(api, id_, 0.7)
    position = said(api, "setStage", id_, stage="Offer", stageDefault=0.4, learned=TUESDAY)
    found = api.ask(OPINIONS, id=id_, p=position)["opportunity"]["opinions"]

    assert [one["whose"] for one in found["held"]] == ["KNOWLEDGE", "SELLER", "STAGE"]
    assert found["held"][1] == {
        "whose": "SELLER",
        "p": 0.7,
        "since": "2026-03-03T09:00:00Z",
        "because": "They asked for a start date",
    }
    assert found["held"][2]["because"] == "Offer"
    assert [(one["higher"]["whose"], one["lower"]["whose"]) for one in found["disagreements"]] == [
        ("SELLER", "KNOWLEDGE"),
        ("SELLER", "STAGE"),
    ]
    assert found["disagreements"][1]["points"] == 30.0


# With nothing known the score is .2475.
@pytest.mark.parametrize(
    ("told", "disagreeing"),
    [({}, False), ({"seller": 0.4475}, False), ({"seller": 0.4476}, True), ({"stage": 0.04}, True)],
)
def test_a_list_shows_where_opinions_disagree_and_where_none_do(
    api: Api, told: dict[str, float], disagreeing: bool
) -> None:
    title = f"Opinions {told}"
    id_ = opened(api, title=title)
    position = None
    if "seller" in told:
        position = estimated(api, id_, told["seller"])
    if "stage" in told:
        stage = {"stage": "Offer", "stageDefault": told["stage"]}
        position = said(api, "setStage", id_, **stage, learned=TUESDAY)
    position = position or api.ask("{ logHead { position } }")["logHead"]["position"]

    for wanted in (True, False):
        page = api.ask(LISTED, filter={"disagreeing": wanted, "search": title}, p=position)
        shown = page["opportunities"]
        assert (shown["totalCount"], len(shown["nodes"])) == (int(wanted is disagreeing),) * 2


def closed(of: Installation, number: int) -> int:
    """Carry out a deal of the past that its seller was sure of; every other one is won."""
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    actor = Actor(principal=SELLER, role="SELLER", via=Via.IMPORT)
    deal = uuid4()
    commands: list[tuple[int, Any, dict[str, Any]]] = [
        (0, OpenOpportunity, {"account_id": ACCOUNT, "title": f"Deal {number}", "currency": "EUR"}),
        (10, RecordSellerEstimate, {"probability": 0.9}),
        (90, WinOpportunity, {}) if number % 2 else (90, LoseOpportunity, UNSPECIFIED),
    ]

    async def run() -> int:
        if number == 0:
            await of.application.account(RegisterAccount(account_id=ACCOUNT, name="A"), request(0))
        for day, command, fields in commands:
            told = command(
                opportunity_id=deal, learned=Learned(latest=begin + timedelta(days=day)), **fields
            )
            done = await of.application.opportunity(told, request(day))
        return done.position

    def request(day: int) -> Request:
        return Request(
            tenant=of.tenant,
            actor=actor,
            command_id=uuid4(),
            source_recorded_at=begin + timedelta(days=day),
        )

    return asyncio.run(run())


def test_opinions_are_held_against_how_ten_opportunities_ended_and_not_nine(
    api: Api, installation: Installation
) -> None:
    for number in range(9):
        position = closed(installation, number)
    nine = api.ask(CALIBRATION, p=position)["calibration"]
    ten = api.ask(CALIBRATION, p=closed(installation, 9))["calibration"]

    few, many = (
        next(one for one in found["overall"] if one["whose"] == "SELLER") for found in (nine, ten)
    )
    assert (few["n"], few["enough"], few["brier"]) == (9, False, None)
    assert few["sentence"].startswith("Not enough data: 9 closed opportunities")
    assert (many["n"], many["enough"], many["baseRate"]) == (10, True, 0.5)
    assert many["brier"] == pytest.approx((0.1**2 + 0.9**2) / 2)
    assert many["skill"] < 0
    assert "no more than the share of wins alone" in many["sentence"]
    [seller] = ten["sellers"]
    assert {(one["whose"], one["n"]) for one in seller["opinions"]} == {
        ("KNOWLEDGE", 10),
        ("SELLER", 10),
    }
    assert [one["model"] for one in ten["models"]] == ["oks-1"]


def test_an_opinion_that_nobody_had_is_told_with_none(api: Api) -> None:
    found = api.ask(CALIBRATION)["calibration"]

    assert found["least"] == 10
    assert {one["n"] for one in found["overall"] if one["whose"] == "STAGE"} == {0}
