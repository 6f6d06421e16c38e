"""Fields that show what an object was made of, read when they are asked for and not before."""

from operator import attrgetter
from typing import Any

import strawberry


def shown(path: str, description: str, **more: Any) -> Any:
    """Return a field that shows an attribute, or the attribute of one: `headline.title`.

    What carries an operation out reads it there at once: `reads` tells it where.
    """
    get = attrgetter(path)

    def read(self: Any) -> Any:
        return get(self)

    read.reads = path  # type: ignore[attr-defined]  # functions take any
    return strawberry.field(resolver=read, description=description, **more)
