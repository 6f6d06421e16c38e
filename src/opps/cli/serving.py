"""Commands that run until they are stopped: serve, project, and the demo."""

import logging
import shlex
import signal
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from threading import Event
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from msgspec import Struct, structs

from opps.cli.output import Json, note, print_json, say, warn

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.config import Settings

Host = Annotated[
    str | None, typer.Option(help="The address to listen on; that of OPPS_HOST if absent.")
]
Port = Annotated[
    int | None,
    typer.Option(
        help="The port to listen on, 0 for any free one; OPPS_PORT if absent.", min=0, max=65_535
    ),
]

_NOBODY_IS_LET_IN = (
    "WARNING: every request will be refused, for opps cannot tell yet who asks. On your own "
    "machine, start it with OPPS_ENVIRONMENT=development: then whoever reaches the port is the "
    "administrator."
)
_A_REPLICA = (
    "The database is a replica: queries are answered up to where it has got, commands are refused "
    "with READ_ONLY. Once it is promoted, this server takes them."
)
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


def add_to(application: typer.Typer) -> None:
    application.command()(serve)
    application.command()(project)
    application.command()(demo)


def serve(
    host: Host = None,
    port: Port = None,
    projector: Annotated[
        bool, typer.Option(help="Keep the read models up with the log in this process too.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Answer GraphQL until stopped, keep the read models up with the log, and seal it.

    Without OPPS_ENVIRONMENT=development every request is refused: opps cannot tell yet who asks.
    OPPS_METRICS_PORT opens a port for operators, with /metrics and /readyz.
    """
    from opps.app import Opps
    from opps.cli.http import listening
    from opps.cli.operators import listening_for_operators
    from opps.config import Environment, settings

    _log_warnings()
    chosen = _chosen(settings(), host, port)
    if chosen.environment is not Environment.DEVELOPMENT:
        warn(_NOBODY_IS_LET_IN)
    with (
        _ending_in_order(),
        listening(chosen.host, chosen.port) as listener,
        listening_for_operators(chosen) as apart,
        Opps(chosen, alone=True, say=note) as opps,
    ):
        if opps.reads_only:
            note(_A_REPLICA)
        else:
            opps.make_read_models()
            opps.finish_erasures()
        with (
            opps.projecting() if projector else ExitStack(),
            opps.watching() if projector else ExitStack(),
            opps.sealing(),
            opps.erasing(),
            opps.forgetting(),
        ):
            _answer(opps, listener, apart, as_json)


def project() -> None:
    """Keep the read models up with the log until stopped, and answer nobody.

    Several may run: one leads, the others wait to take over. OPPS_METRICS_PORT opens a port for
    operators, with /metrics and /readyz.
    """
    from opps.app import Opps
    from opps.cli.operators import Desk, answering_operators, listening_for_operators
    from opps.config import settings

    _log_warnings()
    stop = Event()
    found = settings()
    with (
        listening_for_operators(found) as apart,
        Opps(found, say=note) as opps,
        _told_to_stop(stop),
        opps.projecting(),
        opps.watching(),
        answering_operators(apart, Desk(opps, stop.is_set)) as operators,
    ):
        if operators is not None:
            say(f"Operators {operators}/metrics")
        say("The projector runs. Ctrl-C stops it.")
        stop.wait()


def demo(
    directory: Annotated[
        Path | None,
        typer.Option(
            help="Keep the data here; else in OPPS_DATA_DIRECTORY, else for as long as it runs.",
            file_okay=False,
        ),
    ] = None,
    host: Host = None,
    port: Port = None,
    as_json: Json = False,
) -> None:
    """Show opps on twelve invented opportunities, with a PostgreSQL of its own.

    Everybody who reaches it is its administrator: it is for looking at opps on one's own machine.
    """
    from opps.app import Opps
    from opps.cli.http import listening
    from opps.cli.operators import listening_for_operators
    from opps.config import Environment, settings

    _log_warnings()
    with _ending_in_order(), ExitStack() as opened:
        found = settings()
        chosen = structs.replace(
            _chosen(found, host, port),
            database_url=None,
            database_direct_url=None,
            environment=Environment.DEVELOPMENT,
            data_directory=_demo_directory(directory, found, opened),
        )
        listener = opened.enter_context(listening(chosen.host, chosen.port))
        apart = opened.enter_context(listening_for_operators(chosen))
        note("Starting PostgreSQL ...")
        opps = opened.enter_context(Opps(chosen, alone=True))
        _bring_sample(opps)
        opened.enter_context(opps.projecting())
        opened.enter_context(opps.watching())
        opened.enter_context(opps.sealing())
        opps.finish_erasures()
        opened.enter_context(opps.erasing())
        opened.enter_context(opps.forgetting())
        _answer(opps, listener, apart, as_json, _second_terminal(chosen.data_directory))


def _second_terminal(data_directory: Path) -> str:
    """Return the line after which other commands are this opps, with this data."""
    programs = shlex.quote(sysconfig.get_path("scripts"))
    data = shlex.quote(str(data_directory))
    return f'export OPPS_DATA_DIRECTORY={data} PATH={programs}:"$PATH"'


def _log_warnings() -> None:
    """Let whoever runs a server read what goes wrong in it."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def _chosen(found: "Settings", host: str | None, port: int | None) -> "Settings":
    return structs.replace(
        found,
        host=found.host if host is None else host,
        port=found.port if port is None else port,
    )


def _demo_directory(directory: Path | None, found: "Settings", opened: ExitStack) -> Path:
    from opps.config import read_settings
    from opps.config.sources import DEFAULT

    if directory is not None:
        return directory.expanduser().absolute()
    if read_settings()[1]["OPPS_DATA_DIRECTORY"] != DEFAULT:
        return found.data_directory
    return Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="opps-demo-")))


def _bring_sample(opps: "Opps") -> None:
    """Restore the sample where the tenant has no log yet, and project it."""
    from opps.integrations.backup import restore_backup
    from opps.integrations.backup_file import BackupReader
    from opps.ledger.sealer import begin
    from opps.projections.projector import catch_up
    from opps.sample import write_backup

    slug = opps.settings.tenant
    tenant = opps.log.find_tenant(slug) or uuid4()
    head = opps.log.head(tenant)
    if head is None or not head.size:
        note("Writing the sample: twelve invented opportunities over four months ...")
        with tempfile.TemporaryDirectory(prefix="opps-sample-") as directory:
            file = Path(directory) / "sample.backup"
            today = datetime.now(UTC).date()
            write_backup(file, tenant, today, opps.keyring_of(tenant), slug=slug)
            restore_backup(opps.database.direct_url, BackupReader(file), slug=slug)
        begin(opps.ledger(tenant))
    catch_up(opps.log, opps.log_settings)


def _answer(
    opps: "Opps",
    listener: socket,
    apart: socket | None,
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
    draining = Draining()
    desk = Desk(opps, lambda: draining.begun)

    def ready() -> None:
        metrics = None if operators is None else f"{operators}/metrics"
        if as_json:
            print_json(Answering(f"{address}/graphql", f"{address}/graphiql", metrics))
            return
        say(f"GraphQL   {address}/graphql")
        say(f"GraphiQL  {address}/graphiql")
        if metrics is not None:
            say(f"Operators {metrics}")
        if opps.settings.environment is Environment.DEVELOPMENT:
            say(f"\nTry it:\n\n{_curl(address)}\n")
            say(f"{_ACTING}\n")
        if second_terminal is not None:
            say("For other opps commands, in a second terminal:")
            say(f"\n{second_terminal}\nopps status\n")
        say("Ctrl-C stops it.")

    with answering_operators(apart, desk) as operators:
        asyncio.run(serve_until_stopped(opps, listener, ready, draining, desk.beside()))


def _curl(address: str) -> str:
    return f"""curl {address}/graphql -H 'Content-Type: application/json' \\
  -d '{{"query": "{_DEMO_QUERY}"}}'"""


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


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM unwind what is open, so that nothing is left behind."""

    def unwind(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
