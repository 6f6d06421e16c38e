"""Tables for people and programs: all rows, as they are, and no cell that a spreadsheet runs."""

import csv
import io
import stat
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg.rows import dict_row

from opps.application import Application
from opps.eventstore import Log, register_tenant
from opps.integrations.backup import restore_backup
from opps.integrations.backup_file import BackupReader
from opps.integrations.formulas import guarded, unguarded
from opps.integrations.importing import import_facts_csv, read_mapping
from opps.integrations.parquet import export_parquet
from opps.integrations.whole_tables import NoSuchTable, export_csv, view_of
from opps.projections.projector import catch_up
from opps.projections.warehouse import WarehouseView, live
from opps.projections.warehouse_views import ACCOUNT_VIEW, OPPORTUNITY_VIEW, VIEWS
from opps.recording.keyring import MemoryKeyring
from opps.sample import write_backup
from tests.eventstore.support import settings
from tests.projections.support import Teller, account_registered

TODAY = date(2026, 3, 2)
MAPPING = Path(__file__).parents[2] / "examples" / "mappings" / "exported-opportunities.toml"
DANGEROUS = "=+-@\t\r\n"


def quietly(done: int, total: int) -> None:
    """Tell nobody."""


@pytest.fixture
def sample(database: str, log: Log, tmp_path: Path) -> UUID:
    """Return the tenant of a restored sample, with its read models."""
    backup, tenant = tmp_path / "sample.backup", uuid4()
    write_backup(backup, tenant, TODAY, MemoryKeyring())
    restore_backup(database, BackupReader(backup))
    catch_up(log, settings(database))
    return tenant


def stored(database: str, tenant: UUID, view: WarehouseView) -> list[dict[str, Any]]:
    with psycopg.connect(database, row_factory=dict_row) as connection:
        query = view.query(live).as_string(connection)
        ordered = f"SELECT * FROM ({query}) t WHERE tenant = %s ORDER BY {', '.join(view.key)}"
        return connection.execute(ordered.encode(), [tenant]).fetchall()


def cells(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    text = path.read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@given(st.text())
@example("'=1+1")
@example("''hello")
@example("' =x")
def test_a_guarded_text_runs_nowhere_and_can_be_had_back(text: str) -> None:
    safe = guarded(text)

    assert unguarded(safe) == text
    assert not safe.lstrip(" ").startswith(tuple(DANGEROUS))


@pytest.mark.parametrize("text", ["Line 3", "", "a=b", "'quoted'", "3 - 4", "Ørsted"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_table_of_the_sample_holds_every_row_under_its_promised_columns(
    database: str, sample: UUID, view: WarehouseView, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"

    done = export_csv(database, sample, view, file, progress=quietly)

    found, rows = cells(file), stored(database, sample, view)
    assert len(found) == len(rows) == done.rows
    assert done.position == done.size > 0
    first = view.key[0]
    assert [one[first] for one in found] == [str(row[first]) for row in rows]
    assert all([*one] == [column.name for column in view.columns] for one in found)


def test_a_name_that_would_run_is_guarded_for_people_and_plain_for_programs(
    database: str, log: Log, tenant: UUID, tmp_path: Path
) -> None:
    bad = '=HYPERLINK("x";"y")'
    Teller(log, tenant).tell(uuid4(), account_registered(bad))
    catch_up(log, settings(database))
    people, programs = tmp_path / "people.csv", tmp_path / "programs.csv"

    export_csv(database, tenant, ACCOUNT_VIEW, people, progress=quietly)
    export_csv(
        database, tenant, ACCOUNT_VIEW, programs, guard=False, delimiter=";", progress=quietly
    )

    (shown,), (plain,) = cells(people), cells(programs, ";")
    assert (shown["name"], plain["name"]) == (f"'{bad}", bad)
    assert unguarded(shown["name"]) == bad
    assert (people.read_bytes()[:3], programs.read_bytes()[:3]) == (b"\xef\xbb\xbf", b"acc")


def test_a_number_below_zero_is_a_number_and_no_formula(
    database: str, sample: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "scores.csv"
    export_csv(database, sample, view_of("scores"), file, progress=quietly)

    moved = [int(one["milli_points_change"]) for one in cells(file)]

    assert min(moved) < 0 < max(moved)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_parquet_file_holds_the_same_rows_with_their_types(
    database: str, sample: UUID, view: WarehouseView, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra opps[parquet] is not here")
    file = tmp_path / "table.parquet"

    done = export_parquet(database, sample, view, file, progress=quietly)

    table = parquet.read_table(file)
    rows = stored(database, sample, view)
    expected = [{one.name: _plain(row[one.name]) for one in view.columns} for row in rows]
    assert table.to_pylist() == expected
    assert done.rows == len(expected)
    assert table.schema.metadata[b"opps.view"] == view.name.encode()
    assert all(field.metadata[b"meaning"] for field in table.schema)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return [str(one) for one in value] if isinstance(value, list) else value


def test_only_its_owner_reads_a_table(database: str, sample: UUID, tmp_path: Path) -> None:
    export_csv(database, sample, OPPORTUNITY_VIEW, tmp_path / "table.csv", progress=quietly)

    assert stat.S_IMODE((tmp_path / "table.csv").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.unfinished"))


def test_an_unknown_table_is_told_which_there_are() -> None:
    with pytest.raises(NoSuchTable, match="opportunities"):
        view_of("pipeline")


def test_a_table_longer_than_a_batch_is_written_whole(
    database: str, log: Log, tenant: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opps.integrations.whole_tables.BATCH", 3)
    teller = Teller(log, tenant)
    for number in range(7):
        teller.tell(uuid4(), account_registered(f"Account {number}"))
    catch_up(log, settings(database))
    steps: list[tuple[int, int]] = []

    export_csv(
        database,
        tenant,
        ACCOUNT_VIEW,
        tmp_path / "table.csv",
        progress=lambda done, total: steps.append((done, total)),
    )

    assert {one["name"] for one in cells(tmp_path / "table.csv")} == {
        f"Account {number}" for number in range(7)
    }
    assert steps == [(3, 7), (6, 7), (7, 7)]


async def test_an_exported_table_begins_another_opps(
    database: str, log: Log, sample: UUID, tmp_path: Path
) -> None:
    file, copy = tmp_path / "opportunities.csv", register_tenant(database, uuid4(), "copy")
    export_csv(database, sample, OPPORTUNITY_VIEW, file, guard=False, progress=quietly)
    application = Application(log, lambda _: MemoryKeyring())

    report = import_facts_csv(application, copy, file, read_mapping(MAPPING))

    assert (report.opportunities, report.rejected) == (len(cells(file)), 0)
    catch_up(log, settings(database))
    before, after = (
        {row["title"]: (row["currency"], row["amount"], row["opened_at"]) for row in rows}
        for rows in (stored(database, one, OPPORTUNITY_VIEW) for one in (sample, copy))
    )
    assert after == before
