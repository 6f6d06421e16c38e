"""Commands for the read models: build one anew, and compare them all with the log."""

from typing import Annotated
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli.output import DIFFERENCE, Json, Tenant, counted, end, print_json, progress, say


def _projections() -> list[str]:
    from opps.projections.registry import PROJECTIONS

    return [projection.name for projection in PROJECTIONS] + ["all"]


class Rebuilt(Struct, frozen=True):
    """What `opps rebuild` built anew."""

    projections: list[str]


class Verified(Struct, frozen=True):
    """What `opps verify` found; no difference means that all that is there is as it should be."""

    tenant: UUID
    events: int
    parked: int
    difference: str | None
    missing: str | None


def add_to(application: typer.Typer) -> None:
    application.command()(rebuild)
    application.command()(verify)


def rebuild(
    names: Annotated[
        list[str],
        typer.Argument(
            help="One or more of accounts, persons, board, timeline, score_trend, closings, "
            "opinions, exceptions, account_timeline, wrong_beliefs, danger_zones, board_history, "
            "account_names, imports, observations, coaching; or all.",
            autocompletion=_projections,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Build projections anew from the log, beside the live ones, then swap.

    Readers see the old rows until the swap. Streams that were given up are tried again.
    """
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.projections.rebuild import rebuild as build
    from opps.projections.registry import PROJECTIONS, projection_of

    wanted = [projection_of(name) for name in names if name != "all"]
    if "all" in names:
        wanted = list(PROJECTIONS)
    with Opps(existing()) as opps:
        for projection in wanted:
            with progress(f"Rebuilding {projection.name}", quiet=as_json) as advance:
                build(opps.log, opps.log_settings, projection, advance)
            if not as_json:
                say(f"{projection.name} is rebuilt.")
    if as_json:
        print_json(Rebuilt([projection.name for projection in wanted]))


def verify(
    tenant: Tenant = None,
    every_tenant: Annotated[
        bool, typer.Option("--all", help="Verify every tenant of the database.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare stored events with their hashes, and every projection with a fold from scratch.

    Exit code 1 at the first difference.
    """
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.cli.state import missing_read_models
    from opps.projections.verify import verify as compare

    answers = []
    with Opps(existing()) as opps:
        for one in opps.tenants() if every_tenant else [opps.tenant(tenant)]:
            # Asked before: what is made meanwhile was not compared.
            missing = missing_read_models(opps.database.direct_url, one)
            with progress("Verifying", quiet=as_json) as advance:
                verdict = compare(opps.log, opps.log_settings, one, advance)
            difference = None if verdict.difference is None else str(verdict.difference)
            answers.append(Verified(one, verdict.events, verdict.parked, difference, missing))
            if not as_json:
                _tell(answers[-1])
            if difference is not None:
                break
    if as_json:
        print_json(answers if every_tenant else answers[0])
    if answers and answers[-1].difference is not None:
        end(DIFFERENCE)


def _tell(verified: Verified) -> None:
    events, parked = counted(verified.events, "event"), counted(verified.parked, "stream")
    say(f"Tenant {verified.tenant}: {events}, {parked} parked.")
    if verified.difference is not None:
        say(verified.difference)
    elif not verified.events:
        say("The log is empty: there is nothing to compare.")
    elif verified.missing is not None:
        say(f"What is there is what it should be. {verified.missing}")
    else:
        say("Log and read models are what they should be.")
