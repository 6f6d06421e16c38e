"""How a command is carried out: decided on what is there, and answered alike when repeated."""

from collections.abc import Iterable
from typing import Generic
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.application.aggregates import Aggregate, S, folded
from opps.application.memory import Loaded
from opps.application.planning import Request, metadata_of, plan, recorded
from opps.application.streams import Streams
from opps.domain.errors import (
    Refusal,
    UnknownOpportunity,
    WrittenByNewerVersion,
)
from opps.domain.events import Event
from opps.domain.opportunity.commands import (
    CorroborateFact,
    LearnFact,
    RaiseQuestion,
    ReconfirmFact,
    RecordFacts,
)
from opps.domain.recorded import Context, Recorded
from opps.domain.setting import setting_after
from opps.eventstore import NEW_STREAM, Appended, VersionConflict
from opps.recording import codec

RETRIES = 5
# They only add facts: decided again on a newer state, they say the same.
ADDS_FACTS = (LearnFact, RecordFacts, CorroborateFact, ReconfirmFact, RaiseQuestion)


class Executed(Struct, Generic[S], frozen=True, kw_only=True):
    """What a command did: the state before and after, and the position that shows it."""

    before: S | None
    after: S
    events: tuple[Event, ...]
    position: int
    replayed: bool


class Executing(Streams):
    """Carries commands out on the streams of any tenant."""

    async def _execute(
        self, aggregate: Aggregate[S], stream: UUID, command: Struct, request: Request
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
        command: Struct,
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
        self, aggregate: Aggregate[S], stream: UUID, command: Struct, request: Request
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
