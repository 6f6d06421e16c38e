"""Commands on webhook endpoints: whom to tell of what, and how that goes."""

import asyncio
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import typer

from opps.cli import named
from opps.cli.acting import opened
from opps.cli.output import Cannot, Json, Tenant, note, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opps.app import Opps
    from opps.application.webhooks import Carried
    from opps.domain.webhooks.commands import AnyWebhookCommand
    from opps.domain.webhooks.state import Endpoint, Webhooks
    from opps.eventstore.webhook_rows import Standing

group = typer.Typer(
    help="Tell other programs what happens: register endpoints, look at deliveries, send again.",
    no_args_is_help=True,
)
Which = Annotated[
    str, typer.Argument(help="The endpoint: its id, or its description.", metavar="ENDPOINT")
]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        help="What to tell of, such as opps.ScoreChanged; opps.* for everything. `opps webhook "
        "types` lists them. Give it several times for several.",
    ),
]
Description = Annotated[str | None, typer.Option(help="What it is for; name nobody in it.")]
Opportunities = Annotated[
    list[str] | None,
    typer.Option("--opportunity", help="Tell of this opportunity alone: its id. As often as need."),
]
InTeam = Annotated[
    str | None,
    typer.Option("--team", help="Tell of deals alone whose owner is in this team or below it."),
]


def add_to(application: typer.Typer) -> None:
    from opps.cli import webhook_deliveries

    application.add_typer(group, name="webhook")
    commands: tuple[tuple[Callable[..., None], str], ...] = (
        (add, "add"),
        (show_all, "list"),
        (show, "show"),
        (change, "change"),
        (rotate, "rotate"),
        (disable, "disable"),
        (enable, "enable"),
        (remove, "remove"),
        (types, "types"),
    )
    for command, name in commands:
        group.command(name)(command)
    webhook_deliveries.add_to(group)


def add(
    url: Annotated[str, typer.Argument(help="Where to post to: https://host/path.")],
    type_: Types = None,
    description: Description = None,
    opportunity: Opportunities = None,
    team: InTeam = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Register an endpoint and print its secret, this once."""
    from opps.domain.webhooks.commands import RegisterWebhookEndpoint
    from opps.domain.webhooks.types import SCORE_CHANGED

    with opened() as opps:
        of = opps.tenant(tenant)
        command = RegisterWebhookEndpoint(
            url=url,
            types=tuple(type_ or [SCORE_CHANGED]),
            description=description,
            opportunity_ids=tuple(map(named.opportunity, opportunity or ())),
            team_id=_team(opps, of, team),
        )
        done = carry_out(opps, of, command)
    _tell_secret(done, as_json=as_json)


def show_all(tenant: Tenant = None, as_json: Json = False) -> None:
    """List the endpoints, and how each is doing."""
    with opened() as opps:
        of = opps.tenant(tenant)
        found = list(_webhooks(opps, of).endpoints.values())
        standing = {one.endpoint_id: _standing(opps, of, one) for one in found}
    if as_json:
        print_json({"endpoints": [listed(one, standing[one.endpoint_id]) for one in found]})
    elif not found:
        say("There is no endpoint yet. Register one: `opps webhook add URL`.")
    else:
        columns = ("endpoint", "what for", "url", "state", "waiting", "dead")
        print_table("", columns, (_row(one, standing[one.endpoint_id]) for one in found))


def show(which: Which, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show an endpoint: what it is told of, its secrets, and how it is doing."""
    with chosen(which, tenant) as (opps, of, endpoint):
        standing = _standing(opps, of, endpoint)
    told = listed(endpoint, standing)
    if as_json:
        print_json(told)
    else:
        print_table("", ("", ""), ((name, _line(value)) for name, value in told.items()))


def change(
    which: Which,
    url: Annotated[str | None, typer.Option(help="Another address.")] = None,
    type_: Types = None,
    description: Description = None,
    opportunity: Opportunities = None,
    team: InTeam = None,
    everything: Annotated[
        bool, typer.Option("--no-filter", help="Tell of all opportunities again.")
    ] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Tell an endpoint of other things, or at another address; what is not given stays."""
    from opps.domain.webhooks.commands import ChangeWebhookEndpoint

    with chosen(which, tenant) as (opps, of, held):
        kept = ((), None) if everything else (held.opportunity_ids, held.team_id)
        wanted = tuple(map(named.opportunity, opportunity or ()))
        command = ChangeWebhookEndpoint(
            endpoint_id=held.endpoint_id,
            url=url or held.url,
            types=tuple(type_ or held.types),
            description=description or held.description,
            opportunity_ids=wanted or kept[0],
            team_id=_team(opps, of, team) or kept[1],
        )
        done = carry_out(opps, of, command)
    _tell(done, "It is told from here on as you said.", as_json=as_json)


def rotate(
    which: Which,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="The old secret signs no more: it leaked.")
    ] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Make another secret and print it, this once; the old one signs beside it for 24 hours."""
    from opps.domain.webhooks.commands import RotateWebhookSecret

    with chosen(which, tenant) as (opps, of, held):
        done = carry_out(
            opps, of, RotateWebhookSecret(endpoint_id=held.endpoint_id, at_once=at_once)
        )
    _tell_secret(done, as_json=as_json)


def disable(which: Which, tenant: Tenant = None, as_json: Json = False) -> None:
    """Send nothing until it is enabled again; what happens waits in the log."""
    from opps.domain.webhooks.commands import DisableWebhookEndpoint

    with chosen(which, tenant) as (opps, of, held):
        done = carry_out(opps, of, DisableWebhookEndpoint(endpoint_id=held.endpoint_id))
    _tell(done, "Nothing is sent until you enable it.", as_json=as_json)


def enable(which: Which, tenant: Tenant = None, as_json: Json = False) -> None:
    """Send again, what happened in the meantime first."""
    from opps.domain.webhooks.commands import EnableWebhookEndpoint

    with chosen(which, tenant) as (opps, of, held):
        done = carry_out(opps, of, EnableWebhookEndpoint(endpoint_id=held.endpoint_id))
    _tell(done, "It is told again, of what happened in the meantime first.", as_json=as_json)


def remove(which: Which, tenant: Tenant = None, as_json: Json = False) -> None:
    """Tell an endpoint nothing any more; its secrets and its delivery log are destroyed."""
    from opps.domain.webhooks.commands import RemoveWebhookEndpoint

    with chosen(which, tenant) as (opps, of, held):
        carry_out(opps, of, RemoveWebhookEndpoint(endpoint_id=held.endpoint_id))
    if as_json:
        print_json({"endpoint_id": held.endpoint_id, "removed": True})
    else:
        say("It is told nothing any more.")


def types(as_json: Json = False) -> None:
    """List what endpoints can be told of."""
    from opps.domain.webhooks.types import EVERYTHING, TYPES

    if as_json:
        print_json({"types": [EVERYTHING, *TYPES]})
    else:
        say("\n".join((EVERYTHING, *TYPES)))


@contextmanager
def chosen(which: str, tenant: str | None) -> "Iterator[tuple[Opps, UUID, Endpoint]]":
    """Yield the installation, the tenant, and the endpoint that somebody named."""
    with opened() as opps:
        of = opps.tenant(tenant)
        held = _webhooks(opps, of).endpoints.values()
        found = [one for one in held if which in (str(one.endpoint_id), one.description)]
        if len(found) != 1:
            known = ", ".join(one.description or str(one.endpoint_id) for one in held)
            wrong = "There is no endpoint" if not found else "Several endpoints are called"
            raise Cannot(f"{wrong} {which!r}. There is {known or 'none yet'}.")
        yield opps, of, found[0]


def carry_out(opps: "Opps", tenant: UUID, command: "AnyWebhookCommand") -> "Carried":
    """Carry out a command for whoever runs this."""
    from opps.application import Request, operator

    request = Request(tenant=tenant, actor=operator(), command_id=uuid4())
    return asyncio.run(opps.application.webhook_desk.carry_out(command, request))


def listed(endpoint: "Endpoint", standing: "Standing") -> dict[str, Any]:
    """Return what is told of an endpoint."""
    return {
        "endpoint_id": endpoint.endpoint_id,
        "description": endpoint.description,
        "url": endpoint.url,
        "types": endpoint.types,
        "opportunity_ids": endpoint.opportunity_ids,
        "team_id": endpoint.team_id,
        "secrets": [{"secret_id": one.secret_id, "until": one.until} for one in endpoint.secrets],
        "registered_at": endpoint.registered_at,
        "disabled": endpoint.disabled,
        "disabled_at": endpoint.disabled_at,
        "failing_since": standing.failing_since,
        "delivered_at": standing.delivered_at,
        "waiting": standing.waiting,
        "dead": standing.dead,
    }


def _webhooks(opps: "Opps", tenant: UUID) -> "Webhooks":
    return asyncio.run(opps.application.webhooks_of(tenant))


def _standing(opps: "Opps", tenant: UUID, endpoint: "Endpoint") -> "Standing":
    return asyncio.run(opps.application.webhook_desk.standing(tenant, endpoint.endpoint_id))


def _team(opps: "Opps", tenant: UUID, team: str | None) -> UUID | None:
    from opps.cli.teams import team_called

    if team is None:
        return None
    return team_called(asyncio.run(opps.application.teams(tenant)), team)


def _tell_secret(done: "Carried", *, as_json: bool) -> None:
    assert done.endpoint is not None
    if as_json:
        print_json({"endpoint_id": done.endpoint.endpoint_id, "secret": done.secret})
        return
    note(f"Endpoint {done.endpoint.endpoint_id}. Its secret is shown this once: keep it safe.")
    say(done.secret or "")


def _tell(done: "Carried", text: str, *, as_json: bool) -> None:
    assert done.endpoint is not None
    if as_json:
        print_json({"endpoint_id": done.endpoint.endpoint_id, "disabled": done.endpoint.disabled})
    else:
        say(text)


def _row(endpoint: "Endpoint", standing: "Standing") -> tuple[object, ...]:
    return (
        endpoint.endpoint_id,
        endpoint.description,
        endpoint.url,
        state(endpoint, standing),
        standing.waiting,
        standing.dead,
    )


def state(endpoint: "Endpoint", standing: "Standing") -> str:
    """Return how an endpoint is doing in a few words."""
    if endpoint.disabled is not None:
        return f"disabled since {endpoint.disabled_at:%Y-%m-%d}: {endpoint.disabled}"
    if standing.failing_since is not None:
        return f"nothing arrives since {standing.failing_since:%Y-%m-%d %H:%M}"
    return "told" if standing.delivered_at else "nothing sent yet"


def _line(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items() if part is not None)
    return "\n".join(str(_line(one)) for one in value) if isinstance(value, list | tuple) else value
