"""Files of an export: each is known by its columns, however it is written and packed."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.application import Application
from opps.domain.events import AccountRegistered
from opps.integrations.importing.salesforce.ids import long_id
from tests.integrations.importing.salesforce.support import (
    DEAL,
    FIELD_COLUMNS,
    OPPORTUNITY_COLUMNS,
    SHORT,
    change,
    deal,
    history,
    imported,
    mapping_of,
    opportunities,
    the_deal,
    version,
    written,
)
from tests.integrations.importing.support import EXAMPLES, stored

EXPORT = EXAMPLES / "import" / "salesforce"
_LETTERS = st.sampled_from("abcdefXYZ0123456789")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("006q000000Hddoh", "006q000000HddohAAB"),
        ("001q000000wW9Be", "001q000000wW9BeAAK"),
        ("0061G00000Ja7B6", "0061G00000Ja7B6QAJ"),
    ],
)
def test_an_id_of_fifteen_characters_is_the_one_of_eighteen(short: str, long: str) -> None:
    assert long_id(short) == long
    assert long_id(long) == long


@given(st.text(_LETTERS, min_size=15, max_size=15))
def test_ids_that_differ_in_case_alone_still_differ_without_it(short: str) -> None:
    long, other = long_id(short), long_id(short.swapcase())

    assert long.startswith(short)
    assert len(long) == 18
    assert (long.casefold() == other.casefold()) is (short == short.swapcase())


@pytest.mark.parametrize(
    "spelled",
    [
        str,
        lambda name: name.upper(),
        lambda name: "".join("_" + one if one.isupper() else one for one in name).lower(),
        lambda name: "".join(" " + one if one.isupper() else one for one in name).strip(),
    ],
    ids=["CloseDate", "CLOSEDATE", "close_date", "Close Date"],
)
async def test_columns_are_known_however_they_are_spelled(
    application: Application, tenant: UUID, tmp_path: Path, spelled: Callable[[str], str]
) -> None:
    columns = ",".join(spelled(name).lstrip("_") for name in OPPORTUNITY_COLUMNS.split(","))

    report = imported(application, tenant, opportunities(tmp_path, deal(), columns=columns))

    assert (report.opened, report.files[0].taken_as) == (1, "Opportunity")
    assert (await the_deal(application, tenant)).title == "Scanners"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
async def test_delimiter_and_encoding_are_found(
    application: Application, tenant: UUID, tmp_path: Path, mark: str, encoding: str
) -> None:
    file = opportunities(tmp_path, deal(Name="Lácteos"))
    file.write_bytes(file.read_text().replace(",", mark).encode(encoding))

    report = imported(application, tenant, file)

    assert report.opened == 1
    assert (await the_deal(application, tenant)).title == "Lácteos"


async def test_a_name_is_no_matter_and_a_file_may_be_compressed(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = opportunities(tmp_path, deal())
    packed = tmp_path / "users.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))

    assert imported(application, tenant, packed).opened == 1


def test_a_folder_a_zip_and_single_files_are_the_same_export(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    files = sorted(EXPORT.glob("*.csv"))
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"deep/{file.name}")
        archive.writestr("__MACOSX/._users.csv", "nothing")
        archive.writestr("README.md", "nothing")

    first = imported(application, tenant, EXPORT)
    of_zip = imported(application, tenant, packed)
    one_by_one = imported(application, tenant, *reversed(files))

    assert first.opened == 4
    assert first.import_id == of_zip.import_id == one_by_one.import_id
    assert (of_zip.events, one_by_one.events) == (0, 0)


async def test_tables_of_other_objects_in_a_folder_are_told_and_not_read(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    opportunities(tmp_path, deal())
    written(tmp_path / "tasks.csv", "Id,Subject,WhatId", ["00T,Call," + DEAL])

    report = imported(application, tenant, tmp_path)

    assert {one.file: one.taken_as for one in report.files} == {
        "opportunities.csv": "Opportunity",
        "tasks.csv": None,
    }
    assert report.rows == 1


async def test_ids_of_both_lengths_join(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    row = version("2026-02-01", "Qualification")
    assert row.startswith(SHORT + ",")

    report = imported(application, tenant, opportunities(tmp_path, deal()), history(tmp_path, row))

    assert (report.opportunities, report.opened) == (1, 1)


async def test_a_table_of_ids_and_names_is_known_by_its_ids(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    opportunities(tmp_path, deal())
    written(tmp_path / "a.csv", "Id,Name", ["0015g00000QaWsE,Norte"])
    written(tmp_path / "b.csv", "Id,Name", ["0055g00000ZxCvB,Nuria"])

    report = imported(application, tenant, tmp_path)

    assert {one.taken_as for one in report.files} == {"Opportunity", "Account", "User"}
    assert report.stored["PersonRegistered"] == 1


async def test_an_account_has_the_name_of_the_relationship_column(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    columns = OPPORTUNITY_COLUMNS.replace("IsDeleted", "Account.Name")
    opportunities(tmp_path, deal(IsDeleted="Norte"), columns=columns)
    imported(application, tenant, tmp_path)

    events = [one.event for one in stored(application, tenant)]
    assert [one.name for one in events if isinstance(one, AccountRegistered)] == ["Norte"]


async def test_an_account_that_was_an_id_gets_its_name_when_it_comes(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal()))
    written(tmp_path / "accounts.csv", "Id,Name", ["0015g00000QaWsE,Norte"])

    report = imported(application, tenant, tmp_path)

    assert report.stored == {"AccountRenamed": 1}


def test_a_mapping_says_what_an_export_calls_a_column(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    columns = FIELD_COLUMNS.replace("NewValue", "Nuevo")
    file = written(tmp_path / "any.csv", columns, [change("2026-02-01", "Amount", "", "200")])
    mapping = mapping_of(tmp_path, '[salesforce.columns]\nNewValue = "Nuevo"\n')

    report = imported(
        application, tenant, file, opportunities(tmp_path / "now", deal()), mapping=mapping
    )

    assert [one.taken_as for one in report.files] == ["OpportunityFieldHistory", "Opportunity"]
