"""Importing field histories as CSV."""

import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import OPPORTUNITY, Application
from opps.domain.events import AmountEstimated, OpportunityOpened, StageSet
from opps.domain.opportunity.state import Status
from opps.domain.provenance import SourceKind
from opps.domain.times import Precision
from opps.integrations.importing import (
    Mapping,
    SourceMalformed,
    import_history_csv,
    read_mapping,
)
from tests.integrations.importing.support import (
    CSV_MAPPING,
    EXAMPLES,
    HEADER,
    csv,
    mapping,
    stored,
    tags,
)

MONDAY = "2026-03-02T09:00:00+01:00"
TUESDAY = "2026-03-03T09:00:00+01:00"


@pytest.fixture
def crm(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, CSV_MAPPING)


async def test_the_example_becomes_opportunities_with_their_history(
    application: Application, tenant: UUID
) -> None:
    history = read_mapping(EXAMPLES / "mappings" / "crm-history.toml")

    report = import_history_csv(application, tenant, EXAMPLES / "import/crm-history.csv", history)

    assert report.complete
    assert (report.opened, report.rows, report.typed, report.unchanged) == (2, 20, 12, 4)
    assert report.counted == {"emptied": 1, "opening": 3}
    scanners = next(
        one.stream
        for one in stored(application, tenant)
        if isinstance(one.event, OpportunityOpened) and one.event.title == "Warehouse scanners"
    )
    state = await application.load(OPPORTUNITY, tenant, scanners)
    assert state is not None
    assert state.status is Status.WON
    assert state.amount is not None
    assert state.amount.amount == Decimal("24500.00")
    assert (state.commit_date, state.pushes) == (date(2026, 3, 31), 1)
    assert state.origin == "REFERRAL"
    (belief,) = [one for history in state.histories.values() for one in history.beliefs]
    assert belief.provenance.source is SourceKind.IMPORTED


def test_rows_may_stand_in_any_order(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(
        tmp_path,
        f"B,stage,,won,{MONDAY},nuria,crm",
        f"A,stage,one,two,{TUESDAY},nuria,crm",
        f"B,name,,Second,{TUESDAY},nuria,crm",
        f"A,stage,,one,{MONDAY},nuria,crm",
    )

    import_history_csv(application, tenant, file, crm)

    events = [one.event for one in stored(application, tenant)]
    assert [one.stage for one in events if isinstance(one, StageSet)] == ["one", "two", "won"]
    opened = [one for one in events if isinstance(one, OpportunityOpened)]
    assert [one.title for one in opened] == ["Deal A", "Second"]
    assert opened[0].learned.latest == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_second_import_changes_nothing_and_a_longer_file_adds_its_rest(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    row = f"A,stage,,one,{MONDAY},nuria,crm"
    import_history_csv(application, tenant, csv(tmp_path, row), crm)
    before = application.log.head(tenant)

    again = import_history_csv(application, tenant, csv(tmp_path, row), crm)
    assert application.log.head(tenant) == before
    longer = csv(tmp_path, f"A,stage,one,two,{TUESDAY},nuria,crm", row)
    more = import_history_csv(application, tenant, longer, crm)

    assert (again.already, again.events) == (1, 0)
    assert (more.already, more.extended, more.stored) == (1, 1, {"StageSet": 1})


def test_a_date_without_a_clock_is_the_whole_day_of_the_mappings_zone(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(tmp_path, "A,amount,,100,2026-03-01,nuria,crm")

    import_history_csv(application, tenant, file, crm)

    (estimated,) = [
        one.event for one in stored(application, tenant) if isinstance(one.event, AmountEstimated)
    ]
    assert estimated.learned.precision is Precision.DAY
    assert estimated.learned.earliest == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert estimated.learned.latest == datetime(2026, 3, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize("occurred_at", ["2026-03-01", "2026-03-01 09:00"])
def test_a_date_without_a_zone_is_refused_unless_the_mapping_names_one(
    application: Application, tenant: UUID, tmp_path: Path, occurred_at: str
) -> None:
    text = CSV_MAPPING.replace('zone = "Europe/Madrid"', "")
    file = csv(tmp_path, f"A,amount,,100,{occurred_at},nuria,crm")
    rejects = tmp_path / "rejected.csv"

    report = import_history_csv(application, tenant, file, mapping(tmp_path, text), rejects=rejects)

    assert report.rejected == 1
    assert "ZONE_MISSING" in rejects.read_text()
    assert "[times] zone =" in rejects.read_text()


@pytest.mark.parametrize(
    ("format", "occurred_at"),
    [
        ("%d.%m.%Y %H:%M", "02.03.2026 09:00"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-03-02T08:00:00+0000"),
        ("epoch-seconds", "1772438400"),
        ("epoch-milliseconds", "1772438400000"),
    ],
)
def test_times_are_read_as_the_mapping_says(
    application: Application, tenant: UUID, tmp_path: Path, format: str, occurred_at: str
) -> None:
    text = CSV_MAPPING.replace("[times]", f'[times]\nformat = "{format}"')
    file = csv(tmp_path, f"A,amount,,100,{occurred_at},nuria,crm")

    import_history_csv(application, tenant, file, mapping(tmp_path, text))

    amount = stored(application, tenant)[-2]
    assert amount.metadata.source_recorded_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_value_that_the_mapping_does_not_translate_is_rejected_with_a_suggestion(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(tmp_path, f"A,forecast,,Commits,{MONDAY},nuria,crm")
    rejects = tmp_path / "rejected.jsonl"

    import_history_csv(application, tenant, file, crm, rejects=rejects)

    assert "VALUE_UNKNOWN" in rejects.read_text()
    assert "'Commit' may be meant" in rejects.read_text()
    assert '"line":2' in rejects.read_text()


@pytest.mark.parametrize("amount", ["", "NaN", "1e9", "1,5", "ten"])
def test_an_amount_that_is_no_number_is_rejected(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path, amount: str
) -> None:
    file = csv(tmp_path, f'A,amount,,"{amount}",{MONDAY},nuria,crm')

    report = import_history_csv(application, tenant, file, crm)

    assert (report.rejected, report.opened) == (1, 0)


def test_a_row_that_no_rule_names_is_rejected_unless_the_mapping_keeps_such(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(tmp_path, f"A,colour,,red,{MONDAY},nuria,crm")
    kept = mapping(
        tmp_path,
        CSV_MAPPING + '[unmatched]\ncommand = "ImportSourceEvent"\nfields = { name = "{field}" }',
    )

    refused = import_history_csv(application, tenant, file, crm)
    report = import_history_csv(application, tenant, file, kept)

    assert (refused.rejected, refused.opened) == (1, 0)
    assert (report.generic, report.opened) == (1, 1)


def test_a_row_without_an_external_id_is_rejected_and_the_others_imported(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    file = csv(tmp_path, f",stage,,x,{MONDAY},nuria,crm", f"A,stage,,x,{MONDAY},nuria,crm")
    rejects = tmp_path / "rejected.jsonl"

    report = import_history_csv(application, tenant, file, crm, rejects=rejects)

    assert (report.opened, report.refused, report.held_back) == (1, 1, 1)
    assert "NO_EXTERNAL_ID" in rejects.read_text()


def test_another_encoding_other_columns_and_compression_are_read(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    part = '[csv]\nencoding = "latin-1"\ndelimiter = ";"\ncolumns = { external_id = "deal" }\n'
    text = 'deal;field;new_value;occurred_at\r\nA;name;"Señal; grande"\r\n'.replace(
        '"\r\n', f'";{MONDAY}\r\n'
    )
    file = tmp_path / "history.csv.gz"
    file.write_bytes(gzip.compress(text.encode("latin-1")))

    import_history_csv(application, tenant, file, mapping(tmp_path, CSV_MAPPING + part))

    assert tags(stored(application, tenant)) == ["OpportunityOpened"]
    opened = stored(application, tenant)[2].event
    assert isinstance(opened, OpportunityOpened)
    assert opened.title == "Señal; grande"


def test_the_mapping_may_name_the_columns_that_say_which_opportunity_and_when(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    text = CSV_MAPPING.replace("[times]", '[times]\nattribute = "changed"').replace(
        "[opportunity]", '[opportunity]\nexternal_id = "deal"'
    )
    named = mapping(tmp_path, text.replace("{external_id}", "{deal}"))
    file = csv(tmp_path, f"A,stage,x,{MONDAY}", header="deal,field,new_value,changed")

    import_history_csv(application, tenant, file, named)

    assert tags(stored(application, tenant)) == ["OpportunityOpened", "StageSet"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("external_id,field\nA,x\n", "line 1: there is no column new_value, occurred_at"),
        ("", "there is no column"),
        (HEADER.replace(",", ";") + "\n", "';' may be meant"),
        (f"{HEADER}\nA,stage,x\n", "line 2: 3 cells, but there are 7 columns"),
        (f'{HEADER}\nA,stage,,"x\n', "no readable CSV: unexpected end of data"),
        (f'{HEADER}\nA,stage,,"x"y,t,i,c\n', "line 2: no readable CSV"),
        (f"{HEADER},field\n", "two columns have one name"),
        (f"{HEADER}\nA,stage,,\udcff,t,i,c\n", "line 2: no utf-8"),
    ],
)
def test_a_malformed_file_is_refused_before_anything_is_imported(
    application: Application,
    tenant: UUID,
    crm: Mapping,
    tmp_path: Path,
    content: str,
    said: str,
) -> None:
    file = tmp_path / "history.csv"
    file.write_bytes(content.encode(errors="surrogateescape"))

    with pytest.raises(SourceMalformed) as refused:
        import_history_csv(application, tenant, file, crm)

    assert said in str(refused.value)
    assert tags(stored(application, tenant)) == []


def test_a_file_that_is_not_there_is_refused(
    application: Application, tenant: UUID, crm: Mapping, tmp_path: Path
) -> None:
    with pytest.raises(SourceMalformed, match="cannot be read: No such file"):
        import_history_csv(application, tenant, tmp_path / "none.csv", crm)
