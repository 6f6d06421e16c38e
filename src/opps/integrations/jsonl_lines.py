"""The lines of an exported log: written from stored events, and read with care."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Raw, Struct

from opps.domain.events import TAGS
from opps.domain.personal import Clear
from opps.domain.recorded import Metadata
from opps.eventstore import NEW_STREAM, LoggedEvent
from opps.recording import codec
from opps.recording.keyring import Keyring, SubjectKeyMissing
from opps.recording.personal import unsealed

FORMAT = 1
_NONE = Raw()  # left out of a line because it is the default itself


class JsonlRefused(Exception):
    """The file cannot be imported here, or the log not exported; the message says why."""


class HeadLine(Struct, frozen=True, kw_only=True):
    """The first line: whose log it is, and how long."""

    format: int
    tenant: UUID
    slug: str
    size: int
    personal_data: str


class EventLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event; its bytes are in base64 only where they are no JSON."""

    position: int
    recorded_at: datetime
    stream: UUID
    version: int
    event_id: UUID
    command_id: UUID
    tag: str
    schema: int
    metadata: Metadata
    event: Raw = _NONE
    event_base64: bytes = b""


ENCODER = msgspec.json.Encoder()
_HEAD = msgspec.json.Decoder(HeadLine)
_EVENT = msgspec.json.Decoder(EventLine)
_METADATA = msgspec.json.Decoder(Metadata)


def line_of(stored: LoggedEvent, keyring: Keyring | None) -> EventLine:
    """Return the line of a stored event; a keyring makes personal data readable.

    Raises:
        JsonlRefused: the keys are not those of this log.
    """
    schema, payload = stored.schema, stored.payload
    if keyring is not None:
        event = codec.decode_event(stored.tag, schema, payload)
        if not isinstance(event, codec.UnknownEvent):
            try:
                event = unsealed(event, stored.event_id, keyring)
            except (InvalidTag, SubjectKeyMissing):
                raise JsonlRefused(
                    f"The keys are not those of this log: event {stored.position} does not open."
                ) from None
            schema, payload = event.schema, ENCODER.encode(event)
    readable = _is_json(payload)
    return EventLine(
        position=stored.position,
        recorded_at=stored.recorded_at,
        stream=stored.stream,
        version=stored.version,
        event_id=stored.event_id,
        command_id=stored.command_id,
        tag=stored.tag,
        schema=schema,
        metadata=_METADATA.decode(stored.metadata),
        event=Raw(payload) if readable else _NONE,
        event_base64=b"" if readable else payload,
    )


def _is_json(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload, type=dict[str, Raw])
    except msgspec.DecodeError:
        return False
    return True


def checked(path: Path) -> HeadLine:
    """Return the head of a file of which every line was read.

    Raises:
        JsonlRefused: with the number of the first line that is wrong.
    """
    head: HeadLine | None = None
    versions: dict[UUID, int] = {}
    number = 0
    for number, line in enumerate(_lines(path), 1):
        try:
            if head is None:
                head = _HEAD.decode(line)
                continue
            event = _EVENT.decode(line)
            _check_event(event)
        except (msgspec.DecodeError, ValueError) as error:
            raise JsonlRefused(f"{path}, line {number}: {error}. Nothing was imported.") from error
        due = versions.get(event.stream, NEW_STREAM) + 1
        if event.position != number - 1 or event.version != due:
            raise JsonlRefused(
                f"{path}, line {number}: position {event.position}, version {event.version} of "
                f"its stream, where {number - 1} and {due} are due. Nothing was imported."
            )
        versions[event.stream] = event.version
    if head is None or head.format != FORMAT or head.size != number - 1:
        raise JsonlRefused(
            f"{path} is not a whole export of format {FORMAT}: give a file that "
            "`opps export jsonl` wrote. Nothing was imported."
        )
    return head


def _check_event(line: EventLine) -> None:
    """Raise what is wrong with an event, or with taking it along where it cannot be read.

    Raises:
        ValueError: it is malformed, or could not be sealed.
    """
    known = TAGS.get(line.tag)
    if known is not None and line.schema == known.schema:
        msgspec.json.decode(payload_of(line), type=known)
        return
    event = codec.decode_event(line.tag, line.schema, payload_of(line))
    if isinstance(event, codec.UnknownEvent) and _tells(payload_of(line)):
        raise ValueError(
            f"a newer version wrote {line.tag}, with personal data in clear that this one cannot "
            "seal: import it with that version, or export it without"
        )


def _tells(payload: bytes) -> bool:
    """Tell whether personal data can be read in an event, wherever it lies."""
    left: list[Any] = [msgspec.json.decode(payload)] if _is_json(payload) else []
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if one.get("type") == Clear.__struct_config__.tag:
                return True
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return False


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def payload_of(line: EventLine) -> bytes:
    """Return the bytes of the event itself."""
    return line.event_base64 or bytes(line.event)


def events_of(path: Path) -> Iterator[EventLine]:
    """Yield the events of a file that was checked."""
    lines = _lines(path)
    next(lines)
    yield from map(_EVENT.decode, lines)


def by_command(path: Path) -> Iterator[list[EventLine]]:
    """Yield the events of each command."""
    command: list[EventLine] = []
    for event in events_of(path):
        if command and command[0].command_id != event.command_id:
            yield command
            command = []
        command.append(event)
    if command:
        yield command
