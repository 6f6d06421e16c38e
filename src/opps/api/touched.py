"""Whose personal data an answer shows, noted where it is read and nowhere else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

from opps.api.ids import from_global
from opps.domain.events import Event
from opps.recording.personal import told_of


class Touched:
    """The persons of whom an answer shows something, and in which of its fields."""

    def __init__(self) -> None:
        self.paths: dict[UUID, set[str]] = {}

    def note(self, subject: UUID, path: str) -> None:
        """Note that a field shows personal data; a place in a list is left out of its path."""
        self.paths.setdefault(subject, set()).add(path)

    def note_event(self, event: Event, path: Sequence[str | int]) -> None:
        """Note everybody of whom an event holds readable text."""
        for subject in set(told_of(event).values()):
            self.note(subject, named(path))


def named(path: Sequence[str | int]) -> str:
    """Return a path of an answer without the places in its lists."""
    return ".".join(one for one in path if isinstance(one, str))


def notice_personal(made: GraphQLSchema) -> None:
    """Let the one field that shows text about a person note so: others cost nothing."""
    kind = made.type_map["PersonalText"]
    assert isinstance(kind, GraphQLObjectType)
    kind.fields["text"].resolve = _text


def _text(source: Any, info: GraphQLResolveInfo[Any]) -> str | None:
    text: str | None = source.text
    touched: Touched | None = info.context.touched
    if touched is not None and text is not None:
        touched.note(from_global(source.subject)[1], named(info.path.as_list()))
    return text
