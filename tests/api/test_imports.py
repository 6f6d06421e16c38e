"""Imports over GraphQL: listed, looked at, and taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.api.identity import ACT_AS
from opps.integrations.importing import import_facts_csv, import_history_csv
from tests.api.support import Api, Installation
from tests.integrations.importing.support import CSV_MAPPING, FACTS_MAPPING, HEADER, mapping, table

MONDAY = "2026-03-02T09:00:00+01:00"
OF_ONE = """
query OfOne($id: UUID!, $atLeast: Position) {
  import(id: $id, atLeast: $atLeast) {
    importId source attempt status reason opportunitiesReverted
    counts { name count }
    revertPreview { withdrawn putBack events accounts stays { name count } }
  }
}
"""
SHOWN = "query ($atLeast: Position) { opportunities(atLeast: $atLeast) { totalCount } }"
REVERT = "import { status attempt } revert { withdrawn putBack events }"
Brings = Callable[..., str]


@pytest.fixture
def brings(installation: Installation, tmp_path: Path) -> Brings:
    """Return a function that imports opportunities by their names and returns the import's id."""

    def bring(*names: str) -> str:
        file = tmp_path / "history.csv"
        rows = [f"{name},stage,,one,{MONDAY},nuria,crm" for name in names]
        file.write_text("\n".join([HEADER, *rows, ""]))
        crm = mapping(tmp_path, CSV_MAPPING)
        application, tenant = installation.application, installation.tenant
        return str(import_history_csv(application, tenant, file, crm).import_id)

    return bring


def head(installation: Installation) -> int:
    found = installation.log.head(installation.tenant)
    return 0 if found is None else found.size


def of_one(api: Api, installation: Installation, import_id: str) -> dict[str, Any]:
    shown = api.ask(OF_ONE, id=import_id, atLeast=head(installation))["import"]
    assert isinstance(shown, dict)
    return shown


def test_an_import_says_what_taking_it_back_would_do(
    api: Api, installation: Installation, brings: Brings
) -> None:
    import_id = brings("preview-1", "preview-2")

    shown = of_one(api, installation, import_id)

    assert (shown["importId"], shown["source"], shown["status"]) == (import_id, "crm", "COMPLETE")
    assert {"name": "opened", "count": 2} in shown["counts"]
    preview = shown["revertPreview"]
    assert (preview["withdrawn"], preview["putBack"], preview["events"]) == (2, 0, 2)


def test_an_import_says_which_corrections_met_its_rows(
    api: Api, installation: Installation, tmp_path: Path
) -> None:
    given = tmp_path / "corrections.csv"
    given.write_text("column,was,now,reason\nbudget,aproved,approved,A slip\n")
    file = table(tmp_path, "M1;aproved;none;fair;S1;won", "M2;aproved;none;fair;S1;won")
    report = import_facts_csv(
        installation.application,
        installation.tenant,
        file,
        mapping(tmp_path, FACTS_MAPPING),
        corrections=given,
    )

    shown = api.ask(
        "query ($id: UUID!, $at: Position) { import(id: $id, atLeast: $at)"
        " { corrections { column was now rows reason } } }",
        id=str(report.import_id),
        at=head(installation),
    )

    assert shown["import"]["corrections"] == [
        {"column": "budget", "was": "aproved", "now": "approved", "rows": 2, "reason": "A slip"}
    ]


def test_an_import_is_taken_back_once_however_often_it_is_sent(
    api: Api, installation: Installation, brings: Brings
) -> None:
    import_id, command_id = brings("back-1", "back-2"), str(uuid4())
    before = api.ask(SHOWN, atLeast=head(installation))["opportunities"]["totalCount"]
    asked = {"commandId": command_id, "importId": import_id, "reason": "The wrong file"}

    done = api.done("revertImport", REVERT, **asked)
    again = api.done("revertImport", REVERT, **asked)
    after = api.ask(SHOWN, atLeast=done["position"])["opportunities"]["totalCount"]

    assert done["revert"] == {"withdrawn": 2, "putBack": 0, "events": 2}
    assert done["import"]["status"] == "REVERTED"
    assert (again["replayed"], again["revert"]) == (True, done["revert"])
    assert after == before - 2
    other = api.refused("revertImport", **{**asked, "reason": "Another reason"})
    assert other["code"] == "COMMAND_ID_REUSED"
    twice = api.refused("revertImport", **{**asked, "commandId": str(uuid4())})
    assert twice["code"] == "IMPORT_REVERTED_ALREADY"


def test_what_people_have_built_on_is_refused_with_what_it_is(
    api: Api, installation: Installation, brings: Brings
) -> None:
    import_id = brings("built-1")
    position = head(installation)
    listed = api.ask(
        'query ($p: Position) { opportunities(atLeast: $p, filter: {search: "built-1"})'
        " { nodes { id version } } }",
        p=position,
    )
    [deal] = listed["opportunities"]["nodes"]
    api.done("setStage", opportunityId=deal["id"], expectedVersion=deal["version"], stage="Offer")

    show = "userErrors { ... on ImportBuiltOn { importId total dependents } }"
    payload = api.command("revertImport", show, importId=import_id, reason="The wrong file")
    errors = api.errors(OF_ONE, id=import_id)

    [error] = payload["userErrors"]
    assert (error["code"], error["importId"], error["total"]) == ("IMPORT_BUILT_ON", import_id, 1)
    assert "StageSet" in error["dependents"][0]
    assert [one["extensions"]["code"] for one in errors] == ["IMPORT_BUILT_ON"]


@pytest.mark.parametrize("role", ["SELLER", "AUDITOR", "INTEGRATOR", "DPO"])
def test_who_is_no_manager_takes_nothing_back(
    api: Api, installation: Installation, brings: Brings, role: str
) -> None:
    import_id, size = brings(f"role-{role}"), head(installation)
    mutation = (
        "mutation ($input: RevertImportInput!) "
        "{ revertImport(input: $input) { userErrors { code } } }"
    )
    asked = {"commandId": str(uuid4()), "importId": import_id, "reason": "Wrong"}

    answer = api.client.post(
        api.url,
        json={"query": mutation, "variables": {"input": asked}},
        headers={ACT_AS: role},
    ).json()

    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]
    assert head(installation) == size


def test_an_unknown_import_is_none_and_cannot_be_taken_back(api: Api) -> None:
    unknown = str(uuid4())

    assert api.ask(OF_ONE, id=unknown)["import"] is None
    refused = api.refused("revertImport", importId=unknown, reason="Wrong")
    assert refused["code"] == "UNKNOWN_IMPORT"


def test_imports_come_in_pages_the_latest_first(
    api: Api, installation: Installation, brings: Brings
) -> None:
    ids = [brings(f"page-{number}") for number in range(3)]
    query = (
        "query ($after: String, $p: Position) { imports(first: 2, after: $after, atLeast: $p) "
        "{ nodes { importId } pageInfo { hasNextPage endCursor } } }"
    )

    first = api.ask(query, p=head(installation))["imports"]
    second = api.ask(query, after=first["pageInfo"]["endCursor"])["imports"]

    shown = [one["importId"] for page in (first, second) for one in page["nodes"]]
    assert shown[:3] == ids[::-1]
    assert first["pageInfo"]["hasNextPage"]
    assert all(UUID(one) for one in shown)
    [wrong] = api.errors(query, after="no cursor")
    assert wrong["extensions"]["code"] == "BAD_USER_INPUT"
