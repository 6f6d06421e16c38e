"""A log made on a simulated clock: real decisions, with the times at which they would have come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from opps.application import ACCOUNT, OPPORTUNITY, PERSON, PROCESS, Aggregate, new_event
from opps.domain.clock import clock_stream
from opps.domain.events import DayTurned, Event, SalesProcessPublished
from opps.domain.opportunity.commands import StartSalesProcess
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from opps.domain.sales_process import PublishSalesProcess, SalesProcess, process_stream
from opps.domain.setting import DAY_ONE, surround, turned_at
from opps.eventstore import NEW_STREAM, SealedEvent
from opps.eventstore.transfer import Step, StoredCommand
from opps.recording import codec
from opps.recording.header import FIRST_LEAF, Header, header_bytes, leaf_hash, sha256
from opps.recording.keyring import Keyring

AGGREGATES: dict[str, Aggregate[Any]] = {
    "opportunity_id": OPPORTUNITY,
    "account_id": ACCOUNT,
    "person_id": PERSON,
    "process": PROCESS,
}
TICK = timedelta(microseconds=1)


class Simulation:
    """The log of one tenant, grown command by command at times of the caller's."""

    def __init__(self, tenant: UUID, keyring: Keyring) -> None:
        self.steps: list[Step] = []
        self._tenant = tenant
        self._keyring = keyring
        self._system = Actor(principal=uuid5(tenant, "system"), role="SYSTEM", via=Via.SYSTEM)
        self._position = 0
        self._now: datetime | None = None
        self._tails: dict[UUID, tuple[int, bytes]] = {}
        self._states: dict[UUID, Any] = {}
        self._setting = DAY_ONE

    def do(self, command: Any, actor: Actor, at: datetime, command_id: UUID) -> None:
        """Decide a command at an instant and store what it leads to.

        Raises:
            Refusal: a rule says no.
        """
        name = command.__struct_fields__[0]
        aggregate, stream = AGGREGATES[name], getattr(command, name)
        if isinstance(command, PublishSalesProcess):
            stream = process_stream(self._tenant, command.process)
        context = Context(
            now=at, actor=actor, command_id=command_id, published=self._published(command)
        )
        state = self._states.get(stream)
        for recorded in self._store(
            stream, aggregate.decide(state, command, context), actor, at, command_id
        ):
            state = aggregate.evolve(state, recorded, self._setting)
        self._states[stream] = state

    def _published(self, command: Any) -> SalesProcessPublished | None:
        """Return the sales process that a command names, as it is then."""
        if not isinstance(command, StartSalesProcess):
            return None
        held = self._states.get(process_stream(self._tenant, command.process))
        return held.latest if isinstance(held, SalesProcess) else None

    def turn_day(self, event: DayTurned) -> None:
        """Let a day begin for every opportunity."""
        stream = clock_stream(self._tenant)
        command_id = uuid5(stream, event.day.isoformat())
        self._store(stream, [event], self._system, turned_at(event), command_id)
        self._setting = surround(self._setting, event)
        for state in self.opportunities():
            self._states[state.opportunity_id] = OPPORTUNITY.under(state, self._setting)

    def opportunities(self) -> list[Opportunity]:
        """Return the opportunities as they stand, in the order of their opening."""
        return [state for state in self._states.values() if isinstance(state, Opportunity)]

    def _store(
        self,
        stream: UUID,
        events: Sequence[Event],
        actor: Actor,
        at: datetime,
        command_id: UUID,
    ) -> list[Recorded[Event]]:
        metadata = Metadata(actor=actor)
        recorded_at = at if self._now is None else max(at, self._now + TICK)
        recorded = []
        sealed = []
        first = self._position + 1
        for index, event in enumerate(events):
            self._position += 1
            version = self._tails.get(stream, (NEW_STREAM, FIRST_LEAF))[0] + 1
            one = Recorded(
                event=event,
                stream=stream,
                position=self._position,
                version=version,
                recorded_at=recorded_at,
                event_id=uuid5(command_id, f"event {index}"),
                command_id=command_id,
                metadata=metadata,
            )
            recorded.append(one)
            sealed.append(self._seal(one))
        if events:
            self._now = recorded_at
            command = StoredCommand(
                command_id=command_id,
                digest=None,
                first_position=first,
                count=len(events),
                recorded_at=recorded_at,
                result=b"",
            )
            self.steps.append(Step(command, tuple(sealed)))
        return recorded

    def _seal(self, one: Recorded[Event]) -> SealedEvent:
        metadata = codec.encode_metadata(one.metadata)
        new = new_event(one.stream, one.event, one.event_id, metadata, self._keyring)
        header = header_bytes(
            Header(
                tenant=self._tenant,
                position=one.position,
                stream=one.stream,
                version=one.version,
                previous_leaf=self._tails.get(one.stream, (NEW_STREAM, FIRST_LEAF))[1],
                recorded_at=one.recorded_at,
                command_id=one.command_id,
                event_id=one.event_id,
                payload_sha256=sha256(new.payload),
                metadata_sha256=sha256(new.metadata),
                schema=new.schema,
                tag=new.tag,
            )
        )
        leaf = leaf_hash(header)
        self._tails[one.stream] = (one.version, leaf)
        return SealedEvent(
            position=one.position,
            stream=one.stream,
            version=one.version,
            event_id=one.event_id,
            command_id=one.command_id,
            recorded_at=one.recorded_at,
            tag=new.tag,
            schema=new.schema,
            payload=new.payload,
            metadata=new.metadata,
            header=header,
            leaf=leaf,
        )
