"""How what GraphQL calls something is called in Python."""

import keyword
import re
from textwrap import wrap

WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
WIDTH = 96


def snake(name: str) -> str:
    """Return a name of Python for a field, an argument or an operation."""
    words = WORD.sub("_", name).lower()
    return f"{words}_" if keyword.iskeyword(words) else words


def camel(name: str) -> str:
    """Return what msgspec makes of a name of Python when it is to be in camelCase."""
    first, *more = name.split("_")
    return first + "".join(map(str.title, more))


def pascal(name: str) -> str:
    """Return the part of a class's name that a field stands for."""
    return name[0].upper() + name[1:]


def docstring(text: str | None, otherwise: str, indent: str = "    ") -> str:
    """Return the first paragraph of a description as a docstring."""
    told = " ".join((text or otherwise).strip().split("\n\n")[0].split()).replace("\\", "\\\\")
    if len(told) + len(indent) + 6 <= WIDTH:
        return f'{indent}"""{told}"""'
    lines = wrap(told, WIDTH - len(indent) - 3)
    return "\n".join(
        [f'{indent}"""{lines[0]}', *(indent + line for line in lines[1:]), f'{indent}"""']
    )
