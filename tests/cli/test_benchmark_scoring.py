"""What somebody who measures the probabilities of a table gets, and what stops them."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples" / "mappings"
SALVIRT, SPLITS = os.environ.get("OPPS_SALVIRT"), os.environ.get("OPPS_SALVIRT_SPLITS")
FIGURES = ("accuracy", "auc", "brier", "log_loss", "ece")
ROWS = 200

MAPPING = """
source = "invented"
format = "facts-csv"
[opportunity]
title = "Deal {row}"
currency = "EUR"
[account]
name = "Not told"
[times]
unknown = true
[facts]
source = "BUYER_SAID"
unanswered = ["Unknown"]
[model]
prior_happen = 0.7
prior_win = 0.7
only_columns = true
[[rules]]
match = { Status = "Won" }
command = "WinOpportunity"
[[rules]]
match = { Status = "Lost" }
command = "LoseOpportunity"
fields = { loss_kind = "UNSPECIFIED" }
[[rules]]
match = { Status = "Open" }
command = "SetStage"
fields = { stage = "Open" }
[columns.Seller]
never = true
person = true
[columns.Budget]
facet = "FUNDING_STATUS"
weight = { happen = 2.0 }
values.Yes = { grade = 0.6, because = "There is money." }
values.No = { grade = -0.6, because = "There is none." }
values.Unknown = { grade = -0.4, because = "They do not say." }
[columns.Client]
context = true
weight = { win = 2.0 }
values.Known = { grade = 0.6, because = "They know us." }
values.New = { grade = -0.6, because = "They do not." }
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "invented.toml"
    path.write_text(MAPPING)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table where budget, client and seller decide alike; the last row is open."""
    draw = np.random.default_rng(5)
    lines = ["Seller,Budget,Client,Status"]
    for number in range(ROWS):
        seller, budget, client = (
            str(draw.choice(values))
            for values in (["Ann", "Bob"], ["Yes", "No", "Unknown"], ["Known", "New"])
        )
        speaks_for = (seller == "Ann") + (budget == "Yes") + (client == "Known")
        won = draw.random() < (0.05, 0.35, 0.65, 0.95)[speaks_for]
        status = "Open" if number == ROWS - 1 else ("Won" if won else "Lost")
        lines.append(f"{seller},{budget},{client},{status}")
    path = tmp_path / "deals.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def splits(directory: Path, *, sha256: str | None = None, **protocols: Any) -> Path:
    path = directory / "splits.json"
    path.write_text(json.dumps({"data_sha256": sha256, "protocols": protocols}))
    return path


def folds(**besides: Any) -> dict[str, Any]:
    closed = list(range(ROWS - 1))
    tests = [closed[start::4] for start in range(4)]
    return {"aggregate": "pooled", "repeats": [[{"test": one} for one in tests]], **besides}


def measured(run: Run, table: Path, mapping: Path, by: Path, *options: str) -> Any:
    out = table.with_name("report.json")
    files = ("--data", table, "--mapping", mapping, "--splits", by, "--out", out)
    outcome = run("benchmark", "scoring", *files, "--json", *options)
    assert outcome.code == 0, outcome.err
    assert json.loads(out.read_text()) == outcome.answer
    return outcome.answer


def stopped(run: Run, table: Path, mapping: Path, by: Path, *options: str) -> str:
    out = table.with_name("report.json")
    files = ("--data", table, "--mapping", mapping, "--splits", by, "--out", out)
    outcome = run("benchmark", "scoring", *files, *options)
    assert outcome.code == 2
    assert not out.exists()
    return " ".join(outcome.err.split())


def test_a_table_that_tells_something_is_better_than_the_base_rate(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    sha256 = hashlib.sha256(table.read_bytes()).hexdigest()
    report = measured(run, table, mapping, splits(tmp_path, sha256=sha256, grouped=folds()))
    found = report["protocols"]["grouped"]

    assert report["data_sha256"] == sha256
    assert found["n"] == found["rows"] == ROWS - 1
    assert found["brier"] < found["base_rate_brier"]
    assert found["auc"] > 0.65
    assert found["evidence"]
    for figure in FIGURES:
        interval = found["intervals"][figure]
        assert interval["low"] <= interval["value"] == found[figure] <= interval["high"]


def test_people_see_the_figures_and_where_the_report_is(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    by, out = splits(tmp_path, grouped=folds()), tmp_path / "report.json"
    files = ("--data", table, "--mapping", mapping, "--splits", by, "--out", out)

    outcome = run("benchmark", "scoring", *files)

    assert outcome.code == 0, outcome.err
    assert "Brier" in outcome.out
    assert "grouped" in outcome.out
    assert str(out) in outcome.out


def test_the_seller_speaks_only_when_asked_to(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    by = splits(tmp_path, grouped=folds(), without=folds(drop_columns=["Seller"]))

    default = measured(run, table, mapping, by)["protocols"]
    labelled = measured(run, table, mapping, by, "--context-ids")["protocols"]

    assert default["grouped"] == default["without"]
    assert labelled["grouped"]["auc"] > default["grouped"]["auc"] + 0.03
    assert labelled["without"]["auc"] < labelled["grouped"]["auc"] - 0.03


def test_without_any_outcome_the_grades_alone_speak(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    fold = {"test": list(range(50)), "train": []}
    by = splits(tmp_path, bare={"aggregate": "mean", "repeats": [[fold]]})
    first = measured(run, table, mapping, by)["protocols"]["bare"]
    lost = table.read_text().replace(",Won\n", ",Lost\n").splitlines()
    kept = table.read_text().splitlines()
    table.write_text("\n".join([*kept[:51], *lost[51:]]) + "\n")

    assert measured(run, table, mapping, by)["protocols"]["bare"] == first
    assert first["auc"] > 0.6


def test_with_everything_hidden_the_base_rate_answers(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    test = list(range(60))
    hidden = [["Seller", "Budget", "Client"] for _ in test]
    fold = {"test": test, "hidden": hidden}
    by = splits(tmp_path, hidden={"aggregate": "mean", "repeats": [[fold]]})

    found = measured(run, table, mapping, by)["protocols"]["hidden"]

    assert found["base_rate_distance"] < 0.02
    assert found["auc"] == 0.5
    assert 0 <= found["coverage80"] <= 1


def test_a_table_without_evidence_says_so(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    nothing = mapping.read_text().split("[columns.Budget]")[0]
    mapping.write_text(nothing)
    by, out = splits(tmp_path, grouped=folds()), tmp_path / "report.json"
    files = ("--data", table, "--mapping", mapping, "--splits", by, "--out", out)

    outcome = run("benchmark", "scoring", *files)
    found = json.loads(out.read_text())["protocols"]["grouped"]

    assert "there is no evidence" in outcome.out
    assert not found["evidence"]
    assert found["brier"] <= found["base_rate_brier"] + 0.0005


@pytest.mark.parametrize(
    ("fold", "words"),
    [
        ({"test": [ROWS]}, f"there is no row {ROWS}"),
        ({"test": [ROWS - 1]}, f"row {ROWS - 1} is asked about, and has not ended"),
        ({"test": [0], "hidden": [["Weather"]]}, "no column 'Weather'"),
    ],
)
def test_what_the_table_lacks_is_told_with_its_place(
    run: Run, table: Path, mapping: Path, tmp_path: Path, fold: dict[str, Any], words: str
) -> None:
    by = splits(tmp_path, one={"aggregate": "mean", "repeats": [[fold]]})

    assert words in stopped(run, table, mapping, by)


def test_splits_of_another_file_are_refused(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    by = splits(tmp_path, sha256="0" * 64, grouped=folds())

    assert "is for another file" in stopped(run, table, mapping, by)


def test_a_report_that_could_not_be_written_stops_before_the_work(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    # A row that has not ended would be found later.
    by = splits(tmp_path, one={"aggregate": "mean", "repeats": [[{"test": [ROWS - 1]}]]})

    said = stopped(run, table, mapping, by, "--out", str(tmp_path / "away" / "report.json"))

    assert "There is no folder" in said
    assert "has not ended" not in said


def test_what_is_no_splits_file_is_refused(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    by = tmp_path / "splits.json"
    by.write_text("{not json")

    assert "is no splits file" in stopped(run, table, mapping, by)


def test_only_the_protocols_that_are_named_are_measured(
    run: Run, table: Path, mapping: Path, tmp_path: Path
) -> None:
    by = splits(tmp_path, one=folds(), two=folds())

    assert measured(run, table, mapping, by, "--protocol", "two")["protocols"].keys() == {"two"}
    table.with_name("report.json").unlink()
    assert "no protocol three" in stopped(run, table, mapping, by, "--protocol", "three")


@pytest.mark.skipif(
    not (SALVIRT and SPLITS),
    reason="OPPS_SALVIRT and OPPS_SALVIRT_SPLITS do not name the table and its splits, which are "
    "no part of opps",
)
def test_real_deals_are_foretold_as_well_as_the_documents_say(run: Run, tmp_path: Path) -> None:
    mapping, out = EXAMPLES / "salvirt.toml", tmp_path / "report.json"
    files = ("--data", SALVIRT, "--mapping", mapping, "--splits", SPLITS, "--out", out)
    names = [word for one in ("curve-0", "grouped-10x10-no-ids") for word in ("--protocol", one)]

    found = run("benchmark", "scoring", *files, *names, "--json").answer["protocols"]

    assert found["curve-0"]["auc"] >= 0.81
    assert found["curve-0"]["brier"] <= 0.1735
    assert found["grouped-10x10-no-ids"]["auc"] >= 0.81
    assert found["grouped-10x10-no-ids"]["brier"] <= 0.1725
