"""Commands for personal data: `opps privacy`."""

import typer

from opps.cli.subject_export import export

group = typer.Typer(
    help="Look at personal data, for those who answer for it.",
    no_args_is_help=True,
)
group.command()(export)


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="privacy")
