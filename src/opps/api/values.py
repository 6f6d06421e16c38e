"""From an input object to the value of the domain that it stands for."""

import re
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from strawberry import UNSET

from opps.api.derive import LABELS, Part, parts
from opps.api.ids import NodeType, UnreadableId, node_uuid
from opps.api.inputs import LabelInput, LearnedInput, PersonalInput, fact_input
from opps.domain.personal import Clear, about
from opps.domain.times import Learned, UnreadableTime, learned_at, learned_in

PERSONAL_LIMIT = 2000
Path = tuple[str, ...]


class InvalidInput(Exception):
    """A value of the input is not acceptable: which, and why."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def struct_of(held: Any, path: Path, **more: Any) -> Any:
    """Return the struct that an input object stands for; `more` are fields given by the caller.

    Raises:
        InvalidInput: a value breaks a limit of its field, or an id or a time cannot be read.
    """
    given = {**_fields(held, path), **more}
    try:
        return msgspec.convert(given, held.struct)
    except msgspec.ValidationError as error:
        message, place = _explained(str(error))
        raise InvalidInput(message, (*path, *_path_of(held, place))) from None


def _fields(held: Any, path: Path) -> dict[str, Any]:
    struct: type[Struct] = held.struct
    given = ((part, getattr(held, part.name)) for part in parts(struct))
    return {
        part.name: _field(part, value, (*path, camel(part.name)))
        for part, value in given
        if value is not UNSET
    }


def _field(part: Part, held: Any, path: Path) -> Any:
    if held is None:
        return None
    if part.node is not None:
        if isinstance(held, list):
            return [node_id(part.node, one, (*path, str(i))) for i, one in enumerate(held)]
        return node_id(part.node, held, path)
    return _labels(held, path) if part.hint == LABELS else _value(held, path)


def _value(held: Any, path: Path) -> Any:
    if isinstance(held, list):
        return [_value(one, (*path, str(index))) for index, one in enumerate(held)]
    if isinstance(held, str):
        return _clean(held, path)
    if isinstance(held, LearnedInput):
        return learned_of(held, path)
    if isinstance(held, PersonalInput):
        return _personal(held, path)
    if isinstance(held, fact_input()):
        name, one = _chosen(held)
        return {"kind": name, **_fields(one, (*path, camel(name)))}
    return _fields(held, path) if hasattr(held, "struct") else held


def node_id(node: NodeType, text: str, path: Path) -> UUID:
    """Return the UUID of a node's id.

    Raises:
        InvalidInput: it names no node of that type.
    """
    try:
        return node_uuid(node, text)
    except UnreadableId as error:
        raise InvalidInput(str(error), path) from None


def learned_of(held: LearnedInput, path: Path) -> Learned:
    """Return the learned time that was given.

    Raises:
        InvalidInput: the period or its zone cannot be read.
    """
    try:
        if held.period:
            return learned_in(held.period.period, held.period.zone)
        assert held.at, "the input has exactly one field"
        return learned_at(held.at)
    except UnreadableTime as error:
        raise InvalidInput(str(error), (*path, "period" if held.period else "at")) from None


def _personal(held: PersonalInput, path: Path) -> Clear:
    """Return words of or about a person; raises what `about` raises."""
    text = _clean(held.text, (*path, "text"))
    if not 1 <= len(text) <= PERSONAL_LIMIT:
        message = f"{len(text)} characters: write from 1 to {PERSONAL_LIMIT}"
        raise InvalidInput(message, (*path, "text"))
    subject = held.subject or None
    if subject is not None:
        return about(node_id(NodeType.PERSON, subject, (*path, "subject")), text)
    return about(None, text)


def _labels(held: list[LabelInput], path: Path) -> dict[str, str]:
    labels: dict[str, str] = {}
    for index, one in enumerate(held):
        if one.name in labels:
            raise InvalidInput(f"{one.name!r} is given twice", (*path, str(index), "name"))
        labels[_clean(one.name, path)] = _clean(one.value, path)
    return labels


def _clean(text: str, path: Path) -> str:
    """Return the text, which can be stored: no NUL, and no half of a surrogate pair."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)):
        raise InvalidInput("it holds a character that cannot be stored", path)
    return text


def _chosen(held: Any) -> tuple[str, Any]:
    """Return the one field that was given of an input with exactly one."""
    return next((name, one) for name, one in vars(held).items() if one not in (None, UNSET))


def camel(name: str) -> str:
    """Return the name of a field as GraphQL writes it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_PLACE = re.compile(r" - at `\$(?P<place>[^`]*)`$")
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]")


def _explained(said: str) -> tuple[str, list[str]]:
    """Return what is wrong in plain words, and the steps that lead to it."""
    found = _PLACE.search(said)
    steps = [one["name"] or one["index"] for one in _STEP.finditer(found["place"] if found else "")]
    return _plain(said[: found.start()] if found else said), steps


_LIMITS = {
    r"Expected `\w+` of length >= (.+)": "it is too short: it takes at least {}",
    r"Expected `\w+` of length <= (.+)": "it is too long: it takes at most {}",
    r"Expected `\w+` >= (.+)": "it must be at least {}",
    r"Expected `\w+` <= (.+)": "it must be at most {}",
    r"Expected `str` matching regex .*\[A-Z\]\{3\}.*": "write three capital letters, such as EUR",
}


def _plain(said: str) -> str:
    for form, plain in _LIMITS.items():
        if found := re.fullmatch(form, said):
            return plain.format(*(limit.removesuffix(".0") for limit in found.groups()))
    return said.replace("`", "")


def _path_of(held: Any, steps: list[str]) -> Path:
    """Return steps through structs as steps through the input, which names the kind of a fact."""
    path: list[str] = []
    for step in steps:
        if isinstance(held, fact_input()):
            name, held = _chosen(held)
            path.append(camel(name))
        path.append(camel(step))
        held = held[int(step)] if isinstance(held, list) else getattr(held, step, None)
    return tuple(path)
