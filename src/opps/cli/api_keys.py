"""Commands on the keys of programs: issued and shown once, listed, revoked."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

from opps.cli.acting import opened
from opps.cli.output import Cannot, Json, Tenant, note, print_json, print_table, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.domain.access.commands import AnyKeyCommand
    from opps.domain.access.state import Access, ApiKey

group = typer.Typer(help="Issue API keys to programs, list and revoke them.", no_args_is_help=True)
_LONGEST_DAYS = 3_650


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="key")
    for command, name in ((create, "create"), (show, "list"), (revoke, "revoke")):
        group.command(name)(command)


def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: Annotated[
        str, typer.Option(help="In which role the program acts; not ADMIN, not DPO.")
    ] = "INTEGRATOR",
    write: Annotated[
        bool, typer.Option("--write", help="It may be used for mutations, not only to read.")
    ] = False,
    days: Annotated[
        int,
        typer.Option(help="After how many days it expires, 0 for never.", min=0, max=_LONGEST_DAYS),
    ] = 365,
    program: Annotated[
        UUID | None,
        typer.Option(help="Who the program is: that of the key which this one replaces."),
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Issue a key and print it, this once: only a digest of it is stored."""
    from opps.cli.access import role_called
    from opps.domain.access.commands import IssueApiKey, KeyScope
    from opps.domain.access.key_text import SECRET_BYTES, digest_of, text_of

    secret = secrets.token_bytes(SECRET_BYTES)
    with opened() as opps:
        command = IssueApiKey(
            name=name,
            role=role_called(role),
            principal=program,
            scopes=(KeyScope.READ, KeyScope.WRITE) if write else (KeyScope.READ,),
            expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
        )
        access = _carried_out(opps, command, tenant, digest_of(secret))
        key = [*access.keys.values()][-1]
        text = text_of(tenant or opps.settings.tenant, key.key_id, secret)
    if as_json:
        print_json({"key": text, **_listed(key)})
        return
    note(f"Key {key.key_id} of program {key.principal}. It is shown this once: keep it safe.")
    say(text)


def show(tenant: Tenant = None, as_json: Json = False) -> None:
    """List the keys that were issued, the last one first."""
    with opened() as opps:
        access = asyncio.run(opps.application.access_of(opps.tenant(tenant)))
    keys = [*access.keys.values()][::-1]
    if as_json:
        print_json({"keys": [_listed(one) for one in keys]})
    elif not keys:
        say("No key was issued yet. Issue one: `opps key create NAME`.")
    else:
        columns = ("key", "name", "program", "role", "scopes", "state")
        print_table("", columns, map(_row, keys))


def revoke(
    key: Annotated[str, typer.Argument(help="The key: its id, as `opps key list` shows it.")],
    reason: Annotated[str | None, typer.Option(help="Why; name nobody in it.")] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Let a key open nothing any more."""
    from opps.domain.access.commands import RevokeApiKey

    try:
        key_id = UUID(key)
    except ValueError:
        # It is not repeated: it may be the key itself.
        raise Cannot("That is no id of a key. `opps key list` shows the ids.") from None
    with opened() as opps:
        access = _carried_out(opps, RevokeApiKey(key_id=key_id, reason=reason), tenant)
    if as_json:
        print_json(_listed(access.keys[key_id]))
    else:
        say(f"Key {key_id} opens nothing any more, within a second.")


def _carried_out(
    opps: "Opps", command: "AnyKeyCommand", tenant: str | None, digest: str = ""
) -> "Access":
    from opps.application import Request, operator

    request = Request(tenant=opps.tenant(tenant), actor=operator(), command_id=uuid4())
    return asyncio.run(opps.application.access(command, request, digest)).after


def _listed(key: "ApiKey") -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "program": key.principal,
        "role": key.role,
        "scopes": key.scopes,
        "issued_at": key.issued_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "reason": key.reason,
    }


def _row(key: "ApiKey") -> tuple[object, ...]:
    return (key.key_id, key.name, key.principal, key.role, ", ".join(key.scopes), _state(key))


def _state(key: "ApiKey") -> str:
    if key.revoked_at is not None:
        return f"revoked on {key.revoked_at.date()}"
    if key.expires_at is None:
        return "opens for ever"
    verb = "opens until" if key.opens(datetime.now(UTC)) else "expired on"
    return f"{verb} {key.expires_at.date()}"
