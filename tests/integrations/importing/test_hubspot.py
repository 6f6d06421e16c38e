"""Exports of HubSpot: the histories of their deals, told in tables of many shapes."""

import json
import os
from pathlib import Path
from typing import Unpack
from uuid import UUID
from zipfile import ZipFile

import pytest

from opps.application import Application
from opps.domain.events import AccountRegistered, ImportCorrectionApplied, StageSet
from opps.integrations.importing import (
    MappingRefused,
    Options,
    Report,
    SourceMalformed,
    hubspot_mapping,
    import_hubspot_csv,
)
from tests.integrations.importing.support import CSV_MAPPING, mapping, stored, tags

SEEDS = os.environ.get("OPPS_HUBSPOT")

HISTORY = """deal_id,name,value,timestamp,source,source_id
7,dealname,Cooling for Hafen,2026-01-05 09:00:00,CRM_UI,userId:31
7,dealstage,qualified,2026-01-05 09:00:00,CRM_UI,userId:31
7,amount,40000,2026-01-20 10:00:00,CRM_UI,userId:31
7,dealstage,contract,2026-02-01 8:05:00,CRM_UI,userId:31
7,amount,38000,2026-02-14 10:00:00,API,
7,dealstage,won,2026-02-14 10:00:00,CRM_UI,userId:31
8,dealname,Doors for Lind,1767600000000,CRM_UI,userId:31
8,hs_lastmodifieddate,1767600000000,2026-01-05T10:00:00Z,CALCULATED,
"""
STAGES = """stage_id,label,pipeline_id,probability,is_closed,closed_won
qualified,Qualified,default,0.2,false,false
contract,Contract sent,default,0.9,false,false
won,Closed won,default,1.0,true,true
lost,Closed lost,default,0.0,true,false
"""
DEALS = """Record ID;Deal Name;Deal Stage;Amount;Create Date;Close Date;Deal owner
7;Cooling for Hafen;Closed won;38000;2026-01-05 09:00;2026-02-14 10:00;
9;Pumps for Nove;Qualified;12000;2026-01-07 09:00;2026-05-01 00:00;55
10;Lifts for Roux;Closed lost;;2026-01-08 09:00;2026-03-01 12:00;55
"""


def _export(directory: Path, **tables: str) -> Path:
    """Return a folder with some tables, each in a file of its own."""
    folder = directory / "export"
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def _import(
    application: Application, tenant: UUID, *paths: Path, **options: Unpack[Options]
) -> Report:
    mapping = hubspot_mapping(currency="EUR")
    return import_hubspot_csv(application, tenant, paths, mapping, **options)


def test_the_history_of_a_deal_comes_in_with_its_stages_and_its_end(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    folder = _export(tmp_path, history=HISTORY.partition("8,")[0], stages=STAGES)

    report = _import(application, tenant, folder)

    log = stored(application, tenant)
    assert report.complete
    assert tags(log) == [
        "OpportunityOpened",
        "StageSet",
        "AmountEstimated",
        "StageSet",
        "AmountEstimated",
        "OpportunityWon",
    ]
    stage = next(one.event for one in log if isinstance(one.event, StageSet))
    assert (stage.stage, stage.stage_default) == ("Qualified", 0.2)


def test_what_no_rule_reads_is_counted_and_not_stored(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    report = _import(application, tenant, _export(tmp_path, history=HISTORY, stages=STAGES))

    assert (report.rows, report.counted) == (8, {"properties not read": 1})


def test_deals_without_a_history_come_in_as_they_are_today(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    report = _import(application, tenant, _export(tmp_path, deals=DEALS, stages=STAGES))

    assert (report.rows, report.opened, report.complete) == (3, 3, True)
    assert report.stored["OpportunityWon"] == report.stored["OpportunityLost"] == 1


def test_where_there_is_a_history_the_table_of_deals_adds_only_what_it_does_not_tell(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    folder = _export(tmp_path, history=HISTORY, deals=DEALS, stages=STAGES)

    report = _import(application, tenant, folder)

    assert (report.rows, report.opened) == (11, 4)
    assert report.stored["OpportunityWon"] == 1
    assert report.complete


def test_a_second_import_adds_nothing_whatever_the_files_are_called(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    first = _export(tmp_path, a=HISTORY)
    zipped = tmp_path / "again.zip"
    with ZipFile(zipped, "w") as archive:
        archive.writestr("whatever.csv", HISTORY.replace(",", ";"))
    _import(application, tenant, first)

    again = _import(application, tenant, zipped)

    assert (again.events, again.already) == (0, 5)


def test_what_moves_back_in_hubspot_moves_back_here_and_what_is_only_touched_does_not(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    def week(number: int, stage: str, amount: int) -> Report:
        deal = f"9;Pumps;{stage};{amount};2026-01-07 09:00;2026-02-{number:02} 09:00\n"
        head = "Record ID;Deal Name;Deal Stage;Amount;Create Date;Last Modified Date\n"
        return _import(application, tenant, _export(tmp_path, deals=head + deal, stages=STAGES))

    week(1, "Qualified", 1000)
    week(2, "Contract sent", 2000)
    back = week(3, "Qualified", 1000)
    touched = week(4, "Qualified", 1000)
    won = week(5, "Closed won", 1000)
    reopened = week(6, "Contract sent", 3000)

    assert back.stored == {"AmountEstimated": 1, "StageSet": 1}
    assert (touched.events, touched.already) == (0, 1)
    assert won.stored == {"OpportunityWon": 1}
    assert reopened.stored == {"AmountEstimated": 1, "OpportunityReopened": 1, "StageSet": 1}


def test_a_history_is_known_again_however_its_times_are_written(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    _import(application, tenant, _export(tmp_path, a=HISTORY.partition("8,")[0]))
    iso = HISTORY.partition("8,")[0].replace("2026-01-20 10:00:00", "2026-01-20T11:00:00+01:00")

    again = _import(application, tenant, _export(tmp_path, a=iso))

    assert (again.events, again.rejected) == (0, 0)


def test_deleted_and_merged_deals_are_counted_and_left_out(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    deals = "deal_id,is_deleted,property_dealname\n1,true,Gone\n2,false,Merged\n3,false,Here\n"
    merged = "deal_id,merged_deal_id\n3,2\n"

    report = _import(application, tenant, _export(tmp_path, deals=deals, merged=merged))

    assert report.opened == 1
    assert report.counted == {"deleted": 1, "merged": 1}
    assert [(one.file, one.taken_as, one.rows) for one in report.files] == [
        ("deals.csv", "deals", 3),
        ("merged.csv", "merged deals", 1),
    ]


def test_a_deal_of_no_currency_is_refused_with_what_to_do(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.jsonl"
    folder = _export(tmp_path, deals=DEALS)

    report = import_hubspot_csv(
        application, tenant, [folder], hubspot_mapping(), rejects=rejects, dry_run=True
    )

    told = json.loads(rejects.read_text().splitlines()[0])
    assert report.rejected == 3
    assert told["code"] == "CURRENCY_MISSING"
    assert "--currency" in told["suggestion"]


def test_two_rows_of_one_deal_are_refused_both(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.jsonl"
    folder = _export(tmp_path, deals=DEALS + "9;Pumps;Qualified;1;2026-01-07 09:00;;55\n")

    report = _import(application, tenant, folder, rejects=rejects)

    assert (report.opened, report.refused) == (2, 1)
    assert "DUPLICATE_ID" in rejects.read_text()


def test_a_deal_that_is_opened_again_is_open_and_one_moved_to_lost_is_put_right(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    history = HISTORY.partition("8,")[0] + (
        "7,dealstage,contract,2026-03-01 10:00:00,CRM_UI,userId:31\n"
        "7,dealstage,won,2026-03-05 10:00:00,CRM_UI,userId:31\n"
        "7,dealstage,lost,2026-03-06 10:00:00,CRM_UI,userId:31\n"
        "7,amount,5,2026-03-07 10:00:00,CRM_UI,userId:31\n"
    )

    report = _import(application, tenant, _export(tmp_path, history=history, stages=STAGES))

    assert report.complete
    assert tags(stored(application, tenant))[-4:] == [
        "OpportunityWon",
        "OpportunityReopened",
        "OpportunityWon",
        "OutcomeCorrected",
    ]
    assert report.counted == {"after the end": 1}


@pytest.mark.parametrize(
    ("meaning", "event"),
    [
        ("NO_DECISION", "OpportunityClosedWithoutDecision"),
        ("DISQUALIFIED", "OpportunityDisqualified"),
        ("LOST", "OpportunityLost"),
    ],
)
def test_a_mapping_says_what_a_stage_means(
    application: Application, tenant: UUID, tmp_path: Path, meaning: str, event: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'source = "hubspot"\nformat = "hubspot-csv"\n'
        f'[hubspot]\ncurrency = "EUR"\nstages = {{ "Kein Budget" = "{meaning}" }}\n'
    )
    folder = _export(tmp_path, deals="Record ID,Deal Name,Deal Stage\n4,Doors,Kein Budget\n")

    report = import_hubspot_csv(application, tenant, [folder], hubspot_mapping(own))

    assert report.complete
    assert report.stored[event] == 1


def test_owners_are_known_by_name_and_their_accounts_by_company(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    folder = _export(
        tmp_path,
        history=HISTORY,
        owners="owner_id,email,first_name,last_name,active_user_id\n55,n@x.example,Nuria,Vidal,31\n",
        of_deals="deal_id,company_id,type_id\n7,900,341\n7,901,5\n",
        companies="id,property_name,property_domain\n901,Hafen Logistik,x.example\n",
    )

    report = _import(application, tenant, folder)

    events = [one.event for one in stored(application, tenant)]
    accounts = {one.name for one in events if isinstance(one, AccountRegistered)}
    assert report.stored["PersonRegistered"] == 1
    assert accounts == {"Hafen Logistik", "Account not told"}
    assert report.remarked == 1


def test_what_an_export_calls_its_own_way_is_named_in_a_mapping(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'source = "ours"\nformat = "hubspot-csv"\n[hubspot]\ncurrency = "EUR"\n'
        'columns = { deal_id = "Vorgang" }\nproperties = { amount = "wert" }\n'
        'stages = { fertig = "WON" }\n'
    )
    history = (
        "Vorgang;name;value;timestamp;source;source_id\n"
        "1;wert;500;2026-01-05;CRM_UI;\n1;dealstage;fertig;2026-01-06;CRM_UI;\n"
    )
    folder = _export(tmp_path, history=history)

    report = import_hubspot_csv(application, tenant, [folder], hubspot_mapping(own))

    assert report.complete
    assert report.stored["AmountEstimated"] == report.stored["OpportunityWon"] == 1


def test_a_zip_that_is_cut_off_is_refused(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    zipped = tmp_path / "export.zip"
    with ZipFile(zipped, "w") as archive:
        archive.writestr("history.csv", HISTORY)
    zipped.write_bytes(zipped.read_bytes()[:-40])

    with pytest.raises(SourceMalformed, match="the zip is broken or cut off"):
        _import(application, tenant, zipped)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "it is no export of HubSpot that opps reads"),
        ("deal_id,name,value\n1,amount,2\n", "lacks timestamp"),
        ("company_id,deal_id\n1,2\n", "it tells nothing of deals"),
        (HISTORY + "7,amount\n", "line 10: 2 cells, but there are 6 columns"),
    ],
)
def test_a_file_that_is_no_export_is_refused_before_anything_comes_in(
    application: Application, tenant: UUID, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "what.csv"
    file.write_text(text)

    with pytest.raises(SourceMalformed, match=says):
        _import(application, tenant, file)

    assert tags(stored(application, tenant)) == []


def test_a_correction_of_a_property_is_for_its_values_and_is_recorded(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    folder = _export(tmp_path, history=HISTORY.replace("contract,", "contrcat,"), stages=STAGES)
    corrections = tmp_path / "corrections.csv"
    corrections.write_text("column,was,now,reason\ndealstage,contrcat,contract,A slip\n")

    report = _import(application, tenant, folder, corrections=corrections)

    assert report.corrected == {"dealstage 'contrcat' as 'contract'": 1}
    log = [one.event for one in stored(application, tenant)]
    assert [one.was for one in log if isinstance(one, ImportCorrectionApplied)] == ["contrcat"]


def test_a_mapping_for_other_files_names_its_command(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    with pytest.raises(MappingRefused, match="`opps import history-csv` takes it"):
        import_hubspot_csv(application, tenant, [tmp_path], mapping(tmp_path, CSV_MAPPING))


@pytest.mark.skipif(not SEEDS, reason="OPPS_HUBSPOT does not name exports, no part of opps")
def test_every_deal_of_a_real_shape_comes_in_and_a_second_time_nothing(
    application: Application, tenant: UUID
) -> None:
    first = _import(application, tenant, Path(SEEDS or ""))
    second = _import(application, tenant, Path(SEEDS or ""))

    assert (first.opportunities, first.opened) == (154, 154)
    assert first.rows == 100 + 44 + 14
    assert (second.opened, second.events) == (0, 0)
