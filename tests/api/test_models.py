"""Scoring models over the API: each one whole, and one of them brought into force."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.api.identity import DEVELOPER, Viewer
from opps.application import Request
from opps.domain.oks_1 import OKS_1
from opps.domain.recorded import Actor, Via
from opps.domain.scoring_model import AnyScoringModelCommand, DefineScoringModel, RecordBacktest
from opps.eventstore import register_tenant
from tests.api.deals import opened
from tests.api.support import Api, Installation, installed, served_api
from tests.conftest import PostgresServer, made_database
from tests.domain.test_scoring_model import SPRING, SUMMER, backtest
from tests.examples.events import A_MODEL

SHOWN = """name inForce learnedFrom definedAt periods { since until approverId reason gate }
  backtest { against brier { value low high } passed }"""
MODELS = f"{{ scoringModels {{ {SHOWN} }} }}"


@pytest.fixture(scope="module")
def defined(installation: Installation) -> Installation:
    """Return an installation with two models besides that of day one; one passed the gate."""
    for command in (
        DefineScoringModel(model=SPRING, origin="Fitted", learned_from=320),
        RecordBacktest(name="spring", against="oks-1", backtest=backtest()),
        DefineScoringModel(model=A_MODEL, origin="Fitted to closed opportunities"),
    ):
        told(installation, command)
    return installation


def told(of: Installation, command: AnyScoringModelCommand) -> None:
    actor = Actor(principal=DEVELOPER, role="ADMIN", via=Via.SYSTEM)
    request = Request(tenant=of.tenant, actor=actor, command_id=uuid4())
    asyncio.run(_told(of, command, request))


async def _told(of: Installation, command: AnyScoringModelCommand, request: Request) -> None:
    await of.application.scoring_model(command, request)


def activated(api: Api, name: str, **more: Any) -> dict[str, Any]:
    return api.command(
        "activateScoringModel",
        f"scoringModel {{ {SHOWN} }}",
        **{"name": name, "reason": "Better on later deals", **more},
    )


def models(api: Api) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in api.ask(MODELS)["scoringModels"]}


def test_a_model_shows_every_value_with_its_grade_and_reason(
    defined: Installation, api: Api
) -> None:
    query = """{ scoringModels { name priorWin unheard doubt weights { objective weight { win } }
      signals { name source topic weight { happen win } mean spread { happen win }
        values { value grade because deviation { happen win } } } } }"""
    found = {one["name"]: one for one in api.ask(query)["scoringModels"]}
    [budget, _] = found["halden-1"]["signals"]

    assert budget == {
        "name": "Budget allocated",
        "source": "ATTRIBUTE",
        "topic": "FUNDING",
        "weight": {"happen": 0.5, "win": 0.25},
        "mean": 0.25,
        "spread": {"happen": 0.375, "win": 0.125},
        "values": [
            {
                "value": "UNANSWERED",
                "grade": -0.2,
                "because": "",
                "deviation": {"happen": 0.0, "win": 0.0},
            },
            {
                "value": "Yes",
                "grade": 0.8,
                "because": "Money is there",
                "deviation": {"happen": 0.25, "win": -0.125},
            },
        ],
    }
    assert found["halden-1"]["unheard"] == ["TIMING", "FUNDING"]
    assert len(found["oks-1"]["signals"]) == len(OKS_1.signals)
    assert [one["weight"]["win"] for one in found["oks-1"]["weights"]] == [
        one.win for one in OKS_1.weights.values()
    ]


def test_a_model_that_passed_the_gate_comes_into_force_and_rescores_what_is_open(
    defined: Installation, api: Api
) -> None:
    id_ = opened(api)
    before = models(api)
    payload = activated(api, "spring")
    after = models(api)
    query = """query ($id: ID!, $p: Position) { opportunity(id: $id, atLeast: $p) {
      score { p model } scoreTrend(first: 10) { nodes { model effects { topic } } } } }"""
    shown = api.ask(query, id=id_, p=payload["position"])["opportunity"]

    assert payload["userErrors"] == []
    assert payload["scoringModel"] == after["spring"]
    assert (before["oks-1"]["inForce"], before["spring"]["inForce"]) == (True, False)
    assert (after["oks-1"]["inForce"], after["spring"]["inForce"]) == (False, True)
    assert after["spring"]["backtest"]["passed"]
    [period] = after["spring"]["periods"]
    assert (period["reason"], period["gate"]) == ("Better on later deals", "PASSED")
    assert after["oks-1"]["periods"][0]["until"] == period["since"]
    assert shown["score"]["model"] == "spring"
    assert [one["model"] for one in shown["scoreTrend"]["nodes"]] == ["oks-1", "spring"]
    assert {one["topic"] for one in shown["scoreTrend"]["nodes"][1]["effects"]} == {"MODEL"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "unheard of"}, "UNKNOWN_MODEL"),
        ({"name": "halden-1"}, "NEVER_BACKTESTED"),
        ({"name": "halden-1", "reason": " ", "override": True}, "BLANK"),
        ({"name": "halden-1", "reason": ""}, "INVALID_INPUT"),
    ],
)
def test_what_keeps_a_model_out_is_told(
    defined: Installation, api: Api, given: dict[str, Any], code: str
) -> None:
    payload = activated(api, **given)
    [error] = payload["userErrors"]

    assert error["code"] == code
    assert (payload["scoringModel"], payload["position"]) == (None, None)
    assert not models(api)["halden-1"]["inForce"]


def test_the_models_and_their_activations_are_among_the_events(
    defined: Installation, api: Api
) -> None:
    told(defined, DefineScoringModel(model=SUMMER, origin="Fitted"))
    activated(api, "summer", override=True)
    query = """query ($filter: EventFilter) {
      events(filter: $filter, first: 100) { nodes { tag content } } }"""
    tags = ["ScoringModelDefined", "ScoringModelBacktested", "ScoringModelActivated"]
    nodes = api.ask(query, filter={"tags": tags})["events"]["nodes"]

    assert {one["tag"] for one in nodes} == set(tags)
    assert nodes[-1]["content"]["model"]["name"] == "summer"
    assert nodes[-1]["content"]["gate"] == "OVERRIDDEN"


@pytest.fixture(scope="module")
def sellers_api(postgres: PostgresServer, template: str) -> Iterator[Api]:
    """Yield a client of a server to which everybody is a seller."""
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        tenant = register_tenant(database, uuid4(), "acme")
        with installed(database, tenant) as opened_, served_api(opened_, _seller(tenant)) as api:
            yield api


def _seller(tenant: UUID) -> Any:
    actor = Actor(principal=uuid4(), role="SELLER", via=Via.GRAPHQL)

    async def identify(_: object) -> Viewer:
        return Viewer(tenant=tenant, slug="acme", actor=actor)

    return identify


def test_a_seller_sees_the_models_and_brings_none_into_force(sellers_api: Api) -> None:
    given = {"name": "oks-1", "reason": "Better on later deals"}
    [error] = sellers_api.send("activateScoringModel", given).json()["errors"]

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert set(models(sellers_api)) == {"oks-1"}
