"""GraphQL types made from the domain's structs and enums, so that they are written once."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from inspect import getdoc
from types import NoneType, UnionType
from typing import Annotated, Any, Optional, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo, fields

from opps.api.ids import NODE_FIELDS, NODE_LISTS, NodeType, to_global
from opps.api.scalars import Position
from opps.domain import describe
from opps.domain.facts import AnyFact
from opps.domain.model import Channel, Topic
from opps.domain.personal import Personal
from opps.domain.times import Learned, Reading

# Enums whose name alone would not say whose they are, or is taken.
ENUM_NAMES: dict[type[StrEnum], str] = {
    Channel: "ScoreChannel",
    Topic: "ScoreTopic",
    Reading: "Certainty",
}
SPECIAL: tuple[tuple[object, str], ...] = (
    (Learned, "learned"),
    (Personal, "personal"),
    (AnyFact, "fact"),
)


LABELS = dict[str, str]
_PLACE = get_args(describe.Position)[1]


class Part:
    """One field of a derived type: its names, its hint, and what it is called in the domain."""

    def __init__(self, info: FieldInfo, hint: Any) -> None:
        self.name = info.name
        self.default = info.default
        self.default_factory = info.default_factory
        self.description = description_of(hint)
        self.hint, self.optional = bare(hint)
        nodes = NODE_FIELDS if self.hint is UUID else NODE_LISTS
        self.node = nodes.get(info.name)

    @property
    def required(self) -> bool:
        """Whether the domain has no default for it."""
        return self.default is NODEFAULT and self.default_factory is NODEFAULT


@cache
def parts(struct: type[Struct]) -> tuple[Part, ...]:
    """Return the fields of a struct with their hints, in order."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(Part(info, hints[info.name]) for info in fields(struct))


def bare(hint: Any) -> tuple[Any, bool]:
    """Return a hint without its annotations, and whether None is allowed."""
    while get_origin(hint) is Annotated:
        if _PLACE in get_args(hint):
            return Position, False  # an Int of GraphQL ends with 32 bits
        hint = get_args(hint)[0]
    if get_origin(hint) not in (Union, UnionType) or NoneType not in get_args(hint):
        return hint, False
    rest = tuple(one for one in get_args(hint) if one is not NoneType)
    return bare(Union[rest])[0], True  # noqa: UP007 - the members are only known here


def description_of(hint: Any) -> str | None:
    """Return the description in the annotations of a hint."""
    if get_origin(hint) is not Annotated:
        return None
    inner, *metas = get_args(hint)
    said = [one.description for one in metas if isinstance(one, Meta) and one.description]
    return said[-1] if said else description_of(inner)


def special(hint: Any) -> str | None:
    """Name the hints that have a GraphQL form of their own."""
    return next((name for kind, name in SPECIAL if hint == kind), None)


@cache
def enum_of(kind: type[StrEnum]) -> type[StrEnum]:
    """Return an enum of the domain, made known to the schema."""
    name = ENUM_NAMES.get(kind, kind.__name__)
    return strawberry.enum(kind, name=name, description=getdoc(kind))


def sentence_of(kind: type) -> str:
    """Return the docstring of a type, as its description."""
    said = getdoc(kind)
    assert said, f"{kind.__name__} needs a docstring: it is its description in the API"
    return said


def described(part: Part) -> str:
    """Return the description of a field, or its name in words where the domain gives none."""
    return part.description or f"The {part.name.replace('_', ' ')}."


def annotation(hint: Any, node: NodeType | None, forms: "Callable[[Any], Any]") -> Any:
    """Return the GraphQL annotation of a bare hint; `forms` gives that of a struct or special."""
    if node is not None and hint is UUID:
        return strawberry.ID
    if special(hint) is not None or hint == LABELS:
        return forms(hint)
    if get_origin(hint) is tuple:
        inner, _ = bare(get_args(hint)[0])
        return list[annotation(inner, node, forms)]  # type: ignore[misc]  # known at run time
    if isinstance(hint, type) and issubclass(hint, Struct):
        return forms(hint)
    return enum_of(hint) if isinstance(hint, type) and issubclass(hint, StrEnum) else hint


def class_of(
    name: str, members: dict[str, tuple[Any, Any]], bases: tuple[type, ...] = (), **more: Any
) -> type:
    """Return a class with annotated fields, for strawberry to make a type of."""
    namespace = {key: value for key, (_, value) in members.items() if value is not None}
    notes = {key: note for key, (note, _) in members.items() if note is not None}
    return type(
        name, bases, {**namespace, **more, "__annotations__": notes, "__module__": __name__}
    )


def reader(name: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a resolver that reads a field of a struct and converts what it holds."""

    def read(self: Any) -> Any:
        held = getattr(self, name)
        return None if held is None else convert(held)

    return read


def global_id(node: NodeType) -> Callable[[UUID], str]:
    """Return what writes the global id of a node of one type."""
    return lambda held: to_global(node, held)


def optional(note: Any, is_optional: bool) -> Any:
    """Return an annotation that allows null where the domain does."""
    return Optional[note] if is_optional else note  # noqa: UP045 - the type is only known here
