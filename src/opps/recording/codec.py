"""The only codec: an event and its metadata to the bytes that are stored and hashed, and back."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.domain.events import TAGS, Event, ScoringModelActivated
from opps.domain.recorded import Metadata, Recorded
from opps.recording.personal import UnwritableText

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

# Old schema numbers of a tag, each with the step to the next number. Never remove one.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}

_ENCODER = msgspec.json.Encoder(order="deterministic")
CLEAR = b'"type":"clear"'
# In the bytes of each event that holds sealed text: all others need not be searched for it.
SEALED = b'"type":"sealed"'
_METADATA = msgspec.json.Decoder(Metadata)
# A NUL in a text, not a backslash before the letters that write one.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_CURRENT: dict[tuple[str, int], msgspec.json.Decoder[Event]] = {
    (tag, kind.schema): msgspec.json.Decoder(kind) for tag, kind in TAGS.items()
}

# Large events that are read again and again: each command reads what surrounds its opportunity.
# One object a model also means that the nats of its values are worked out once.
_REPEATED = frozenset({ScoringModelActivated.__name__})


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


class Unstorable(ValueError):
    """An event that could be stored but not read again, or that would show personal data."""


def encode(event: Event) -> bytes:
    """Return the payload bytes of an event whose personal values were sealed before.

    Raises:
        Unstorable: reading the bytes back would not give the same event.
        UnwritableText: a text has a character that read models cannot hold.
    """
    try:
        payload = _ENCODER.encode(event)
    except UnicodeEncodeError:
        raise UnwritableText from None
    if b"\\u0000" in payload and _NUL.search(payload):
        raise UnwritableText
    # Inside a JSON text the quotes would be escaped: only a clear value itself looks like this.
    if CLEAR in payload:
        raise Unstorable(f"{tag_of(event)} holds personal data that is not sealed")
    try:
        same = _CURRENT[tag_of(event), event.schema].decode(payload) == event
    except msgspec.ValidationError as error:
        raise Unstorable(f"{tag_of(event)} breaks a limit: {error}") from None
    if not same:
        raise Unstorable(f"{tag_of(event)} holds a value that its bytes cannot carry")
    return payload


def encode_metadata(metadata: Metadata) -> bytes:
    """Return the metadata bytes."""
    return _ENCODER.encode(metadata)


def decode_event(tag: str, schema: int, payload: bytes) -> Event:
    """Return the event of stored bytes, brought up to the current schema.

    What a newer version wrote, a tag, a schema, a kind of fact or a value unknown here, is kept
    as an `UnknownEvent`.
    """
    try:
        decoder = _CURRENT.get((tag, schema))
        if decoder is not None:
            if tag in _REPEATED:
                return _remembered(tag, schema, payload)
            return decoder.decode(payload)
        builtins: dict[str, Any] = msgspec.json.decode(payload)
        number = schema
        while (upcast := UPCASTERS.get((tag, number))) is not None:
            builtins, number = upcast(builtins), number + 1
        if tag in TAGS and number == TAGS[tag].schema:
            return msgspec.convert(builtins, TAGS[tag])
    except msgspec.DecodeError:
        pass
    return UnknownEvent(tag=tag, schema_number=schema, payload=payload)


# A model with its precedents takes tens of megabytes once it is read.
@lru_cache(maxsize=8)
def _remembered(tag: str, schema: int, payload: bytes) -> Event:
    return _CURRENT[tag, schema].decode(payload)


def decode_metadata(stored: bytes) -> Metadata:
    """Return the metadata of stored bytes."""
    return _METADATA.decode(stored)


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
        metadata=decode_metadata(stored.metadata),
    )


def canonical(request: Struct) -> bytes:
    """Return the bytes of a request that tell it from another, for its digest."""
    return _ENCODER.encode(request)
