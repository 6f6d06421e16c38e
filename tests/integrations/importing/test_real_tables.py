"""The real tables of qualitative attributes, where OPPS_SALVIRT and OPPS_MAVEN name their files."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.integrations.importing import Table, import_facts_csv, read_mapping
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


@pytest.mark.skipif(
    not SALVIRT, reason="OPPS_SALVIRT does not name the table, which is no part of opps"
)
def test_every_row_of_the_salvirt_table_teaches() -> None:
    read = Table(Path(SALVIRT or ""), read_mapping(EXAMPLES / "mappings" / "salvirt.toml"))

    rows = [row for number in range(len(read)) for row in read.training_rows(number)]

    assert len(rows) == 448
    assert sum(row.won for row in rows) == 227


@pytest.mark.skipif(
    not MAVEN, reason="OPPS_MAVEN does not name sales_pipeline.csv, which is no part of opps"
)
def test_what_has_no_date_in_the_maven_table_is_rejected_and_the_rest_comes_in(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    mapping = read_mapping(EXAMPLES / "mappings" / "maven.toml")
    rejects = tmp_path / "rejects.jsonl"

    report = import_facts_csv(application, tenant, Path(MAVEN or ""), mapping, rejects=rejects)

    assert (report.opportunities, report.opened, report.rejected) == (8_800, 8_300, 500)
    assert (report.stored["OpportunityWon"], report.stored["OpportunityLost"]) == (4_238, 2_473)
    assert rejects.read_text().count('"TIME_MISSING"') == 500
