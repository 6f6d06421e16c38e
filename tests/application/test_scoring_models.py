"""Scoring models on a real log: one decision over two streams, answered alike when repeated."""

import asyncio
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.application import Application, ModelExecuted, Request
from opps.application.aggregates import OPPORTUNITY
from opps.domain.opportunity.state import known
from opps.domain.score import score
from opps.domain.scoring_model import (
    ActivateScoringModel,
    AnyScoringModelCommand,
    DefineScoringModel,
    RecordBacktest,
)
from opps.domain.scoring_model_errors import MayNotApprove, NameTaken, NeverBacktested
from opps.domain.setting import activation_stream
from opps.eventstore import CommandIdReused
from tests.application.support import ACTOR, DEAL, Caller, rename_it
from tests.domain.test_scoring_model import SPRING, SUMMER, backtest

MANAGER = replace(ACTOR, role="MANAGER")
define = DefineScoringModel(model=SPRING, origin="Fitted", learned_from=320)
record = RecordBacktest(name="spring", against="oks-1", backtest=backtest())
activate = ActivateScoringModel(name="spring", reason="Better on later deals")
override = replace(activate, override=True)


class Manager:
    """Somebody who may bring models into force."""

    def __init__(self, application: Application, tenant: UUID) -> None:
        self.application = application
        self.tenant = tenant

    async def does(
        self, command: AnyScoringModelCommand, command_id: UUID | None = None
    ) -> ModelExecuted:
        request = Request(tenant=self.tenant, actor=MANAGER, command_id=command_id or uuid4())
        return await self.application.scoring_model(command, request)


@pytest.fixture
def manager(application: Application, tenant: UUID) -> Manager:
    """Return somebody who may bring models into force."""
    return Manager(application, tenant)


async def test_a_model_comes_into_force_for_every_open_opportunity(
    manager: Manager, caller: Caller
) -> None:
    for command in (define, record):
        await manager.does(command)
    done = await manager.does(activate)
    state = await manager.application.load(OPPORTUNITY, manager.tenant, DEAL)

    assert done.models.in_force.name == "spring"
    assert done.position == caller.size()
    assert state is not None
    assert state.setting.model == SPRING
    assert score(known(state)).model == "spring"


async def test_a_seller_goes_on_in_the_model_that_just_came_into_force(
    manager: Manager, caller: Caller
) -> None:
    await caller.does(rename_it)
    await manager.does(define)
    await manager.does(override)

    executed = await caller.does(replace(rename_it, title="Line 5"))

    assert executed.after.setting.model.name == "spring"


async def test_what_is_refused_leaves_nothing_behind(manager: Manager, caller: Caller) -> None:
    await manager.does(define)
    size = caller.size()
    for command, refusal in (
        (replace(define, model=replace(SPRING, prior_win=0.4)), NameTaken),
        (activate, NeverBacktested),
    ):
        with pytest.raises(refusal):
            await manager.does(command)

    assert caller.size() == size


async def test_a_seller_brings_no_model_into_force(manager: Manager, caller: Caller) -> None:
    await manager.does(define)

    with pytest.raises(MayNotApprove):
        await manager.application.scoring_model(override, caller.request())


async def test_a_repeated_command_is_answered_again_and_done_once(
    manager: Manager, caller: Caller
) -> None:
    await manager.does(define)
    command_id = uuid4()
    first = await manager.does(override, command_id)
    again = await manager.does(override, command_id)

    assert (first.replayed, again.replayed) == (False, True)
    assert first.position == again.position == caller.size()
    with pytest.raises(CommandIdReused):
        await manager.does(replace(override, reason="Another"), command_id)


async def test_a_model_in_force_stays_without_an_event(manager: Manager, caller: Caller) -> None:
    await manager.does(define)
    await manager.does(override)
    size = caller.size()
    again = await manager.does(replace(override, reason="Once more"))

    assert caller.size() == size
    assert (again.changed, again.position) == (False, size)


async def test_two_managers_at_once_leave_one_model_in_force(
    manager: Manager, caller: Caller
) -> None:
    summer = replace(define, model=SUMMER)
    await asyncio.gather(manager.does(define), manager.does(summer))
    await asyncio.gather(manager.does(override), manager.does(replace(override, name="summer")))
    models = await manager.application.scoring_models(manager.tenant)
    stream = activation_stream(manager.tenant)

    assert len(manager.application.log.stream(manager.tenant, stream)) == 2
    assert [one.until is None for one in models.periods] == [False, False, True]


async def test_another_process_sees_the_same_models(
    manager: Manager, caller: Caller, application: Application
) -> None:
    await manager.does(define)
    elsewhere = Application(application.log, application.keyring_of)
    before = await elsewhere.scoring_models(manager.tenant)
    await manager.does(record)
    await manager.does(activate)

    after = await elsewhere.scoring_models(manager.tenant)
    assert set(before.models) == {"oks-1", "spring"}
    assert after == await application.scoring_models(manager.tenant)
    assert after.in_force.name == "spring"
