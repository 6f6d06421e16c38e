"""The commands of opps on one log: decided on what is there, answered alike when repeated."""

from asyncio import Lock
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Generic
from uuid import UUID
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from opps.application.aggregates import (
    ACCOUNT,
    EXCEPTION,
    OPPORTUNITY,
    PERSON,
    PROCESS,
    THRESHOLDS,
    Aggregate,
    S,
    folded,
)
from opps.application.memory import Loaded
from opps.application.neighbours import check_deviation, check_neighbours, deciding
from opps.application.personal_data import PersonalData
from opps.application.planning import Request, metadata_of, plan, recorded
from opps.application.privacy import PrivacyExecuted
from opps.application.rules import RulesExecuted, RulesHeld, TenantRules
from opps.application.scoring_models import ModelExecuted, ScoringModels
from opps.application.streams import Streams
from opps.domain.account import Account, AnyAccountCommand
from opps.domain.errors import (
    Refusal,
    UnknownOpportunity,
    WrittenByNewerVersion,
)
from opps.domain.events import Event
from opps.domain.exceptions.commands import AnyExceptionCommand, RaiseException
from opps.domain.exceptions.lifecycle import ManagedException
from opps.domain.exceptions.thresholds import (
    DAY_ONE as DAY_ONE_THRESHOLDS,
)
from opps.domain.exceptions.thresholds import (
    ExceptionThresholds,
    SetExceptionThresholds,
    thresholds_stream,
)
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    CorroborateFact,
    LearnFact,
    RaiseQuestion,
    ReconfirmFact,
    RecordFacts,
)
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import AnyPersonCommand, Person
from opps.domain.privacy.commands import AnyPrivacyCommand
from opps.domain.recorded import Context, Recorded
from opps.domain.rules import AnyRulesCommand
from opps.domain.sales_process import PublishSalesProcess, SalesProcess, process_stream
from opps.domain.scoring_model import AnyScoringModelCommand, Models
from opps.domain.setting import (
    DAY_ONE,
    setting_after,
)
from opps.eventstore import NEW_STREAM, Appended, Log, VersionConflict
from opps.recording import codec
from opps.recording.keyring import Keyring
from opps.recording.register import Register

RETRIES = 5
SETTING_KNOWN_FOR_S = 1.0
_NEVER_LOOKED_AT = (-SETTING_KNOWN_FOR_S, DAY_ONE, 0)
# They only add facts: decided again on a newer state, they say the same.
ADDS_FACTS = (LearnFact, RecordFacts, CorroborateFact, ReconfirmFact, RaiseQuestion)

AnyCommand = (
    AnyOpportunityCommand
    | AnyAccountCommand
    | AnyPersonCommand
    | PublishSalesProcess
    | AnyExceptionCommand
    | SetExceptionThresholds
)


class Executed(Struct, Generic[S], frozen=True, kw_only=True):
    """What a command did: the state before and after, and the position that shows it."""

    before: S | None
    after: S
    events: tuple[Event, ...]
    position: int
    replayed: bool


class Application(Streams):
    """The commands of opps on one log, for any tenant."""

    def __init__(
        self,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        register: Register | None = None,
        personal: PersonalData | None = None,
    ) -> None:
        super().__init__(log, keyring_of, now, register, personal)
        self._models = ScoringModels(log)
        self._rules = TenantRules(log)
        self._turns: WeakValueDictionary[tuple[UUID, UUID], Lock] = WeakValueDictionary()

    async def opportunity(
        self, command: AnyOpportunityCommand, request: Request
    ) -> Executed[Opportunity]:
        """Carry out a command on an opportunity.

        Raises:
            Refusal: a rule says no.
            AppendRefused: the log says no (version, command id, tenant, overload).
            LogFault: the database is away; safe to repeat under the same command id.
        """
        try:
            await check_neighbours(self, command, request.tenant)
        except Refusal:
            if not await self._done(request):
                raise
        stream = command.opportunity_id
        if request.expected_version is not None or not isinstance(command, ADDS_FACTS):
            aggregate = await deciding(self, command, request.tenant)
            return await self._execute(aggregate, stream, command, request)
        # In turn: all at once, they would only make each other decide again.
        async with self._turns.setdefault((request.tenant, stream), Lock()):
            return await self._execute(OPPORTUNITY, stream, command, request)

    async def account(self, command: AnyAccountCommand, request: Request) -> Executed[Account]:
        """Carry out a command on an account; raises what `opportunity` raises."""
        return await self._execute(ACCOUNT, command.account_id, command, request)

    async def person(self, command: AnyPersonCommand, request: Request) -> Executed[Person]:
        """Carry out a command on a person; raises what `opportunity` raises."""
        return await self._execute(PERSON, command.person_id, command, request)

    async def sales_process(
        self, command: PublishSalesProcess, request: Request
    ) -> Executed[SalesProcess]:
        """Publish a sales process; raises what `opportunity` raises."""
        stream = process_stream(request.tenant, command.process)
        return await self._execute(PROCESS, stream, command, request)

    async def exception(
        self, command: AnyExceptionCommand, request: Request
    ) -> Executed[ManagedException]:
        """Carry out a command on an exception; raises what `opportunity` raises."""
        if isinstance(command, RaiseException) and not await self._done(request):
            await check_deviation(self, command, request.tenant)
        return await self._execute(EXCEPTION, command.exception_id, command, request)

    async def exception_thresholds(
        self, command: SetExceptionThresholds, request: Request
    ) -> Executed[ExceptionThresholds]:
        """Set which deviations are exceptions; raises what `opportunity` raises."""
        stream = thresholds_stream(request.tenant)
        return await self._execute(THRESHOLDS, stream, command, request)

    async def thresholds(self, tenant: UUID) -> ExceptionThresholds:
        """Return which deviations of a score are exceptions now."""
        found = await self.load(THRESHOLDS, tenant, thresholds_stream(tenant))
        return found or DAY_ONE_THRESHOLDS

    async def scoring_model(
        self, command: AnyScoringModelCommand, request: Request
    ) -> ModelExecuted:
        """Carry out a command on a scoring model; raises what `opportunity` raises."""
        keyring = self.keyring_of(request.tenant)
        context = self._context(request)
        executed = await self._models.carry_out(command, request, context, keyring)
        self.look_again(request.tenant)
        return executed

    async def scoring_models(self, tenant: UUID) -> Models:
        """Return every scoring model of a tenant, and when each was in force."""
        return await self._models.of(tenant)

    async def privacy(self, command: AnyPrivacyCommand, request: Request) -> PrivacyExecuted:
        """Carry out a command on personal data; raises what `opportunity` raises."""
        return await self.personal.carry_out(command, request, self._context(request))

    async def rules(self, command: AnyRulesCommand, request: Request) -> RulesExecuted:
        """Carry out a command on the rules of danger zones; raises what `opportunity` raises."""
        keyring = self.keyring_of(request.tenant)
        executed = await self._rules.carry_out(command, request, self._context(request), keyring)
        self.look_again(request.tenant)
        return executed

    async def rules_of(self, tenant: UUID) -> RulesHeld:
        """Return the rules of danger zones as a tenant set them."""
        return await self._rules.of(tenant)

    async def _execute(
        self, aggregate: Aggregate[S], stream: UUID, command: AnyCommand, request: Request
    ) -> Executed[S]:
        held = await self._from_memory(aggregate, request.tenant, stream)
        if held is not None:
            try:
                return await self._attempt(aggregate, stream, command, request, held)
            except (Refusal, VersionConflict):
                self._memory.drop(request.tenant, stream)
        for _ in range(RETRIES):
            history = await self.history(request.tenant, stream)
            _check_understood(history)
            state = folded(aggregate, history, None)
            position = history[-1].position if history else 0
            loaded = Loaded(state, setting_after(history), position)
            try:
                return await self._attempt(aggregate, stream, command, request, loaded)
            except Refusal:
                if await self._done(request):
                    return await self._repeat(aggregate, stream, command, request)
                raise
            except VersionConflict as conflict:
                if request.expected_version is not None or not isinstance(command, ADDS_FACTS):
                    raise
                last_conflict = conflict
        raise last_conflict

    async def _attempt(
        self,
        aggregate: Aggregate[S],
        stream: UUID,
        command: AnyCommand,
        request: Request,
        loaded: Loaded[S],
    ) -> Executed[S]:
        state = loaded.state
        version = NEW_STREAM if state is None else state.version
        if request.expected_version not in (None, version):
            if await self._done(request):
                return await self._repeat(aggregate, stream, command, request)
            assert request.expected_version is not None
            if state is None:  # an unknown id is told as such
                aggregate.decide(state, command, self._context(request))
            raise VersionConflict(stream, request.expected_version, version)
        events = tuple(aggregate.decide(state, command, self._context(request)))
        keyring = self.keyring_of(request.tenant)
        append = await self.log.aside(
            plan, keyring, stream, version, command, request, events, loaded.position
        )
        appended = await self.log.append(append)
        if appended.replayed:
            return await self._replayed(aggregate, stream, request, appended)
        after = state
        for one in recorded(append, events, metadata_of(request), appended, version):
            after = aggregate.evolve(after, one, loaded.setting)
        if after is None:
            raise UnknownOpportunity(opportunity_id=stream)
        position = appended.last_position or loaded.position
        self._memory.keep(request.tenant, stream, Loaded(after, loaded.setting, position))
        return Executed(before=state, after=after, events=events, position=position, replayed=False)

    async def _done(self, request: Request) -> bool:
        """Tell whether the command was carried out before."""
        return bool(await self.log.aside(self.log.command, request.tenant, request.command_id))

    async def _repeat(
        self, aggregate: Aggregate[S], stream: UUID, command: AnyCommand, request: Request
    ) -> Executed[S]:
        """Answer a command already carried out; the log refuses another one under its id."""
        keyring = self.keyring_of(request.tenant)
        append = await self.log.aside(plan, keyring, stream, NEW_STREAM, command, request)
        appended = await self.log.append(append)
        return await self._replayed(aggregate, stream, request, appended)

    async def _replayed(
        self, aggregate: Aggregate[S], stream: UUID, request: Request, appended: Appended
    ) -> Executed[S]:
        history = await self.history(request.tenant, stream)
        first = appended.first_position
        last = appended.last_position or msgspec.json.decode(appended.result, type=int)
        after = folded(aggregate, history, last)
        if after is None:
            raise UnknownOpportunity(opportunity_id=stream)
        return Executed(
            before=after if first is None else folded(aggregate, history, first - 1),
            after=after,
            events=tuple(one.event for one in history if one.command_id == request.command_id),
            position=last,
            replayed=True,
        )

    def _context(self, request: Request) -> Context:
        return Context(
            now=self.now(),
            actor=request.actor,
            command_id=request.command_id,
            source_recorded_at=request.source_recorded_at,
        )


def _check_understood(history: Iterable[Recorded[Event]]) -> None:
    """Refuse to decide on what is only half understood.

    Raises:
        WrittenByNewerVersion: an event is of a newer version.
    """
    for one in history:
        if isinstance(one.event, codec.UnknownEvent):
            raise WrittenByNewerVersion(tag=one.event.tag)
