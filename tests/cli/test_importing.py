"""Importing from the command line, as docs/importing.md shows it."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "importing.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_COMMAND = re.compile(r"^\$ opps (.*)\n", re.MULTILINE)


def test_the_page_shows_what_the_commands_print(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("OPPS_TENANT", slug)

    blocks = _BLOCK.findall(PAGE.read_text())
    assert blocks
    for block in blocks:
        _, *said = _COMMAND.split(block)
        for command, shown in zip(said[::2], said[1::2], strict=True):
            outcome = run(*command.split())
            assert outcome.code == 0, outcome.err
            if shown:
                assert _without_times(outcome.out) == _without_times(shown)


def test_rejected_rows_are_in_a_file_and_the_exit_code_says_so(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "history.csv"
    file.write_text(
        "deal_id;field;old_value;new_value;changed_at\nD-9;colour;;red;01/02/2026 09:00\n"
    )
    mapping = ROOT / "examples" / "mappings" / "crm-history.toml"

    outcome = run("import", "history-csv", file, "--mapping", mapping, "--tenant", slug)

    assert outcome.code == 1
    assert "They are in history.csv.rejected.jsonl" in outcome.err
    assert "NO_RULE" in Path("history.csv.rejected.jsonl").read_text()


def test_a_file_or_mapping_that_cannot_be_read_is_told_plainly(
    run: Run, slug: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("source = ")
    xes, mapping = ROOT / "examples/import/quotes.xes", ROOT / "examples/mappings/crm-history.toml"

    no_mapping = run("import", "xes", xes, "--mapping", broken, "--tenant", slug)
    no_csv = run("import", "history-csv", xes, "--mapping", mapping, "--tenant", slug)

    assert (no_mapping.code, no_csv.code) == (2, 2)
    assert "is no TOML" in no_mapping.err
    assert "there is no column deal_id" in no_csv.err
    assert "did not expect" not in no_mapping.err + no_csv.err


def test_a_history_with_one_row_an_opportunity_is_put_right_step_by_step(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = ROOT / "examples"
    table = ("import", "history-csv", examples / "import" / "pipeline.csv", "--tenant", slug)
    told = ("--mapping", examples / "mappings" / "pipeline.toml")
    lists = ("--reference", f"products={examples / 'import' / 'products.csv'}")

    dirty = run(*table, *told, *lists, "--dry-run", "--propose-corrections", "proposed.csv")
    mended = run(
        *table, *told, *lists, "--corrections", examples / "corrections" / "pipeline.csv", "--json"
    )

    assert dirty.code == 1
    assert "1 x NOT_IN_REFERENCE, such as: product is 'Coler 40'" in dirty.err
    assert "1 x TIME_MISSING" in dirty.err
    assert "product,Coler 40,Cooler 40," in Path("proposed.csv").read_text()
    assert "ACCOUNT_NOT_TOLD" in Path("pipeline.csv.remarks.jsonl").read_text()
    assert mended.code == 0
    assert mended.answer["corrected"]["product 'Coler 40' as 'Cooler 40'"] == 1


def test_the_mapping_of_hubspot_is_printed_to_start_from(run: Run) -> None:
    printed = run("import", "hubspot-csv", ROOT / "examples", "--print-mapping")

    assert printed.code == 0
    assert 'format = "hubspot-csv"' in printed.out


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("products", "write it as NAME=FILE"),
        ("products=none.csv", "there is no file none.csv"),
        (f"colours={ROOT / 'LICENSE'}", "no list is called 'colours'; there are products"),
        (f"products={ROOT / 'LICENSE'}", "there is no column name"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_plainly(
    run: Run, slug: str, reference: str, says: str
) -> None:
    examples = ROOT / "examples"
    refused = run(
        *("import", "history-csv", examples / "import" / "pipeline.csv", "--tenant", slug),
        *("--mapping", examples / "mappings" / "pipeline.toml", "--reference", reference),
    )

    assert refused.code == 2
    assert says in refused.err
    assert "did not expect" not in refused.err


def test_an_import_with_the_mapping_of_another_kind_names_the_command_for_it(
    run: Run, slug: str
) -> None:
    examples = ROOT / "examples"

    refused = run(
        *("import", "hubspot-csv", examples / "import" / "hubspot", "--tenant", slug),
        *("--mapping", examples / "mappings" / "crm-history.toml"),
    )

    assert refused.code == 2
    assert "`opps import history-csv` takes it" in refused.err


def _without_times(printed: str) -> list[str]:
    """Return the lines of a table, without how long it took."""
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    return [line for line in lines if not line.endswith("rows a second.")]
