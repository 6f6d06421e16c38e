"""What is listed: the modules that are changed, and the changes that no test can find."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, convert

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """A module, the tests that answer for it, and the least share of mutants they must find.

    If they want a database, all of them get one server.
    """

    path: str
    tests: tuple[str, ...]
    goal: float
    database: bool = False

    @property
    def module(self) -> str:
        """The name that it is imported by."""
        return ".".join(Path(self.path.removeprefix("src/")).with_suffix("").parts)

    @property
    def file(self) -> Path:
        """Where it lies."""
        return ROOT / self.path


class Mutant(Struct, frozen=True):
    """One small change: in which function, and the lines before and after."""

    operator: str
    line: int
    within: str
    was: str
    becomes: str
    source: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What tells it from others, wherever its line has moved to."""
        return self.within, self.was, self.becomes


class Equivalent(Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that does the same, or nothing that anybody could notice, and why."""

    path: str
    within: str
    was: str
    becomes: str
    because: str


def targets(only: Sequence[str]) -> list[Target]:
    """Return the modules that are asked for, by default all."""
    listed = tomllib.loads((HERE / "targets.toml").read_text())["target"]
    found = convert(listed, list[Target])
    return [one for one in found if not only or any(part in one.path for part in only)]


def equivalents(target: Target) -> set[tuple[str, str, str]]:
    """Return the mutants of a module that no test can find."""
    listed = tomllib.loads((HERE / "equivalent.toml").read_text())["equivalent"]
    found = convert(listed, list[Equivalent])
    return {(one.within, one.was, one.becomes) for one in found if one.path == target.path}
