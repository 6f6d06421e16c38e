"""Export events and tables, and let a warehouse in, from the command line."""

import csv
import io
import json
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from opps.app import open_database
from opps.cli.warehouse import markdown_of_views
from opps.config import settings
from tests.cli.conftest import Run
from tests.cli.quiet import installation
from tests.cli.stock import NAME, stock

__all__ = ["installation"]

PAGE = Path(__file__).parents[2] / "docs" / "exporting.md"


@pytest.fixture
def stocked(run: Run, slug: str) -> str:
    """Return the short name of a tenant with an account and a person, and its read models."""
    stock(slug)
    assert run("rebuild", "all").code == 0
    return slug


@pytest.fixture
def login(run: Run, stocked: str) -> str:
    """Return the name of a new login of the database."""
    name = f"opps_bi_{uuid4().hex}"
    with open_database(settings()) as database, psycopg.connect(database.url) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
    return name


def seen_by(login: str) -> list[tuple[str]]:
    with open_database(settings()) as database:
        url = f"{database.url} user={login}"
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT name FROM opps_warehouse.accounts").fetchall()


def test_a_log_is_written_as_cloud_events_sealed_unless_asked_otherwise(
    run: Run, stocked: str, tmp_path: Path
) -> None:
    sealed, clear = tmp_path / "sealed.jsonl", tmp_path / "clear.jsonl"

    done = run("export", "cloudevents", sealed, "--tenant", stocked, "--json").answer
    run("export", "cloudevents", clear, "--with-personal-data", "--tenant", stocked)

    assert (done["events"], done["personal_data"]) == (2, "sealed")
    types = [json.loads(line)["type"] for line in sealed.read_text().splitlines()]
    assert types == ["opps.AccountRegistered", "opps.PersonRegistered"]
    assert (NAME in sealed.read_text(), NAME in clear.read_text()) == (False, True)


def test_a_table_is_written_for_people_and_says_what_it_holds(
    run: Run, stocked: str, tmp_path: Path
) -> None:
    file = tmp_path / "accounts.csv"

    said = run("export", "csv", file, "--what", "accounts", "--tenant", stocked)

    assert said.out == f"{file} holds 1 row of accounts, up to event 2.\n"
    (account,) = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))
    assert account["name"] == "Halden Foods"


def test_a_table_for_a_data_warehouse_has_types(run: Run, stocked: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra opps[parquet] is not here")
    file = tmp_path / "accounts.parquet"

    done = run("export", "parquet", file, "--what", "accounts", "--tenant", stocked, "--json")

    assert (done.answer["rows"], done.answer["behind"]) == (1, 0)
    assert parquet.read_table(file).to_pylist()[0]["name"] == "Halden Foods"


@pytest.mark.parametrize("kind", [["cloudevents"], ["csv"], ["parquet"]])
def test_no_export_replaces_a_file_unasked(
    run: Run, stocked: str, tmp_path: Path, kind: list[str]
) -> None:
    file = tmp_path / "dear"
    file.write_text("dear to somebody")

    refused = run("export", *kind, file, "--tenant", stocked)

    assert (refused.code, "--force" in refused.err) == (2, True)
    assert file.read_text() == "dear to somebody"


def test_a_table_that_there_is_not_is_refused_with_those_that_there_are(
    run: Run, stocked: str, tmp_path: Path
) -> None:
    refused = run("export", "csv", tmp_path / "x.csv", "--what", "deals", "--tenant", stocked)

    assert (refused.code, "opportunities" in refused.err) == (2, True)


def test_a_delimiter_that_would_be_read_as_part_of_a_cell_is_refused(
    run: Run, stocked: str, tmp_path: Path
) -> None:
    refused = run("export", "csv", tmp_path / "x.csv", "--delimiter", '"', "--tenant", stocked)

    assert (refused.code, "tab" in refused.err) == (2, True)


def test_before_there_are_read_models_no_table_is_written(
    run: Run, slug: str, tmp_path: Path
) -> None:
    stock(slug)

    refused = run("export", "csv", tmp_path / "x.csv", "--tenant", slug)

    assert (refused.code, "opps rebuild all" in refused.err) == (2, True)
    assert not (tmp_path / "x.csv").exists()


def test_a_login_is_let_in_and_shut_out(run: Run, stocked: str, login: str) -> None:
    allowed = run("warehouse", "allow", login, "--tenant", stocked, "--json").answer
    again = run("warehouse", "allow", login, "--tenant", stocked)
    listed = run("warehouse", "list", "--json").answer
    seen = seen_by(login)
    denied = run("warehouse", "deny", login, "--tenant", stocked, "--json").answer

    assert (allowed["allowed"], allowed["changed"]) == (True, True)
    assert "already" in again.out
    assert [one["slug"] for one in listed if one["login"] == login] == [stocked]
    assert seen == [("Halden Foods",)]
    assert (denied["allowed"], denied["changed"]) == (False, True)
    assert seen_by(login) == []


def test_a_login_that_there_is_not_is_told_how_to_make_it(run: Run, stocked: str) -> None:
    refused = run("warehouse", "allow", "nobody_at_all", "--tenant", stocked)

    assert (refused.code, "CREATE ROLE nobody_at_all" in refused.err) == (2, True)


def test_the_page_shows_the_promised_columns_as_the_command_prints_them(run: Run) -> None:
    printed = run("warehouse", "columns", "--markdown")

    assert printed.out == markdown_of_views()
    assert printed.out in PAGE.read_text("utf-8")
