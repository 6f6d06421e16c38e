"""What an opportunity shows today beside its history: whichever comes first, it ends the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.application import Application, Request
from opps.domain.events import OpportunityWon, SourceEventImported, StageSet
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    SetStage,
    WinOpportunity,
)
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.recorded import Actor, Via
from opps.domain.times import Precision
from opps.integrations.importing import import_salesforce_csv, salesforce_mapping
from tests.integrations.importing.salesforce.support import (
    CLOSED_WON,
    OPPORTUNITY_COLUMNS,
    change,
    deal,
    field_history,
    history,
    imported,
    mapping_of,
    opportunities,
    streams,
    the_deal,
    version,
)
from tests.integrations.importing.support import stored, tags

SLID = (
    version("2026-01-12", CloseDate="2026-03-31"),
    version("2026-02-01", "Qualification", CloseDate="2026-03-31", Probability="20"),
    version("2026-03-28", "Qualification", "120.00", CloseDate="2026-04-30", Probability="20"),
    version("2026-04-28", "Proposal", "120.00", CloseDate="2026-05-29", Probability="50"),
    version("2026-05-20", "Proposal", "120.00", CloseDate="2026-06-30", Probability="50"),
)
TODAY = deal(
    StageName="Proposal",
    Amount="120.00",
    Probability="50",
    LastModifiedDate="2026-05-21T08:00:00.000+0000",
)


async def do(application: Application, tenant: UUID, command: AnyOpportunityCommand) -> None:
    """Do what a seller does in opps."""
    await application.opportunity(
        command,
        Request(
            tenant=tenant,
            actor=Actor(principal=uuid4(), role="SELLER", via=Via.GRAPHQL),
            command_id=uuid4(),
        ),
    )


def shown(state: Opportunity) -> tuple[object, ...]:
    amount = state.amount.amount if state.amount else None
    return (state.title, state.stage, state.stage_default, amount, state.commit_date, state.status)


async def test_without_a_history_an_opportunity_is_known_since_its_row_was_changed(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, TODAY))

    state = await the_deal(application, tenant)

    assert shown(state) == (
        *("Scanners", "Proposal", 0.5, Decimal("120.00")),
        *(date(2026, 6, 30), Status.OPEN),
    )
    assert state.opened_at == datetime(2026, 1, 12, 8, tzinfo=UTC)
    (set_,) = [one.event for one in stored(application, tenant) if isinstance(one.event, StageSet)]
    assert set_.learned.latest == datetime(2026, 5, 21, 8, tzinfo=UTC)


async def test_a_history_that_comes_later_leads_to_the_same_and_its_slides_are_seen(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    today = opportunities(tmp_path, TODAY)
    imported(application, tenant, today)
    before = await the_deal(application, tenant)

    report = imported(application, tenant, today, history(tmp_path, *SLID))
    after = await the_deal(application, tenant)
    again = imported(application, tenant, today, history(tmp_path, *SLID))

    assert (report.opened, report.extended) == (0, 1)
    assert (before.pushes, after.pushes) == (0, 3)
    assert shown(after) == shown(before)
    assert again.events == 0


async def test_a_history_alone_extends_what_was_imported(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, TODAY))

    report = imported(application, tenant, history(tmp_path, *SLID))

    assert (report.extended, report.rejected) == (1, 0)
    assert (await the_deal(application, tenant)).pushes == 3


@pytest.mark.parametrize("cut", range(1, len(SLID)))
async def test_a_history_may_come_in_two_parts(
    application: Application, tenant: UUID, tmp_path: Path, cut: int
) -> None:
    whole = tmp_path / "whole"
    imported(application, tenant, opportunities(tmp_path, TODAY), history(tmp_path, *SLID[:cut]))
    imported(application, tenant, opportunities(whole, TODAY), history(whole, *SLID))
    again = imported(application, tenant, whole)

    state = await the_deal(application, tenant)

    assert shown(state)[1:5] == ("Proposal", 0.5, Decimal("120.00"), date(2026, 6, 30))
    assert state.pushes >= 3 - (cut < len(SLID))
    assert again.events == 0


async def test_both_histories_together_say_each_change_once(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    changes = field_history(
        tmp_path,
        change("2026-02-01", "StageName", "Prospecting", "Qualification"),
        change("2026-03-28", "Amount", "100", "120"),
        change("2026-03-28", "CloseDate", "2026-03-31", "2026-04-30"),
    )

    today, versions = opportunities(tmp_path, TODAY), history(tmp_path, *SLID)
    report = imported(application, tenant, today, versions, changes)

    assert report.unchanged == 3
    assert (await the_deal(application, tenant)).pushes == 3
    assert report.stored["StageSet"] == 3


async def test_a_field_history_tells_what_the_field_held_before(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    changes = field_history(
        tmp_path,
        change("2026-03-28", "CloseDate", "2026-03-31", "2026-04-30"),
        change("2026-04-28", "CloseDate", "2026-04-30", "2026-06-30"),
        change("2026-02-01", "Name", "Hand scanners", "Scanners"),
    )

    imported(application, tenant, opportunities(tmp_path, TODAY), changes)

    state = await the_deal(application, tenant)
    assert (state.pushes, state.commit_date) == (2, date(2026, 6, 30))
    assert state.title == "Scanners"


async def test_a_later_export_adds_what_has_changed_and_nothing_else(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal()))
    modified = {"LastModifiedDate": "2026-04-01T08:00:00.000+0000"}

    untouched = imported(application, tenant, opportunities(tmp_path, deal(**modified)))
    moved = imported(
        application,
        tenant,
        opportunities(tmp_path, deal(**modified, Name="Hand scanners", CloseDate="2026-07-31")),
    )

    assert untouched.stored == {}
    assert moved.stored == {"OpportunityRenamed": 1, "CommitDateSet": 1}
    assert (await the_deal(application, tenant)).pushes == 1


async def test_exports_of_several_weeks_are_versions_of_one_opportunity(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    april = {"LastModifiedDate": "2026-04-01T08:00:00.000+0000", "CloseDate": "2026-07-31"}
    opportunities(tmp_path / "march", deal())
    opportunities(tmp_path / "april", deal(**april))

    report = imported(application, tenant, tmp_path)

    assert (report.opened, report.rows, report.typed) == (1, 2, 2)
    state = await the_deal(application, tenant)
    assert (state.pushes, state.commit_date) == (1, date(2026, 7, 31))


async def test_what_people_changed_here_stays_until_salesforce_changes(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal()))
    (stream,) = streams(application, tenant)
    await do(application, tenant, SetStage(opportunity_id=stream, stage="Demo"))

    touched = deal(LastModifiedDate="2026-04-01T08:00:00.000+0000")
    imported(application, tenant, opportunities(tmp_path, touched))
    kept = await the_deal(application, tenant)
    moved = deal(StageName="Proposal", LastModifiedDate="2026-05-01T08:00:00.000+0000")
    imported(application, tenant, opportunities(tmp_path, moved))

    assert kept.stage == "Demo"
    assert (await the_deal(application, tenant)).stage == "Proposal"


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


async def test_a_file_of_corrections_mends_what_an_export_says(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    corrections = tmp_path / "corrections.toml"
    corrections.write_text(
        '[[corrections]]\ncolumn = "StageName"\nwas = "Propsal"\nnow = "Proposal"\n'
    )
    today = opportunities(tmp_path, deal(StageName="Propsal"))

    report = import_salesforce_csv(
        application, tenant, [today], salesforce_mapping(), corrections=corrections
    )

    assert sum(report.corrected.values()) == 1
    assert (await the_deal(application, tenant)).stage == "Proposal"


async def test_a_stage_of_a_history_means_what_opportunities_in_it_say(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    other = deal(Id="0065g00000AbCdFAAV", **{**CLOSED_WON, "StageName": "Signed"})
    rows = history(tmp_path, version("2026-01-12"), version("2026-02-01", "Signed"))
    again = deal(LastModifiedDate="2026-05-01T08:00:00.000+0000")

    report = imported(application, tenant, opportunities(tmp_path, other, again), rows)

    assert report.stored["OpportunityWon"] == 2
    assert report.stored["OpportunityReopened"] == 1
