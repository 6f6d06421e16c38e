"""The lenses over the network: the golden vectors word for word, repeats, and what is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.api.support import Api, installed, served_api
from tests.api.vectors import fact, restore_vectors
from tests.api.watched import data_of
from tests.conftest import PostgresServer, made_database
from tests.domain.build import DEAL

FIELDS = """lens asOfPosition version
  score { p low high model points contributions { topic happen win } }
  funding { funding { content { amount { amount } } } }
  evaluators { leaning { content { level } credence } }
  facts { factId state learned { latest } notes { kind } }
  objectives { objective state asking } questions { text }"""
ASK = f'query ($asOf: AsOf) {{ opportunity(id: "{DEAL}", asOf: $asOf) {{ {FIELDS} }} }}'


@pytest.fixture(scope="module")
def vectors(postgres: PostgresServer, template: str, tmp_path_factory: Any) -> Iterator[Api]:
    """Yield a client of a server whose log is that of the golden vectors."""
    directory: Path = tmp_path_factory.mktemp("vectors")
    tenant = uuid4()
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        with installed(database, tenant) as installation:
            restore_vectors(database, tenant, directory, installation.keyring)
            with served_api(installation) as api:
                yield api


def day(text: str) -> dict[str, str]:
    return {"day": text, "zone": "UTC"}


def screen(text: str) -> dict[str, Any]:
    return {"screenDay": day(text)}


def known(text: str, told_by: str | None = None, **more: Any) -> dict[str, Any]:
    by = {"toldBy": {"day": day(told_by)}} if told_by else {}
    return {"known": {"day": day(text), **by, **more}}


def seen(api: Api, as_of: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = api.ask(ASK, asOf=as_of)["opportunity"]
    return found


def answer(found: dict[str, Any]) -> tuple[int | None, bool]:
    """Return the budget in thousands, and whether the CTO is a champion."""
    stated = found["funding"]["funding"]
    budget = int(float(stated["content"]["amount"]["amount"])) // 1000 if stated else None
    leanings = [one["leaning"] for one in found["evaluators"] if one["leaning"]]
    return budget, [one["content"]["level"] for one in leanings] == ["CHAMPION"]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        pytest.param(screen("2026-03-05"), (100, True), id="SCREEN(5 Mar)"),
        pytest.param(known("2026-03-05"), (60, True), id="KNOWN(5 Mar) told by now"),
        pytest.param(
            known("2026-03-05", "2026-03-11"), (60, True), id="KNOWN(5 Mar, toldBy 11 Mar)"
        ),
        pytest.param(known("2026-03-03"), (60, True), id="KNOWN(3 Mar) told by now"),
        pytest.param(screen("2026-03-03"), (100, False), id="SCREEN(3 Mar)"),
        pytest.param(screen("2026-03-11"), (80, True), id="SCREEN(11 Mar)"),
    ],
)
def test_each_lens_answers_what_was_known_then(
    vectors: Api, as_of: dict[str, Any], said: tuple[int, bool]
) -> None:
    assert answer(seen(vectors, as_of)) == said


def test_the_screen_of_a_day_is_what_now_answered_on_that_day(vectors: Api) -> None:
    shown = seen(vectors, screen("2026-03-11"))
    told = seen(vectors, known("2026-03-11", "2026-03-11"))

    assert answer(shown) == answer(told) == (80, True)


def test_hindsight_tells_the_budget_that_was_true_as_now_believed(vectors: Api) -> None:
    day_of = {"inHindsight": {"day": day("2026-03-05")}}

    assert answer(seen(vectors, day_of)) == (100, True)
    assert answer(seen(vectors, {"hindsight": "2026-03-11T00:00:00Z"})) == (80, True)


@pytest.mark.parametrize(
    "as_of",
    [
        None,
        screen("2026-03-05"),
        {"screen": "2026-03-10T12:00:00Z"},
        {"position": 6},
    ],
)
def test_what_a_screen_showed_is_the_same_at_the_position_it_names(
    vectors: Api, as_of: dict[str, Any] | None
) -> None:
    first = seen(vectors, as_of)
    again = data_of(vectors.post(ASK, {"asOf": {"position": first["asOfPosition"]}}).content)
    once_more = data_of(vectors.post(ASK, {"asOf": {"position": first["asOfPosition"]}}).content)

    assert again == once_more
    assert {**first, "lens": "SCREEN"} == seen(vectors, {"position": first["asOfPosition"]})


@pytest.mark.parametrize("lens", ["known", "inHindsight"])
def test_what_was_known_and_true_is_the_same_as_told_by_the_position_it_names(
    vectors: Api, lens: str
) -> None:
    asked = {lens: {"at": "2026-03-05T12:00:00Z"}}
    position = seen(vectors, asked)["asOfPosition"]
    again = {lens: {"at": "2026-03-05T12:00:00Z", "toldBy": {"position": position}}}
    before = data_of(vectors.post(ASK, {"asOf": asked}).content)
    rename = {"opportunityId": str(DEAL), "expectedVersion": None, "title": f"Vans, {lens}"}
    moved = vectors.done("renameOpportunity", **rename)["position"]

    assert data_of(vectors.post(ASK, {"asOf": again}).content) == before
    assert seen(vectors, asked)["asOfPosition"] == moved > position


def test_each_answer_tells_its_lens(vectors: Api) -> None:
    lenses = [None, screen("2026-03-05"), known("2026-03-05"), {"hindsight": "2026-03-05T00:00Z"}]

    assert [seen(vectors, one)["lens"] for one in lenses] == ["NOW", "SCREEN", "KNOWN", "HINDSIGHT"]


def test_nothing_of_the_future_shows_in_what_was_known(vectors: Api) -> None:
    facts = seen(vectors, known("2026-03-04"))["facts"]

    assert [one["state"] for one in facts] == ["STANDS", "STANDS", "SUPERSEDED", "STANDS", "STANDS"]
    assert [note["kind"] for one in facts for note in one["notes"]] == ["REDATED"]


def test_an_opportunity_is_not_known_before_its_opening(vectors: Api) -> None:
    assert vectors.ask(ASK, asOf=known("2026-02-18"))["opportunity"] is None
    assert vectors.ask(ASK, asOf=screen("2026-02-18"))["opportunity"] is None


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ({"position": 10**9}, "UNKNOWN_POSITION"),
        ({"screen": "2200-01-01T00:00:00Z"}, "IN_THE_FUTURE"),
        ({"screenDay": day("2200-01-01")}, "IN_THE_FUTURE"),
        ({"known": {"at": "2200-01-01T00:00:00Z"}}, "IN_THE_FUTURE"),
        ({"hindsight": "2200-01-01T00:00:00Z"}, "IN_THE_FUTURE"),
        (
            {"known": {"day": day("2026-03-05"), "toldBy": {"position": 10**9}}},
            "UNKNOWN_POSITION",
        ),
        (known("2026-03-05", "2026-02-18"), "TOLD_BEFORE_OPENING"),
        ({"known": {"day": day("2026-03-05"), "toldBy": {"position": 0}}}, "TOLD_BEFORE_OPENING"),
        ({"known": {"at": "2026-03-05"}}, "BAD_USER_INPUT"),
        ({"known": {}}, "BAD_USER_INPUT"),
        ({"known": {"at": "2026-03-05T00:00:00Z", "day": day("2026-03-05")}}, "BAD_USER_INPUT"),
        ({"screen": "2026-03-05T00:00:00Z", "position": 1}, "GRAPHQL_VALIDATION_FAILED"),
        ({"screenDay": {"day": "2026-03-05", "zone": "Madrid"}}, "UNREADABLE_DAY"),
        ({"screenDay": {"day": "0001-01-01", "zone": "Asia/Tokyo"}}, "UNREADABLE_DAY"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_with_a_code(
    vectors: Api, as_of: dict[str, Any], code: str
) -> None:
    [error] = vectors.errors(ASK, asOf=as_of)

    assert error["extensions"]["code"] == code


def test_an_opportunity_that_never_was_is_unknown_through_every_lens(vectors: Api) -> None:
    query = "query ($id: ID!, $asOf: AsOf) { opportunity(id: $id, asOf: $asOf) { title } }"
    asked = [None, screen("2026-03-05"), known("2026-03-05", "2026-02-18")]

    assert [vectors.ask(query, id=str(uuid4()), asOf=one)["opportunity"] for one in asked] == [
        None,
        None,
        None,
    ]


def test_the_score_of_a_screen_is_the_one_recorded_then(vectors: Api) -> None:
    trend = (
        """{ opportunity(id: "%s") { scoreTrend { nodes { position after { p low high } } } } }"""
    )
    query = trend % DEAL
    head = vectors.ask("{ logHead { position } }")["logHead"]["position"]
    vectors.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=head)
    nodes_shown = vectors.ask(query)["opportunity"]["scoreTrend"]["nodes"]

    assert len(nodes_shown) > 2
    for node in nodes_shown:
        score = seen(vectors, {"position": node["position"]})["score"]
        assert {name: score[name] for name in ("p", "low", "high")} == node["after"]


DIFF = """before { points } after { points } milliPoints
  lines { kind milliPoints eventIds fact { factId } effects { milliPoints } }"""


def test_the_difference_of_two_lenses_names_each_fact_and_adds_up(vectors: Api) -> None:
    query = f"""query ($from: AsOf!, $to: AsOf) {{ opportunity(id: "{DEAL}") {{
      diff(from: $from, to: $to) {{ {DIFF} }} }} }}"""
    asked = {"from": screen("2026-03-05"), "to": known("2026-03-05")}
    found = vectors.ask(query, **asked)["opportunity"]["diff"]
    facts = [(one["kind"], one["fact"]["factId"]) for one in found["lines"] if one["fact"]]

    assert facts == [("LATE_ARRIVAL", str(fact(3))), ("REDATED", str(fact(2)))]
    assert sum(one["milliPoints"] for one in found["lines"]) == found["milliPoints"]
    assert all(one["eventIds"] for one in found["lines"] if one["fact"])


@pytest.mark.parametrize(
    ("as_of", "keys"),
    [
        (known("2026-03-03"), {"funding", "champion"}),
        (known("2026-03-03", "2026-03-14"), {"funding"}),
        (screen("2026-03-03"), {"funding"}),
    ],
)
def test_a_timeline_shows_what_had_been_learned_by_then_as_redated(
    vectors: Api, as_of: dict[str, Any], keys: set[str]
) -> None:
    lines_of = 'timeline(filter: {tags: ["FactLearned"]}) { nodes { factId key } }'
    query = f"""query ($asOf: AsOf) {{ opportunity(id: "{DEAL}", asOf: $asOf) {{
      facts {{ factId }} {lines_of} }} }}"""
    found = vectors.ask(query, asOf=as_of)["opportunity"]
    lines = found["timeline"]["nodes"]

    assert {one["factId"] for one in lines} == {one["factId"] for one in found["facts"]}
    told = {"champion" if one["key"].startswith("leaning") else one["key"] for one in lines}
    assert told & {"funding", "champion"} == keys
