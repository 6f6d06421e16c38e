"""Why an import cannot begin or go on: each says where, and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One thing that is wrong in a mapping file: `line` where it can be told, and the place."""

    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{f'line {self.line}, ' if self.line else ''}{self.place}: {self.message}"


class MappingRefused(Exception):
    """A mapping file is wrong; the message names every problem with its line and field."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{path}, {problem}" for problem in problems))
        self.path = path
        self.problems = problems


class SourceMalformed(Exception):
    """A source file cannot be read on; opportunities before that line may be imported already."""

    def __init__(self, path: Path, message: str, line: int | None = None) -> None:
        super().__init__(f"{path}, {f'line {line}: ' if line else ''}{message}")
        self.path = path
        self.line = line


class Meant(Struct, frozen=True):
    """What may be meant by a text of a column: the nearest that is known, for a person to judge."""

    column: str
    was: str
    now: str

    def __str__(self) -> str:
        what = f"{self.now!r} may be meant by {self.column}"
        return f"{what}: if so, say it in a file of corrections (--corrections)"


class RowRefused(Exception):
    """A row cannot become a command: a stable code, the reason, and what to do if it is known."""

    def __init__(
        self, code: str, reason: str, suggestion: str | None = None, meant: Meant | None = None
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.suggestion = suggestion
        self.meant = meant


def near(column: str, text: str, known: Iterable[str]) -> Meant | None:
    """Return which of the known texts may be meant, if one is near."""
    found = get_close_matches(text, list(known), n=1)
    return Meant(column, text, found[0]) if found else None


def either(meant: Meant | None, otherwise: str) -> str:
    """Return what to do: to say what is meant, where one text is near, or something else."""
    return f"{meant}; or {otherwise}" if meant else otherwise
