"""Carry out a command: load the history, fold it, decide, append, and retry where that is safe."""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from uuid_utils.compat import uuid7

from opps.domain import account as accounts
from opps.domain import person as persons
from opps.domain.account import Account, AnyAccountCommand
from opps.domain.clock import clock_stream
from opps.domain.errors import (
    NotOpen,
    PersonIsErased,
    Refusal,
    ReservedId,
    UnknownAccount,
    UnknownOpportunity,
    WrittenByNewerVersion,
)
from opps.domain.events import Event
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    CorroborateFact,
    LearnFact,
    MergeOpportunities,
    OpenOpportunity,
    RaiseQuestion,
    ReconfirmFact,
    RecordFacts,
)
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import AnyPersonCommand, Person
from opps.domain.recorded import Actor, Context, Metadata, Recorded
from opps.eventstore import (
    NEW_STREAM,
    Append,
    Appended,
    Log,
    NewEvent,
    VersionConflict,
)
from opps.recording import codec
from opps.recording.keyring import OWN, Keyring, SubjectErased, SubjectReserved
from opps.recording.personal import sealed, unsealed

RETRIES = 5
# About 500 MB of opportunities: what a state holds grows with the events behind it.
HELD_EVENTS = 200_000
TICK_KNOWN_FOR_S = 1.0
# They only add facts: decided again on a newer state, they say the same.
ADDS_FACTS = (LearnFact, RecordFacts, CorroborateFact, ReconfirmFact, RaiseQuestion)

S = TypeVar("S", Opportunity, Account, Person)
AnyCommand = AnyOpportunityCommand | AnyAccountCommand | AnyPersonCommand


class Request(Struct, frozen=True, kw_only=True):
    """How a command comes in: who asks, under which id, expecting which version."""

    tenant: UUID
    actor: Actor
    command_id: UUID
    expected_version: int | None = None
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    source_recorded_at: datetime | None = None


class Executed(Struct, Generic[S], frozen=True, kw_only=True):
    """What a command did: the state before and after, and the position that shows it."""

    before: S | None
    after: S
    events: tuple[Event, ...]
    position: int
    replayed: bool


class Loaded(Struct, Generic[S], frozen=True):
    """A state with the position of the last event it knows of, the clock's ticks included."""

    state: S | None
    position: int


class Aggregate(Struct, Generic[S], frozen=True):
    """How one kind of stream decides and evolves."""

    decide: Callable[[S | None, Any, Context], Sequence[Event]]
    evolve: Callable[[S | None, Recorded[Event]], S | None]


OPPORTUNITY = Aggregate[Opportunity](decide, evolve)
ACCOUNT = Aggregate[Account](
    lambda state, command, _: accounts.decide(state, command), accounts.evolve
)
PERSON = Aggregate[Person](lambda state, command, _: persons.decide(state, command), persons.evolve)


class Application:
    """The commands of opps on one log, for any tenant."""

    def __init__(
        self,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.log = log
        self.keyring_of = keyring_of
        self.now = now
        self._held: OrderedDict[tuple[UUID, UUID], Loaded[Any]] = OrderedDict()
        self._held_events = 0
        self._ticks: dict[UUID, tuple[float, Recorded[Event] | None]] = {}

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
            await self._check_neighbours(command, request.tenant)
        except Refusal:
            if not await self._done(request):
                raise
        return await self._execute(OPPORTUNITY, command.opportunity_id, command, request)

    async def account(self, command: AnyAccountCommand, request: Request) -> Executed[Account]:
        """Carry out a command on an account; raises what `opportunity` raises."""
        return await self._execute(ACCOUNT, command.account_id, command, request)

    async def person(self, command: AnyPersonCommand, request: Request) -> Executed[Person]:
        """Carry out a command on a person; raises what `opportunity` raises."""
        return await self._execute(PERSON, command.person_id, command, request)

    async def load(
        self, aggregate: Aggregate[S], tenant: UUID, stream: UUID, *, position: int | None = None
    ) -> S | None:
        """Return a stream folded up to a position; None if it has not begun by then."""
        return _folded(aggregate, await self.history(tenant, stream), position)

    async def history(self, tenant: UUID, stream: UUID) -> list[Recorded[Event]]:
        """Return the events of a stream merged with the clock's ticks, personal data sealed."""
        streams = [stream, clock_stream(tenant)]
        logged = await self.log.aside(self.log.streams, tenant, streams)
        return [codec.decode(event) for event in logged]

    def readable(self, tenant: UUID, recorded: Recorded[Event]) -> Event:
        """Return the event with its personal data readable, or redacted where it was erased."""
        return unsealed(recorded.event, recorded.event_id, self.keyring_of(tenant))

    async def _execute(
        self, aggregate: Aggregate[S], stream: UUID, command: AnyCommand, request: Request
    ) -> Executed[S]:
        held = await self._from_memory(aggregate, request.tenant, stream)
        if held is not None:
            try:
                return await self._attempt(aggregate, stream, command, request, held)
            except (Refusal, VersionConflict):
                self._drop(request.tenant, stream)
        for _ in range(RETRIES):
            history = await self.history(request.tenant, stream)
            _check_understood(history)
            state = _folded(aggregate, history, None)
            loaded = Loaded(state, history[-1].position if history else 0)
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
            raise VersionConflict(stream, request.expected_version, version)
        events = tuple(aggregate.decide(state, command, self._context(request)))
        metadata = metadata_of(request)
        append = await self.log.aside(
            self.plan, stream, version, command, request, events, seen=loaded.position
        )
        appended = await self.log.append(append)
        if appended.replayed:
            return await self._replayed(aggregate, stream, request, appended)
        after = state
        for recorded in _recorded(append, events, metadata, appended, version):
            after = aggregate.evolve(after, recorded)
        if after is None:
            raise UnknownOpportunity(opportunity_id=stream)
        position = appended.last_position or loaded.position
        self._keep(request.tenant, stream, Loaded(after, position))
        return Executed(before=state, after=after, events=events, position=position, replayed=False)

    def plan(
        self,
        stream: UUID,
        version: int,
        command: Struct,
        request: Request,
        events: Sequence[Event],
        event_ids: Iterable[UUID] | None = None,
        *,
        seen: int = 0,
    ) -> Append:
        """Return the append that stores a command's events, personal data sealed.

        `seen` is the last position that the decision looked at: what a repeat of a command
        without events is answered by. Keys may be written to disk: not for the event loop.
        """
        keyring = self.keyring_of(request.tenant)
        metadata = codec.encode_metadata(metadata_of(request))
        ids = iter(event_ids) if event_ids is not None else iter(uuid7, None)
        return Append(
            tenant=request.tenant,
            command_id=request.command_id,
            digest=self._digest(keyring, command, request),
            expected={stream: version},
            events=tuple(
                new_event(stream, event, event_id, metadata, keyring)
                for event, event_id in zip(events, ids, strict=False)
            ),
            result=msgspec.json.encode(seen),
        )

    async def _done(self, request: Request) -> bool:
        """Tell whether the command was carried out before."""
        return bool(await self.log.aside(self.log.command, request.tenant, request.command_id))

    async def _repeat(
        self, aggregate: Aggregate[S], stream: UUID, command: AnyCommand, request: Request
    ) -> Executed[S]:
        """Answer a command already carried out; the log refuses another one under its id."""
        append = await self.log.aside(self.plan, stream, NEW_STREAM, command, request, ())
        appended = await self.log.append(append)
        return await self._replayed(aggregate, stream, request, appended)

    async def _replayed(
        self, aggregate: Aggregate[S], stream: UUID, request: Request, appended: Appended
    ) -> Executed[S]:
        history = await self.history(request.tenant, stream)
        first = appended.first_position
        last = appended.last_position or msgspec.json.decode(appended.result, type=int)
        after = _folded(aggregate, history, last)
        if after is None:
            raise UnknownOpportunity(opportunity_id=stream)
        return Executed(
            before=after if first is None else _folded(aggregate, history, first - 1),
            after=after,
            events=tuple(one.event for one in history if one.command_id == request.command_id),
            position=last,
            replayed=True,
        )

    async def _check_neighbours(self, command: AnyOpportunityCommand, tenant: UUID) -> None:
        if isinstance(command, OpenOpportunity):
            if await self.load(ACCOUNT, tenant, command.account_id) is None:
                raise UnknownAccount(account_id=command.account_id)
        elif isinstance(command, MergeOpportunities):
            into = await self.load(OPPORTUNITY, tenant, command.into)
            if into is None:
                raise UnknownOpportunity(opportunity_id=command.into)
            if not into.open:
                raise NotOpen(status=into.status.value)

    async def _from_memory(
        self, aggregate: Aggregate[S], tenant: UUID, stream: UUID
    ) -> Loaded[S] | None:
        held = self._held.get((tenant, stream))
        tick = await self._last_tick(tenant) if held is not None else None
        if held is None or tick is None or tick.position <= held.position:
            return held
        return Loaded(aggregate.evolve(held.state, tick), tick.position)

    async def _last_tick(self, tenant: UUID) -> Recorded[Event] | None:
        """Return the clock's last tick, as of a second ago at the latest."""
        looked_at, tick = self._ticks.get(tenant, (-TICK_KNOWN_FOR_S, None))
        if monotonic() - looked_at >= TICK_KNOWN_FOR_S:
            logged = await self.log.aside(
                self.log.stream, tenant, clock_stream(tenant), newest_first=True, limit=1
            )
            tick = codec.decode(logged[0]) if logged else None
            self._ticks[tenant] = (monotonic(), tick)
        return tick

    def _context(self, request: Request) -> Context:
        return Context(
            now=self.now(),
            actor=request.actor,
            command_id=request.command_id,
            source_recorded_at=request.source_recorded_at,
        )

    def _digest(self, keyring: Keyring, command: Struct, request: Request) -> bytes:
        """Return what tells this request from another under the same command id."""
        said = (type(command).__name__, str(request.actor.principal), str(request.expected_version))
        message = "|".join(said).encode() + codec.canonical(command)
        return hmac.digest(keyring.key_or_new(OWN), message, "sha256")

    def _keep(self, tenant: UUID, stream: UUID, loaded: Loaded[Any]) -> None:
        self._drop(tenant, stream)
        self._held[tenant, stream] = loaded
        self._held_events += _weight(loaded)
        while self._held_events > HELD_EVENTS:
            self._held_events -= _weight(self._held.popitem(last=False)[1])

    def _drop(self, tenant: UUID, stream: UUID) -> None:
        held = self._held.pop((tenant, stream), None)
        if held is not None:
            self._held_events -= _weight(held)


def _weight(loaded: Loaded[Any]) -> int:
    assert loaded.state is not None
    return int(loaded.state.version) + 1


def new_event(
    stream: UUID, event: Event, event_id: UUID, metadata: bytes, keyring: Keyring
) -> NewEvent:
    """Return the event as the log takes it, personal data sealed.

    Raises:
        PersonIsErased: it says something about a person whose key was destroyed.
        ReservedId: it names a subject by an id that opps keeps for itself.
    """
    try:
        closed = sealed(event, event_id, keyring)
    except SubjectErased as erased:
        raise PersonIsErased(person_id=erased.args[0]) from None
    except SubjectReserved as reserved:
        raise ReservedId(id=reserved.args[0]) from None
    return NewEvent(
        stream=stream,
        event_id=event_id,
        tag=codec.tag_of(event),
        schema=event.schema,
        payload=codec.encode(closed),
        metadata=metadata,
    )


def metadata_of(request: Request) -> Metadata:
    """Return what is stored beside each event of a command."""
    return Metadata(
        actor=request.actor,
        causation_id=request.causation_id,
        correlation_id=request.correlation_id,
        source_recorded_at=request.source_recorded_at,
    )


def _check_understood(history: Iterable[Recorded[Event]]) -> None:
    """Refuse to decide on what is only half understood.

    Raises:
        WrittenByNewerVersion: an event is of a newer version.
    """
    for recorded in history:
        if isinstance(recorded.event, codec.UnknownEvent):
            raise WrittenByNewerVersion(tag=recorded.event.tag)


def _folded(
    aggregate: Aggregate[S], history: Iterable[Recorded[Event]], position: int | None
) -> S | None:
    state: S | None = None
    for recorded in history:
        if position is not None and recorded.position > position:
            break
        state = aggregate.evolve(state, recorded)
    return state


def _recorded(
    append: Append,
    events: Sequence[Event],
    metadata: Metadata,
    appended: Appended,
    version: int,
) -> Iterable[Recorded[Event]]:
    first = appended.first_position
    if first is None:
        return
    for index, (new, event) in enumerate(zip(append.events, events, strict=True)):
        yield Recorded(
            event=event,
            stream=new.stream,
            position=first + index,
            version=version + 1 + index,
            recorded_at=appended.recorded_at,
            event_id=new.event_id,
            command_id=append.command_id,
            metadata=metadata,
        )
