"""Commands that write what opps holds to files for other programs: events, and tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli.exchange import exports
from opps.cli.output import (
    Cannot,
    Json,
    Tenant,
    counted,
    note,
    print_json,
    progress,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from opps.integrations.whole_tables import TableExported
    from opps.projections.warehouse import WarehouseView


class EventsAnswer(Struct, frozen=True, kw_only=True):
    """What `opps export cloudevents` wrote."""

    file: str
    events: int
    personal_data: str


class TableAnswer(Struct, frozen=True, kw_only=True):
    """What `opps export csv` and `opps export parquet` wrote.

    The rows tell the log up to `position`; it is `behind` events longer.
    """

    file: str
    what: str
    rows: int
    position: int
    behind: int


def _tables() -> list[str]:
    from opps.projections.warehouse_views import VIEWS

    return [view.name for view in VIEWS]


Target = Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False, metavar="FILE")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]
What = Annotated[
    str,
    typer.Option(
        "--what",
        help="accounts, opportunities, opportunity_history, scores, opinions, events, facts, "
        "danger_zones, exceptions or wrong_beliefs.",
        autocompletion=_tables,
    ),
]
Delimiter = Annotated[
    str,
    typer.Option(
        help="What stands between two cells: the one that your spreadsheet expects. tab is one too."
    ),
]


def add_to(_: typer.Typer) -> None:
    exports.command("cloudevents")(export_cloudevents)
    exports.command("csv")(export_csv)
    exports.command("parquet")(export_parquet)


def export_cloudevents(
    file: Target,
    with_personal_data: Annotated[
        bool,
        typer.Option("--with-personal-data", help="Write names, contact data and quotes readable."),
    ] = False,
    tenant: Tenant = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a tenant's log as CloudEvents 1.0, a JSON object a line, for brokers and pipelines.

    Personal data stays sealed by default. To move a log to another opps, use `opps export jsonl`.
    """
    from opps.app import Opps
    from opps.cli.place import check_can_write, existing
    from opps.integrations.cloud_events import export_cloud_events

    check_can_write(file, force=force)
    with Opps(existing()) as opps, progress("Exporting", quiet=as_json) as advance:
        wanted = opps.tenant(tenant)
        keyring = opps.keyring_of(wanted) if with_personal_data else None
        if with_personal_data:  # nobody reads whom the log tells to be erased
            opps.application.personal.finish(wanted)
        done = export_cloud_events(
            opps.database.url, wanted, file, keyring=keyring, progress=advance
        )
    if as_json:
        print_json(
            EventsAnswer(file=str(file), events=done.events, personal_data=done.personal_data)
        )
        return
    say(f"{file} holds {counted(done.events, 'event')}; personal data is {done.personal_data}.")


def export_csv(
    file: Target,
    what: What = "opportunities",
    delimiter: Delimiter = ",",
    unguarded: Annotated[
        bool,
        typer.Option(
            "--unguarded",
            help="Write texts as they are, also those that a spreadsheet would carry out: for "
            "programs, and to import again.",
        ),
    ] = False,
    tenant: Tenant = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a table for people to open in a spreadsheet; nothing personal is in it.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    from functools import partial

    from opps.integrations.whole_tables import export_csv as export

    between = {"tab": "\t"}.get(delimiter, delimiter)
    if len(between) != 1 or between in "\"'\r\n" or between.isalnum():
        raise Cannot(f"{delimiter!r} cannot stand between cells. Take , or ; or | or tab.")
    run = partial(export, delimiter=between, guard=not unguarded)
    _export(run, file, what, tenant, force, as_json)


def export_parquet(
    file: Target,
    what: What = "opportunities",
    tenant: Tenant = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a table with its types for a data warehouse; nothing personal is in it.

    It takes pyarrow, which the extra `parquet` of opps brings.
    """
    from opps.integrations.parquet import ParquetMissing
    from opps.integrations.parquet import export_parquet as export

    try:
        _export(export, file, what, tenant, force, as_json)
    except ParquetMissing as missing:
        raise Cannot(str(missing)) from None


def _export(
    export: "Callable[..., TableExported]",
    file: Path,
    what: str,
    slug: str | None,
    force: bool,
    as_json: bool,
) -> None:
    from opps.app import Opps
    from opps.cli.place import check_can_write, existing

    view = _view(what)
    check_can_write(file, force=force)
    with Opps(existing()) as opps, progress("Exporting", quiet=as_json) as advance:
        tenant = opps.tenant(slug)
        _check_there(opps.database.url, tenant)
        done = export(opps.database.url, tenant, view, file, progress=advance)
    behind = done.size - done.position
    if as_json:
        print_json(
            TableAnswer(
                file=str(file), what=what, rows=done.rows, position=done.position, behind=behind
            )
        )
    else:
        say(f"{file} holds {counted(done.rows, 'row')} of {what}, up to event {done.position:,}.")
    if behind:
        note(
            f"The log is {counted(behind, 'event')} longer: `opps serve` brings the rows up to it."
        )


def _view(what: str) -> "WarehouseView":
    from opps.integrations.whole_tables import NoSuchTable, view_of

    try:
        return view_of(what)
    except NoSuchTable as unknown:
        raise Cannot(str(unknown)) from None


def _check_there(url: str, tenant: UUID) -> None:
    from opps.cli.state import missing_read_models

    missing = missing_read_models(url, tenant)
    if missing is not None:
        raise Cannot(f"{missing} Nothing was exported.")
