"""Import an export of Salesforce from the command line."""

import csv
import json
import zipfile
from pathlib import Path

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
EXPORT = ROOT / "examples" / "import" / "salesforce"
MAPPING = ROOT / "examples" / "mappings" / "salesforce.toml"
LATE = "2026-05-20T08:00:00.000+0000"


def test_an_export_is_told_file_by_file_and_comes_in_once(run: Run, slug: str) -> None:
    dry = run("import", "salesforce-csv", EXPORT, "--dry-run", "--tenant", slug, "--json").answer
    first = run("import", "salesforce-csv", EXPORT, "--tenant", slug)
    second = run("import", "salesforce-csv", EXPORT, "--tenant", slug, "--json").answer

    assert first.code == 0
    assert "stage-history.csv" in first.out
    assert "OpportunityHistory" in first.out
    assert (dry["opened"], dry["typed"]) == (4, 24)
    assert (second["opened"], second["already"], second["stored"]) == (0, 24, {})
    assert {one["taken_as"] for one in second["files"]} >= {"Opportunity", "Contact", "User"}


def test_single_files_and_a_zip_are_taken_together(run: Run, slug: str, tmp_path: Path) -> None:
    packed = tmp_path / "histories.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(EXPORT / "stage-history.csv", "any.csv")

    args = ("import", "salesforce-csv", EXPORT / "opportunities.csv", packed)
    answer = run(*args, "--tenant", slug, "--json").answer

    assert [one["file"] for one in answer["files"]] == [
        "opportunities.csv",
        "histories.zip/any.csv",
    ]
    assert answer["opened"] == 4


def test_the_queries_are_printed_without_a_file(run: Run) -> None:
    outcome = run("import", "salesforce-csv", "--print-soql")

    assert outcome.code == 0
    for kind in ("Opportunity", "OpportunityHistory", "OpportunityFieldHistory", "Contact"):
        assert f"FROM {kind}\n" in outcome.out.replace(";", "\n")


def test_a_mapping_a_currency_and_a_delimiter_are_taken(
    run: Run, slug: str, tmp_path: Path
) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(
        "Id\tName\tStageName\tDeal_Value__c\tCloseDate\tCreatedDate\n"
        f"0065g00000AbCdE\tScanners\tOn hold\t500\t2026-05-01\t{LATE}\n"
    )
    given = ("--mapping", MAPPING, "--currency", "USD", "--delimiter", "tab", "--tenant", slug)

    answer = run("import", "salesforce-csv", file, *given, "--json").answer

    assert answer["stored"]["OpportunityClosedWithoutDecision"] == 1
    assert answer["stored"]["AmountEstimated"] == 1


def test_rows_that_cannot_be_taken_are_told_with_their_file(
    run: Run, slug: str, tmp_path: Path
) -> None:
    lines = (EXPORT / "opportunities.csv").read_text().splitlines()
    file = tmp_path / "deals.csv"
    file.write_text("\n".join([*lines[:2], lines[2].replace('"2026-01-14T', '"14/01/26 ')]))
    rejects, results = tmp_path / "rejects.csv", tmp_path / "results.jsonl"

    outcome = run(
        *("import", "salesforce-csv", file, EXPORT / "stage-history.csv", "--tenant", slug),
        *("--rejects", rejects, "--results", results),
    )

    assert outcome.code == 1
    assert "TIME_UNREADABLE" in outcome.err
    told = list(csv.DictReader(rejects.read_text().splitlines()))
    assert {one["file"] for one in told} == {"deals.csv", "stage-history.csv"}
    assert {one["code"] for one in told} == {"TIME_UNREADABLE", "HELD_BACK", "NO_OPPORTUNITY"}
    found = [json.loads(line) for line in results.read_text().splitlines()]
    assert {one["outcome"] for one in found} >= {"OPENED", "TYPED", "REJECTED", "HELD_BACK"}


def test_what_is_missing_or_wrong_is_said_plainly(run: Run, slug: str, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(f"Id,StageName,CloseDate,CreatedDate\n0065g00000AbCdE,New,2026-05-01,{LATE}\n")

    nothing = run("import", "salesforce-csv", "--tenant", slug)
    no_currency = run("import", "salesforce-csv", file, "--tenant", slug)
    euro = run("import", "salesforce-csv", file, "--currency", "euro", "--tenant", slug)
    marks = run("import", "salesforce-csv", file, "--delimiter", "ab", "--tenant", slug)

    assert {one.code for one in (nothing, no_currency, euro, marks)} == {2}
    assert "--print-soql" in nothing.err
    assert "--currency EUR" in no_currency.err
    assert "currency" in euro.err
    assert "it is one mark" in marks.err
    assert "did not expect" not in nothing.err + no_currency.err + euro.err + marks.err
