"""How and when an opportunity of Salesforce ended, with a history and without."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.domain.events import OpportunityWon, SourceEventImported
from opps.domain.opportunity.commands import (
    WinOpportunity,
)
from opps.domain.opportunity.state import Status
from opps.domain.times import Precision
from opps.integrations.importing import salesforce_mapping
from tests.integrations.importing.salesforce.support import (
    CLOSED_WON,
    OPPORTUNITY_COLUMNS,
    SLID,
    TODAY,
    deal,
    do,
    history,
    imported,
    mapping_of,
    opportunities,
    streams,
    the_deal,
    version,
)
from tests.integrations.importing.support import stored, tags


async def test_without_a_history_one_is_closed_on_its_close_date(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    row = deal(
        **CLOSED_WON, CloseDate="2026-02-20", LastModifiedDate="2026-09-01T08:00:00.000+0000"
    )

    imported(application, tenant, opportunities(tmp_path, row))

    state = await the_deal(application, tenant)
    assert state.status is Status.WON
    assert state.closed_at == datetime(2026, 2, 21, tzinfo=UTC)
    assert (state.pushes, state.commit_date) == (0, None)
    events = [one.event for one in stored(application, tenant)]
    (won,) = [one for one in events if isinstance(one, OpportunityWon)]
    assert won.learned.precision is Precision.DAY


@pytest.mark.parametrize(
    ("closes", "why"),
    [
        ("2026-09-30", "the row was last changed before that day"),
        ("2025-12-31", "it was opened after that day"),
        ("some day", "it is no day"),
    ],
)
async def test_a_close_date_that_cannot_be_the_end_is_none(
    application: Application, tenant: UUID, tmp_path: Path, closes: str, why: str
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal(**CLOSED_WON, CloseDate=closes)))

    state = await the_deal(application, tenant)

    assert state.closed_at == datetime(2026, 3, 1, 8, tzinfo=UTC), why


async def test_salesforce_says_itself_when_a_stage_changed(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    columns = OPPORTUNITY_COLUMNS.replace("IsDeleted", "LastStageChangeDate")
    row = deal(**CLOSED_WON, CloseDate="2026-02-20", IsDeleted="2026-02-19T10:00:00.000+0000")

    imported(application, tenant, opportunities(tmp_path, row, columns=columns))

    assert (await the_deal(application, tenant)).closed_at == datetime(2026, 2, 19, 10, tzinfo=UTC)


async def test_a_history_that_comes_after_the_end_is_kept_as_it_is(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    ended = {**CLOSED_WON, "CloseDate": "2026-06-02"}
    at = "2026-06-03T08:00:00.000+0000"
    today = opportunities(tmp_path, deal(**ended, Amount="120.00", LastModifiedDate=at))
    imported(application, tenant, today)
    before = await the_deal(application, tenant)
    won = version("2026-06-02", "Closed Won", "120.00", Probability="100", CloseDate="2026-06-02")

    report = imported(application, tenant, today, history(tmp_path, *SLID, won))
    after = await the_deal(application, tenant)

    assert (before.status, before.closed_at) == (after.status, after.closed_at)
    assert after.amount == before.amount
    assert report.complete
    kept = [one.event for one in stored(application, tenant)]
    assert {one.name for one in kept if isinstance(one, SourceEventImported)} == {
        "Amount",
        "CloseDate",
        "ForecastCategory",
    }


async def test_one_that_salesforce_opens_again_is_open_and_may_end_otherwise(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    days = [f"2026-0{month}-01T08:00:00.000+0000" for month in (4, 5, 6)]
    lost = {"StageName": "Closed Lost", "IsClosed": "true", "CloseDate": "2026-06-01"}
    seen: list[Status] = []
    for more in ({**CLOSED_WON, "CloseDate": "2026-04-01"}, {}, lost):
        row = deal(**more, LastModifiedDate=days[len(seen)])
        imported(application, tenant, opportunities(tmp_path, row))
        seen.append((await the_deal(application, tenant)).status)

    assert seen == [Status.WON, Status.OPEN, Status.LOST]


async def test_a_history_may_open_one_again(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    rows = history(
        tmp_path,
        version("2026-01-12"),
        version("2026-02-01", "Closed Lost", Probability="0"),
        version("2026-02-09", "Proposal", Probability="50"),
    )

    imported(application, tenant, opportunities(tmp_path, TODAY), rows)

    assert (await the_deal(application, tenant)).status is Status.OPEN
    assert tags(stored(application, tenant)).count("OpportunityReopened") == 1


async def test_an_end_that_people_put_right_here_stays(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal()))
    (stream,) = streams(application, tenant)
    await do(application, tenant, WinOpportunity(opportunity_id=stream))

    later = deal(LastModifiedDate="2026-04-01T08:00:00.000+0000")
    imported(application, tenant, opportunities(tmp_path, later))
    ours = await the_deal(application, tenant)
    won = deal(**CLOSED_WON, LastModifiedDate="2026-07-01T08:00:00.000+0000")
    report = imported(application, tenant, opportunities(tmp_path, won))

    assert ours.status is Status.WON
    assert report.complete
    assert report.stored == {}


async def test_deleted_ones_are_counted_or_imported_where_one_says_so(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = opportunities(tmp_path, deal(IsDeleted="true"))
    rows = history(tmp_path, *SLID)

    counted = imported(application, tenant, file, rows)
    taken = imported(application, tenant, file, rows, mapping=salesforce_mapping(deleted=True))

    assert (counted.opened, counted.counted) == (0, {"deleted": 6})
    assert taken.opened == 1


async def test_a_stage_means_what_the_mapping_says_of_it(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    mapping = mapping_of(tmp_path, '[salesforce.stages]\n"On hold" = "NO_DECISION"\n')
    row = deal(StageName="On hold")

    imported(application, tenant, opportunities(tmp_path, row), mapping=mapping)

    assert (await the_deal(application, tenant)).status is Status.NO_DECISION


async def test_a_stage_of_a_history_means_what_opportunities_in_it_say(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    other = deal(Id="0065g00000AbCdFAAV", **{**CLOSED_WON, "StageName": "Signed"})
    rows = history(tmp_path, version("2026-01-12"), version("2026-02-01", "Signed"))
    again = deal(LastModifiedDate="2026-05-01T08:00:00.000+0000")

    report = imported(application, tenant, opportunities(tmp_path, other, again), rows)

    assert report.stored["OpportunityWon"] == 2
    assert report.stored["OpportunityReopened"] == 1
