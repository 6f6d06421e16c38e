"""Commands on who may do what: the only way in which the first administrator comes to be."""

import asyncio
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

from opps.cli import named
from opps.cli.acting import opened
from opps.cli.output import Cannot, Json, Tenant, print_json, print_table, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.config import Settings
    from opps.domain.access.commands import AnyAccessCommand
    from opps.domain.access.state import Access
    from opps.domain.roles import ActorRole

group = typer.Typer(
    help="Say who may do what: grant roles to people, take them back, and say as whom they act.",
    no_args_is_help=True,
)
Who = Annotated[str, typer.Argument(help="The person: the id, as opps tells it.", metavar="WHO")]
Role = Annotated[
    str,
    typer.Argument(
        help="SELLER, MANAGER, AUDITOR, INTEGRATOR, ADMIN or DPO.", case_sensitive=False
    ),
]
Person = Annotated[
    UUID,
    typer.Argument(
        help="The person: the id that opps gave, or the UUID.",
        parser=named.person,
        metavar="PERSON",
    ),
]
Subject = Annotated[
    bool,
    typer.Option("--subject", help="WHO is the subject (sub) of the provider's tokens."),
]


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="access")
    group.command("list")(show)
    for command in (grant, revoke, link, unlink):
        group.command()(command)


def show(tenant: Tenant = None, as_json: Json = False) -> None:
    """List who holds which roles, and who acts as which person."""
    with opened() as opps:
        access = asyncio.run(opps.application.access_of(opps.tenant(tenant)))
    _tell(access, as_json=as_json)


def grant(
    who: Who, role: Role, subject: Subject = False, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Let somebody act in a role."""
    from opps.domain.access.commands import GrantRole

    with opened() as opps:
        principal = _principal(opps.settings, who, subject=subject)
        command = GrantRole(principal=principal, role=role_called(role))
        _tell(_carried_out(opps, command, tenant), as_json=as_json)


def revoke(
    who: Who, role: Role, subject: Subject = False, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Let somebody act in a role no more; the last administrator stays."""
    from opps.domain.access.commands import RevokeRole

    with opened() as opps:
        principal = _principal(opps.settings, who, subject=subject)
        command = RevokeRole(principal=principal, role=role_called(role))
        _tell(_carried_out(opps, command, tenant), as_json=as_json)


def link(
    who: Who,
    person: Person,
    subject: Subject = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Let somebody who signs in act as a person of ours, whose deals and coaching are theirs."""
    from opps.domain.access.commands import LinkPrincipal

    with opened() as opps:
        principal = _principal(opps.settings, who, subject=subject)
        command = LinkPrincipal(principal=principal, person_id=person)
        _tell(_carried_out(opps, command, tenant), as_json=as_json)


def unlink(
    who: Who, subject: Subject = False, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Let somebody who signs in act under an id of their own again."""
    from opps.domain.access.commands import UnlinkPrincipal

    with opened() as opps:
        command = UnlinkPrincipal(principal=_principal(opps.settings, who, subject=subject))
        _tell(_carried_out(opps, command, tenant), as_json=as_json)


def role_called(text: str) -> "ActorRole":
    """Return the role that somebody named."""
    from opps.domain.roles import ActorRole

    try:
        return ActorRole(text.upper())
    except ValueError:
        raise Cannot(f"There is no role {text!r}. There is {', '.join(ActorRole)}.") from None


def _principal(settings: "Settings", who: str, *, subject: bool) -> UUID:
    if subject:
        from opps.access.tokens import principal_of

        if settings.oidc_issuer is None:
            raise Cannot("Set OPPS_OIDC_ISSUER: without it nobody knows whose subject that is.")
        return principal_of(settings.oidc_issuer, who)
    try:
        return UUID(who)
    except ValueError:
        raise Cannot(
            f"{who!r} is no id. Give the id that opps told whoever was refused, or the subject of "
            "their tokens with --subject."
        ) from None


def _carried_out(opps: "Opps", command: "AnyAccessCommand", tenant: str | None) -> "Access":
    from opps.application import Request, operator

    request = Request(tenant=opps.tenant(tenant), actor=operator(), command_id=uuid4())
    return asyncio.run(opps.application.access(command, request)).after


def _tell(access: "Access", *, as_json: bool) -> None:
    held = {who: access.roles_of(who) for who, roles in access.roles.items() if roles}
    if as_json:
        roles = [{"principal": who, "roles": held[who]} for who in held]
        links = [{"principal": who, "person": of} for who, of in access.links.items()]
        print_json({"roles": roles, "links": links})
        return
    if not held:
        say("Nobody holds a role yet. Grant one: `opps access grant WHO ADMIN`.")
    else:
        print_table("", ("who", "roles"), ((who, ", ".join(held[who])) for who in held))
    if access.links:
        print_table("", ("who", "acts as"), access.links.items())
