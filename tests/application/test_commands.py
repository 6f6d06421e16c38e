"""Commands on the real log: decided on what is there, refused when the stream moved on."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest

from opps.application import ACCOUNT, OPPORTUNITY, Application, Request, new_event
from opps.clock import tick
from opps.domain.clock import clock_stream
from opps.domain.errors import (
    NotOpen,
    PersonIsErased,
    ReservedId,
    UnknownAccount,
    UnknownOpportunity,
    WrittenByNewerVersion,
)
from opps.domain.events import (
    DayTurned,
    FactLearned,
    LossKind,
    OpportunityRenamed,
    PersonRegistered,
)
from opps.domain.opportunity.commands import (
    LearnFact,
    LoseOpportunity,
    MergeOpportunities,
    OpenOpportunity,
    SetStage,
)
from opps.domain.person import CorrectPerson, RegisterPerson
from opps.domain.personal import Clear, Redacted
from opps.domain.recorded import Metadata
from opps.eventstore import (
    NEW_STREAM,
    Append,
    NewEvent,
    UnknownTenant,
    VersionConflict,
    register_tenant,
)
from opps.recording import codec
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import RESERVED, MemoryKeyring
from tests.application.support import (
    ACME,
    ACTOR,
    DEAL,
    OTHER,
    Caller,
    register_acme,
    rename_it,
)
from tests.domain.given import stated, the_issue


async def test_a_command_says_what_it_found_and_what_it_left(caller: Caller) -> None:
    executed = await caller.does(rename_it)

    assert executed.before is not None
    assert (executed.before.title, executed.after.title) == ("Line 3", "Line 4")
    assert [type(event) for event in executed.events] == [OpportunityRenamed]
    assert (executed.position, executed.replayed) == (3, False)


async def test_a_command_on_the_version_it_expects_is_carried_out(caller: Caller) -> None:
    executed = await caller.does(rename_it, expected_version=0)

    assert executed.after.version == 1


@pytest.mark.parametrize("expected", [-1, 1, 7])
async def test_a_command_on_another_version_is_refused_with_the_current_one(
    caller: Caller, expected: int
) -> None:
    with pytest.raises(VersionConflict) as refused:
        await caller.does(rename_it, expected_version=expected)

    assert (refused.value.expected, refused.value.current) == (expected, 0)


async def test_a_command_that_only_adds_facts_tries_again_by_itself(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    elsewhere = Caller(Application(caller.application.log, lambda _: keyring), caller.tenant)
    await elsewhere.does(SetStage(opportunity_id=DEAL, stage="Offer"))
    executed = await caller.does(LearnFact(opportunity_id=DEAL, stated=stated(the_issue)))

    assert executed.after.version == 2
    assert executed.after.stage == "Offer"


async def test_facts_learned_by_many_at_once_are_all_kept(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    colleagues = [
        Caller(Application(caller.application.log, lambda _: keyring), caller.tenant)
        for _ in range(4)
    ]
    await asyncio.gather(
        *(one.does(LearnFact(opportunity_id=DEAL, stated=stated(the_issue))) for one in colleagues)
    )
    state = await caller.application.load(OPPORTUNITY, caller.tenant, DEAL)

    assert state is not None
    assert (state.version, len(state.fact_keys)) == (4, 4)


async def test_a_state_in_memory_that_another_process_overtook_is_not_believed(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    elsewhere = Caller(Application(caller.application.log, lambda _: keyring), caller.tenant)
    await elsewhere.does(LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED))

    with pytest.raises(NotOpen):
        await caller.does(LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED))


async def test_an_opportunity_is_opened_for_an_account_that_exists(caller: Caller) -> None:
    nobody = OpenOpportunity(opportunity_id=OTHER, account_id=OTHER, title="T", currency="EUR")

    with pytest.raises(UnknownAccount):
        await caller.does(nobody)
    assert await caller.application.load(ACCOUNT, caller.tenant, ACME) is not None


async def test_an_opportunity_is_merged_into_one_that_exists(caller: Caller) -> None:
    merge = MergeOpportunities(opportunity_id=DEAL, into=OTHER, reason="Twin")

    with pytest.raises(UnknownOpportunity):
        await caller.does(merge)
    await caller.does(
        OpenOpportunity(opportunity_id=OTHER, account_id=ACME, title="T", currency="EUR")
    )
    executed = await caller.does(merge)
    assert executed.after.merged_into == OTHER


async def test_another_tenant_sees_nothing_of_it(caller: Caller, database: str) -> None:
    stranger = Caller(caller.application, register_tenant(database, uuid4(), "other"))

    with pytest.raises(UnknownOpportunity):
        await stranger.does(rename_it)
    with pytest.raises(UnknownTenant):
        await caller.application.account(
            register_acme, Caller(caller.application, uuid4()).request()
        )


async def test_an_opportunity_is_read_as_of_a_position(caller: Caller) -> None:
    executed = await caller.does(rename_it)
    earlier = await caller.application.load(
        OPPORTUNITY, caller.tenant, DEAL, position=executed.position - 1
    )

    assert earlier is not None
    assert earlier.title == "Line 3"


async def test_the_clock_turns_for_every_opportunity(caller: Caller) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    event = DayTurned(day=tomorrow, zone="UTC")
    stream = clock_stream(caller.tenant)
    await caller.application.log.append(
        Append(
            tenant=caller.tenant,
            command_id=uuid5(stream, str(tomorrow)),
            expected={stream: NEW_STREAM},
            events=(_tick(stream, event),),
        )
    )
    state = await caller.application.load(OPPORTUNITY, caller.tenant, DEAL)

    assert state is not None
    assert state.clock is not None
    assert state.clock.date() == tomorrow
    assert state.version == 0


def _tick(stream: UUID, event: DayTurned) -> NewEvent:
    metadata = codec.encode_metadata(Metadata(actor=ACTOR))
    return new_event(stream, event, uuid4(), metadata, MemoryKeyring())


async def test_personal_data_is_readable_until_its_key_is_gone(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    person = uuid4()
    command = RegisterPerson(person_id=person, name="Dana Ruiz")
    await caller.application.person(command, caller.request())
    (recorded,) = await caller.application.history(caller.tenant, person)
    before = caller.application.readable(caller.tenant, recorded)
    keyring.destroy(person)
    after = caller.application.readable(caller.tenant, recorded)

    assert isinstance(before, PersonRegistered)
    assert isinstance(after, PersonRegistered)
    assert (before.name, after.name) == (Clear(person, "Dana Ruiz"), Redacted(person))


async def test_who_asked_is_stored_beside_what_happened(caller: Caller) -> None:
    command_id = uuid4()
    request = Request(
        tenant=caller.tenant,
        actor=ACTOR,
        command_id=command_id,
        causation_id=OTHER,
        correlation_id=ACME,
        source_recorded_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    await caller.application.opportunity(
        LearnFact(opportunity_id=DEAL, stated=stated(the_issue)), request
    )
    recorded = (await caller.application.history(caller.tenant, DEAL))[-1]

    assert isinstance(recorded.event, FactLearned)
    assert recorded.command_id == command_id
    assert recorded.metadata == Metadata(
        actor=ACTOR,
        causation_id=OTHER,
        correlation_id=ACME,
        source_recorded_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


async def test_nothing_more_is_said_about_somebody_who_was_erased(
    caller: Caller, keyring_file: FileKeyring
) -> None:
    person = uuid4()
    application = Application(caller.application.log, lambda _: keyring_file)
    register = RegisterPerson(person_id=person, name="Dana Ruiz")
    await application.person(register, caller.request())
    keyring_file.destroy(person)

    with pytest.raises(PersonIsErased):
        await application.person(CorrectPerson(person_id=person, name="Dana R."), caller.request())


async def test_nothing_is_decided_on_what_a_newer_version_wrote(caller: Caller) -> None:
    teleported = NewEvent(
        stream=DEAL,
        event_id=uuid4(),
        tag="OpportunityTeleported",
        schema=1,
        payload=b"{}",
        metadata=codec.encode_metadata(Metadata(actor=ACTOR)),
    )
    await caller.application.log.append(
        Append(tenant=caller.tenant, command_id=uuid4(), expected={DEAL: 0}, events=(teleported,))
    )

    with pytest.raises(WrittenByNewerVersion):
        await caller.does(rename_it)


async def test_time_reaches_an_opportunity_that_is_held_in_memory(caller: Caller) -> None:
    later = datetime.now(UTC) + timedelta(days=400)
    days = tick(caller.application.log, caller.tenant, "UTC", later)
    fresh = Application(caller.application.log, caller.application.keyring_of)

    held = await caller.does(rename_it)
    loaded = await fresh.load(OPPORTUNITY, caller.tenant, DEAL)

    assert len(days) == 400
    assert held.before is not None
    assert held.before.clock is not None
    assert loaded == held.after


async def test_nothing_goes_on_in_an_opportunity_that_has_ended(caller: Caller) -> None:
    await caller.does(
        OpenOpportunity(opportunity_id=OTHER, account_id=ACME, title="T", currency="EUR")
    )
    await caller.does(MergeOpportunities(opportunity_id=DEAL, into=OTHER, reason="One deal"))

    with pytest.raises(NotOpen):
        await caller.does(MergeOpportunities(opportunity_id=OTHER, into=DEAL, reason="One deal"))


@pytest.mark.parametrize("reserved", sorted(RESERVED))
async def test_nobody_is_registered_under_an_id_that_opps_keeps_for_itself(
    caller: Caller, reserved: UUID
) -> None:
    register = RegisterPerson(person_id=reserved, name="Dana Ruiz")

    with pytest.raises(ReservedId):
        await caller.application.person(register, caller.request())
