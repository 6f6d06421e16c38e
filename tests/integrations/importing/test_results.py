"""What an import says of every row, beside what it refuses."""

import csv as spreadsheets
import stat
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from opps.application import Application
from opps.integrations.importing import Mapping, import_history_csv
from opps.integrations.importing.results import Outcome, Results, RowResult
from tests.integrations.importing.support import CSV_MAPPING, csv, mapping, stored

MONDAY = "2026-03-02T09:00:00+01:00"
TUESDAY = "2026-03-03T09:00:00+01:00"


@pytest.fixture
def crm(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, CSV_MAPPING)


def results(path: Path) -> list[RowResult]:
    told = [msgspec.json.decode(line, type=RowResult) for line in path.read_bytes().splitlines()]
    return sorted(told, key=lambda one: one.line)


def test_every_row_is_told_of_once_with_the_events_that_it_became(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(
        tmp_path,
        f"A,stage,,one,{MONDAY},nuria,crm",
        f"A,stage,,one,{TUESDAY},nuria,crm",
        f"B,forecast,,Sure,{MONDAY},nuria,crm",
        f"B,stage,,one,{MONDAY},nuria,crm",
    )
    to = tmp_path / "results.jsonl"

    import_history_csv(application, tenant, file, crm, results=to)

    told = results(to)
    assert [(one.line, one.external_id, one.outcome) for one in told] == [
        (2, "A", Outcome.OPENED),
        (2, "A", Outcome.TYPED),
        (3, "A", Outcome.UNCHANGED),
        (4, "B", Outcome.REJECTED),
        (5, "B", Outcome.HELD_BACK),
    ]
    there = {one.event_id for one in stored(application, tenant)}
    assert told[1].event_ids
    assert {id_ for one in told for id_ in one.event_ids} <= there


def test_a_row_that_was_imported_before_names_the_events_of_then(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(tmp_path, f"A,stage,,one,{MONDAY},nuria,crm")
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"

    import_history_csv(application, tenant, file, crm, results=first)
    import_history_csv(application, tenant, file, crm, results=second)

    [again] = results(second)
    assert again.outcome is Outcome.ALREADY
    assert again.event_ids == results(first)[1].event_ids


def test_a_table_of_rows_carries_nothing_out_in_a_spreadsheet_and_is_the_owners_alone(
    tmp_path: Path,
) -> None:
    to = tmp_path / "results.csv"
    to.write_text("what an earlier run left")
    to.chmod(0o644)

    with Results(to) as file:
        file.write(
            RowResult(
                line=2,
                external_id='=HYPERLINK("http://evil.example")',
                outcome=Outcome.TYPED,
                code="@SUM(A1)",
                event_ids=[],
            )
        )

    with to.open(newline="") as rows:
        [told] = spreadsheets.DictReader(rows)
    assert told["external_id"].startswith("'=")
    assert told["code"] == "'@SUM(A1)"
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


def test_a_dry_run_says_what_would_become_of_each_row_and_a_table_can_be_had(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(tmp_path, f"A,stage,,one,{MONDAY},nuria,crm")
    to = tmp_path / "results.csv"

    import_history_csv(application, tenant, file, crm, results=to, dry_run=True)

    with to.open(newline="") as rows:
        told = list(spreadsheets.DictReader(rows))
    assert [(one["line"], one["outcome"]) for one in told] == [("2", "OPENED"), ("2", "TYPED")]
    assert stored(application, tenant) == []
