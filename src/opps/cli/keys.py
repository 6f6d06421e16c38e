"""Commands for the keys of personal data: `opps keys`."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli.output import Cannot, Json, Tenant, counted, print_json, say

if TYPE_CHECKING:
    from opps.recording.root_key import RootKey

RootKeyFile = Annotated[
    Path | None,
    typer.Option(
        help="The root key that wrapped these keys, if it is not the one in use here.",
        exists=True,
        dir_okay=False,
    ),
]

group = typer.Typer(
    help="Keep the keys of personal data: back them up, restore them, rotate the root key.",
    no_args_is_help=True,
)


class BackupAnswer(Struct, frozen=True, kw_only=True):
    """What `opps keys backup` wrote."""

    file: str
    tenant: UUID
    keys: int


class RestoreAnswer(Struct, frozen=True, kw_only=True):
    """What `opps keys restore` took over."""

    tenant: UUID
    new: int
    destroyed: int


class RotationAnswer(Struct, frozen=True, kw_only=True):
    """What `opps keys rotate-root` wrapped anew."""

    tenants: int


class TenantRotationAnswer(Struct, frozen=True, kw_only=True):
    """What `opps keys rotate-tenant` wrapped anew."""

    tenant: UUID
    keys: int


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="keys")


def root_of(file: Path | None) -> "RootKey | None":
    """Return the root key in a file that somebody named."""
    from opps.recording.root_key import LocalRootKey

    return None if file is None else LocalRootKey(file)


@group.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    tenant: Tenant = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write a tenant's keys to a file, wrapped as they are, and which were destroyed.

    The root key is not in it: without that, the file opens nothing.
    """
    from opps.app import Opps
    from opps.cli.place import check_can_write, existing

    check_can_write(file, force=force)
    with Opps(existing()) as opps:
        wanted = opps.tenant(tenant)
        count = opps.copy_keys(wanted, file)
    if as_json:
        print_json(BackupAnswer(file=str(file), tenant=wanted, keys=count))
    else:
        say(f"{file} holds {counted(count, 'key')}, wrapped. Keep it apart from the backup of the")
        say("log, and the root key apart from both.")


@group.command()
def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that opps wrote keys to.", exists=True, dir_okay=False)
    ],
    root_key: RootKeyFile = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Take a tenant's keys over from a file; what was destroyed on either side stays destroyed."""
    from opps.app import Opps
    from opps.config import settings

    with Opps(settings()) as opps:
        wanted = opps.tenant(tenant)
        new = opps.take_over_keys(wanted, file, root_of(root_key))
        # What the log tells to be erased goes too, before anybody reads.
        opps.application.personal.finish(wanted)
        destroyed = len(opps.keyring_of(wanted).destroyed())
    if as_json:
        print_json(RestoreAnswer(tenant=wanted, new=new, destroyed=destroyed))
    else:
        say(f"{counted(new, 'key')} new; {counted(destroyed, 'key')} destroyed for ever.")


@group.command("rotate-root")
def rotate_root(as_json: Json = False) -> None:
    """Make a new root key, wrap every tenant's key by it, and forget the old one.

    No other key changes, and a running server goes on. If it breaks off, run it again.
    """
    from opps.app import keys_of
    from opps.config import settings

    with closing(keys_of(settings())) as place:
        tenants = place.rotate_root()
    if as_json:
        print_json(RotationAnswer(tenants=tenants))
    else:
        say(f"A new root key wraps the keys of {counted(tenants, 'tenant')}.")
        say("Back it up: older backups of keys still need the old one.")


@group.command("rotate-tenant")
def rotate_tenant(tenant: Tenant = None, as_json: Json = False) -> None:
    """Make a new key of a tenant, and wrap every key of its persons by it; a server goes on.

    What was stored before, such as a key that was destroyed since, can then be opened by nothing
    but an old copy of the tenant's key.
    """
    from opps.app import Opps
    from opps.cli.place import existing

    with Opps(existing()) as opps:
        wanted = opps.tenant(tenant)
        count = opps.keyring_of(wanted).rotate()
    if as_json:
        print_json(TenantRotationAnswer(tenant=wanted, keys=count))
    else:
        say(f"{counted(count, 'key')} wrapped anew.")


@group.command("copy-root")
def copy_root(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Copy the root key to a file that only you can read.

    Whoever has it, and a backup of the keys, can read all personal data.
    """
    from opps.app import keys_of
    from opps.cli.place import check_can_write
    from opps.config import settings
    from opps.recording.root_key import LocalRootKey

    check_can_write(file, force=force)
    root = keys_of(settings()).root
    if not isinstance(root, LocalRootKey):
        raise Cannot("The root key is kept by the program of OPPS_ROOT_KEY_COMMAND: ask that.")
    if not root.copy_to(file):
        raise Cannot(f"There is no root key in {root.path.parent} yet: nothing was written.")
    say(f"{file} holds the root key.")
