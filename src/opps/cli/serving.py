"""Commands that run until they are stopped: serve and project."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from threading import Event
from typing import Annotated

import typer

from opps.cli.answering import Host, Port, answer, chosen, ending_in_order, telling
from opps.cli.output import Json

_ONLY_KEYS_ARE_LET_IN = (
    "WARNING: people are not let in, for no identity provider is set up (OPPS_OIDC_ISSUER); "
    "programs are, by API keys (`opps key create`). To look at it alone on your own machine, start "
    "it with OPPS_ENVIRONMENT=development."
)
_DEVELOPMENT = (
    "WARNING: this is development mode. Nobody is asked who they are: whoever reaches the port is "
    "the administrator, or whoever they say. It is for one machine and invented data."
)
_A_REPLICA = (
    "The database is a replica: queries are answered up to where it has got, commands are refused "
    "with READ_ONLY. Once it is promoted, this server takes them."
)


Webhooks = Annotated[
    bool,
    typer.Option(help="Tell webhook endpoints what happens; not in a copy of what others serve."),
]


def add_to(application: typer.Typer) -> None:
    application.command()(serve)
    application.command()(project)


def serve(
    host: Host = None,
    port: Port = None,
    projector: Annotated[
        bool, typer.Option(help="Keep the read models up with the log in this process too.")
    ] = True,
    webhooks: Webhooks = True,
    as_json: Json = False,
) -> None:
    """Answer GraphQL until stopped, keep the read models up with the log, and seal it.

    People are let in by tokens of the provider in OPPS_OIDC_ISSUER, programs by API keys.
    OPPS_METRICS_PORT opens a port for operators, with /metrics and /readyz.
    """
    from opps.app import Opps
    from opps.cli.http import listening
    from opps.cli.operators import listening_for_operators
    from opps.config import Environment, settings

    found = chosen(settings(), host, port)
    with (
        ending_in_order(),
        telling(found) as told,
        listening(found.host, found.port) as listener,
        listening_for_operators(found) as apart,
        Opps(found, alone=True, say=told.remark) as opps,
    ):
        if found.environment is Environment.DEVELOPMENT:
            told.warn(_DEVELOPMENT)
        elif found.provider is None:
            told.warn(_ONLY_KEYS_ARE_LET_IN)
        if opps.reads_only:
            told.remark(_A_REPLICA)
        else:
            opps.make_read_models()
            opps.finish_erasures()
        with (
            opps.projecting() if projector else nullcontext() as kept,
            opps.watching() if projector else ExitStack(),
            opps.delivering() if projector and webhooks else ExitStack(),
            opps.sealing(),
            opps.erasing(),
            opps.forgetting(),
            opps.indexing(),
        ):
            answer(opps, listener, apart, kept, told, as_json)


def project(webhooks: Webhooks = True) -> None:
    """Keep the read models up with the log until stopped, and answer nobody.

    Several may run: one leads, the others wait to take over. OPPS_METRICS_PORT opens a port for
    operators, with /metrics and /readyz.
    """
    from opps.app import Opps
    from opps.cli.operators import Desk, answering_operators, listening_for_operators
    from opps.config import settings

    stop = Event()
    found = settings()
    with (
        telling(found) as told,
        listening_for_operators(found) as apart,
        Opps(found, say=told.remark) as opps,
        _told_to_stop(stop),
        opps.projecting() as projector,
        opps.watching(),
        opps.delivering() if webhooks else ExitStack(),
        answering_operators(apart, Desk(opps, stop.is_set, projector)) as operators,
    ):
        if operators is not None:
            told.say(f"Operators {operators}/metrics")
        told.say("The projector runs. Ctrl-C stops it.")
        stop.wait()


@contextmanager
def _told_to_stop(stop: Event) -> Iterator[None]:
    """Set the event when the process is told to stop."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
