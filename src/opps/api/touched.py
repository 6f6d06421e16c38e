"""Whose personal data an answer shows, noted where it is read and nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from graphql import (
    FieldNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
)
from graphql.pyutils import Path

from opps.api.ids import from_global
from opps.domain.events import Event
from opps.recording.personal import told_of


class Touched:
    """The persons of whom the answer of one operation shows something, and in which fields."""

    def __init__(self) -> None:
        self.paths: dict[UUID, set[str]] = {}
        self._called: dict[str, set[str]] | None = None

    def note(self, subject: UUID, path: str) -> None:
        """Note that a field shows personal data; a place in a list is left out of its path."""
        self.paths.setdefault(subject, set()).add(path)

    def note_at(self, subject: UUID, info: GraphQLResolveInfo[Any]) -> None:
        """Note that a field shows personal data, by its path in the names of the schema.

        Paths are kept in clear, and what a client calls a field may be the name of anybody.
        """
        if self._called is None:
            self._called = _called(info)
        self.note(subject, _place(info, self._called))

    def note_event(self, event: Event, info: GraphQLResolveInfo[Any]) -> None:
        """Note everybody of whom an event holds readable text."""
        for subject in set(told_of(event).values()):
            self.note_at(subject, info)


def named(path: Sequence[str | int]) -> str:
    """Return a path of an answer without the places in its lists."""
    return ".".join(one for one in path if isinstance(one, str))


def _place(info: GraphQLResolveInfo[Any], called: Mapping[str, set[str]]) -> str:
    names: list[str] = []
    at: Path | None = info.path
    while at is not None:
        if isinstance(at.key, str):
            names.append(_name(info.schema.type_map.get(at.typename or ""), called[at.key]))
        at = at.prev
    return ".".join(reversed(names))


def _name(kind: GraphQLNamedType | None, called: set[str]) -> str:
    fields = kind.fields if isinstance(kind, GraphQLObjectType) else {}
    return min(called & fields.keys(), default="__typename")


def _called(info: GraphQLResolveInfo[Any]) -> dict[str, set[str]]:
    """Return the fields of a document by the names that their values have in the answer."""
    called: dict[str, set[str]] = {}
    left: list[SelectionSetNode] = [
        info.operation.selection_set,
        *(one.selection_set for one in info.fragments.values()),
    ]
    while left:
        for node in left.pop().selections:
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                called.setdefault(key, set()).add(node.name.value)
            if isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                left.append(node.selection_set)
    return called


def notice_personal(made: GraphQLSchema) -> None:
    """Let the one field that shows text about a person note so: others cost nothing."""
    kind = made.type_map["PersonalText"]
    assert isinstance(kind, GraphQLObjectType)
    kind.fields["text"].resolve = _text
    # Where nobody notes, it is an attribute like any other.
    _text.reads = "text"  # type: ignore[attr-defined]  # functions take any


def _text(source: Any, info: GraphQLResolveInfo[Any]) -> str | None:
    text: str | None = source.text
    touched: Touched | None = info.context.touched
    if touched is not None and text is not None:
        touched.note_at(from_global(source.subject)[1], info)
    return text
