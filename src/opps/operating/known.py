"""The operations that come with opps, by name: what figures and logs call by it."""

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_NAMED = re.compile(r"^(?:query|mutation|subscription)\s+([_A-Za-z]\w*)", re.MULTILINE)


@cache
def shipped_operations() -> frozenset[str]:
    """Return the names of all operations of the folder `operations`."""
    return frozenset(
        name
        for file in _folder().iterdir()
        if file.name.endswith(".graphql")
        for name in _NAMED.findall(file.read_text())
    )


def _folder() -> Traversable:
    """Return the folder: within the package, or beside it in a checkout."""
    installed = files("opps") / "operations"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "operations"
