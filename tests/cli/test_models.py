"""Scoring models from the command line: what each weighs, and bringing one into force."""

import json
from pathlib import Path

import pytest

from opps.domain.oks_1 import OKS_1
from tests.cli.conftest import Outcome, Run


@pytest.fixture
def tenant(run: Run, slug: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the tenant that commands are about."""
    monkeypatch.setenv("OPPS_TENANT", slug)
    return slug


def begun(run: Run, tmp_path: Path, name: str = "spring", **changes: object) -> Path:
    """Return the file of a model that begins from that of day one."""
    file = tmp_path / f"{name}.json"
    assert run("model", "show", "oks-1", "--out", file, "--force").code == 0
    model = json.loads(file.read_text())
    file.write_text(json.dumps({**model, "name": name, **changes}))
    return file


def test_the_model_of_day_one_shows_every_weight_and_grade_with_its_reason(
    run: Run, tenant: str
) -> None:
    shown = run("model", "show", "oks-1").out
    answer = run("model", "show", "oks-1", "--json").answer

    assert all(one.value in shown for one in OKS_1.weights)
    for signal in OKS_1.signals:
        assert signal.name in shown
        assert all(graded.because in shown for graded in signal.values.values())
    assert (answer["name"], answer["in_force"], answer["learned_from"]) == ("oks-1", True, 0)
    assert len(answer["model"]["signals"]) == len(OKS_1.signals)


def test_a_model_is_defined_from_a_file_and_brought_into_force_with_a_reason(
    run: Run, tenant: str, tmp_path: Path
) -> None:
    file = begun(run, tmp_path, prior_win=0.5)
    defined = run("model", "define", "--file", file, "--origin", "The sales board")
    again = run("model", "define", "--file", file)
    refused = run("model", "activate", "spring", "--reason", "Try it")
    done = run("model", "activate", "spring", "--reason", "Try it", "--override", "--json")
    listed = {one["name"]: one for one in run("model", "list", "--json").answer}

    assert "spring is defined" in defined.out
    assert "already" in again.out
    assert refused.code == 2
    assert "never tried on later deals" in refused.err
    assert (done.answer["before"], done.answer["changed"]) == ("oks-1", True)
    assert listed["spring"]["in_force"]
    assert listed["spring"]["periods"][0]["reason"] == "Try it"
    assert listed["spring"]["periods"][0]["gate"] == "OVERRIDDEN"
    assert not listed["oks-1"]["in_force"]
    assert "The sales board" in run("model", "list").out
    assert "in force already" in run("model", "activate", "spring", "--reason", "x").out
    assert run("verify").code == 0


def test_a_model_can_be_written_as_toml(run: Run, tenant: str, tmp_path: Path) -> None:
    weights = "".join(f"{one.value} = {{ happen = 1, win = 0.5 }}\n" for one in OKS_1.weights)
    file = tmp_path / "flat.toml"
    file.write_text(f'name = "flat"\nprior_happen = 0.5\nprior_win = 0.5\n[weights]\n{weights}')

    assert run("model", "define", "--file", file).code == 0
    assert run("model", "show", "flat", "--json").answer["model"]["prior_win"] == 0.5


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.yaml", "{}", "neither JSON nor TOML"),
        ("model.json", "{", "holds no scoring model"),
        ("model.json", '{"name": "x"}', "holds no scoring model"),
        ("model.json", '{"name": "x", "prior_happen": 2}', "holds no scoring model"),
        ("model.toml", f"prior_happen = {'9' * 5_000}", "holds no scoring model"),
        ("model.toml", f"name = {'[' * 100_000}", "holds no scoring model"),
    ],
)
def test_a_file_without_a_model_is_told_as_such(
    run: Run, tenant: str, tmp_path: Path, name: str, content: str, said: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    outcome = run("model", "define", "--file", file)

    assert outcome.code == 2
    assert said in outcome.err


def test_who_made_a_model_is_shown_as_it_was_written(run: Run, tenant: str, tmp_path: Path) -> None:
    origin = "[/x]\x1b[2J\u202eAn [red]expert"
    run("model", "define", "--file", begun(run, tmp_path, "mine"), "--origin", origin)
    listed, shown = run("model", "list"), run("model", "show", "mine")

    assert "[/x]\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}An [red]expert" in shown.out
    assert "[/x]" in listed.out
    assert not {"\x1b", "\u202e"} & {*listed.out, *shown.out}


def test_a_name_is_never_used_for_another_model(run: Run, tenant: str, tmp_path: Path) -> None:
    outcome = run("model", "define", "--file", begun(run, tmp_path, "oks-1", prior_win=0.5))

    assert outcome.code == 2
    assert "take a new one" in outcome.err


def test_a_model_that_nobody_defined_is_told_with_those_there_are(run: Run, tenant: str) -> None:
    assert "There is oks-1" in run("model", "show", "spring").err
    assert "There is no scoring model spring" in _activate(run, "spring").err


def _activate(run: Run, name: str) -> Outcome:
    return run("model", "activate", name, "--reason", "Try it")


def test_calibration_says_when_there_is_not_enough_to_say_anything(run: Run, tenant: str) -> None:
    answer = run("model", "calibration", "--json").answer
    shown = run("model", "calibration").out

    assert answer["least"] == 10
    assert {one["whose"] for one in answer["overall"]} == {"KNOWLEDGE", "SELLER", "STAGE"}
    assert {(one["n"], one["brier"]) for one in answer["overall"]} == {(0, None)}
    assert (answer["sellers"], answer["models"]) == ([], [])
    assert "not enough data: it takes 10" in shown
