"""Back up a tenant's log to a file, and restore it, byte for byte, where there is none."""

from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct
from uuid_utils.compat import uuid7

from opps.domain.events import LogRestored
from opps.domain.recorded import Actor, Metadata, Via
from opps.eventstore import NEW_STREAM, Append, NewEvent, SealedEvent
from opps.eventstore.transfer import Step, restore, snapshot
from opps.integrations.backup_file import BackupAltered, BackupReader, BackupWriter, Progress
from opps.recording import codec
from opps.recording.header import EPOCH, FIRST_LEAF, Header, header_bytes, leaf_hash, sha256

# Everything of a header before the tag, and the number of commitments behind it.
_FIXED_BYTES = 191
_SYSTEM = Actor(principal=uuid5(NAMESPACE_URL, "opps:system"), role="SYSTEM", via=Via.SYSTEM)


def _quietly(done: int, total: int) -> None:
    """Tell nobody."""


class BackedUp(Struct, frozen=True, kw_only=True):
    """What a backup file holds; `sha256` is of the file before its last line."""

    tenant: UUID
    slug: str
    size: int
    sha256: str


class Restored(Struct, frozen=True, kw_only=True):
    """What was restored; one event, `LogRestored`, was appended behind it."""

    tenant: UUID
    slug: str
    size: int
    sha256: str
    position: int


def restore_stream(tenant: UUID) -> UUID:
    """Return the stream that tells of restores."""
    return uuid5(tenant, "restores")


def back_up(
    url: str, tenant: UUID, path: Path, *, written_by: str, progress: Progress = _quietly
) -> BackedUp:
    """Write a tenant's log to a file, as it is at this instant.

    Raises:
        UnknownTenant: there is no such tenant.
        OSError: the file cannot be written.
        psycopg.OperationalError: the database is away.
    """
    with snapshot(url, tenant) as log:
        size = log.head.size
        with BackupWriter(path, tenant, log.slug, written_by=written_by) as writer:
            done = 0
            for step in log.steps():
                writer.add(step)
                done += len(step.events)
                progress(done, size)
        return BackedUp(tenant=tenant, slug=log.slug, size=size, sha256=writer.digest)


def restore_backup(
    direct_url: str,
    backup: BackupReader,
    *,
    slug: str | None = None,
    progress: Progress = _quietly,
) -> Restored:
    """Restore a backup into its tenant, which must have none; all or nothing.

    Every hash, header and leaf is checked before anything is written. The slug is the one of the
    file unless another is given.

    Raises:
        BackupAltered: the file holds something that is not this log.
        TenantNotEmpty: the tenant has a log.
        SlugTaken: the slug stands for another tenant.
        psycopg.OperationalError: the database is away.
    """
    tenant, slug = backup.log.tenant, slug or backup.log.slug
    chain = _Chain(backup.path, tenant)
    for step in backup.steps():
        chain.check(step)
    append = _log_restored(tenant, backup.digest, chain)
    again = _Chain(backup.path, tenant)
    appended = restore(
        direct_url, tenant, slug, again.checked(backup, progress, chain.size), append
    )
    assert appended.first_position is not None
    return Restored(
        tenant=tenant,
        slug=slug,
        size=chain.size,
        sha256=backup.digest,
        position=appended.first_position,
    )


class _Chain:
    """Checks that commands and events make one log, as the database would have stored it."""

    def __init__(self, path: Path, tenant: UUID) -> None:
        self.size = 0
        self._path = path
        self._tenant = tenant
        self._recorded_at = EPOCH
        self._streams: dict[UUID, tuple[int, bytes]] = {}

    def version(self, stream: UUID) -> int:
        """Return the last version of a stream, -1 where it has none."""
        return self._streams.get(stream, (NEW_STREAM, FIRST_LEAF))[0]

    def checked(self, backup: BackupReader, progress: Progress, total: int) -> Iterator[Step]:
        """Yield the steps of a backup, each one checked."""
        for step in backup.steps():
            self.check(step)
            yield step
            progress(self.size, total)

    def check(self, step: Step) -> None:
        """Take in one more step.

        Raises:
            BackupAltered: it is not the next one of this log.
        """
        command = step.command
        first = self.size + 1 if step.events else None
        if command.first_position != first or command.recorded_at < self._recorded_at:
            raise BackupAltered(self._path, f"command {command.command_id} is out of its place")
        self._recorded_at = command.recorded_at
        for event in step.events:
            self._check_event(event, step)

    def _check_event(self, event: SealedEvent, step: Step) -> None:
        version, previous_leaf = self._streams.get(event.stream, (NEW_STREAM, FIRST_LEAF))
        header = header_bytes(
            Header(
                tenant=self._tenant,
                position=self.size + 1,
                stream=event.stream,
                version=version + 1,
                previous_leaf=previous_leaf,
                recorded_at=step.command.recorded_at,
                command_id=step.command.command_id,
                event_id=event.event_id,
                payload_sha256=sha256(event.payload),
                metadata_sha256=sha256(event.metadata),
                schema=event.schema,
                tag=event.tag,
                commitments=event.header[_FIXED_BYTES + len(event.tag.encode()) :],
            )
        )
        place = (event.position, event.version, event.recorded_at, event.command_id)
        due = (self.size + 1, version + 1, step.command.recorded_at, step.command.command_id)
        if place != due or event.header != header or event.leaf != leaf_hash(header):
            raise BackupAltered(self._path, f"event {self.size + 1} is not the one its hash is of")
        self.size += 1
        self._streams[event.stream] = (event.version, event.leaf)


def _log_restored(tenant: UUID, digest: str, chain: _Chain) -> Append:
    stream = restore_stream(tenant)
    event = LogRestored(source_hash=digest, head=chain.size)
    return Append(
        tenant=tenant,
        command_id=uuid5(stream, digest),
        expected={stream: chain.version(stream)},
        events=(
            NewEvent(
                stream=stream,
                event_id=uuid7(),
                tag=codec.tag_of(event),
                schema=event.schema,
                payload=codec.encode(event),
                metadata=codec.encode_metadata(Metadata(actor=_SYSTEM)),
            ),
        ),
    )
