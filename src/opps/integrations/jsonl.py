"""A readable log: one JSON object an event, out of one database and as a new log into another."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Struct

from opps.domain.events import Event
from opps.eventstore import Append, Log, NewEvent, VersionConflict
from opps.eventstore.appends import MAX_EVENTS
from opps.eventstore.transfer import snapshot
from opps.integrations.backup_file import Progress
from opps.integrations.jsonl_lines import (
    ENCODER,
    FORMAT,
    EventLine,
    HeadLine,
    JsonlRefused,
    by_command,
    checked,
    events_of,
    line_of,
    payload_of,
)
from opps.integrations.own_streams import moved_streams
from opps.integrations.private_files import private_file
from opps.recording import codec
from opps.recording.keyring import Keyring, SubjectErased, SubjectKeyMissing, SubjectReserved
from opps.recording.personal import UnwritableText, sealed, unsealed

_GROUP_BYTES = 16 * 1024 * 1024  # half of what the log takes in one batch

__all__ = ["Exported", "Imported", "JsonlRefused", "export_jsonl", "import_jsonl"]


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
    with snapshot(url, tenant) as log, private_file(unfinished) as file:
        size = log.head.size
        head = HeadLine(
            format=FORMAT, tenant=tenant, slug=log.slug, size=size, personal_data=personal_data
        )
        file.write(ENCODER.encode(head) + b"\n")
        for step in log.steps():
            for event in step.events:
                file.write(ENCODER.encode(line_of(event, keyring)) + b"\n")
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
        JsonlRefused: the file is malformed, its keys are not here, or the tenant has another log.
        LogUnavailable: the database is away; safe to repeat.
    """
    head = checked(path)
    _check_target(log, tenant, path)
    if head.personal_data == "sealed":
        for line in events_of(path):  # before anything is stored
            _check_readable(
                codec.decode_event(line.tag, line.schema, payload_of(line)), line, keyring
            )
    moved = moved_streams(path, head.tenant, tenant)
    done = commands = repeated = 0
    appends = (_append(tenant, lines, keyring, moved) for lines in by_command(path))
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


def _check_target(log: Log, tenant: UUID, path: Path) -> None:
    stored = log.read(tenant, 0, 1)
    first = next(events_of(path), None)
    if stored and (first is None or stored[0].event_id != first.event_id):
        raise JsonlRefused(
            f"Tenant {tenant} has another log already. Import into an empty tenant: "
            "`opps tenant create NAME`, then `opps import jsonl FILE --tenant NAME`."
        )


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
    schema, payload = line.schema, payload_of(line)
    event = codec.decode_event(line.tag, schema, payload)
    if not isinstance(event, codec.UnknownEvent):
        try:
            event = sealed(event, line.event_id, keyring)
            payload = codec.encode(event)
        except (UnwritableText, codec.Unstorable) as refused:
            raise JsonlRefused(
                f"Event {line.position} cannot be stored: {refused or 'a text of it has a NUL'}."
            ) from None
        except (SubjectErased, SubjectReserved) as refused:
            raise JsonlRefused(
                f"Event {line.position} is about {refused}, whose key was destroyed here: nothing "
                "can be sealed for this person again. Leave that person's data out of the file."
            ) from refused
        schema = event.schema
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


def _check_readable(event: Event, line: EventLine, keyring: Keyring) -> None:
    """Refuse what nobody could ever read: once new keys are made, the right ones come too late."""
    try:
        unsealed(event, line.event_id, keyring)
    except (SubjectKeyMissing, InvalidTag):
        raise JsonlRefused(
            f"The personal data of event {line.position} cannot be read with the keys that are "
            "here. Name the file of its keys with --keys FILE."
        ) from None


def _in_order(appends: Iterable[Append]) -> Iterator[list[Append]]:
    """Yield appends that may wait together and still be stored in their order.

    The log stores what waits in its order only while it fits into one batch and no stream is in
    it twice; so an append that would not is left for the next group.
    """
    group: list[Append] = []
    taken: set[UUID] = set()
    events = size = 0
    for append in appends:
        its_size = sum(len(event.payload) + len(event.metadata) for event in append.events)
        full = events + len(append.events) > MAX_EVENTS or size + its_size > _GROUP_BYTES
        if group and (full or not taken.isdisjoint(append.expected)):
            yield group
            group, taken, events, size = [], set(), 0, 0
        group.append(append)
        taken.update(append.expected)
        events += len(append.events)
        size += its_size
    if group:
        yield group
