"""Erasures on a real log: carried out wherever they broke off, and for every process."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.application import OPPORTUNITY, PERSON, Application, streams
from opps.domain.errors import PersonIsErased, UnknownPerson
from opps.domain.events import (
    ErasureApproved,
    ErasureCarriedOut,
    LossKind,
    Outcome,
    PersonErased,
    RetentionRule,
)
from opps.domain.opportunity.commands import LoseOpportunity, MergeOpportunities
from opps.domain.opportunity.state import known
from opps.domain.person import RegisterPerson
from opps.domain.personal import Clear, ErasureLevel, Redacted
from opps.domain.privacy.commands import (
    LiftLegalHold,
    PlaceLegalHold,
    SetRetention,
)
from opps.domain.privacy.errors import AlreadyErased, OnLegalHold, SecondPersonNeeded
from opps.domain.privacy.state import ErasureStatus
from opps.domain.score import score
from opps.eventstore import Log
from opps.eventstore.reads import NewRead, ReadsWanted, SavedRead, find_reads, save_reads
from opps.recording.keyring import MemoryKeyring, identity_of
from opps.recording.register import FileRegister, Registered
from tests.application.erasing import (
    CFO,
    DANA,
    DPO,
    FULL,
    IDENTITY,
    QUOTE,
    Officers,
    cfo_told,
    dana,
    officers_of,
)
from tests.application.support import DEAL, OTHER, Caller, open_it


@pytest.fixture
async def officers(caller: Caller) -> Officers:
    """Return who answers for personal data, where something is told of Dana."""
    return await officers_of(caller)


class Killed(BaseException):
    """The process ended here."""


async def test_approved_by_a_second_person_the_keys_are_gone_and_the_erasure_is_through(
    officers: Officers, keyring: MemoryKeyring
) -> None:
    erasure_id = await officers.request()
    done = await officers.approve(erasure_id)

    erasure = done.privacy.erasures[erasure_id]
    assert erasure.status is ErasureStatus.CARRIED_OUT
    assert (erasure.keys_destroyed, erasure.purged) == (2, {"reads": 0})
    assert {DANA, identity_of(DANA)} <= keyring.destroyed()


async def test_the_approval_and_the_end_of_the_person_are_one_append(officers: Officers) -> None:
    await officers.erase()

    [approved], [erased] = officers.history(ErasureApproved), officers.history(PersonErased)
    assert erased.stream == DANA
    assert (erased.command_id, erased.position) == (approved.command_id, approved.position + 1)


async def test_nobody_approves_what_they_requested(officers: Officers) -> None:
    erasure_id = await officers.request()

    with pytest.raises(SecondPersonNeeded):
        await officers.approve(erasure_id, DPO)


async def test_a_second_erasure_is_refused_with_its_reason(officers: Officers) -> None:
    await officers.erase()

    with pytest.raises(AlreadyErased):
        await officers.request(IDENTITY)


async def test_of_whom_nothing_is_told_cannot_be_erased(officers: Officers) -> None:
    with pytest.raises(UnknownPerson):
        await officers.request(person=uuid4())


async def test_nothing_is_recorded_about_an_erased_person(
    officers: Officers, caller: Caller
) -> None:
    await officers.erase()

    with pytest.raises(PersonIsErased):
        await caller.does(cfo_told)
    with pytest.raises(PersonIsErased):
        await caller.application.person(dana, caller.request())


async def test_what_was_told_reads_as_redacted_with_date_and_basis_at_every_instant(
    officers: Officers,
) -> None:
    assert officers.fact() == (Clear(DANA, "Dana, who signs"), Clear(DANA, QUOTE))
    await officers.erase()

    [erased] = officers.history(PersonErased)
    gone = Redacted(DANA, erased.recorded_at, "OBJECTION")
    assert officers.fact() == (gone, gone)


async def test_the_identity_goes_alone_and_the_words_stay(
    officers: Officers, caller: Caller
) -> None:
    await officers.erase(IDENTITY)

    person, quote = officers.fact()
    assert isinstance(person, Redacted)
    assert quote == Clear(DANA, QUOTE)
    state = await caller.application.load(PERSON, caller.tenant, DANA)
    assert state is not None
    assert isinstance(state.name, Redacted)

    await officers.erase(FULL)
    assert all(isinstance(one, Redacted) for one in officers.fact())


async def test_the_score_is_the_same_before_and_after(caller: Caller, officers: Officers) -> None:
    before = await caller.application.load(OPPORTUNITY, caller.tenant, DEAL)
    await officers.erase()
    after = await caller.application.load(OPPORTUNITY, caller.tenant, DEAL)

    assert before is not None
    assert after is not None
    assert score(known(before)) == score(known(after))


async def test_a_repeated_approval_is_answered_again(officers: Officers, caller: Caller) -> None:
    erasure_id = await officers.request()
    await officers.approve(erasure_id)
    size = caller.size()
    again = await officers.approve(erasure_id)

    assert not again.changed
    assert caller.size() == size


async def test_a_hold_on_the_deal_keeps_its_people_until_it_is_lifted(officers: Officers) -> None:
    hold_id = uuid4()
    erasure_id = await officers.request()
    hold = PlaceLegalHold(hold_id=hold_id, opportunities=(DEAL,), reason="File 12")
    await officers.ask(hold)

    with pytest.raises(OnLegalHold) as refused:
        await officers.approve(erasure_id)
    assert refused.value.holds == [hold_id]

    await officers.ask(LiftLegalHold(hold_id=hold_id, reason="Settled"))
    done = await officers.approve(erasure_id)
    assert done.privacy.erasures[erasure_id].status is ErasureStatus.CARRIED_OUT


async def test_a_hold_on_the_deal_that_went_on_keeps_the_people_of_the_one_merged_into_it(
    officers: Officers, caller: Caller
) -> None:
    await caller.does(replace(open_it, opportunity_id=OTHER))
    await caller.does(MergeOpportunities(opportunity_id=DEAL, into=OTHER, reason="One deal"))
    hold_id = uuid4()
    await officers.ask(PlaceLegalHold(hold_id=hold_id, opportunities=(OTHER,), reason="File 12"))

    with pytest.raises(OnLegalHold) as refused:
        await officers.request()
    assert refused.value.holds == [hold_id]


@pytest.mark.parametrize("step", ["register", "keys", "purge"])
async def test_an_erasure_that_broke_off_is_finished_by_the_next_start(
    officers: Officers,
    log: Log,
    keyring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    where = {
        "register": "opps.recording.register.MemoryRegister.add",
        "keys": "opps.recording.keyring.MemoryKeyring.destroy_keys",
        "purge": "opps.application.erasing.purge_reads",
    }[step]
    erasure_id = await officers.request()
    with monkeypatch.context() as broken:
        broken.setattr(where, kill)
        with pytest.raises(Killed):
            await officers.approve(erasure_id)
    next_start = Application(log, lambda _: keyring)
    [through] = next_start.personal.finish(officers.tenant)

    assert (through.erasure_id, through.keys_destroyed, through.again) == (erasure_id, 2, False)
    assert {DANA, identity_of(DANA)} <= keyring.destroyed()
    assert len(officers.history(ErasureCarriedOut)) == 1


async def test_finishing_again_and_in_another_process_changes_nothing(
    officers: Officers, log: Log, keyring: MemoryKeyring, caller: Caller
) -> None:
    await officers.erase()
    size = caller.size()

    assert officers.application.personal.finish(officers.tenant) == []
    assert Application(log, lambda _: keyring).personal.finish(officers.tenant) == []
    assert caller.size() == size


async def test_many_at_once_finish_each_erasure_once(
    officers: Officers, caller: Caller, log: Log, keyring: MemoryKeyring
) -> None:
    kim = uuid4()
    await caller.application.person(RegisterPerson(person_id=kim, name="Kim Sun"), caller.request())
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("opps.application.erasing.Erasing.finish", lambda *_: [])
        await officers.erase()
        await officers.approve(await officers.request(person=kim))
    assert officers.history(ErasureCarriedOut) == []
    servers = [Application(log, lambda _: keyring) for _ in range(2)]
    with ThreadPoolExecutor(6) as threads:
        for server in servers * 3:
            threads.submit(server.personal.finish, officers.tenant)

    assert [server.personal.finish(officers.tenant) for server in servers] == [[], []]
    assert len(officers.history(ErasureCarriedOut)) == 2
    assert {DANA, kim} <= keyring.destroyed()


async def test_another_server_forgets_what_it_had_in_memory(
    officers: Officers, log: Log, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SETTING_KNOWN_FOR_S", 0.0)
    elsewhere = Caller(Application(log, lambda _: keyring), officers.tenant)
    tell = await elsewhere.does(cfo_told)
    assert QUOTE in str(tell.after)
    await officers.erase()
    after = await elsewhere.does(
        LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED)
    )

    assert QUOTE not in str(after.after)
    assert QUOTE not in str(elsewhere.application._memory._held)


async def test_an_older_log_learns_from_the_register_what_came_after_it(
    officers: Officers, log: Log, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    register = FileRegister(tmp_path / "erasures.jsonl")
    application = Application(log, lambda _: keyring, register=register)
    elsewhere = MemoryKeyring(dict(keyring.keys))
    older = Officers(application, officers.tenant)
    erased_later = await _registered_only(older, register)
    restored = Application(log, lambda _: elsewhere, register=register)
    [again] = restored.personal.finish(officers.tenant)

    assert (again.erasure_id, again.again) == (erased_later, True)
    assert {DANA, identity_of(DANA)} <= elsewhere.destroyed()
    [erased] = officers.history(PersonErased)
    assert erased.event.erasure_id == erased_later
    assert restored.personal.finish(officers.tenant) == []


async def _registered_only(officers: Officers, register: FileRegister) -> UUID:
    """Return the id of an erasure that the register tells, and no log."""
    erasure_id = uuid4()
    register.add(
        Registered(
            tenant=officers.tenant,
            erasure_id=erasure_id,
            person_id=DANA,
            level=FULL,
            basis="OBJECTION",
            requested_by=DPO,
            approved_by=uuid4(),
            erased_at=officers.application.now(),
        )
    )
    return erasure_id


async def test_an_older_copy_of_the_keys_opens_nothing(
    officers: Officers, log: Log, keyring: MemoryKeyring
) -> None:
    copy = MemoryKeyring(dict(keyring.keys))
    await officers.erase()
    restored = Application(log, lambda _: copy)
    restored.personal.finish(officers.tenant)

    assert all(isinstance(one, Redacted) for one in Officers(restored, officers.tenant).fact())


@pytest.mark.parametrize("level", [FULL, IDENTITY])
async def test_a_read_of_before_that_is_saved_after_the_erasure_keeps_no_question(
    officers: Officers, level: ErasureLevel
) -> None:
    log, tenant = officers.application.log, officers.tenant
    before = log.head(tenant)
    assert before is not None
    await officers.erase(level)
    behind = log.head(tenant)
    assert behind is not None

    def saved(position: int, person: UUID) -> SavedRead:
        read = NewRead(
            tenant=tenant, read_id=uuid4(), read_at=behind.recorded_at, kind="QUERY",
            principal=uuid4(), role="MANAGER", operation=None, position=position,
            document_id=None, document=None, sealed=b"sealed", answer=bytes(32),
            touched={person: ["person.name.text"]},
        )  # fmt: skip
        log.run(partial(save_reads, reads=[read]))
        wanted = ReadsWanted(read_id=read.read_id)
        return log.run(partial(find_reads, tenant=tenant, wanted=wanted))[0]

    # The second saw no more than was left.
    assert not saved(behind.size, DANA).purged
    assert not saved(before.size, CFO).purged
    assert saved(before.size, DANA).purged


async def test_a_preview_counts_what_is_held_and_says_what_stays(officers: Officers) -> None:
    personal, tenant = officers.application.personal, officers.tenant
    nameless = personal.preview(tenant, DANA, IDENTITY)
    whole = personal.preview(tenant, DANA, FULL)

    assert {(one.tag, one.field): one.erased for one in nameless.places} == {
        ("FactLearned", "fact.person"): True,
        ("FactLearned", "provenance.evidence.quote"): False,
        ("PersonRegistered", "email"): True,
        ("PersonRegistered", "name"): True,
    }
    assert (nameless.erasing, nameless.remaining) == (3, 1)
    assert (whole.erasing, whole.remaining, whole.gone) == (4, 0, 0)
    assert (whole.opportunities, whole.holds, whole.erased) == ([DEAL], [], None)
    with pytest.raises(UnknownPerson):
        personal.preview(tenant, uuid4(), FULL)


async def test_a_preview_after_the_erasure_finds_nothing_to_read(officers: Officers) -> None:
    await officers.erase()
    seen = officers.application.personal.preview(officers.tenant, DANA, FULL)

    assert (seen.erasing, seen.remaining, seen.gone, seen.erased) == (0, 0, 4, FULL)


async def test_who_was_kept_long_enough_is_due_until_asked_for(
    officers: Officers, caller: Caller
) -> None:
    application, tenant = caller.application, caller.tenant
    rule = RetentionRule(outcome=Outcome.LOST, keep_days=30, level=IDENTITY)
    await officers.ask(SetRetention(rules=(rule,)))
    late = application.now() + timedelta(days=31)
    assert application.personal.due(tenant, late) == []
    await caller.does(LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED))

    [due] = application.personal.due(tenant, late)
    assert (due.person_id, due.level, due.opportunities) == (DANA, IDENTITY, 1)
    assert application.personal.due(tenant, late - timedelta(days=2)) == []
    await officers.request(due.level)
    assert application.personal.due(tenant, late) == []
