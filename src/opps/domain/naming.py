"""Free text that names people by their ids, so that it holds nothing personal itself."""

import re
from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Named(StrEnum):
    """Who can be named in free text: {person:UUID}, or {evaluator:UUID} of an opportunity."""

    PERSON = "person"
    EVALUATOR = "evaluator"


class Segment(Struct, frozen=True):
    """A part of a text: as it is written, and who it names, if anybody."""

    text: str
    named: Named | None = None
    id: UUID | None = None


_TOKEN = re.compile(
    rf"\{{({'|'.join(Named)}):([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})\}}"
)


def segments(text: str) -> Iterator[Segment]:
    """Yield the parts of a text in order; together they are the text."""
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() > at:
            yield Segment(text[at : token.start()])
        yield Segment(token[0], Named(token[1]), UUID(token[2]))
        at = token.end()
    if at < len(text):
        yield Segment(text[at:])
