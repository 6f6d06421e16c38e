"""Where settings come from: the environment first, then a file; each value may be in its own."""

import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

Value = TypeVar("Value")

SETTINGS_FILE = "OPPS_SETTINGS_FILE"
DEFAULT = "default"
_OWN_FILE = "_FILE"
_LONGEST_FILE_BYTES = 100_000


class Found(NamedTuple):
    """The text of a setting, and where it stands."""

    text: str
    origin: str


class Source(NamedTuple):
    """A place that may give settings: their texts by variable, and what to call the place."""

    texts: Mapping[str, str]
    name: str
    folder: Path | None = None

    def called(self, variable: str) -> str:
        """Return what a setting is called here, where people would look for it."""
        return variable if self.folder is None else _key_of(variable)


class Reader:
    """Reads settings from the first source that gives them, and gathers what is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self.origins: dict[str, str] = {}
        self._sources = [Source(environment, "environment")]
        file = environment.get(SETTINGS_FILE, "").strip()
        if file:
            self._sources.append(self._of_file(Path(file).expanduser().absolute()))

    def read(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        """Return the value of a setting, the default where no source gives one."""
        found = self._find(name)
        self.origins[name] = DEFAULT if found is None else found.origin
        if found is None:
            return default
        try:
            return parse(found.text)
        except ValueError as problem:
            self.problems.append(f"{_where(name, found)} {problem}")
            return default

    def look_for_misspellings(self, names: tuple[str, ...]) -> None:
        """Complain about variables that look like settings, and unknown keys of the file."""
        known = {*names, *(f"{name}{_OWN_FILE}" for name in names), SETTINGS_FILE}
        for source in self._sources:
            for name in sorted(source.texts.keys() - known):
                near = get_close_matches(name, sorted(known), 1, 0.75 if source.folder else 0.9)
                if not name.startswith("OPPS_") or not (near or source.folder):
                    continue
                place = "" if source.folder is None else f" of {source.name}"
                advice = f" Is {source.called(near[0])} meant?" if near else " Take it out."
                self.problems.append(f"{source.called(name)}{place} is not a setting.{advice}")

    def _find(self, name: str) -> Found | None:
        for source in self._sources:
            text = source.texts.get(name, "").strip()
            file = source.texts.get(f"{name}{_OWN_FILE}", "").strip()
            if text and file:
                both = f"{source.called(name)} and {source.called(name + _OWN_FILE)}"
                self.problems.append(f"{both} are both set. Set one of them.")
            if text:
                return Found(text, source.name)
            if file:
                return self._in_file(name, (source.folder or Path()) / Path(file).expanduser())
        return None

    def _in_file(self, name: str, path: Path) -> Found | None:
        try:
            text = _text_of(path).strip()
        except (OSError, ValueError) as problem:
            self.problems.append(f"{name}{_OWN_FILE} is {path}: {_told(problem)}.")
            return None
        if not text:
            self.problems.append(f"{name}{_OWN_FILE} is {path}, which is empty.")
            return None
        return Found(text, f"file {path}")

    def _of_file(self, path: Path) -> Source:
        texts: dict[str, str] = {}
        try:
            given = tomllib.loads(_text_of(path))
        except (OSError, ValueError) as problem:
            self.problems.append(f"{SETTINGS_FILE} is {path}: {_told(problem)}.")
            given = {}
        for key, value in given.items():
            text = _text(value)
            if text is None:
                self.problems.append(
                    f"{key} of {path} is no plain value. It is a text, a number, true, false, or "
                    "a list of texts."
                )
            else:
                texts[f"OPPS_{key.upper()}"] = text
        return Source(texts, f"settings file {path}", path.parent)


def _text_of(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_LONGEST_FILE_BYTES + 1)
    if len(content) > _LONGEST_FILE_BYTES:
        raise ValueError(f"it is larger than {_LONGEST_FILE_BYTES} bytes")
    return content.decode()


def _text(value: Any) -> str | None:
    """Return a value of the file as the environment would say it; None where it cannot."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case list() if all(isinstance(one, str) for one in value):
            return ",".join(value)
        case _:
            return None


def _where(name: str, found: Found) -> str:
    return name if found.origin == "environment" else f"{name}, of the {found.origin},"


def _key_of(variable: str) -> str:
    return variable.removeprefix("OPPS_").lower()


def _told(problem: Exception) -> str:
    if isinstance(problem, UnicodeDecodeError):
        return "it is no text"
    if isinstance(problem, tomllib.TOMLDecodeError):
        # Its message may quote the line, and the line a password.
        return 'it is no TOML, such as database_url = "postgresql://..."'
    return problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem)
