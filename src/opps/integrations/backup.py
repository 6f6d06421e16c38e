"""Back up a tenant's log to a file, and restore it, byte for byte, where there is none."""

from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct
from uuid_utils.compat import uuid7

from opps.domain.events import LogRestored
from opps.domain.recorded import Actor, Metadata, Via
from opps.eventstore import Append, NewEvent
from opps.eventstore.transfer import Step, restore, restore_stream, snapshot
from opps.integrations.backup_file import BackupAltered, BackupReader, BackupWriter, Progress
from opps.recording import codec
from opps.recording.chain import Chain
from opps.recording.header import EPOCH

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
    check = _Check(backup)
    for _ in check.steps():
        pass
    size = check.chain.size
    append = _log_restored(tenant, backup.digest, check.chain)
    # Checked once more on the way in: nobody promises that the file stayed as it was.
    steps = _Check(backup).steps(progress, size)
    appended = restore(direct_url, tenant, slug, steps, append)
    assert appended.first_position is not None
    return Restored(
        tenant=tenant,
        slug=slug,
        size=size,
        sha256=backup.digest,
        position=appended.first_position,
    )


class _Check:
    """Checks that commands and events make one log, as the database would have stored it."""

    def __init__(self, backup: BackupReader) -> None:
        self.chain = Chain(backup.log.tenant)
        self._backup = backup
        self._recorded_at = EPOCH

    def steps(self, progress: Progress = _quietly, total: int = 0) -> Iterator[Step]:
        """Yield the steps of the backup, each one checked.

        Raises:
            BackupAltered: one is not the next one of this log.
        """
        for step in self._backup.steps():
            self._check(step)
            yield step
            progress(self.chain.size, total)

    def _check(self, step: Step) -> None:
        command = step.command
        first = self.chain.size + 1 if step.events else None
        if command.first_position != first or command.recorded_at < self._recorded_at:
            raise BackupAltered(
                self._backup.path, f"command {command.command_id} is out of its place"
            )
        self._recorded_at = command.recorded_at
        for event in step.events:
            broken = self.chain.follow(event)
            if broken is not None:
                raise BackupAltered(
                    self._backup.path, f"{broken.field} of event {broken.position} is another"
                )
            if (event.command_id, event.recorded_at) != (command.command_id, command.recorded_at):
                raise BackupAltered(
                    self._backup.path, f"event {event.position} is of another command"
                )


def _log_restored(tenant: UUID, digest: str, chain: Chain) -> Append:
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
