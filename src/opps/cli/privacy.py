"""Commands for personal data: `opps privacy`."""

import typer

from opps.cli import erasures, keeping
from opps.cli.subject_export import export

group = typer.Typer(
    help="Look at personal data, erase it, and say how long it is kept.",
    no_args_is_help=True,
)
group.command()(export)
erasures.add_to(group)
keeping.add_to(group)


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="privacy")
