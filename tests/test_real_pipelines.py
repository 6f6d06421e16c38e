"""What opps tells of real pipelines, where settings name their files: each checked by hand."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from opps.integrations.importing import (
    hubspot_mapping,
    import_facts_csv,
    import_history_csv,
    import_hubspot_csv,
    import_salesforce_csv,
    read_mapping,
    salesforce_mapping,
)
from tests.imported import EXAMPLES, Pipeline, imported

MAPPINGS = EXAMPLES / "mappings"
# Later than any row of any of them.
A_MONDAY = date(2026, 6, 15)


def _of(name: str) -> Path:
    """Return the files that a setting names, which are no part of opps."""
    named = os.environ.get(name)
    if not named:
        pytest.skip(f"{name} does not name its files, which are no part of opps")
    return Path(named)


def _count(pipeline: Pipeline, **wanted: object) -> int:
    query = "query ($filter: OpportunityFilter) { opportunities(filter: $filter) { totalCount } }"
    count: int = pipeline.api.ask(query, filter=wanted)["opportunities"]["totalCount"]
    return count


def test_the_one_open_deal_of_the_warehouse_is_overdue_and_rests_on_its_stage(
    database: str,
) -> None:
    folder = _of("OPPS_SALESFORCE")
    mapping = salesforce_mapping(currency="USD", deleted=True)
    with imported(
        database, lambda to, of: import_salesforce_csv(to, of, [folder], mapping), A_MONDAY
    ) as pipeline:
        [deal] = pipeline.deals(
            "commitDate amount { amount currency } evaluators { evaluatorId }"
            " opinions { held { whose p } } dangerZones { zone }",
            status=["OPEN"],
        )
        inbox = pipeline.inbox("urgency { inWords }")

        assert _count(pipeline, status=["WON"]) == 5
        assert _count(pipeline, status=["LOST"]) == 4
    assert deal["title"] == "Testing Order from Process"
    assert deal["amount"] == {"amount": "210000", "currency": "USD"}
    assert deal["commitDate"] == "2018-12-19"
    assert {"whose": "STAGE", "p": 0.65} in deal["opinions"]["held"]
    assert deal["evaluators"] == []
    assert {"DZ04", "DZ09", "DZ15"} <= {one["zone"] for one in deal["dangerZones"]}
    [raised] = inbox
    assert "the commit date, 2018-12-19, is due or has passed" in raised["urgency"]["inWords"]


def test_a_deal_of_the_marketing_tool_has_a_day_and_nothing_else(database: str) -> None:
    folder = _of("OPPS_HUBSPOT")
    mapping = hubspot_mapping(currency="USD")
    with imported(
        database, lambda to, of: import_hubspot_csv(to, of, [folder], mapping), A_MONDAY
    ) as pipeline:
        [deal] = pipeline.deals(
            "openedAt amount { amount } commitDate unknowns { objectivesUnexamined }"
            " dangerZones { zone }",
            search="de6ab3cd99f288d36526d23787d54496",
        )

        assert _count(pipeline, status=["OPEN"]) == 154
        assert len(pipeline.inbox()) <= 5 * 4, "three people own deals, and nobody some"
    assert deal["openedAt"].startswith("2019-10-08T06:40:15")
    assert (deal["amount"], deal["commitDate"]) == (None, None)
    assert len(deal["unknowns"]["objectivesUnexamined"]) == 9
    assert [one["zone"] for one in deal["dangerZones"]] == ["DZ04", "DZ09", "DZ21"]


def test_of_the_first_software_deal_the_money_and_the_rivals_were_known(database: str) -> None:
    table, mapping = _of("OPPS_SALVIRT"), read_mapping(MAPPINGS / "salvirt.toml")
    with imported(
        database, lambda to, of: import_facts_csv(to, of, table, mapping), A_MONDAY
    ) as pipeline:
        first = pipeline.deal(
            "Opportunity 1",
            "status facts { content { ... on AttributeFact { attribute value } } }",
        )

        assert _count(pipeline, status=["WON"]) == 227
        assert _count(pipeline, status=["LOST"]) == 221
        assert pipeline.inbox() == [], "all of them have ended"
    known = {one["content"]["attribute"]: one["content"]["value"] for one in first["facts"]}
    assert first["status"] == "WON"
    assert (known["Budgt_alloc"], known["Competitors"], known["Scope"]) == ("Yes", "No", "Clear")
    assert known["Purch_dept"] is None, "they were asked, and did not tell"


@pytest.mark.timeout(900)
def test_of_eight_thousand_deals_an_inbox_has_five_of_each_seller(database: str) -> None:
    table, mapping = _of("OPPS_MAVEN"), read_mapping(MAPPINGS / "maven.toml")
    lists = {name: table.parent / f"{name}.csv" for name in ("products", "accounts")}
    corrections = EXAMPLES / "corrections" / "maven.csv"
    with imported(
        database,
        lambda to, of: import_history_csv(
            to, of, table, mapping, references=lists, corrections=corrections
        ),
        A_MONDAY,
    ) as pipeline:
        of_one = {
            status: _count(pipeline, search="Kan-code", status=[status])
            for status in ("WON", "LOST", "OPEN")
        }
        rules = pipeline.api.ask("{ dangerZoneRules { id open } }")["dangerZoneRules"]
        shown = pipeline.api.ask(
            "{ exceptions(first: 100) { totalCount nodes { about opportunity { title status } } } }"
        )["exceptions"]

    assert of_one == {"WON": 115, "LOST": 72, "OPEN": 8}
    everywhere = {one["id"]: one["open"] for one in rules if one["open"]}
    assert everywhere == dict.fromkeys(("DZ04", "DZ09", "DZ21"), 1_589)
    assert shown["totalCount"] <= 5 * 30, "thirty people sell"
    deals = [one["opportunity"] for one in shown["nodes"]]
    assert {one["status"] for one in deals} == {"OPEN"}
    assert max(Counter(one["title"] for one in deals).values()) == 1, "one exception for each"
