"""Commands that look at an installation and change nothing: its settings, and what is wrong."""

from pathlib import Path
from typing import Annotated

import typer

from opps.cli.output import DIFFERENCE, Json, end, print_json, print_table, say


def config(as_json: Json = False) -> None:
    """Show every setting as it holds, with where it comes from; secrets are masked.

    OPPS_PORT=8001 sets one, OPPS_PORT_FILE names a file with its value, and OPPS_SETTINGS_FILE a
    TOML file with lines such as port = 8001. The environment comes before that file.
    """
    from opps.config.shown import given

    found = given()
    if as_json:
        print_json(found)
    else:
        rows = ((one.name, one.value, one.origin) for one in found)
        print_table("", ("setting", "value", "from"), rows)


def doctor(
    schema_file: Annotated[
        Path | None,
        typer.Option(
            help="A schema file of clients to compare; by default schema.graphql, where there is "
            "one in this folder."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look for what could go wrong: Python, packages, settings, database, data, disk and keys.

    Exit code 1 if something has to be mended.
    """
    from opps.cli.examination import Verdict, examine

    findings = examine(schema_file)
    if as_json:
        print_json(findings)
    else:
        shown = ((one.verdict, one.subject, one.finding) for one in findings)
        print_table("", ("", "subject", "finding"), shown)
        for one in findings:
            if one.advice is not None:
                say(f"\n{one.subject}: {one.advice}")
    if any(one.verdict is Verdict.MEND for one in findings):
        end(DIFFERENCE)
