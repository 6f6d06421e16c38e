"""What an opportunity shows today beside its history: whichever comes first, it ends the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.domain.events import StageSet
from opps.domain.opportunity.commands import (
    SetStage,
)
from opps.domain.opportunity.state import Opportunity, Status
from opps.integrations.importing import import_salesforce_csv, salesforce_mapping
from tests.integrations.importing.salesforce.support import (
    SLID,
    TODAY,
    change,
    deal,
    do,
    field_history,
    history,
    imported,
    opportunities,
    streams,
    the_deal,
)
from tests.integrations.importing.support import stored


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
