"""The real tables of qualitative attributes, where OPPS_SALVIRT and OPPS_MAVEN name their files."""

import json
import os
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.domain.events import FactLearned
from opps.domain.times import UNKNOWN
from opps.integrations.importing import (
    Table,
    import_facts_csv,
    import_history_csv,
    read_mapping,
)
from opps.recording import codec
from tests.integrations.importing.support import EXAMPLES

SALVIRT, MAVEN = os.environ.get("OPPS_SALVIRT"), os.environ.get("OPPS_MAVEN")


@pytest.mark.skipif(
    not SALVIRT, reason="OPPS_SALVIRT does not name the table, which is no part of opps"
)
def test_the_salvirt_table_comes_in_whole_and_a_second_time_not_at_all(
    application: Application, tenant: UUID
) -> None:
    mapping = read_mapping(EXAMPLES / "mappings" / "salvirt.toml")
    path = Path(SALVIRT or "")

    first = import_facts_csv(application, tenant, path, mapping)
    second = import_facts_csv(application, tenant, path, mapping)

    assert first.complete
    assert (first.opened, first.stored["FactLearned"]) == (448, 12 * 448)
    assert (first.stored["OpportunityWon"], first.stored["OpportunityLost"]) == (227, 221)
    assert (second.already, second.events) == (448, 0)
    facts = [
        one.event
        for one in map(codec.decode, application.log.read(tenant, 0, 10_000))
        if isinstance(one.event, FactLearned)
    ]
    assert {one.learned for one in facts} == {UNKNOWN}


@pytest.mark.skipif(
    not SALVIRT, reason="OPPS_SALVIRT does not name the table, which is no part of opps"
)
def test_every_row_of_the_salvirt_table_teaches() -> None:
    read = Table(Path(SALVIRT or ""), read_mapping(EXAMPLES / "mappings" / "salvirt.toml"))

    rows = [row for number in range(len(read)) for row in read.training_rows(number)]

    assert len(rows) == 448
    assert sum(row.won for row in rows) == 227


maven = pytest.mark.skipif(
    not MAVEN, reason="OPPS_MAVEN does not name sales_pipeline.csv, which is no part of opps"
)
CORRECTIONS = EXAMPLES / "corrections" / "maven.csv"


def _beside(name: str) -> Path:
    return Path(MAVEN or "").parent / name


@maven
def test_every_dirty_row_of_the_maven_table_is_told_of_and_none_is_guessed(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    mapping = read_mapping(EXAMPLES / "mappings" / "maven.toml")
    rejects = tmp_path / "rejects.jsonl"
    lists = {"products": _beside("products.csv"), "accounts": _beside("accounts.csv")}

    report = import_history_csv(
        application,
        tenant,
        Path(MAVEN or ""),
        mapping,
        dry_run=True,
        rejects=rejects,
        references=lists,
    )

    rejected = [json.loads(line) for line in rejects.read_text().splitlines()]
    codes = Counter(one["code"] for one in rejected)
    assert (report.opportunities, report.rejected) == (8_800, len(rejected))
    assert codes == {"TIME_MISSING": 500, "NOT_IN_REFERENCE": 1_400, "VALUE_UNKNOWN": 935}
    assert all(one["suggestion"] for one in rejected)
    assert {
        one["suggestion"].partition(" may be meant")[0]
        for one in rejected
        if one["code"] != "TIME_MISSING"
    } == {"'GTX Pro'", "'technology'"}


@maven
def test_both_exports_of_the_maven_table_make_the_same_opportunities(
    application: Application, tenant: UUID
) -> None:
    mapping = read_mapping(EXAMPLES / "mappings" / "maven.toml")
    lists = {"products": _beside("products.csv"), "accounts": _beside("accounts.csv")}

    american, iso = [
        import_history_csv(
            application, tenant, path, mapping, corrections=CORRECTIONS, references=lists
        )
        for path in (Path(MAVEN or ""), _beside("ikebude_sales_pipeline.csv"))
    ]

    assert (american.opened, american.rejected) == (8_300, 500)
    assert (american.stored["OpportunityWon"], american.stored["OpportunityLost"]) == (4_238, 2_473)
    assert american.corrected == {
        "product 'GTXPro' as 'GTX Pro'": 1_480,
        "sector 'technolgy' as 'technology'": 1_165,
    }
    assert (iso.opened, iso.extended, iso.rejected, iso.events) == (0, 0, 500, 0)
