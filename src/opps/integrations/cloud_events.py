"""A log as CloudEvents 1.0: one JSON object a line, for brokers and event pipelines."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import UNSET, Raw, Struct, UnsetType

from opps.domain.events import OpportunityEvent
from opps.domain.recorded import Metadata
from opps.eventstore import LoggedEvent
from opps.eventstore.transfer import snapshot
from opps.integrations.backup_file import Progress
from opps.integrations.jsonl import Exported
from opps.integrations.jsonl_lines import ENCODER, line_of
from opps.integrations.private_files import whole_file
from opps.recording import codec
from opps.recording.keyring import Keyring

JSON = "application/json"
BYTES = "application/octet-stream"
_SEQUENCE_DIGITS = 19  # as many as the largest position: texts are then in the order of numbers

SPECVERSION = "1.0"


class CloudEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event with the attributes of CloudEvents 1.0, and extensions in its spelling.

    `sequence`, `partitionkey`, `recordedtime` and `dataref` are documented extensions; the others
    are ours. `data_base64` takes the place of `data` only where the payload is no JSON.
    """

    specversion: str
    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    sequence: str
    partitionkey: str
    recordedtime: datetime
    streamversion: str
    schemanumber: int
    commandid: UUID
    actor: UUID
    actorrole: str
    actorvia: str
    onbehalfof: UUID | None = None
    causationid: UUID | None = None
    correlationid: UUID | None = None
    sourcerecordedtime: datetime | None = None
    dataref: str | None = None
    data: Raw | UnsetType = UNSET
    data_base64: bytes = b""


def cloud_event(tenant: UUID, stored: LoggedEvent, keyring: Keyring | None) -> CloudEvent:
    """Return a stored event as a CloudEvent; a keyring makes personal data readable.

    Raises:
        JsonlRefused: the keys are not those of this log.
    """
    line = line_of(stored, keyring)
    metadata, actor = line.metadata, line.metadata.actor
    return CloudEvent(
        specversion=SPECVERSION,
        id=line.event_id,
        source=source_of(tenant),
        type=type_of(line.tag),
        subject=str(line.stream),
        time=happened_at(stored, line.metadata),
        datacontenttype=BYTES if line.event_base64 else JSON,
        sequence=sequence_of(line.position),
        partitionkey=str(line.stream),
        recordedtime=line.recorded_at,
        streamversion=str(line.version),
        schemanumber=line.schema,
        commandid=line.command_id,
        actor=actor.principal,
        actorrole=actor.role,
        actorvia=actor.via,
        onbehalfof=actor.on_behalf_of,
        causationid=metadata.causation_id,
        correlationid=metadata.correlation_id,
        sourcerecordedtime=metadata.source_recorded_at,
        data=UNSET if line.event_base64 else line.event,
        data_base64=line.event_base64,
    )


def export_cloud_events(
    url: str, tenant: UUID, path: Path, *, keyring: Keyring | None = None, progress: Progress
) -> Exported:
    """Write a tenant's log as it is at this instant; a keyring makes personal data readable.

    Raises:
        UnknownTenant: there is no such tenant.
        JsonlRefused: the keys are not those of this log.
        psycopg.OperationalError: the database is away.
    """
    with snapshot(url, tenant) as log, whole_file(path) as file:
        size = log.head.size
        for step in log.steps():
            for event in step.events:
                file.write(ENCODER.encode(cloud_event(tenant, event, keyring)) + b"\n")
                progress(event.position, size)
    personal_data = "sealed" if keyring is None else "clear"
    return Exported(tenant=tenant, slug=log.slug, events=size, personal_data=personal_data)


def source_of(tenant: UUID) -> str:
    """Return whose events they are."""
    return f"urn:uuid:{tenant}"


def type_of(tag: str) -> str:
    """Return the type of what happened, from its stored name."""
    return f"opps.{tag}"


def sequence_of(position: int) -> str:
    """Return a place in the log as a text; such texts are in the order of the log."""
    return str(position).zfill(_SEQUENCE_DIGITS)


def happened_at(stored: codec.Stored, metadata: Metadata) -> datetime:
    """Return when our side learned it, as far as anybody told; else when it was recorded."""
    told_at: datetime = metadata.source_recorded_at or stored.recorded_at
    event = codec.decode_event(stored.tag, stored.schema, stored.payload)
    if not isinstance(event, OpportunityEvent):
        return told_at
    return event.learned.effective(told_at)
