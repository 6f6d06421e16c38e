"""Commands that run until they are stopped: serve, project, and the demo."""

import typer


def add_to(application: typer.Typer) -> None:
    """"""
