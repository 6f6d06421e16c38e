"""Commands for the read models: build one anew, and compare them all with the log."""

from typing import Annotated

import typer
from msgspec import Struct

from opps.cli.output import Json, print_json, progress, say


class Rebuilt(Struct, frozen=True):
    """What `opps rebuild` built anew."""

    projections: list[str]


def add_to(application: typer.Typer) -> None:
    application.command()(rebuild)
    application.command()(verify)


def rebuild(
    names: Annotated[
        list[str], typer.Argument(help="board, timeline, score_trend, accounts, persons, or all.")
    ],
    as_json: Json = False,
) -> None:
    """Build projections anew from the log, beside the live ones, then swap.

    Readers see the old rows until the swap. Streams that were given up are tried again.
    """
    from opps.app import Opps, log_settings
    from opps.config import settings
    from opps.projections.rebuild import rebuild as build
    from opps.projections.registry import PROJECTIONS, projection_of

    wanted = [projection_of(name) for name in names if name != "all"]
    if "all" in names:
        wanted = list(PROJECTIONS)
    with Opps(settings()) as opps:
        for projection in wanted:
            with progress(f"Rebuilding {projection.name}", quiet=as_json) as advance:
                build(opps.log, log_settings(opps.settings, opps.database), projection, advance)
            if not as_json:
                say(f"{projection.name} is rebuilt.")
    if as_json:
        print_json(Rebuilt([projection.name for projection in wanted]))


def verify(as_json: Json = False) -> None:
    """Compare stored events with their hashes, and every projection with a fold from scratch.

    Exit code 1 at the first difference.
    """
