"""Commands that carry the log to a broker which an organisation has already."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec import Struct

from opps.cli.output import Cannot, Json, Tenant, counted, note, print_json, progress, say

relays = typer.Typer(help="Carry the log to a broker that you have already.", no_args_is_help=True)


class RelayAnswer(Struct, frozen=True, kw_only=True):
    """What `opps relay nats` did: the stream holds the log up to `position`."""

    stream: str
    position: int
    relayed: int
    behind: int


def add_to(application: typer.Typer) -> None:
    application.add_typer(relays, name="relay")


@relays.callback()
def _several() -> None:
    """Stay a group of commands while there is one."""


@relays.command("nats")
def relay_nats(
    url: Annotated[
        str,
        typer.Option(
            help="The NATS servers, such as nats://host:4222 or tls://host:4222, with commas "
            "between them.",
            envvar="NATS_URL",
            show_envvar=True,
        ),
    ],
    stream: Annotated[
        str | None,
        typer.Option(
            help="The stream of JetStream; opps-SLUG if absent. It is made where it is not there.",
            metavar="NAME",
        ),
    ] = None,
    after: Annotated[
        int | None,
        typer.Option(
            help="The position behind which a new stream begins; from the first event if absent.",
            min=0,
            metavar="POSITION",
        ),
    ] = None,
    credentials: Annotated[
        Path | None,
        typer.Option(
            help="A credentials file of NATS.", exists=True, dir_okay=False, metavar="FILE"
        ),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="End when everything is relayed that is recorded now.")
    ] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Relay a tenant's log to NATS JetStream as CloudEvents 1.0, until stopped.

    Each event is in the stream once, at the sequence that is its position, whatever is killed. The
    next run goes on where the stream ends. Personal data stays sealed.
    """
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.integrations.relay.jetstream import BrokerAway, NatsMissing, RelayRefused
    from opps.integrations.relay.relaying import Relay, Route

    with Opps(existing()) as opps, progress("Relaying", quiet=as_json) as advance:
        wanted = opps.tenant(tenant)
        slug = tenant or opps.settings.tenant
        route = Route(
            url=url,
            tenant=wanted,
            slug=slug,
            stream=stream or f"opps-{slug}",
            after=after,
            credentials=credentials,
        )
        relay = Relay(opps.log, route, progress=advance, say=note)
        if not once and not as_json:
            note(f"Relaying {slug} to the stream {route.stream}. Ctrl-C stops it.")
        try:
            asyncio.run(_until_told(relay.run(once=once)))
        except (RelayRefused, NatsMissing) as refused:
            raise Cannot(str(refused)) from None
        except BrokerAway as away:
            raise Cannot(f"Nothing was relayed: {away}.") from None
        head = opps.log.head(wanted)
    behind = (head.size if head else 0) - relay.position
    if as_json:
        print_json(
            RelayAnswer(
                stream=route.stream,
                position=relay.position,
                relayed=relay.relayed,
                behind=max(0, behind),
            )
        )
        return
    say(
        f"{counted(relay.relayed, 'event')} relayed; the stream {route.stream} holds the log up to "
        f"position {relay.position:,}."
    )


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Work until it is done, or the process is told to stop."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
