"""Import histories from the command line: counts, rejects, dry runs and exit codes."""

from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Run

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCES = {
    "xes": ("import/quotes.xes", "mappings/quotes.toml"),
    "history-csv": ("import/crm-history.csv", "mappings/crm-history.toml"),
    "facts-csv": ("import/deal-review.csv", "mappings/deal-review.toml"),
}


def imported(run: Run, kind: str, slug: str, *more: object) -> Outcome:
    file, mapping = SOURCES[kind]
    return run("import", kind, EXAMPLES / file, "-m", EXAMPLES / mapping, "--tenant", slug, *more)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_dry_run_stores_nothing_and_says_what_an_import_would(
    run: Run, slug: str, kind: str
) -> None:
    dry = imported(run, kind, slug, "--dry-run", "--json").answer

    assert run("status", "--tenant", slug, "--json").answer["head"]["position"] == 0
    wet = imported(run, kind, slug, "--json").answer
    assert dry["dry_run"] is not wet["dry_run"]
    for count in ("opportunities", "rows", "typed", "generic", "rejected", "stored"):
        assert dry[count] == wet[count], count


@pytest.mark.parametrize("kind", SOURCES)
def test_a_second_import_adds_nothing(run: Run, slug: str, kind: str) -> None:
    imported(run, kind, slug)
    before = run("status", "--tenant", slug, "--json").answer["head"]["position"]

    second = imported(run, kind, slug, "--json").answer

    assert second["opened"] == 0
    assert second["rows"] == second["already"] + second["unchanged"] + sum(
        (second["rejected"], second["held_back"], *second["counted"].values())
    )
    assert before > 0


def test_rejected_rows_go_to_a_file_and_the_exit_code_says_so(
    run: Run, slug: str, tmp_path: Path
) -> None:
    file, mapping = SOURCES["history-csv"]
    source = tmp_path / "history.csv"
    lines = (EXAMPLES / file).read_text().splitlines()
    spoilt = lines[1].split(";")
    spoilt[4] = "some day"
    source.write_text("\n".join([lines[0], ";".join(spoilt), *lines[2:]]) + "\n")
    rejects = tmp_path / "rejects.csv"

    outcome = run(
        "import",
        "history-csv",
        source,
        "-m",
        EXAMPLES / mapping,
        "--tenant",
        slug,
        "--rejects",
        rejects,
    )

    assert outcome.code == 1
    assert "rejected" in outcome.err
    assert "some day" in rejects.read_text()


def test_a_mapping_of_the_other_format_is_told(run: Run, slug: str) -> None:
    outcome = run(
        "import",
        "xes",
        EXAMPLES / SOURCES["xes"][0],
        "-m",
        EXAMPLES / SOURCES["history-csv"][1],
        "--tenant",
        slug,
    )

    assert outcome.code == 2
    assert "history" in outcome.err


def test_a_malformed_file_is_told_with_its_line(run: Run, slug: str, tmp_path: Path) -> None:
    source = tmp_path / "quotes.xes"
    source.write_text("<log><trace>")

    outcome = run("import", "xes", source, "-m", EXAMPLES / SOURCES["xes"][1], "--tenant", slug)

    assert outcome.code == 2
    assert "line" in outcome.err


def test_the_grades_of_a_mapping_become_a_scoring_model_once(run: Run, slug: str) -> None:
    named = ("--define-model", "review-1")

    dry = imported(run, "facts-csv", slug, *named, "--dry-run")
    first = imported(run, "facts-csv", slug, *named)
    position = run("status", "--tenant", slug, "--json").answer["head"]["position"]
    second = imported(run, "facts-csv", slug, *named)

    assert "would become scoring model review-1" in dry.out
    assert "Scoring model review-1 is defined" in first.out
    assert "Scoring model review-1 is there already" in second.out
    assert "opps model backtest review-1" in first.out
    assert run("status", "--tenant", slug, "--json").answer["head"]["position"] == position


def test_a_name_of_another_scoring_model_is_told_before_anything_is_imported(
    run: Run, slug: str
) -> None:
    outcome = imported(run, "facts-csv", slug, "--define-model", "oks-1")

    assert outcome.code == 2
    assert "oks-1 was not defined" in outcome.err
    assert run("status", "--tenant", slug, "--json").answer["head"]["position"] == 0
