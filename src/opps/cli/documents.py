"""What a server would know of the documents in a directory."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from opps.cli.output import DIFFERENCE, Cannot, Json, end, note, print_json, print_table


def add_to(application: typer.Typer) -> None:
    application.command()(documents)


class Known(Struct, frozen=True):
    """A document, and what clients send in its place; `fault` is why it would be refused."""

    document_id: str
    file: str
    operations: tuple[str, ...]
    cost: int
    fault: str | None


class Documents(Struct, frozen=True):
    """The documents of a directory."""

    documents: list[Known]


def documents(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Where they are; OPPS_PERSISTED_DOCUMENTS if absent."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List documents that clients may send by their SHA-256, as `documentId`.

    A server with OPPS_PERSISTED_DOCUMENTS reads each .graphql file there, and .json files with
    texts under their SHA-256. Exit code 1 if it would refuse one of them.
    """
    from opps.api.persisted_files import CannotLoad, stored
    from opps.api.schema import schema
    from opps.config import settings

    found = settings()
    place = directory or found.persisted_documents
    if place is None:
        raise Cannot("Name a directory of documents, or set OPPS_PERSISTED_DOCUMENTS.")
    try:
        held = stored(place, schema()._schema, found.limits)
    except CannotLoad as error:
        raise Cannot(str(error)) from None
    told = [Known(one.identifier, one.file, one.operations, one.cost, one.fault) for one in held]
    if as_json:
        print_json(Documents(told))
    else:
        _print(told)
    end(DIFFERENCE if any(one.fault for one in told) else 0)


def _print(told: list[Known]) -> None:
    columns = ("Document", "File", "Operations", "Cost")
    rows = [(one.document_id, one.file, ", ".join(one.operations), one.cost) for one in told]
    print_table("Documents", columns, rows)
    for one in told:
        if one.fault is not None:
            note(f"{one.file} would be refused: {one.fault}")
