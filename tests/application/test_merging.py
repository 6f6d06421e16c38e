"""Duplicates merged on a real log: both histories stay, and all entries are one."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.application import Application
from opps.application.entries import entries_of, merged_persons
from opps.domain.account import Account, MergeAccount, RegisterAccount, UndoAccountMerge
from opps.domain.errors import UnknownAccount, UnknownPerson
from opps.domain.events import (
    ErasureCarriedOut,
    LossKind,
    Outcome,
    PersonErased,
    RetentionRule,
)
from opps.domain.merge_errors import GoesOnElsewhere, MergedAlready, MergedInACircle, NotMerged
from opps.domain.opportunity.commands import LoseOpportunity
from opps.domain.person import MergePerson, MovePerson, RegisterPerson, UndoPersonMerge
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.commands import PlaceLegalHold, SetRetention
from opps.domain.privacy.errors import ErasureRequestedAlready, OnLegalHold
from opps.domain.privacy.state import ErasureStatus, erasure_of_entry
from opps.eventstore import CommandIdReused, Log, VersionConflict
from opps.ledger.ledger import Ledger
from opps.recording.keyring import MemoryKeyring, identity_of
from tests.application.erasing import DANA, FULL, Officers, dana, officers_of
from tests.application.support import ACME, DEAL, Caller

ACME_AG, THIRD, TWIN = uuid4(), uuid4(), uuid4()
SAME = "One company, entered twice"
merge = MergeAccount(account_id=ACME, into_account=ACME_AG, reason=SAME)


@pytest.fixture
async def accounts(caller: Caller) -> Caller:
    """Return a caller who knows three accounts."""
    for id_, name in ((ACME_AG, "Acme AG"), (THIRD, "Acme Holding")):
        await caller.application.account(
            RegisterAccount(account_id=id_, name=name), caller.request()
        )
    return caller


@pytest.fixture
async def officers(caller: Caller) -> Officers:
    """Return who answers for personal data, where Dana was entered twice."""
    officers = await officers_of(caller)
    twin = RegisterPerson(person_id=TWIN, name="D. Ruiz", email="ruiz@halden.example")
    await caller.application.person(twin, caller.request())
    command = MergePerson(person_id=TWIN, into_person=DANA, reason="Same telephone")
    await caller.application.person_merge(command, caller.request())
    return officers


def entries(caller: Caller, id_: UUID, position: int | None = None) -> tuple[UUID, set[UUID]]:
    found = entries_of(caller.application.log, caller.tenant, id_, position)
    return found.goes_on, set(found.every)


async def test_a_merge_is_one_append_in_both_histories(accounts: Caller) -> None:
    before = accounts.size()
    done = await accounts.application.account_merge(merge, accounts.request())

    assert done.after.merged_into == ACME_AG
    assert accounts.size() == before + 2
    assert entries(accounts, ACME) == entries(accounts, ACME_AG) == (ACME_AG, {ACME, ACME_AG})
    assert entries(accounts, ACME, before) == (ACME, {ACME})


async def test_a_chain_of_merges_goes_on_as_its_last_and_each_link_can_be_undone(
    accounts: Caller,
) -> None:
    application = accounts.application
    await application.account_merge(merge, accounts.request())
    further = MergeAccount(account_id=ACME_AG, into_account=THIRD, reason=SAME)
    await application.account_merge(further, accounts.request())
    for id_ in (ACME, ACME_AG, THIRD):
        assert entries(accounts, id_) == (THIRD, {ACME, ACME_AG, THIRD})

    undo = UndoAccountMerge(account_id=ACME, reason="Two after all")
    await application.account_merge(undo, accounts.request())
    assert entries(accounts, ACME) == (ACME, {ACME})
    assert entries(accounts, ACME_AG) == (THIRD, {ACME_AG, THIRD})
    again = MergeAccount(account_id=ACME, into_account=THIRD, reason=SAME)
    await application.account_merge(again, accounts.request())
    assert entries(accounts, THIRD) == (THIRD, {ACME, ACME_AG, THIRD})


async def test_what_cannot_be_merged_is_refused_with_what_to_do(accounts: Caller) -> None:
    application = accounts.application

    async def refused(one: UUID, into: UUID) -> None:
        command = MergeAccount(account_id=one, into_account=into, reason=SAME)
        await application.account_merge(command, accounts.request())

    await refused(ACME, ACME_AG)
    with pytest.raises(MergedAlready, match="undo that merge first"):
        await refused(ACME, THIRD)
    with pytest.raises(GoesOnElsewhere, match="merge into that one"):
        await refused(THIRD, ACME)
    with pytest.raises(MergedInACircle):
        await refused(ACME_AG, ACME)
    with pytest.raises(UnknownAccount):
        await refused(THIRD, uuid4())
    undo = UndoAccountMerge(account_id=THIRD, reason="No")
    with pytest.raises(NotMerged):
        await application.account_merge(undo, accounts.request())


async def test_a_merge_is_answered_alike_when_repeated_even_after_it_was_undone(
    accounts: Caller,
) -> None:
    application, command_id = accounts.application, uuid4()
    done = await application.account_merge(merge, accounts.request(command_id))
    undo = UndoAccountMerge(account_id=ACME, reason="Two")
    await application.account_merge(undo, accounts.request())
    again = await application.account_merge(merge, accounts.request(command_id))

    assert again.replayed
    assert (again.after, again.position) == (done.after, done.position)
    other = MergeAccount(account_id=ACME, into_account=THIRD, reason=SAME)
    with pytest.raises(CommandIdReused):
        await application.account_merge(other, accounts.request(command_id))


async def test_a_merge_expects_the_version_that_was_seen(accounts: Caller) -> None:
    with pytest.raises(VersionConflict):
        await accounts.application.account_merge(merge, accounts.request(expected_version=7))

    done = await accounts.application.account_merge(merge, accounts.request(expected_version=0))
    assert isinstance(done.after, Account)


async def test_a_person_moves_only_to_an_account_that_is_there(
    accounts: Caller, officers: Officers
) -> None:
    move = MovePerson(person_id=DANA, account_id=uuid4())
    with pytest.raises(UnknownAccount):
        await accounts.application.person(move, accounts.request())

    there = MovePerson(person_id=DANA, account_id=ACME_AG)
    done = await accounts.application.person(there, accounts.request())
    assert done.after.account_id == ACME_AG


async def test_only_registered_persons_are_merged(caller: Caller) -> None:
    await caller.application.person(dana, caller.request())
    command = MergePerson(person_id=uuid4(), into_person=DANA, reason="Same")

    with pytest.raises(UnknownPerson):
        await caller.application.person_merge(command, caller.request())


@pytest.mark.parametrize("asked", [DANA, TWIN], ids=["survivor", "duplicate"])
async def test_an_erasure_of_one_entry_erases_the_human_being(
    asked: UUID, officers: Officers, keyring: MemoryKeyring
) -> None:
    other = TWIN if asked == DANA else DANA
    personal = officers.application.personal
    looked = personal.preview(officers.tenant, asked, FULL)
    erasure_id = await officers.request(person=asked)
    done = await officers.approve(erasure_id)

    assert looked.also == [other]
    assert {"PersonAbsorbed", "PersonMerged"} <= {one.tag for one in looked.places}
    erasure = done.privacy.erasures[erasure_id]
    assert erasure.status is ErasureStatus.CARRIED_OUT
    assert (erasure.also, erasure.keys_destroyed, erasure.purged) == ((other,), 4, {"reads": 0})
    for one in (DANA, TWIN):
        assert {one, identity_of(one)} <= keyring.destroyed()
    own, further = officers.history(PersonErased)
    assert {own.stream, further.stream} == {DANA, TWIN}
    assert own.command_id == further.command_id
    ids = [one.event.erasure_id for one in officers.history(ErasureCarriedOut)]
    assert ids == [erasure_id, erasure_of_entry(erasure_id, other)]


async def test_the_certificate_names_the_other_entries_with_their_places(
    officers: Officers, tmp_path: Path
) -> None:
    erasure_id = await officers.request()
    await officers.approve(erasure_id)
    ledger = Ledger(tmp_path, officers.tenant)
    found = officers.application.personal.certificate(officers.tenant, ledger, erasure_id)

    [also] = found.also
    assert (also.person_id, also.position) == (TWIN, found.position + 1)
    assert found.keys_destroyed == 4


async def test_a_hold_on_one_entry_keeps_the_other_too(officers: Officers) -> None:
    await officers.ask(PlaceLegalHold(hold_id=uuid4(), persons=(TWIN,), reason="File 7"))

    with pytest.raises(OnLegalHold):
        await officers.request()


async def test_two_erasures_of_one_human_being_do_not_wait_at_once(officers: Officers) -> None:
    await officers.request(person=DANA)

    with pytest.raises(ErasureRequestedAlready):
        await officers.request(person=TWIN)


async def test_who_was_taken_apart_before_the_approval_is_not_erased(
    officers: Officers, caller: Caller, keyring: MemoryKeyring
) -> None:
    erasure_id = await officers.request()
    undo = UndoPersonMerge(person_id=TWIN, reason="Father and son")
    await caller.application.person_merge(undo, caller.request())
    await officers.approve(erasure_id)

    assert DANA in keyring.destroyed()
    assert TWIN not in keyring.destroyed()


async def test_a_duplicate_is_due_only_with_whoever_goes_on(
    officers: Officers, caller: Caller, log: Log
) -> None:
    rule = RetentionRule(outcome=Outcome.LOST, keep_days=0, level=ErasureLevel.FULL)
    await officers.ask(SetRetention(rules=(rule,)))
    application: Application = caller.application
    due = application.personal.due(officers.tenant, application.now())
    assert due == []

    await caller.does(LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED))
    due = application.personal.due(officers.tenant, application.now())
    assert [one.person_id for one in due] == [DANA]
    assert merged_persons(log, officers.tenant) == {TWIN: DANA}
