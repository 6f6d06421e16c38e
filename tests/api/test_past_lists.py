"""Lists of the past over the network: the golden vectors, pages that repeat, what is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from opps.domain.danger_zones.catalogue import RULES
from opps.projections import reading
from tests.api.deals import opened
from tests.api.support import Api, installed, served_api
from tests.api.vectors import restore_vectors
from tests.api.watched import data_of
from tests.conftest import PostgresServer, made_database
from tests.domain.build import DEAL

ROW = """id title status version owner { id } amount { amount currency } commitDate stage category
  lens asOfPosition openedAt closedAt proposalSentAt score { p low high points model }"""
LIST = f"""query ($asOf: AsOf, $first: Int, $after: String, $filter: OpportunityFilter,
    $orderBy: OpportunityOrder) {{
  opportunities(asOf: $asOf, first: $first, after: $after, filter: $filter, orderBy: $orderBy) {{
    asOfPosition totalCount value(by: [STATUS]) {{ status currency count amount expected sumP }}
    nodes {{ {ROW} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
ONE = f"query ($id: ID!, $asOf: AsOf) {{ opportunity(id: $id, asOf: $asOf) {{ {ROW} }} }}"


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


def known(text: str, **more: Any) -> dict[str, Any]:
    return {"known": {"day": day(text), **more}}


def listed(api: Api, as_of: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ask(LIST, asOf=as_of, **more)["opportunities"]
    return found


LENSES = [
    {"screenDay": day("2026-03-05")},
    {"screenDay": day("2026-03-11")},
    {"position": 6},
    known("2026-03-05"),
    known("2026-03-03"),
    known("2026-03-05", toldBy={"day": day("2026-03-11")}),
    known("2026-03-05", toldBy={"position": 5}),
    known("2026-09-30"),  # time has changed it since its row
    known("2026-03-05", certainty="POSSIBLE"),
    known("2026-03-05", model="CURRENT"),
    {"hindsight": "2026-03-05T00:00:00Z"},
    {"inHindsight": {"day": day("2026-03-05"), "toldBy": {"day": day("2026-03-11")}}},
]


@pytest.mark.parametrize("as_of", LENSES, ids=str)
def test_a_list_says_what_the_opportunity_says_through_the_same_lens(
    vectors: Api, as_of: dict[str, Any]
) -> None:
    page = listed(vectors, as_of)
    [row] = page["nodes"]
    alone = vectors.ask(ONE, id=str(DEAL), asOf=as_of)["opportunity"]

    assert row == alone
    assert page["totalCount"] == 1
    assert page["asOfPosition"] == alone["asOfPosition"]
    [value] = page["value"]
    assert (value["status"], value["count"]) == (alone["status"], 1)
    assert value["sumP"] == pytest.approx(alone["score"]["p"])


@pytest.mark.parametrize("as_of", [known("2026-02-18"), {"position": 0}], ids=str)
def test_before_anything_was_opened_a_list_is_empty(vectors: Api, as_of: dict[str, Any]) -> None:
    page = listed(vectors, as_of)

    assert (page["nodes"], page["totalCount"], page["value"]) == ([], 0, [])


def test_told_by_a_position_before_the_opening_a_list_is_empty(vectors: Api) -> None:
    assert listed(vectors, known("2026-03-05", toldBy={"position": 0}))["nodes"] == []


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ({"position": 10**9}, "UNKNOWN_POSITION"),
        ({"screen": "2200-01-01T00:00:00Z"}, "IN_THE_FUTURE"),
        (known("2200-01-01"), "IN_THE_FUTURE"),
        ({"known": {"at": "2026-03-05"}}, "BAD_USER_INPUT"),
        ({"screenDay": {"day": "2026-03-05", "zone": "Madrid"}}, "UNREADABLE_DAY"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_for_lists_too(
    vectors: Api, as_of: dict[str, Any], code: str
) -> None:
    [error] = vectors.errors(LIST, asOf=as_of)

    assert error["extensions"]["code"] == code


def test_a_lens_that_folds_too_many_is_refused_with_what_to_do(
    database: str, tmp_path: Path
) -> None:
    tenant = uuid4()
    with installed(database, tenant) as installation:
        restore_vectors(database, tenant, tmp_path, installation.keyring)
        with served_api(installation, most_folded=0) as api:
            [folded] = api.errors(LIST, asOf={"hindsight": "2026-03-05T00:00:00Z"})
            [unsettled] = api.errors(LIST, asOf=known("2026-09-30"))
            settled = listed(api, known("2026-03-05"))

    assert folded["extensions"]["code"] == "TOO_MANY_TO_FOLD"
    assert "filter by account" in folded["message"]
    assert unsettled["extensions"]["code"] == "NOT_SETTLED"
    assert len(settled["nodes"]) == 1


def test_pages_of_the_past_are_told_by_the_position_of_the_first(vectors: Api) -> None:
    for title in ("Ahoy", "Brook", "Cairn"):
        opened(vectors, title)
    by_title = {"field": "TITLE", "descending": False}
    today = {"known": {"at": vectors.ask("{ logHead { recordedAt } }")["logHead"]["recordedAt"]}}
    pinned = listed(vectors, today, orderBy=by_title)
    first = listed(vectors, today, first=2, orderBy=by_title)
    opened(vectors, "Bay")
    after = first["pageInfo"]["endCursor"]
    second = listed(vectors, today, first=2, after=after, orderBy=by_title)

    assert [*first["nodes"], *second["nodes"]] == pinned["nodes"]
    assert first["asOfPosition"] == second["asOfPosition"] == pinned["asOfPosition"]
    other = {"position": first["asOfPosition"]}
    [error] = vectors.errors(LIST, asOf=other, first=2, after=after, orderBy=by_title)
    assert "another list" in error["message"]


def test_a_list_of_the_past_repeats_to_the_last_byte(vectors: Api) -> None:
    asked = known("2026-03-05")
    position = listed(vectors, asked)["asOfPosition"]
    again = {"asOf": known("2026-03-05", toldBy={"position": position})}
    before = data_of(vectors.post(LIST, again).content)
    opened(vectors, "More")

    assert data_of(vectors.post(LIST, again).content) == before


def test_a_search_finds_an_account_by_the_name_it_had(vectors: Api) -> None:
    account = vectors.done("registerAccount", "account { id version }", name="Südwind")["account"]
    at = vectors.done("openOpportunity", accountId=account["id"], title="Masts", currency="SEK")[
        "position"
    ]
    vectors.done(
        "renameAccount",
        accountId=account["id"],
        expectedVersion=account["version"],
        name="Norrvind",
    )
    then, now = {"position": at}, {"position": at + 1}

    def found(as_of: dict[str, Any], search: str) -> list[str]:
        page = listed(vectors, as_of, filter={"search": search}, orderBy={"field": "ACCOUNT"})
        return [one["title"] for one in page["nodes"]]

    assert [found(then, "südwind"), found(then, "norrvind")] == [["Masts"], []]
    assert [found(now, "südwind"), found(now, "norrvind")] == [[], ["Masts"]]


def test_a_cursor_that_somebody_made_up_is_refused(vectors: Api) -> None:
    made_up = ["", "!", "WyJhIiwiYiJd", "Zm9v"]

    for cursor in made_up:
        [error] = vectors.errors(LIST, asOf={"position": 6}, after=cursor)
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_page_of_the_past_is_one_statement(vectors: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = reading.Reading.rows

    async def counted(self: Any, tenant: Any, query: Any, values: Any = ()) -> Any:
        asked.append(query.as_string() if hasattr(query, "as_string") else str(query))
        return await rows(self, tenant, query, values)

    query = "query ($asOf: AsOf) { opportunities(asOf: $asOf) { nodes { title score { p } } } }"
    monkeypatch.setattr(reading.Reading, "rows", counted)
    for as_of in ({"screenDay": day("2026-03-11")}, known("2026-03-05")):
        asked.clear()
        vectors.ask(query, asOf=as_of)

        assert len([one for one in asked if "_history" in one]) == 1


def test_what_is_shown_now_has_its_worth_too(vectors: Api) -> None:
    page = listed(vectors, None)
    shown = [one for one in page["nodes"] if one["amount"]]

    assert page["asOfPosition"] is None
    assert sum(one["count"] for one in page["value"]) == page["totalCount"]
    assert sum(float(one["amount"]) for one in page["value"]) == sum(
        float(one["amount"]["amount"]) for one in shown
    )


ZONES = """query ($asOf: AsOf, $in: [ZoneNumber!]) {
  opportunities(asOf: $asOf, filter: { inDangerZone: $in }) { totalCount
    value { count } nodes { id dangerZones { zone } } } }"""
ZONES_OF_ONE = """query ($id: ID!, $asOf: AsOf) {
  opportunity(id: $id, asOf: $asOf) { dangerZones { zone } } }"""
SHOWN_AT = [{"position": position} for position in range(3, 12)]


@pytest.mark.parametrize("as_of", SHOWN_AT, ids=str)
def test_a_list_of_the_past_finds_who_was_in_a_danger_zone_then(
    vectors: Api, as_of: dict[str, Any]
) -> None:
    [row] = listed(vectors, as_of)["nodes"]
    shown = vectors.ask(ZONES_OF_ONE, id=row["id"], asOf=as_of)["opportunity"]["dangerZones"]
    open_then = {one["zone"] for one in shown}
    for zone in RULES:
        found = vectors.ask(ZONES, asOf=as_of, **{"in": [zone]})["opportunities"]
        assert found["totalCount"] == len(found["nodes"]) == (zone in open_then)
        assert [one["count"] for one in found["value"]] == [1] * (zone in open_then)


@pytest.mark.parametrize("as_of", [known("2026-03-05"), {"hindsight": "2026-03-05T00:00:00Z"}])
def test_danger_zones_are_kept_as_a_screen_showed_them_only(
    vectors: Api, as_of: dict[str, Any]
) -> None:
    [error] = vectors.errors(ZONES, asOf=as_of, **{"in": ["DZ15"]})

    assert error["extensions"]["code"] == "ZONES_ON_SCREENS_ONLY"
