"""Commands asked twice: carried out once, answered alike."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from opps.application import Application, Request
from opps.clock import tick
from opps.domain.catalogue import Facet
from opps.domain.errors import AlreadyExists
from opps.domain.events import (
    LossKind,
)
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    LearnFact,
    LoseOpportunity,
    MergeOpportunities,
    OpenOpportunity,
    RaiseQuestion,
    RecordFacts,
    RenameOpportunity,
    SetStage,
)
from opps.domain.recorded import Actor, Via
from opps.eventstore import (
    CommandIdReused,
)
from opps.recording.keyring import MemoryKeyring
from tests.application.support import ACME, DEAL, OTHER, Caller, open_it, rename_it
from tests.domain.given import budget, said_by, stated, the_cfo, the_issue

COMMANDS: list[AnyOpportunityCommand] = [
    rename_it,
    LearnFact(opportunity_id=DEAL, stated=stated(the_issue)),
    RecordFacts(opportunity_id=DEAL, facts=(stated(the_cfo), stated(budget(90), said_by(None)))),
    RaiseQuestion(opportunity_id=DEAL, facet=Facet.NEED, text="Which?"),
    LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
async def test_a_repeated_command_changes_nothing_and_says_the_same_again(
    caller: Caller, command: AnyOpportunityCommand
) -> None:
    command_id = uuid4()
    first = await caller.does(command, command_id)
    size = caller.size()
    again = await caller.does(command, command_id)

    assert caller.size() == size
    assert again.replayed
    assert (again.before, again.after, again.events, again.position) == (
        first.before,
        first.after,
        first.events,
        first.position,
    )


async def test_a_repeated_opening_is_no_second_opportunity(caller: Caller) -> None:
    command = OpenOpportunity(opportunity_id=OTHER, account_id=ACME, title="T", currency="EUR")
    command_id = uuid4()
    first = await caller.does(command, command_id)
    again = await caller.does(command, command_id)

    assert (again.replayed, again.before, again.after) == (True, None, first.after)


async def test_two_openings_with_one_id_and_two_commands_are_refused(caller: Caller) -> None:
    with pytest.raises(AlreadyExists):
        await caller.does(open_it)


async def test_a_repetition_is_answered_as_of_its_own_time_whatever_came_after(
    caller: Caller,
) -> None:
    command_id = uuid4()
    await caller.does(rename_it, command_id)
    await caller.does(RenameOpportunity(opportunity_id=DEAL, title="Line 5"))
    again = await caller.does(rename_it, command_id)

    assert again.after.title == "Line 4"


async def test_a_repetition_is_answered_by_a_process_that_has_just_started(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    command_id = uuid4()
    first = await caller.does(rename_it, command_id)
    started = Caller(Application(caller.application.log, lambda _: keyring), caller.tenant)
    again = await started.does(rename_it, command_id)

    assert (again.replayed, again.after) == (True, first.after)


async def test_a_command_that_changes_nothing_is_remembered_too(caller: Caller) -> None:
    command_id = uuid4()
    same = RenameOpportunity(opportunity_id=DEAL, title="Line 3")
    first = await caller.does(same, command_id)
    again = await caller.does(same, command_id)

    assert (first.events, first.replayed) == ((), False)
    assert (again.events, again.replayed) == ((), True)


@pytest.mark.parametrize(
    "other",
    [
        RenameOpportunity(opportunity_id=DEAL, title="Line 5"),
        SetStage(opportunity_id=DEAL, stage="Line 4"),
    ],
    ids=["another title", "another command"],
)
async def test_a_command_id_stands_for_one_request(
    caller: Caller, other: AnyOpportunityCommand
) -> None:
    command_id = uuid4()
    await caller.does(rename_it, command_id)

    with pytest.raises(CommandIdReused):
        await caller.does(other, command_id)


async def test_the_same_command_by_somebody_else_is_another_request(caller: Caller) -> None:
    command_id = uuid4()
    await caller.does(rename_it, command_id)
    request = Request(
        tenant=caller.tenant,
        actor=Actor(principal=uuid4(), role="SELLER", via=Via.GRAPHQL),
        command_id=command_id,
    )

    with pytest.raises(CommandIdReused):
        await caller.application.opportunity(rename_it, request)


async def test_a_repeated_command_without_effect_is_answered_as_of_its_own_time(
    caller: Caller,
) -> None:
    command_id = uuid4()
    same_title = RenameOpportunity(opportunity_id=DEAL, title=open_it.title)
    tick(caller.application.log, caller.tenant, "UTC", datetime.now(UTC) + timedelta(days=3))
    first = await caller.does(same_title, command_id)
    await caller.does(rename_it)
    again = await caller.does(same_title, command_id)

    assert (first.events, again.events) == ((), ())
    assert (again.replayed, again.after, again.position) == (True, first.after, first.position)


async def test_a_repeated_merge_is_answered_though_the_other_has_ended_since(
    caller: Caller,
) -> None:
    command_id = uuid4()
    await caller.does(
        OpenOpportunity(opportunity_id=OTHER, account_id=ACME, title="T", currency="EUR")
    )
    merge = MergeOpportunities(opportunity_id=DEAL, into=OTHER, reason="One deal")
    first = await caller.does(merge, command_id)
    await caller.does(LoseOpportunity(opportunity_id=OTHER, loss_kind=LossKind.UNSPECIFIED))
    again = await caller.does(merge, command_id)

    assert (again.replayed, again.after) == (True, first.after)
