"""Failures as they may be told: what broke and where, never the values it broke on."""

import traceback
from pathlib import PurePath
from typing import Any

# Their first lines name servers, settings and files, nothing that anybody stated.
_SPEAKING = frozenset(
    {
        "EmbeddedFault",
        "Fenced",
        "LedgerRefused",
        "LogFault",
        "NewerReadModels",
        "OperationalError",
        "OSError",
        "RootKeyFault",
    }
)
_MOST_FRAMES = 40


def told(error: BaseException) -> str:
    """Return what kind of failure it was, with its words where these can be nothing personal."""
    name = type(error).__name__
    if any(one.__name__ in _SPEAKING for one in type(error).__mro__):
        words = str(error).strip().partition("\n")[0]
        return f"{name}: {words}" if words else name
    return " ".join([name, *_of_database(error)])


def stack(error: BaseException) -> list[str]:
    """Return where it happened, outermost first, as far as code goes: files, lines, functions."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def causes(error: BaseException) -> list[BaseException]:
    """Return the failures that led to this one, the nearest first."""
    found: list[BaseException] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


def _of_database(error: Any) -> list[str]:
    """Return the state and the names of a database's refusal; its detail quotes rows."""
    diagnosis = getattr(error, "diag", None)
    named = [getattr(error, "sqlstate", None)]
    for part in ("table_name", "column_name", "constraint_name"):
        named.append(getattr(diagnosis, part, None))
    return [one for one in named if isinstance(one, str)]


def _short(file: str) -> str:
    """Return the last parts of a path: where opps is installed is nobody's business."""
    return "/".join(PurePath(file).parts[-3:])
