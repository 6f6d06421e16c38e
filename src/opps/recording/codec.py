"""The only codec: an event and its metadata to the bytes that are stored and hashed, and back."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.domain.events import TAGS, Event
from opps.domain.recorded import Metadata, Recorded

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

# Old schema numbers of a tag, each with the step to the next number. Never remove one.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}

_ENCODER = msgspec.json.Encoder()
_METADATA = msgspec.json.Decoder(Metadata)
_CURRENT: dict[tuple[str, int], msgspec.json.Decoder[Event]] = {
    (tag, kind.schema): msgspec.json.Decoder(kind) for tag, kind in TAGS.items()
}


class Stored(Protocol):
    """What the log gives back for one event."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def event_id(self) -> UUID: ...
    @property
    def command_id(self) -> UUID: ...
    @property
    def recorded_at(self) -> Any: ...
    @property
    def tag(self) -> str: ...
    @property
    def schema(self) -> int: ...
    @property
    def payload(self) -> bytes: ...
    @property
    def metadata(self) -> bytes: ...


class UnknownEvent(Event, frozen=True, kw_only=True):
    """An event of a tag or schema that this version does not know: kept, counted, never a crash."""

    tag: str
    schema_number: int
    payload: bytes


def tag_of(event: Event) -> str:
    """Return the stored tag of an event."""
    return type(event).__name__


def encode(event: Event) -> bytes:
    """Return the payload bytes; personal values must have been sealed before."""
    return _ENCODER.encode(event)


def encode_metadata(metadata: Metadata) -> bytes:
    """Return the metadata bytes."""
    return _ENCODER.encode(metadata)


def decode_event(tag: str, schema: int, payload: bytes) -> Event:
    """Return the event of stored bytes, brought up to the current schema."""
    decoder = _CURRENT.get((tag, schema))
    if decoder is not None:
        return decoder.decode(payload)
    if (tag, schema) not in UPCASTERS:
        return UnknownEvent(tag=tag, schema_number=schema, payload=payload)
    builtins: dict[str, Any] = msgspec.json.decode(payload)
    while (upcast := UPCASTERS.get((tag, schema))) is not None:
        builtins, schema = upcast(builtins), schema + 1
    return msgspec.convert(builtins, TAGS[tag])


def decode(stored: Stored) -> Recorded[Event]:
    """Return the recorded event of a stored row."""
    return Recorded(
        event=decode_event(stored.tag, stored.schema, stored.payload),
        stream=stored.stream,
        position=stored.position,
        version=stored.version,
        recorded_at=stored.recorded_at,
        event_id=stored.event_id,
        command_id=stored.command_id,
        metadata=_METADATA.decode(stored.metadata),
    )


def canonical(request: Struct) -> bytes:
    """Return the bytes of a request that tell it from another, for its digest."""
    return _ENCODER.encode(request)
