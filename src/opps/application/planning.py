"""From a decision to what the log takes: events sealed, with their metadata and the digest."""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from uuid_utils.compat import uuid7

from opps.domain.errors import PersonIsErased, ReservedId, UnstorableText
from opps.domain.events import Event
from opps.domain.recorded import Actor, Metadata, Recorded
from opps.eventstore import Append, Appended, NewEvent
from opps.recording import codec
from opps.recording.keyring import OWN, RESERVED, Keyring, SubjectErased, SubjectReserved
from opps.recording.personal import UnwritableText, sealed, told_of


class Request(Struct, frozen=True, kw_only=True):
    """How a command comes in: who asks, under which id, expecting which version."""

    tenant: UUID
    actor: Actor
    command_id: UUID
    expected_version: int | None = None
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    source_recorded_at: datetime | None = None


def plan(
    keyring: Keyring,
    stream: UUID,
    version: int,
    command: Struct,
    request: Request,
    events: Sequence[Event] = (),
    seen: int = 0,
) -> Append:
    """Return the append that stores a command's events, personal data sealed.

    `seen` is the last position that the decision looked at: what a repeat of a command without
    events is answered by. Keys may be written to disk: not for the event loop.

    Raises:
        PersonIsErased, ReservedId: an event names a subject that nothing can be sealed for.
    """
    metadata = codec.encode_metadata(metadata_of(request))
    return Append(
        tenant=request.tenant,
        command_id=request.command_id,
        digest=_digest(keyring, command, request),
        expected={stream: version},
        events=tuple(new_event(stream, event, uuid7(), metadata, keyring) for event in events),
        result=msgspec.json.encode(seen),
    )


def new_event(
    stream: UUID, event: Event, event_id: UUID, metadata: bytes, keyring: Keyring
) -> NewEvent:
    """Return the event as the log takes it, personal data sealed.

    Raises:
        PersonIsErased: it says something about a person whose key was destroyed.
        ReservedId: it names a subject by an id that opps keeps for itself.
        UnstorableText: a text of it has a character that cannot be stored.
    """
    try:
        closed = sealed(event, event_id, keyring)
        payload = codec.encode(closed)
    except UnwritableText:
        raise UnstorableText from None
    except SubjectErased as erased:
        raise PersonIsErased(person_id=erased.args[0]) from None
    except SubjectReserved as reserved:
        raise ReservedId(id=reserved.args[0]) from None
    return NewEvent(
        stream=stream,
        event_id=event_id,
        tag=codec.tag_of(event),
        schema=event.schema,
        payload=payload,
        metadata=metadata,
    )


def check_sealable(keyring: Keyring, events: Sequence[Event]) -> None:
    """Refuse what could not be sealed, without making a key for anybody.

    Raises:
        PersonIsErased, ReservedId: an event names a subject that nothing can be sealed for.
    """
    keys = {key: person for event in events for key, person in told_of(event).items()}
    for subject in sorted(RESERVED.intersection(keys.values())):
        raise ReservedId(id=subject)
    for key in sorted(keys.keys() & keyring.destroyed() if keys else ()):
        raise PersonIsErased(person_id=keys[key])


def metadata_of(request: Request) -> Metadata:
    """Return what is stored beside each event of a command."""
    return Metadata(
        actor=request.actor,
        causation_id=request.causation_id,
        correlation_id=request.correlation_id,
        source_recorded_at=request.source_recorded_at,
    )


def _digest(keyring: Keyring, command: Struct, request: Request) -> bytes:
    """Return what tells this request from another under the same command id."""
    said = (type(command).__name__, str(request.actor.principal), str(request.expected_version))
    try:
        message = "|".join(said).encode() + codec.canonical(command)
    except UnicodeEncodeError:
        raise UnstorableText from None
    return hmac.digest(keyring.key_or_new(OWN), message, "sha256")


def recorded(
    append: Append,
    events: Sequence[Event],
    metadata: Metadata,
    appended: Appended,
    version: int,
) -> Iterable[Recorded[Event]]:
    """Yield the events of an append as the log now holds them."""
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
