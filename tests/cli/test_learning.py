"""Learning from closed opportunities on the command line, on invented deals in a real database."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.cli.conftest import Run
from tests.cli.stock import stock

ROOT = Path(__file__).parents[2]
MAPPING = ROOT / "examples" / "mappings" / "deal-review.toml"
HEADER = "deal,customer,budget,decider,rivals,lead,seller,ended\n"
CHANCE = {"approved": 0.85, "asked for": 0.5, "not told": 0.15}

Review = Callable[..., str]


@pytest.fixture
def reviewed(run: Run, slug: str, tmp_path: Path) -> Review:
    """Return a function that imports a review of some closed deals, and names their tenant."""

    def import_some(deals: int, *, telling: bool = True) -> str:
        file = tmp_path / "review.csv"
        file.write_text(HEADER + "".join(_rows(deals, telling)))
        options = ("--mapping", MAPPING, "--define-model", "expert", "--tenant", slug)
        assert run("import", "facts-csv", file, *options).code == 0
        return slug

    return import_some


def _rows(deals: int, telling: bool) -> Iterator[str]:
    random = Random(4)
    for deal in range(deals):
        budget = random.choice(list(CHANCE))
        rivals = random.choice(["none", "one", "several"])
        ended = "won" if random.random() < (CHANCE[budget] if telling else 0.4) else "lost"
        origin = random.choice(["referral", "fair"])
        yield f"D-{deal},Halden Foods,{budget},named,{rivals},{origin},S1,{ended}\n"
    yield "D-open,Halden Foods,approved,named,none,fair,S1,open\n"


def test_closed_deals_make_a_model_that_passes_and_is_reported_on(
    run: Run, reviewed: Review, tmp_path: Path
) -> None:
    # So many that they show it however the ids of a new tenant fall into folds.
    tenant = reviewed(240)

    fitted = run("model", "fit", "--name", "learned", "--tenant", tenant)
    tried = run("model", "backtest", "learned", "--tenant", tenant)
    told = run("model", "report", "learned", "--out", tmp_path / "out", "--tenant", tenant)

    assert [one.code for one in (fitted, tried, told)] == [0, 0, 0], fitted.err + tried.err
    assert "learned learned from 240 closed opportunities" in fitted.out
    assert "started from expert" in fitted.out
    assert "There is evidence that what is known of a deal tells how it ends." in tried.out
    assert "It passes the gate." in tried.out
    assert "LEARNING CURVE" in told.out
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "reliability.svg",
        "report.json",
        "report.md",
    ]
    assert json.loads((tmp_path / "out" / "report.json").read_text())["deals"] == 240


def test_deals_with_dates_are_foretold_from_earlier_ones(
    run: Run, slug: str, tmp_path: Path
) -> None:
    mapping = tmp_path / "dated.toml"
    mapping.write_text(
        MAPPING.read_text()
        .replace("unknown = true", 'attribute = "closed"\nzone = "UTC"\n')
        .replace('currency = "EUR"', 'currency = "EUR"\nopened_at = "opened"')
        .replace("[facts]\n", '[facts]\nlearned_at = "opened"\n')
    )
    file = tmp_path / "dated.csv"
    dated = (row.strip() + f",{_day(number)},{_day(number + 45)}\n" for number, row in _numbered())
    file.write_text(HEADER.strip() + ",opened,closed\n" + "".join(dated))
    options = ("--mapping", mapping, "--define-model", "expert", "--tenant", slug)
    assert run("import", "facts-csv", file, *options).code == 0

    fitted = run("model", "fit", "--name", "learned", "--tenant", slug, "--json").answer
    tried = run("model", "backtest", "learned", "--tenant", slug)

    assert (fitted["opportunities"], fitted["moments"]) == (120, 3 * 120)
    assert "learned on 100 later deals, 5 folds" in tried.out
    assert "There is evidence that" in tried.out


def _numbered() -> Iterator[tuple[int, str]]:
    return enumerate(row for row in _rows(120, telling=True) if not row.endswith("open\n"))


def _day(number: int) -> str:
    return (date(2025, 1, 1) + timedelta(days=number)).isoformat()


def test_scripts_get_the_same_as_json(run: Run, reviewed: Review, tmp_path: Path) -> None:
    tenant = reviewed(120)

    fitted = run("model", "fit", "--tenant", tenant, "--json").answer
    name = fitted["name"]
    tried = run("model", "backtest", name, "--tenant", tenant, "--json").answer
    told = run("model", "report", name, "--out", tmp_path, "--tenant", tenant, "--json").answer

    assert name.startswith("learned-")
    assert (fitted["prior"], fitted["opportunities"], fitted["moments"]) == ("expert", 120, 120)
    assert fitted["evidence"]
    assert tried["against"] == "oks-1"
    assert (tried["backtest"]["passed"], tried["backtest"]["opportunities"]) == (True, 120)
    assert told["passed"]
    assert [Path(file).name for file in told["files"]] == [
        "report.md",
        "report.json",
        "reliability.svg",
    ]


def test_the_same_deals_make_the_same_model_and_define_it_once(run: Run, reviewed: Review) -> None:
    tenant = reviewed(40)

    first = run("model", "fit", "--name", "learned", "--tenant", tenant, "--json").answer
    size = run("verify", "--tenant", tenant, "--json").answer["events"]
    second = run("model", "fit", "--name", "learned", "--tenant", tenant, "--json").answer

    assert first["learned"] == second["learned"]
    assert run("verify", "--tenant", tenant, "--json").answer["events"] == size
    assert size == first["position"]


def test_a_name_stands_for_one_model_for_ever(run: Run, reviewed: Review) -> None:
    tenant = reviewed(40)
    refused = run("model", "fit", "--name", "expert", "--tenant", tenant)

    assert refused.code == 2
    assert "expert" in refused.err
    assert "did not expect" not in refused.err


def test_deals_that_tell_nothing_are_told_as_such(run: Run, reviewed: Review) -> None:
    tenant = reviewed(260, telling=False)

    fitted = run("model", "fit", "--name", "dull", "--tenant", tenant)
    tried = run("model", "backtest", "dull", "--tenant", tenant)

    assert "There is no evidence that what is known of a deal tells more" in fitted.out
    assert "So it answers with the base rate." in fitted.out
    assert tried.code == 1
    assert "It does not pass the gate: oks-1 should stay in force." in tried.out


def test_a_model_does_not_learn_twice_from_the_same_deals(run: Run, reviewed: Review) -> None:
    tenant = reviewed(40)
    run("model", "fit", "--name", "learned", "--tenant", tenant)

    again = run("model", "fit", "--from", "learned", "--tenant", tenant)

    assert again.code == 2
    assert "Start from expert." in again.err
    assert run("model", "fit", "--from", "oks-1", "--tenant", tenant).code == 0


def test_without_closed_deals_there_is_nothing_to_learn(run: Run, slug: str) -> None:
    stock(slug)

    outcome = run("model", "fit", "--tenant", slug)

    assert outcome.code == 2
    assert "There are no closed opportunities to learn from." in outcome.err


def test_a_few_closed_deals_are_too_few(run: Run, reviewed: Review) -> None:
    outcome = run("model", "fit", "--tenant", reviewed(9))

    assert outcome.code == 2
    assert "9 closed opportunities teach too little: a fit takes 10." in outcome.err


def test_an_unknown_model_is_told_with_the_known_ones(
    run: Run, reviewed: Review, tmp_path: Path
) -> None:
    tenant = reviewed(12)

    for command in (
        ("backtest", "nonsense"),
        ("report", "nonsense", "--out", tmp_path / "out"),
        ("fit", "--from", "nonsense"),
    ):
        outcome = run("model", *command, "--tenant", tenant)
        assert outcome.code == 2
        assert "There is no scoring model 'nonsense'. There is expert, oks-1." in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_report_is_not_written_over_another_one(
    run: Run, reviewed: Review, tmp_path: Path
) -> None:
    tenant = reviewed(40)
    about = ("model", "report", "expert", "--out", tmp_path, "--tenant", tenant)
    assert run(*about).code == 0

    again = run(*about)

    assert again.code == 2
    assert "--force" in again.err
    assert run(*about, "--force").code == 0


def test_a_model_of_day_one_is_tried_as_it_is(run: Run, reviewed: Review) -> None:
    tried = run("model", "backtest", "oks-1", "--tenant", reviewed(60), "--json").answer

    assert tried["backtest"]["difference"] == {"value": 0, "low": 0, "high": 0}
