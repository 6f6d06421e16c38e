"""The demo: opps on invented opportunities, with a PostgreSQL of its own."""

import shlex
import sysconfig
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from msgspec import structs

from opps.cli.answering import Host, Port, Telling, answer, chosen, ending_in_order, telling
from opps.cli.output import Json

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.config import Settings


def add_to(application: typer.Typer) -> None:
    application.command()(demo)


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

    found = settings()
    with ending_in_order(), telling(found) as told, ExitStack() as opened:
        shown = structs.replace(
            chosen(found, host, port),
            database_url=None,
            database_direct_url=None,
            environment=Environment.DEVELOPMENT,
            data_directory=_demo_directory(directory, found, opened),
        )
        listener = opened.enter_context(listening(shown.host, shown.port))
        apart = opened.enter_context(listening_for_operators(shown))
        told.remark("Starting PostgreSQL ...")
        opps = opened.enter_context(Opps(shown, alone=True))
        _bring_sample(opps, told)
        projector = opened.enter_context(opps.projecting())
        opened.enter_context(opps.watching())
        opened.enter_context(opps.delivering())
        opened.enter_context(opps.sealing())
        opps.finish_erasures()
        opened.enter_context(opps.erasing())
        opened.enter_context(opps.forgetting())
        opened.enter_context(opps.indexing())
        answer(
            opps, listener, apart, projector, told, as_json, _second_terminal(shown.data_directory)
        )


def _second_terminal(data_directory: Path) -> str:
    """Return the line after which other commands are this opps, with this data."""
    programs = shlex.quote(sysconfig.get_path("scripts"))
    data = shlex.quote(str(data_directory))
    return f'export OPPS_DATA_DIRECTORY={data} PATH={programs}:"$PATH"'


def _demo_directory(directory: Path | None, found: "Settings", opened: ExitStack) -> Path:
    from opps.config import read_settings
    from opps.config.sources import DEFAULT

    if directory is not None:
        return directory.expanduser().absolute()
    if read_settings()[1]["OPPS_DATA_DIRECTORY"] != DEFAULT:
        return found.data_directory
    return Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="opps-demo-")))


def _bring_sample(opps: "Opps", told: Telling) -> None:
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
        told.remark("Writing the sample: twelve invented opportunities over four months ...")
        with tempfile.TemporaryDirectory(prefix="opps-sample-") as directory:
            file = Path(directory) / "sample.backup"
            today = datetime.now(UTC).date()
            write_backup(file, tenant, today, opps.keyring_of(tenant), slug=slug)
            restore_backup(opps.database.direct_url, BackupReader(file), slug=slug)
        begin(opps.ledger(tenant))
    catch_up(opps.log, opps.log_settings)
