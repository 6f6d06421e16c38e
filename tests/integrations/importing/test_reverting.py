"""Taking an import back, and importing the same file again."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.application import OPPORTUNITY, Application, Request, new_event, operator
from opps.application.import_turns import importing, reverting
from opps.application.keeping import due_persons
from opps.application.reverting import Reverted, import_of, imports_of, revert_import
from opps.domain.account import RegisterAccount
from opps.domain.errors import Blank, RoleNeeded
from opps.domain.events import (
    AppliedFact,
    Event,
    ExceptionCause,
    ImportReverted,
    ImportStarted,
    LearningApplied,
    OpportunityOpened,
    OpportunityWithdrawn,
    Outcome,
    RetentionRule,
)
from opps.domain.exceptions.commands import AcknowledgeException, RaiseByRule
from opps.domain.import_errors import (
    ImportBuiltOn,
    ImportRevertedAlready,
    ImportUnderWay,
    UnknownImport,
)
from opps.domain.imports import ImportStatus
from opps.domain.opportunity.commands import (
    MergeOpportunities,
    OpenOpportunity,
    RecordBuyerResponse,
    SetStage,
)
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.personal import Clear, ErasureLevel
from opps.domain.privacy.state import Privacy
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.domain.roles import ActorRole
from opps.domain.times import Learned
from opps.eventstore import NEW_STREAM, Append
from opps.integrations.importing import Mapping, import_history_csv
from opps.recording import codec
from tests.integrations.importing.support import CSV_MAPPING, TODAY, csv, mapping, stored

MONDAY = "2026-03-02T09:00:00+01:00"
TUESDAY = "2026-03-03T09:00:00+01:00"
WEDNESDAY = "2026-03-04T09:00:00+01:00"
WRONG = "The wrong file"
MANAGER = Actor(principal=uuid4(), role=ActorRole.MANAGER, via=Via.GRAPHQL)
OF_A = (
    f"A,stage,,one,{MONDAY},nuria,crm",
    f"A,amount,,100,{MONDAY},nuria,crm",
)
MORE_OF_A = (
    *OF_A,
    f"A,stage,one,two,{TUESDAY},nuria,crm",
    f"A,amount,100,900,{TUESDAY},nuria,crm",
    f"A,forecast,,Commit,{TUESDAY},nuria,crm",
)
OF_B = (f"B,stage,,one,{MONDAY},nuria,crm",)


@pytest.fixture
def crm(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, CSV_MAPPING)


class Desk:
    """Somebody who imports files and takes them back."""

    def __init__(self, application: Application, tenant: UUID, crm: Mapping, room: Path) -> None:
        self.application, self.tenant, self.crm, self.room = application, tenant, crm, room

    def imports(self, *rows: str) -> UUID:
        """Import rows and return the id of the import."""
        file = csv(self.room, *rows)
        report = import_history_csv(self.application, self.tenant, file, self.crm)
        assert report.complete
        return report.import_id

    def reverts(self, import_id: UUID, **options: Any) -> Reverted:
        given: dict[str, Any] = {"reason": WRONG, "actor": MANAGER, **options}
        return revert_import(self.application, self.tenant, import_id, **given)

    def log(self) -> list[Recorded[Event]]:
        return stored(self.application, self.tenant)

    def opened(self) -> list[UUID]:
        return [one.stream for one in self.log() if isinstance(one.event, OpportunityOpened)]

    async def shown(self, stream: UUID) -> Opportunity:
        state = await self.application.load(OPPORTUNITY, self.tenant, stream)
        assert state is not None
        return state

    def request(self, actor: Actor = MANAGER) -> Request:
        return Request(tenant=self.tenant, actor=actor, command_id=uuid4())


@pytest.fixture
def desk(application: Application, tenant: UUID, crm: Mapping, tmp_path: Path) -> Desk:
    return Desk(application, tenant, crm, tmp_path)


def kinds(log: Sequence[Recorded[Event]]) -> list[str]:
    return [type(one.event).__name__ for one in log]


async def test_what_an_import_opened_is_withdrawn_and_nothing_is_deleted(desk: Desk) -> None:
    import_id = desk.imports(*OF_A, *OF_B)
    before = desk.log()

    done = desk.reverts(import_id)

    log = desk.log()
    assert log[: len(before)] == before
    added = log[len(before) :]
    assert kinds(added) == ["OpportunityWithdrawn", "OpportunityWithdrawn", "ImportReverted"]
    assert {one.metadata.correlation_id for one in added} == {import_id}
    assert {one.metadata.actor for one in added} == {MANAGER}
    assert added[-1].stream == import_id
    assert added[-1].event == ImportReverted(reason=WRONG, events=2, opportunities=2)
    assert (done.withdrawn, done.put_back, done.events, done.accounts) == (2, 0, 2, 1)
    assert [(await desk.shown(one)).status for one in desk.opened()] == [Status.WITHDRAWN] * 2


async def test_the_same_file_comes_in_again_after_a_revert_and_then_adds_nothing(
    desk: Desk,
) -> None:
    first = desk.imports(*OF_A)
    desk.reverts(first)

    second = desk.imports(*OF_A)
    grown = len(desk.log())
    third = desk.imports(*OF_A)

    assert (second != first, third == second) == (True, True)
    assert len(desk.log()) == grown
    started = [one.event for one in desk.log() if isinstance(one.event, ImportStarted)]
    assert [one.attempt for one in started] == [1, 2]
    gone, there = desk.opened()
    assert (await desk.shown(gone)).status is Status.WITHDRAWN
    held = await desk.shown(there)
    assert (held.status, held.stage, held.amount and int(held.amount.amount)) == (
        Status.OPEN,
        "one",
        100,
    )


async def test_a_file_can_be_reverted_and_imported_as_often_as_somebody_likes(desk: Desk) -> None:
    ids = []
    for _ in range(3):
        ids.append(desk.imports(*OF_A))
        desk.reverts(ids[-1])
    ids.append(desk.imports(*OF_A))

    assert len(set(ids)) == 4
    assert [(await desk.shown(one)).status for one in desk.opened()] == [
        *[Status.WITHDRAWN] * 3,
        Status.OPEN,
    ]


async def test_an_import_that_only_added_to_a_deal_is_put_back(desk: Desk) -> None:
    desk.imports(*OF_A)
    [deal] = desk.opened()
    before = await desk.shown(deal)
    more = desk.imports(*MORE_OF_A)

    done = desk.reverts(more)

    after = await desk.shown(deal)
    assert (done.withdrawn, done.put_back) == (0, 1)
    assert (after.status, after.stage, after.amount, after.category) == (
        Status.OPEN,
        before.stage,
        before.amount,
        None,
    )


async def test_what_was_put_back_comes_in_again_with_the_same_file(desk: Desk) -> None:
    desk.imports(*OF_A)
    [deal] = desk.opened()
    desk.reverts(desk.imports(*MORE_OF_A))

    again = desk.imports(*MORE_OF_A)
    grown = len(desk.log())

    state = await desk.shown(deal)
    assert (state.stage, state.category) == ("two", "COMMIT")
    assert desk.opened() == [deal]
    assert desk.imports(*MORE_OF_A) == again
    assert len(desk.log()) == grown


async def test_a_later_file_adds_to_what_came_in_again(desk: Desk) -> None:
    desk.reverts(desk.imports(*OF_A))
    desk.imports(*OF_A)

    desk.imports(*MORE_OF_A)

    _, deal = desk.opened()
    assert (await desk.shown(deal)).stage == "two"
    assert len(desk.opened()) == 2


async def test_a_revert_is_refused_once_somebody_has_worked_on_a_deal_of_it(desk: Desk) -> None:
    import_id = desk.imports(*OF_A, *OF_B)
    deal = desk.opened()[0]
    stage = SetStage(opportunity_id=deal, stage="Offer")
    await desk.application.opportunity(stage, desk.request())
    before = desk.log()

    with pytest.raises(ImportBuiltOn) as refused:
        desk.reverts(import_id)

    assert refused.value.total == 1
    [told] = refused.value.dependents
    assert all(one in told for one in ("StageSet", str(deal), str(MANAGER.principal)))
    assert desk.log() == before


async def test_work_of_people_stays_theirs_under_whatever_correlation_id(desk: Desk) -> None:
    first = desk.imports(*OF_A)
    later = desk.imports(*MORE_OF_A)
    for import_id in (later, first):
        stage = SetStage(opportunity_id=desk.opened()[0], stage=f"Offer of {import_id}")
        request = replace(desk.request(), correlation_id=import_id)
        await desk.application.opportunity(stage, request)

        with pytest.raises(ImportBuiltOn, match="StageSet"):
            desk.reverts(import_id)


async def test_a_later_import_takes_no_work_of_people_away_with_it(desk: Desk) -> None:
    first = desk.imports(*OF_A)
    file = csv(desk.room, *MORE_OF_A)
    known = import_history_csv(desk.application, desk.tenant, file, desk.crm, dry_run=True)
    response = RecordBuyerResponse(opportunity_id=desk.opened()[0], response="Called back")
    request = replace(desk.request(), correlation_id=known.import_id)
    await desk.application.opportunity(response, request)
    later = desk.imports(*MORE_OF_A)
    desk.reverts(later)

    with pytest.raises(ImportBuiltOn, match=str(MANAGER.principal)):
        desk.reverts(first)

    assert later == known.import_id


async def test_a_later_import_is_reverted_first(desk: Desk) -> None:
    first = desk.imports(*OF_A)
    later = desk.imports(*MORE_OF_A)

    with pytest.raises(ImportBuiltOn) as refused:
        desk.reverts(first)
    desk.reverts(later)
    desk.reverts(first)

    assert str(later) in refused.value.dependents[0]
    assert [(await desk.shown(one)).status for one in desk.opened()] == [Status.WITHDRAWN]


async def test_who_merges_a_deal_into_one_of_an_import_builds_on_it(desk: Desk) -> None:
    import_id = desk.imports(*OF_A)
    account = RegisterAccount(account_id=uuid4(), name="Halden")
    await desk.application.account(account, desk.request())
    own = OpenOpportunity(
        opportunity_id=uuid4(), account_id=account.account_id, title="Widgets", currency="EUR"
    )
    await desk.application.opportunity(own, desk.request())
    merge = MergeOpportunities(
        opportunity_id=own.opportunity_id, into=desk.opened()[0], reason="The same"
    )
    await desk.application.opportunity(merge, desk.request())

    with pytest.raises(ImportBuiltOn, match="OpportunitiesMerged"):
        desk.reverts(import_id)


def test_who_shows_what_was_learned_by_a_fact_of_an_import_builds_on_it(desk: Desk) -> None:
    import_id = desk.imports(*OF_A)
    shown = AppliedFact(opportunity_id=desk.opened()[0], fact_id=uuid4())
    gap, metadata = uuid4(), codec.encode_metadata(Metadata(actor=MANAGER))
    applied = LearningApplied(assignment_id=uuid4(), facts=(shown,))
    keyring = desk.application.keyring_of(desk.tenant)
    desk.application.log.append_now(
        Append(
            tenant=desk.tenant,
            command_id=uuid4(),
            expected={gap: NEW_STREAM},
            events=(new_event(gap, applied, uuid4(), metadata, keyring),),
        )
    )

    with pytest.raises(ImportBuiltOn, match="LearningApplied"):
        desk.reverts(import_id)


async def test_what_a_rule_raised_is_no_work_of_people_but_a_plan_for_it_is(desk: Desk) -> None:
    import_id = desk.imports(*OF_A)
    raised = RaiseByRule(
        exception_id=uuid4(),
        opportunity_id=desk.opened()[0],
        cause=ExceptionCause.WALK_AWAY,
        about=None,
        since=1,
        summary="Low for long",
    )
    await desk.application.exception(raised, desk.request(operator()))
    assert desk.reverts(import_id, dry_run=True).withdrawn == 1
    plan = AcknowledgeException(exception_id=raised.exception_id, plan="Call the buyer")
    await desk.application.exception(plan, desk.request())

    with pytest.raises(ImportBuiltOn, match="ExceptionAcknowledged"):
        desk.reverts(import_id)


async def test_a_dry_run_says_what_a_revert_would_do_and_stores_nothing(desk: Desk) -> None:
    desk.imports(*OF_A)
    more = desk.imports(*MORE_OF_A, *OF_B)
    before = desk.log()

    would = desk.reverts(more, dry_run=True)

    assert desk.log() == before
    did = desk.reverts(more)
    assert would.dry_run
    assert (would.withdrawn, would.put_back, would.events) == (
        did.withdrawn,
        did.put_back,
        did.events,
    )


@pytest.mark.parametrize(
    "role", [ActorRole.SELLER, ActorRole.AUDITOR, ActorRole.INTEGRATOR, ActorRole.DPO]
)
def test_only_managers_and_administrators_revert(desk: Desk, role: ActorRole) -> None:
    import_id = desk.imports(*OF_A)
    before = desk.log()

    with pytest.raises(RoleNeeded):
        desk.reverts(import_id, actor=Actor(principal=uuid4(), role=role, via=Via.GRAPHQL))

    assert desk.log() == before


def test_an_unknown_import_a_second_revert_and_no_reason_are_refused(desk: Desk) -> None:
    import_id = desk.imports(*OF_A)

    with pytest.raises(UnknownImport):
        desk.reverts(uuid4())
    with pytest.raises(Blank):
        desk.reverts(import_id, reason=" ")
    desk.reverts(import_id)
    with pytest.raises(ImportRevertedAlready):
        desk.reverts(import_id)


def test_nobody_reverts_while_something_is_imported_and_the_other_way_round(desk: Desk) -> None:
    import_id = desk.imports(*OF_A)
    log = desk.application.log

    with importing(log, desk.tenant):
        desk.imports(*MORE_OF_A[:3])  # imports run beside each other
        with pytest.raises(ImportUnderWay):
            desk.reverts(import_id)
    with reverting(log, desk.tenant), pytest.raises(ImportUnderWay):
        desk.imports(*OF_B)
    assert len(desk.opened()) == 1


def test_an_import_that_broke_off_can_be_reverted(desk: Desk) -> None:
    file = csv(desk.room, *OF_A, *OF_B, "C,stage,,one,no time,nuria,crm")
    report = import_history_csv(desk.application, desk.tenant, file, desk.crm)

    assert desk.reverts(report.import_id).withdrawn == 2


def test_imports_are_listed_the_latest_first_with_how_far_they_are(desk: Desk) -> None:
    first, second = desk.imports(*OF_A), desk.imports(*OF_B)
    desk.reverts(first)

    listed = imports_of(desk.application, desk.tenant)

    assert [(one.import_id, one.status) for one in listed] == [
        (second, ImportStatus.COMPLETE),
        (first, ImportStatus.REVERTED),
    ]
    assert listed[1] == import_of(desk.application, desk.tenant, first)
    assert (listed[1].reason, listed[1].reverted_by) == (WRONG, MANAGER.principal)
    assert import_of(desk.application, desk.tenant, uuid4()) is None


def withdraws(desk: Desk, deal: UUID, version: int, import_id: UUID) -> None:
    """Withdraw one opportunity of an import, as a revert that was killed right behind it did."""
    keyring = desk.application.keyring_of(desk.tenant)
    gone = OpportunityWithdrawn(learned=Learned(latest=TODAY), import_id=import_id, reason=WRONG)
    metadata = codec.encode_metadata(Metadata(actor=MANAGER, correlation_id=import_id))
    desk.application.log.append_now(
        Append(
            tenant=desk.tenant,
            command_id=uuid4(),
            expected={deal: version},
            events=(new_event(deal, gone, uuid4(), metadata, keyring),),
        )
    )


async def test_who_imports_again_instead_of_ending_a_revert_has_all_of_it_once(
    desk: Desk,
) -> None:
    import_id = desk.imports(*OF_A, *OF_B)
    first, second = desk.opened()
    withdraws(desk, first, (await desk.shown(first)).version, import_id)

    again = desk.imports(*OF_A, *OF_B)

    assert again == import_id
    *_, third = desk.opened()
    statuses = [(await desk.shown(one)).status for one in (first, second, third)]
    assert statuses == [Status.WITHDRAWN, Status.OPEN, Status.OPEN]
    done = desk.reverts(import_id)
    assert (done.withdrawn, done.events) == (3, 3)
    assert [(await desk.shown(one)).status for one in desk.opened()] == [Status.WITHDRAWN] * 3


async def test_who_is_told_of_in_it_is_kept_as_after_a_deal_that_was_turned_down(
    desk: Desk,
) -> None:
    log, keyring = desk.application.log, desk.application.keyring_of(desk.tenant)
    account = RegisterAccount(account_id=uuid4(), name="Halden")
    await desk.application.account(account, desk.request())
    deal, buyer = uuid4(), uuid4()
    open_it = OpenOpportunity(
        opportunity_id=deal, account_id=account.account_id, title="Widgets", currency="EUR"
    )
    await desk.application.opportunity(open_it, desk.request())
    answer = RecordBuyerResponse(
        opportunity_id=deal, response="No", quote=Clear(buyer, "We have no money")
    )
    executed = await desk.application.opportunity(answer, desk.request())
    withdraws(desk, deal, executed.after.version, uuid4())
    rule = RetentionRule(outcome=Outcome.DISQUALIFIED, keep_days=30, level=ErasureLevel.FULL)
    decided = Privacy(retention=(rule,))

    due = [
        due_persons(log, desk.tenant, keyring, decided, TODAY + timedelta(days=days))
        for days in (29, 31)
    ]

    assert [[one.person_id for one in found] for found in due] == [[], [buyer]]
