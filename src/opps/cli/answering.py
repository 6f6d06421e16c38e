"""A server that answers until it is told to stop, and what it says of itself."""

import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from socket import socket
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct, structs

from opps.cli.output import Cannot, note, print_json, say, warn

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.config import Settings
    from opps.projections.projector import Projector

Host = Annotated[
    str | None, typer.Option(help="The address to listen on; that of OPPS_HOST if absent.")
]
Port = Annotated[
    int | None,
    typer.Option(
        help="The port to listen on, 0 for any free one; OPPS_PORT if absent.", min=0, max=65_535
    ),
]

_ACTING = (
    "Whoever asks is the administrator. To act as somebody else, send the header\n"
    "Opps-Act-As: MANAGER (or another role, then a space and a UUID)."
)
_DEMO_QUERY = "{ opportunities(first: 3) { nodes { title score { p } } } }"


class Answering(Struct, frozen=True):
    """Where a server answers."""

    graphql: str
    graphiql: str
    metrics: str | None = None


_logger = logging.getLogger("opps.cli")


class Telling:
    """How a running process remarks on something: in words, or in its log where that is JSON."""

    def __init__(self, *, in_log: bool) -> None:
        self.in_log = in_log

    def remark(self, text: str) -> None:
        """Say something that nobody needs to act on."""
        self._tell(logging.INFO, text, note)

    def warn(self, text: str) -> None:
        """Say something that nobody should overlook."""
        self._tell(logging.WARNING, text, warn)

    def say(self, text: str) -> None:
        """Say what somebody at a terminal waits for."""
        self._tell(logging.INFO, text, say)

    def _tell(self, level: int, text: str, otherwise: Callable[[str], None]) -> None:
        if self.in_log:
            _logger.log(level, text)
        else:
            otherwise(text)


@contextmanager
def telling(settings: "Settings") -> Iterator[Telling]:
    """Log, and send traces, as the settings say within the block.

    Raises:
        Cannot: what sends traces is not installed; the message says what to do.
    """
    from opps.config import LogFormat
    from opps.telemetry import logs
    from opps.telemetry.traces import NoTraces, sending

    logs.begin(settings.log_format, settings.log_level)
    sent: AbstractContextManager[None] = sending() if settings.traces else nullcontext()
    try:
        with sent:
            yield Telling(in_log=settings.log_format is LogFormat.JSON)
    except NoTraces as missing:
        raise Cannot(str(missing)) from None
    finally:
        # The interpreter would look through everything for garbage on its way out: half a second.
        gc.freeze()


def chosen(found: "Settings", host: str | None, port: int | None) -> "Settings":
    """Return the settings with what the command line says instead."""
    return structs.replace(
        found,
        host=found.host if host is None else host,
        port=found.port if port is None else port,
    )


def answer(
    opps: "Opps",
    listener: socket,
    apart: socket | None,
    projector: "Projector | None",
    telling: Telling,
    as_json: bool,
    second_terminal: str | None = None,
) -> None:
    """Serve until the process is told to stop, then end what is open within a second."""
    import asyncio

    from opps.api.shutdown import Draining
    from opps.cli.http import address_of, serve_until_stopped
    from opps.cli.operators import Desk, answering_operators
    from opps.config import Environment

    address = address_of(listener)
    draining, answering = Draining(), Event()
    desk = Desk(opps, lambda: draining.begun, projector, answering.is_set)

    def ready() -> None:
        answering.set()
        metrics = None if operators is None else f"{operators}/metrics"
        if as_json:
            print_json(Answering(f"{address}/graphql", f"{address}/graphiql", metrics))
            return
        if telling.in_log:
            telling.say(f"answers at {address}")
            return
        telling.say(f"GraphQL   {address}/graphql")
        telling.say(f"GraphiQL  {address}/graphiql")
        if metrics is not None:
            telling.say(f"Operators {metrics}")
        if opps.settings.environment is Environment.DEVELOPMENT:
            telling.say(f"\nTry it:\n\n{_curl(address)}\n")
            telling.say(f"{_ACTING}\n")
        if second_terminal is not None:
            telling.say("For other opps commands, in a second terminal:")
            telling.say(f"\n{second_terminal}\nopps status\n")
        telling.say("Ctrl-C stops it.")

    with answering_operators(apart, desk) as operators:
        asyncio.run(serve_until_stopped(opps, listener, ready, draining, desk))


def _curl(address: str) -> str:
    return f"""curl {address}/graphql -H 'Content-Type: application/json' \\
  -d '{{"query": "{_DEMO_QUERY}"}}'"""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM unwind what is open, so that nothing is left behind."""

    def unwind(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
