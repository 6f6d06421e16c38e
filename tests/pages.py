"""Pages of the documentation as tests read them: blocks of code, and operations with answers."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

_DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Pair(NamedTuple):
    """An operation of a page, and the answer below it."""

    operation: str
    answer: Any


def blocks(page: str, *languages: str) -> list[tuple[str, str]]:
    """Return the blocks of code in some languages, in the order of a page; there are some."""
    found = [(one["language"], one["text"]) for one in _BLOCK.finditer((_DOCS / page).read_text())]
    wanted = [one for one in found if one[0] in languages]
    assert wanted, f"{page} has blocks in {languages}"
    return wanted


def pairs(page: str) -> list[Pair]:
    """Return each operation of a page with its answer."""
    told = blocks(page, "graphql", "json")
    assert [language for language, _ in told] == ["graphql", "json"] * (len(told) // 2)
    return [
        Pair(operation, json.loads(answer))
        for (_, operation), (_, answer) in zip(told[::2], told[1::2], strict=True)
    ]


def bare(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as pages show it: without what it counted as."""
    return {name: value for name, value in answer.items() if name != "extensions"}
