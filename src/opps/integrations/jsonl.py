"""A readable log: one JSON object an event, out of one database and as a new log into another."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Raw, Struct

from opps.domain.clock import clock_stream
from opps.domain.events import TAGS
from opps.domain.recorded import Metadata
from opps.eventstore import (
    NEW_STREAM,
    Append,
    Log,
    NewEvent,
    SealedEvent,
    VersionConflict,
)
from opps.eventstore.appends import MAX_EVENTS
from opps.eventstore.transfer import snapshot
from opps.integrations.backup import restore_stream
from opps.integrations.backup_file import Progress
from opps.recording import codec
from opps.recording.keyring import Keyring, SubjectKeyMissing
from opps.recording.personal import sealed, unsealed

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


class Exported(Struct, frozen=True, kw_only=True):
    """What an export wrote."""

    tenant: UUID
    slug: str
    events: int
    personal_data: str


class Imported(Struct, frozen=True, kw_only=True):
    """What an import stored; `repeated` commands were there already."""

    tenant: UUID
    events: int
    commands: int
    repeated: int


_ENCODER = msgspec.json.Encoder()
_HEAD = msgspec.json.Decoder(HeadLine)
_EVENT = msgspec.json.Decoder(EventLine)
_METADATA = msgspec.json.Decoder(Metadata)


def _quietly(done: int, total: int) -> None:
    """Tell nobody."""


def export_jsonl(
    url: str,
    tenant: UUID,
    path: Path,
    *,
    keyring: Keyring | None = None,
    progress: Progress = _quietly,
) -> Exported:
    """Write a tenant's log as it is at this instant; a keyring makes personal data readable.

    Raises:
        UnknownTenant: there is no such tenant.
        JsonlRefused: the keys are not those of this log.
        psycopg.OperationalError: the database is away.
    """
    personal_data = "sealed" if keyring is None else "clear"
    unfinished = path.with_name(path.name + ".unfinished")
    with snapshot(url, tenant) as log, _private(unfinished) as file:
        size = log.head.size
        head = HeadLine(
            format=FORMAT, tenant=tenant, slug=log.slug, size=size, personal_data=personal_data
        )
        file.write(_ENCODER.encode(head) + b"\n")
        for step in log.steps():
            for event in step.events:
                file.write(_ENCODER.encode(_line(event, keyring)) + b"\n")
                progress(event.position, size)
    unfinished.replace(path)
    return Exported(tenant=tenant, slug=log.slug, events=size, personal_data=personal_data)


def import_jsonl(
    log: Log, tenant: UUID, path: Path, keyring: Keyring, *, progress: Progress = _quietly
) -> Imported:
    """Store the events of a file as a new log: new times and places, the old ones kept as source.

    The tenant must be empty, or hold what an earlier import of the same file stored: event and
    command ids stay the same, so an import that broke off is taken up by a second one.

    Raises:
        JsonlRefused: the file is malformed, or the tenant has another log.
        LogUnavailable: the database is away; safe to repeat.
    """
    head = _checked(path)
    _check_target(log, tenant, path)
    moved = {
        clock_stream(head.tenant): clock_stream(tenant),
        restore_stream(head.tenant): restore_stream(tenant),
    }
    done = commands = repeated = 0
    appends = (_append(tenant, lines, keyring, moved) for lines in _by_command(path))
    for group in _in_order(appends):
        for append, future in [(append, log.submit(append)) for append in group]:
            try:
                repeated += future.result().replayed
            except VersionConflict as conflict:
                raise JsonlRefused(
                    f"Somebody else appends to this tenant: {conflict}. Stop the server, then "
                    "import into an empty tenant."
                ) from conflict
            commands += 1
            done += len(append.events)
        progress(done, head.size)
    return Imported(tenant=tenant, events=done, commands=commands, repeated=repeated)


def _private(path: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _line(stored: SealedEvent, keyring: Keyring | None) -> EventLine:
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
            schema, payload = event.schema, _ENCODER.encode(event)
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


def _checked(path: Path) -> HeadLine:
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
    """Raise what is wrong with an event that this version should be able to read."""
    known = TAGS.get(line.tag)
    if known is not None and line.schema == known.schema:
        msgspec.json.decode(_payload(line), type=known)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _payload(line: EventLine) -> bytes:
    return line.event_base64 or bytes(line.event)


def _check_target(log: Log, tenant: UUID, path: Path) -> None:
    stored = log.read(tenant, 0, 1)
    lines = _lines(path)
    next(lines)
    first = next((_EVENT.decode(line) for line in lines), None)
    if stored and (first is None or stored[0].event_id != first.event_id):
        raise JsonlRefused(
            f"Tenant {tenant} has another log already. Import into an empty tenant: "
            "`opps tenant create NAME`, then `opps import jsonl FILE --tenant NAME`."
        )


def _by_command(path: Path) -> Iterator[list[EventLine]]:
    """Yield the events of each command."""
    lines = _lines(path)
    next(lines)
    command: list[EventLine] = []
    for event in map(_EVENT.decode, lines):
        if command and command[0].command_id != event.command_id:
            yield command
            command = []
        command.append(event)
    if command:
        yield command


def _append(
    tenant: UUID, lines: list[EventLine], keyring: Keyring, moved: dict[UUID, UUID]
) -> Append:
    expected: dict[UUID, int] = {}
    for line in lines:
        expected.setdefault(moved.get(line.stream, line.stream), line.version - 1)
    return Append(
        tenant=tenant,
        command_id=lines[0].command_id,
        expected=expected,
        events=tuple(_new_event(line, keyring, moved) for line in lines),
    )


def _new_event(line: EventLine, keyring: Keyring, moved: dict[UUID, UUID]) -> NewEvent:
    schema, payload = line.schema, _payload(line)
    event = codec.decode_event(line.tag, schema, payload)
    if not isinstance(event, codec.UnknownEvent):
        schema, payload = event.schema, codec.encode(sealed(event, line.event_id, keyring))
    said_at = line.metadata.source_recorded_at or line.recorded_at
    metadata = msgspec.structs.replace(line.metadata, source_recorded_at=said_at)
    return NewEvent(
        stream=moved.get(line.stream, line.stream),
        event_id=line.event_id,
        tag=line.tag,
        schema=schema,
        payload=payload,
        metadata=codec.encode_metadata(metadata),
    )


def _in_order(appends: Iterable[Append]) -> Iterator[list[Append]]:
    """Yield appends that may wait together and still be stored in their order.

    The log stores what waits in its order only while it fits into one batch and no stream is in
    it twice; so an append that would not is left for the next group.
    """
    group: list[Append] = []
    taken: set[UUID] = set()
    size = 0
    for append in appends:
        if not taken.isdisjoint(append.expected) or size + len(append.events) > MAX_EVENTS:
            yield group
            group, taken, size = [], set(), 0
        group.append(append)
        taken.update(append.expected)
        size += len(append.events)
    if group:
        yield group
