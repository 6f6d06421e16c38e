"""What somebody who measures the trend on an event log gets, and what stops them."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from opps.domain.behaviour import STEPS, Wait
from tests.cli.conftest import Run
from tests.learning.offers import write_log

BPIC2012 = os.environ.get("OPPS_BPIC2012")
FIGURES = ("accuracy", "auc", "brier", "log_loss", "ece")
TRAIN, TEST = list(range(1, 61)), list(range(61, 101))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(tmp_path_factory.mktemp("offers") / "offers.xes")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def split_of(directory: Path, **written: Any) -> Path:
    standard = {"train_cases": TRAIN, "test_cases": TEST, "ages_days": [0.02, 1, 3, 8, 16]}
    path = directory / "split.json"
    path.write_text(json.dumps(standard | written))
    return path


def test_silence_and_activity_are_measured_side_by_side(run: Run, log: Path, out: Path) -> None:
    outcome = run("benchmark", "trend", "--data", log, "--out", out, "--json")

    assert outcome.code == 0, outcome.err
    assert json.loads(out.read_text()) == outcome.answer
    report = outcome.answer
    assert report["protocols"].keys() == {"day-one", "trend", "trend-activity"}
    for protocol in (report["protocols"][name] for name in ("trend", "trend-activity")):
        assert all(0 < protocol[figure] < 1 for figure in FIGURES)
        brier = protocol["intervals"]["brier"]
        assert brier["low"] < brier["value"] == protocol["brier"] < brier["high"]
        assert protocol["n"] == sum(age["n"] for age in protocol["by_age"])
        assert protocol["brier"] < protocol["base_rate"] * (1 - protocol["base_rate"])


def test_people_see_the_figures_and_what_silence_does(run: Run, log: Path, out: Path) -> None:
    outcome = run("benchmark", "trend", "--data", log, "--out", out)

    assert outcome.code == 0, outcome.err
    assert "Brier" in outcome.out
    assert "AWAITED" in outcome.out
    assert str(out) in outcome.out


def test_every_wait_has_its_probability_and_what_came_of_it(run: Run, log: Path, out: Path) -> None:
    silence = run("benchmark", "trend", "--data", log, "--out", out, "--json").answer["silence"]

    assert [(one["wait"], one["days"]) for one in silence] == [
        (wait, days) for wait in Wait for days in STEPS
    ]
    p = {(one["wait"], one["days"]): one["p"] for one in silence}
    assert p["AWAITED", 20] < p["AWAITED", 0] < p["ANSWERED", 0]
    assert all(one["train_won"] is None for one in silence if not one["train_n"])


def test_a_split_names_the_cases_and_the_ages(
    run: Run, log: Path, out: Path, tmp_path: Path
) -> None:
    by_name = split_of(tmp_path, ages_days=[0.02, 1, 3, 5, 8, 12, 16, 20, 25, 30])

    named = run("benchmark", "trend", "--data", log, "--out", out, "--split", by_name, "--json")
    standard = run("benchmark", "trend", "--data", log, "--out", out, "--json")

    assert named.code == 0, named.err
    assert named.answer["protocols"] == standard.answer["protocols"]


def test_without_activity_only_knowledge_and_silence_are_measured(
    run: Run, log: Path, out: Path
) -> None:
    outcome = run("benchmark", "trend", "--data", log, "--out", out, "--no-activity", "--json")

    assert outcome.answer["protocols"].keys() == {"day-one", "trend"}
    heard = outcome.answer["protocols"]["trend"]["signals"]
    assert heard == outcome.answer["protocols"]["day-one"]["signals"]


def test_what_closed_after_the_tests_began_is_not_learned_from(
    run: Run, log: Path, out: Path, tmp_path: Path
) -> None:
    early = split_of(tmp_path, closed_before="2011-10-20T00:00:00Z")

    answer = run(
        "benchmark", "trend", "--data", log, "--out", out, "--split", early, "--json"
    ).answer

    assert answer["closed_before"] == "2011-10-20T00:00:00Z"
    assert 0 < answer["train"]["deals"] < 60
    assert answer["train"]["not_closed_in_time"] == 60 - answer["train"]["deals"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"test_cases": [*TEST, 4711, "none"]}, "lacks cases of the split: 4711, none"),
        ({"test_cases": [*TEST, 1]}, "learns from: 1"),
        ({"test_cases": []}, "length >= 1"),
        ({"ages_days": []}, "length >= 1"),
        ({"ages_days": [-1]}, ">= 0"),
        ({"closed_before": "2011-10-20T00:00:00"}, "no zone"),
        ({"data_sha256": "00"}, "is for another file"),
        ({"closed_before": "2001-01-01T00:00:00Z"}, "No case to learn from"),
        ({"ages_days": [3000]}, "No case to learn from"),
    ],
)
def test_a_split_that_cannot_be_used_says_why(
    run: Run, log: Path, out: Path, tmp_path: Path, written: dict[str, Any], said: str
) -> None:
    wrong = split_of(tmp_path, **written)

    outcome = run("benchmark", "trend", "--data", log, "--out", out, "--split", wrong)

    assert outcome.code == 2
    assert said in outcome.err
    assert not out.exists()


def test_what_a_split_says_besides_is_noted(run: Run, log: Path, out: Path, tmp_path: Path) -> None:
    talkative = split_of(tmp_path, ages=[1], by="Somebody")

    outcome = run("benchmark", "trend", "--data", log, "--out", out, "--split", talkative)

    assert outcome.code == 0
    assert "not used: ages, by" in outcome.err


def test_a_split_may_name_the_file_that_it_is_for(
    run: Run, log: Path, out: Path, tmp_path: Path
) -> None:
    digest = hashlib.sha256(log.read_bytes()).hexdigest()
    named = split_of(tmp_path, data_sha256=digest)

    answer = run(
        "benchmark", "trend", "--data", log, "--out", out, "--split", named, "--json"
    ).answer

    assert answer["data_sha256"] == digest


def test_a_report_that_could_not_be_written_stops_before_the_log_is_read(
    run: Run, tmp_path: Path
) -> None:
    no_log = tmp_path / "offers.xes"
    no_log.write_text("not read")

    outcome = run(
        "benchmark", "trend", "--data", no_log, "--out", tmp_path / "away" / "report.json"
    )

    assert outcome.code == 2
    assert "There is no folder" in " ".join(outcome.err.split())


def test_no_split_and_no_log_are_told_apart(run: Run, log: Path, out: Path, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("nothing")

    not_split = run("benchmark", "trend", "--data", log, "--out", out, "--split", text)
    not_log = run("benchmark", "trend", "--data", text, "--out", out)

    assert (not_split.code, not_log.code) == (2, 2)
    assert "is no split" in not_split.err
    assert "no readable XML" in not_log.err


@pytest.mark.skipif(
    not BPIC2012,
    reason="OPPS_BPIC2012 does not name bpic2012.xes.gz, which may not be redistributed",
)
def test_on_real_loans_silence_tells_more_than_the_base_rate(run: Run, out: Path) -> None:
    outcome = run("benchmark", "trend", "--data", BPIC2012, "--out", out, "--json")

    assert outcome.code == 0, outcome.err
    report = outcome.answer
    assert (report["train"]["deals"], report["train"]["rows"]) == (1_926, 12_669)
    assert (report["test"]["deals"], report["test"]["rows"]) == (1_042, 7_185)
    day_one, knowledge, activity = report["protocols"].values()
    assert day_one["auc"] >= 0.635
    assert (knowledge["auc"] >= 0.635, knowledge["brier"] <= 0.230) == (True, True)
    assert (activity["auc"] >= 0.655, activity["brier"] <= 0.228) == (True, True)
    assert activity["ece"] <= 0.035
