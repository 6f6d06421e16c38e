"""The command that writes down everything that is held of one person: `opps privacy export`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
import typer

from opps.cli import named
from opps.cli.output import Cannot, Json, Tenant, counted, print_json, say


def export(
    person: Annotated[
        UUID,
        typer.Argument(
            help="The person or seller: the id that opps gave, or the UUID.",
            parser=named.person,
            metavar="PERSON",
        ),
    ],
    as_json: Json = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Write one page for people to read.", show_default=False)
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file, for you alone.", dir_okay=False)
    ] = None,
    tenant: Tenant = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Write everything that is held of a person: with place and time, and who recorded it.

    Without --json or --html it says how much there is.
    """
    from opps.app import Opps
    from opps.application.subject_export import subject_export
    from opps.application.subject_page import page
    from opps.cli.place import check_can_write, existing

    if as_json and as_html:
        raise Cannot("Choose --json or --html.")
    if out is not None and not (as_json or as_html):
        raise Cannot("Say what to write: --json or --html.")
    check_can_write(out, force=force)
    with Opps(existing()) as opps:
        wanted = opps.tenant(tenant)
        found = subject_export(opps.log, wanted, person, opps.keyring_of(wanted), datetime.now(UTC))
    if out is not None:
        written = page(found).encode() if as_html else msgspec.json.encode(found)
        out.unlink(missing_ok=True)  # whoever may read an older file may not read this one
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(written)
    elif as_json:
        print_json(found)
        return
    elif as_html:
        sys.stdout.write(page(found))
        return
    held = sum(1 for one in found.values if one.text is not None)
    gone = len(found.values) - held
    say(f"Person {person}: {counted(held, 'text')} held, {counted(gone, 'text')} erased,")
    said = counted(len(found.statements), "statement")
    say(f"{said} about {counted(len(found.evaluators), 'evaluator')},")
    say(f"named in {counted(sum(one.count for one in found.mentions), 'place')},")
    say(f"shown in {counted(len(found.shown), 'saved read')}.")
    if out is not None:
        say(f"All of it is in {out}.")
