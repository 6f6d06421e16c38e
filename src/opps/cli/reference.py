"""Commands that print what is fixed: the GraphQL schema and the catalogue of events."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from opps.cli.output import DIFFERENCE, Cannot, Json, end, note, print_json, print_table, say

Check = Annotated[
    bool, typer.Option("--check", help="Compare with the file; exit code 1 if it differs.")
]


def add_to(application: typer.Typer) -> None:
    application.command()(schema)
    application.command()(events)


class Schema(Struct, frozen=True):
    """The GraphQL schema in its own language."""

    graphql: str


class Comparison(Struct, frozen=True):
    """Whether a file says what it should."""

    file: str
    current: bool


def schema(
    check: Check = False,
    file: Annotated[Path, typer.Option(help="The file to compare with.")] = Path("schema.graphql"),
    as_json: Json = False,
) -> None:
    """Print the GraphQL schema, sorted."""
    from opps.api.schema import print_schema

    text = print_schema()
    if check:
        _compare(text, file, "opps schema > schema.graphql", as_json)
    elif as_json:
        print_json(Schema(text))
    else:
        typer.echo(text, nl=not text.endswith("\n"))


def events(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/events.md.")
    ] = False,
    check: Check = False,
    file: Annotated[Path, typer.Option(help="The file to compare with.")] = Path("docs/events.md"),
    as_json: Json = False,
) -> None:
    """Print every event and every kind of fact that opps stores."""
    from opps.cli.catalogue import catalogue
    from opps.cli.catalogue_page import markdown as page

    made = catalogue()
    if check:
        _compare(page(made), file, "opps events --markdown > docs/events.md", as_json)
    elif markdown:
        typer.echo(page(made), nl=False)
    elif as_json:
        print_json(made)
    else:
        print_table(
            "Events",
            ("event", "stream", "what happened"),
            ((one.tag, one.stream, one.meaning) for one in made.events),
        )
        say("")
        print_table(
            f"Kinds of fact ({made.catalogue})",
            ("kind", "key", "conflict", "days", "personal"),
            (
                (
                    one.kind,
                    " or ".join(one.key),
                    one.conflict or "never",
                    one.horizon_days,
                    ", ".join(one.personal),
                )
                for one in made.facts
            ),
        )


def _compare(made: str, file: Path, command: str, as_json: bool) -> None:
    if not file.exists():
        raise Cannot(f"There is no {file} here. Run this in the checkout, or name it with --file.")
    current = file.read_text().rstrip("\n") == made.rstrip("\n")
    if as_json:
        print_json(Comparison(str(file), current))
    elif current:
        say(f"{file} is current.")
    if not current:
        note(f"{file} is not current. Write it anew: {command}")
        end(DIFFERENCE)
