"""Commands that copy a tenant's log byte for byte: backup and restore."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli.keys import RootKeyFile, root_of
from opps.cli.output import (
    DIFFERENCE,
    Cannot,
    Json,
    Tenant,
    counted,
    end,
    note,
    print_json,
    progress,
    say,
)

if TYPE_CHECKING:
    from opps.integrations.backup import BackedUp


class BackupAnswer(Struct, frozen=True, kw_only=True):
    """What `opps backup` wrote."""

    file: str
    tenant: UUID
    slug: str
    events: int
    sha256: str
    keys: int | None


class RestoreAnswer(Struct, frozen=True, kw_only=True):
    """What `opps restore` stored; `position` is that of `LogRestored`.

    `erased` persons were erased again, because this copy of the log is older.
    """

    tenant: UUID
    slug: str
    events: int
    sha256: str
    position: int
    keys: int | None
    erased: int


def add_to(application: typer.Typer) -> None:
    application.command()(backup)
    application.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    keys: Annotated[
        Path | None,
        typer.Option(help="Write the keys of personal data to this file: keep it elsewhere."),
    ] = None,
    tenant: Tenant = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    as_json: Json = False,
) -> None:
    """Write a tenant's log to a file, as it is at this instant; the server may go on.

    Without the keys nobody can read the personal data of a restored log.

    Exit code 1 if the log is empty.
    """
    from opps import __version__
    from opps.app import Opps
    from opps.cli.place import check_can_write, existing
    from opps.integrations.backup import back_up

    check_can_write(file, keys, force=force)
    with Opps(existing()) as opps, progress("Backing up", quiet=as_json) as advance:
        wanted = opps.tenant(tenant)
        done = back_up(
            opps.database.direct_url,
            wanted,
            file,
            written_by=f"opps {__version__}",
            progress=advance,
        )
        count = None if keys is None else opps.copy_keys(wanted, keys)
    if as_json:
        print_json(
            BackupAnswer(
                file=str(file),
                tenant=done.tenant,
                slug=done.slug,
                events=done.size,
                sha256=done.sha256,
                keys=count,
            )
        )
    else:
        _tell(done, file, keys, count)
    if not done.size:
        note(f"The log of {done.slug} is empty, and so is this backup. Is another tenant meant?")
        note("`opps tenant list` shows them all, --tenant SLUG names one.")
        end(DIFFERENCE)


def _tell(done: "BackedUp", file: Path, keys: Path | None, count: int | None) -> None:
    held = f"{counted(done.size, 'event')} of {done.slug}"
    say(f"{file} holds {held}, SHA-256 {done.sha256}.")
    if count is None:
        say("The keys of personal data are not in it: --keys FILE writes them to another file.")
    else:
        say(
            f"{keys} holds {counted(count, 'key')}: keep it apart from the backup, and the root key"
        )
        say("that opens it apart from both: `opps keys copy-root FILE` copies it.")


def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that opps backup wrote.", exists=True, dir_okay=False)
    ],
    keys: Annotated[
        Path | None,
        typer.Option(help="The file with the keys of personal data.", exists=True, dir_okay=False),
    ] = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="The log holds no personal data.")
    ] = False,
    root_key: RootKeyFile = None,
    slug: Annotated[
        str | None, typer.Option(help="The tenant's short name here; that of the file if absent.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Restore a tenant's log from a file, byte for byte, where that tenant has none.

    Every hash in the file is checked before anything is written; then all of it is stored, or
    nothing.
    """
    from opps.app import Opps
    from opps.cli.state import missing_read_models
    from opps.config import settings
    from opps.eventstore.transfer import SlugTaken, TenantNotEmpty
    from opps.integrations.backup import restore_backup
    from opps.integrations.backup_file import BackupReader

    if (keys is None) is not without_keys:
        raise Cannot(
            "Personal data cannot be read without its keys. Name their file with --keys FILE, or "
            "say --without-keys if the log holds no personal data."
        )
    try:
        with Opps(settings()) as opps, progress("Restoring", quiet=as_json) as advance:
            backup = BackupReader(file, advance)
            head = opps.log.head(backup.log.tenant)
            if head is not None and head.size:
                raise TenantNotEmpty(backup.log.tenant)
            count = None
            if keys is not None:
                # Before the log, so that no log is ever there without them.
                count = opps.take_over_keys(backup.log.tenant, keys, root_of(root_key))
            done = restore_backup(opps.database.direct_url, backup, slug=slug, progress=advance)
            # Before anybody reads it: what was erased stays so, whatever the file still held.
            finished = opps.application.personal.finish(done.tenant)
            missing = missing_read_models(opps.database.direct_url, done.tenant)
    except TenantNotEmpty as refused:
        raise Cannot(
            f"Tenant {refused.tenant} has a log already: nothing was restored. A log comes back "
            "as the tenant that it was: restore it elsewhere, with OPPS_DATA_DIRECTORY set to a "
            "new directory or OPPS_DATABASE_URL to another database."
        ) from None
    except SlugTaken as refused:
        raise Cannot(
            f"The short name {refused.slug!r} belongs to another tenant here: nothing was "
            "restored. Give this one another with --slug NAME."
        ) from None
    if as_json:
        print_json(
            RestoreAnswer(
                tenant=done.tenant,
                slug=done.slug,
                events=done.size,
                sha256=done.sha256,
                position=done.position,
                keys=count,
                erased=len(finished),
            )
        )
        return
    say(f"Restored {counted(done.size, 'event')} as tenant {done.slug} ({done.tenant}).")
    if finished:
        say(f"{counted(len(finished), 'erasure')} came after this copy: carried out again.")
    if missing is not None:
        say(missing)
