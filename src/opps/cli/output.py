"""How the command line speaks: tables and progress for people, one JSON object for scripts."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, NoReturn
from uuid import UUID

import msgspec
import typer
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

DIFFERENCE = 1
CANNOT = 2

# What moves a terminal's cursor, colours it or turns the order of its letters.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# An id as GraphQL answers it, a letter for what it is of and a UUID in base64; or a SHA-256.
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{22}|(sha256:)?[0-9a-f]{64}")

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object, for scripts.", show_default=False)
]
Tenant = Annotated[
    str | None,
    typer.Option(help="The tenant's short name; that of OPPS_TENANT if absent.", metavar="SLUG"),
]
Advance = Callable[[int, int], None]


class Cannot(Exception):
    """What was asked cannot be done; the message says what to do instead."""


def out() -> Console:
    """Return where results go."""
    return Console(soft_wrap=True, highlight=False)


def err() -> Console:
    """Return where everything else goes."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def visible(text: str) -> str:
    """Return a text with nothing in it that a terminal would carry out."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)


def say(text: str) -> None:
    """Print a line of text as it is."""
    out().print(visible(text), markup=False)


def counted(number: int, thing: str) -> str:
    """Return how many there are in words, such as `1 event` or `2,000 events`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def note(text: str) -> None:
    """Print a line beside the results."""
    err().print(visible(text), markup=False)


def warn(text: str) -> None:
    """Print a line that nobody should overlook beside the results."""
    err().print(visible(text), markup=False, style="bold yellow")


def print_json(answer: object) -> None:
    """Print one JSON object."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n")
    sys.stdout.flush()


def print_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows under their columns; numbers stand to the right."""
    filled = [list(row) for row in rows]
    table = Table(
        title=escape(visible(title)),
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    for number, column in enumerate(columns):
        numeric = all(isinstance(row[number], int | float) for row in filled)
        justify: JustifyMethod = "right" if numeric and filled else "left"
        table.add_column(
            escape(column), justify=justify, min_width=_longest_id(row[number] for row in filled)
        )
    for row in filled:
        table.add_row(*(Text(visible(_cell(value))) for value in row))
    out().print(table)


def end(code: int) -> NoReturn:
    """End the command with an exit code."""
    raise typer.Exit(code)


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Advance]:
    """Yield a function that shows how far a long work is; nothing is shown where nobody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = err()
    silent = quiet or not console.is_terminal
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=silent) as shown:
        task = shown.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total or None)

        yield advance


def moment(instant: datetime) -> str:
    """Return an instant as people read it, to the second."""
    return instant.strftime("%Y-%m-%d %H:%M:%S %Z")


def _longest_id(values: Iterable[object]) -> int | None:
    """Return how wide a column must be for its ids to be copied; None where it holds none."""
    return max((len(str(value)) for value in values if _is_id(value)), default=None)


def _is_id(value: object) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and _ID.fullmatch(value) is not None)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)
