"""The commands on personal data: decided on the tenant's own stream, and on whom it is about."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from opps.application.entries import entries_of
from opps.application.planning import Request, metadata_of, new_event, plan
from opps.application.told import Told, told_of
from opps.domain import person as persons
from opps.domain.errors import Refusal
from opps.domain.events import ErasureApproved, Event, PersonErased
from opps.domain.person import Person
from opps.domain.privacy.commands import AnyPrivacyCommand, ApproveErasure, RequestErasure
from opps.domain.privacy.decide import DECIDING, Concerned, decide, erasure_of
from opps.domain.privacy.state import Privacy, erasure_of_entry, fold, privacy_stream
from opps.domain.recorded import Context
from opps.domain.roles import needs
from opps.eventstore import NEW_STREAM, Append, Log, VersionConflict
from opps.recording import codec
from opps.recording.keyring import Keyring

_RETRIES = 5


class PrivacyExecuted(Struct, frozen=True, kw_only=True):
    """What a command on personal data did: how it all stands, and the position that shows it."""

    privacy: Privacy
    changed: bool
    position: int
    replayed: bool


class _Person(Struct, frozen=True):
    state: Person | None
    version: int
    position: int
    erased: PersonErased | None


class PrivacyCommands:
    """Carries out what is asked for about personal data, of every tenant."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def read(self, tenant: UUID) -> Privacy:
        """Return what was decided, from the log; not for the event loop."""
        return fold(codec.decode(one) for one in self._log.stream(tenant, privacy_stream(tenant)))

    async def carry_out(
        self, command: AnyPrivacyCommand, request: Request, context: Context, keyring: Keyring
    ) -> PrivacyExecuted:
        """Carry out a command; repeated under the same id, it is answered again.

        Raises:
            Refusal: a rule says no.
            AppendRefused, LogFault: the log says no, or is away.
        """
        # First of all: nobody else learns what there is, or lets the whole log be read.
        needs(context.actor, *DECIDING)
        for _ in range(_RETRIES):
            try:
                append = await self._log.aside(self._planned, command, request, context, keyring)
            except Refusal:
                known = await self._log.aside(self._log.command, request.tenant, request.command_id)
                if known is None:
                    raise
                append = await self._log.aside(_repeated, command, request, keyring)
            try:
                appended = await self._log.append(append)
            except VersionConflict as conflict:  # another one came first: decide again
                last_conflict = conflict
                continue
            return PrivacyExecuted(
                privacy=await self._log.aside(self.read, request.tenant),
                changed=appended.count > 0,
                position=appended.last_position or msgspec.json.decode(appended.result, type=int),
                replayed=appended.replayed,
            )
        raise last_conflict

    def _planned(
        self, command: AnyPrivacyCommand, request: Request, context: Context, keyring: Keyring
    ) -> Append:
        state = self.read(request.tenant)
        person_id = _whom(state, command)
        if person_id is None:
            events = decide(state, command, None, context)
            return self._append(command, request, keyring, state, events)
        entries = entries_of(self._log, request.tenant, person_id)
        also = entries.beside(person_id)
        persons = {one: self._person(request.tenant, one) for one in (person_id, *also)}
        concerned = self._concerned(request.tenant, person_id, persons, keyring)
        events = decide(state, command, concerned, context)
        append = self._append(command, request, keyring, state, events)
        metadata, stream_of = (
            codec.encode_metadata(metadata_of(request)),
            _streams(events, person_id),
        )
        erased = tuple(
            new_event(stream_of[event.erasure_id], event, uuid7(), metadata, keyring)
            for event in events
            if isinstance(event, PersonErased)
        )
        # Checked even where nothing is written: what is decided holds for all of them as seen.
        seen = {one: person.version for one, person in persons.items()}
        return replace(append, expected={**append.expected, **seen}, events=append.events + erased)

    def _append(
        self,
        command: AnyPrivacyCommand,
        request: Request,
        keyring: Keyring,
        state: Privacy,
        events: Sequence[Event],
    ) -> Append:
        stream = privacy_stream(request.tenant)
        own = [event for event in events if not isinstance(event, PersonErased)]
        return plan(keyring, stream, state.version, command, request, own, state.position)

    def _person(self, tenant: UUID, person_id: UUID) -> _Person:
        state: Person | None = None
        version, position, erased = NEW_STREAM, 0, None
        for logged in self._log.stream(tenant, person_id):
            recorded = codec.decode(logged)
            state = persons.evolve(state, recorded)
            version, position = recorded.version, recorded.position
            if isinstance(recorded.event, PersonErased):
                erased = recorded.event
        return _Person(state, version, position, erased)

    def _concerned(
        self, tenant: UUID, person_id: UUID, persons: Mapping[UUID, _Person], keyring: Keyring
    ) -> Concerned:
        told = told_of(self._log, tenant, keyring, set(persons))
        found = {
            one: _entry(one, person, told.get(one) or Told(person_id=one))
            for one, person in persons.items()
        }
        own = found.pop(person_id)
        return replace(own, also=tuple(found.values()))


def _entry(person_id: UUID, person: _Person, told: Told) -> Concerned:
    return Concerned(
        person_id=person_id,
        known=person.state is not None or told.position > 0 or person.erased is not None,
        opportunities=frozenset(told.opportunities | told.going_on),
        erased=person.erased.level if person.erased else None,
        only_fully=told.only_fully,
    )


def _streams(events: Sequence[Event], person_id: UUID) -> Mapping[UUID, UUID]:
    """Return into whose stream each erasure that was decided goes."""
    for event in events:
        if isinstance(event, ErasureApproved):
            further = {erasure_of_entry(event.erasure_id, one): one for one in event.also}
            return {event.erasure_id: person_id, **further}
    return {}


def _whom(state: Privacy, command: AnyPrivacyCommand) -> UUID | None:
    """Return the person whom a command is about, if what it leads to depends on one."""
    if isinstance(command, RequestErasure):
        return command.person_id
    if isinstance(command, ApproveErasure):
        return erasure_of(state, command.erasure_id).person_id
    return None


def _repeated(command: AnyPrivacyCommand, request: Request, keyring: Keyring) -> Append:
    """Return the append that the log answers as it did, or refuses as another one."""
    return plan(keyring, privacy_stream(request.tenant), NEW_STREAM, command, request)
