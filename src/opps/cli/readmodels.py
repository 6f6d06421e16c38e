"""Commands for the read models: build one anew, and compare them all with the log."""

from typing import Annotated
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli.output import DIFFERENCE, Json, Tenant, end, print_json, progress, say


def _projections() -> list[str]:
    from opps.projections.registry import PROJECTIONS

    return [projection.name for projection in PROJECTIONS] + ["all"]


class Rebuilt(Struct, frozen=True):
    """What `opps rebuild` built anew."""

    projections: list[str]


class Verified(Struct, frozen=True):
    """What `opps verify` found; no difference means that all is as it should be."""

    tenant: UUID
    events: int
    parked: int
    difference: str | None


def add_to(application: typer.Typer) -> None:
    application.command()(rebuild)
    application.command()(verify)


def rebuild(
    names: Annotated[
        list[str],
        typer.Argument(help="Names of projections, or all.", autocompletion=_projections),
    ],
    as_json: Json = False,
) -> None:
    """Build projections anew from the log, beside the live ones, then swap.

    Readers see the old rows until the swap. Streams that were given up are tried again.
    """
    from opps.app import Opps
    from opps.config import settings
    from opps.projections.rebuild import rebuild as build
    from opps.projections.registry import PROJECTIONS, projection_of

    wanted = [projection_of(name) for name in names if name != "all"]
    if "all" in names:
        wanted = list(PROJECTIONS)
    with Opps(settings()) as opps:
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
    from opps.config import settings
    from opps.projections.verify import verify as compare

    answers = []
    with Opps(settings()) as opps:
        for one in opps.tenants() if every_tenant else [opps.tenant(tenant)]:
            with progress("Verifying", quiet=as_json) as advance:
                verdict = compare(opps.log, opps.log_settings, one, advance)
            difference = None if verdict.difference is None else str(verdict.difference)
            answers.append(Verified(one, verdict.events, verdict.parked, difference))
            if not as_json:
                _tell(answers[-1])
            if difference is not None:
                break
    if as_json:
        print_json(answers if every_tenant else answers[0])
    if answers and answers[-1].difference is not None:
        end(DIFFERENCE)


def _tell(verified: Verified) -> None:
    say(f"Tenant {verified.tenant}: {verified.events:,} events, {verified.parked} streams parked.")
    say(verified.difference or "Log and read models are what they should be.")
