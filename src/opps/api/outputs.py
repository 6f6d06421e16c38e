"""Output objects derived from the structs of the domain, which they read without copying."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Union

import strawberry
from msgspec import Struct

from opps.api.derive import (
    LABELS,
    Part,
    annotation,
    class_of,
    described,
    enum_of,
    global_id,
    optional,
    parts,
    reader,
    sentence_of,
    special,
)
from opps.api.ids import NodeType, to_global
from opps.domain.facts import KINDS
from opps.domain.personal import Clear, Personal, Redacted, Sealed
from opps.domain.times import Precision

enum_of(Precision)


@strawberry.type(description="A name with a value.")
class Label:
    name: str = strawberry.field(description="The name.")
    value: str = strawberry.field(description="The value.")


@strawberry.type(
    description="When our side came to know: from `earliest` on, before `latest`. An instant has "
    "`latest` alone."
)
class LearnedTime:
    earliest: datetime | None = strawberry.field(description="The first instant it can have been.")
    latest: datetime | None = strawberry.field(description="The instant by which we knew.")
    precision: Precision = strawberry.field(description="How exactly it is known.")
    zone: str = strawberry.field(description="The zone of the calendar that it was given in.")
    defaulted: bool = strawberry.field(
        description="Nobody gave a time: it is when the command came in."
    )


@strawberry.type(description="Text about a person; it reads as redacted once it was erased.")
class PersonalText:
    subject: strawberry.ID = strawberry.field(description="The person whom the text is about.")
    text: str | None = strawberry.field(description="The text; null when it is redacted.")
    redacted: bool = strawberry.field(description="The person's key was destroyed.")
    erased_at: datetime | None = strawberry.field(description="When it was erased, if known.")
    basis: str | None = strawberry.field(description="Why it was erased, if known.")


def personal_text(held: Personal) -> PersonalText:
    """Return personal text that was opened for the reader, or is redacted."""
    assert not isinstance(held, Sealed), "what is shown was opened first"
    gone = held if isinstance(held, Redacted) else None
    return PersonalText(
        subject=strawberry.ID(to_global(NodeType.PERSON, held.subject)),
        text=held.text if isinstance(held, Clear) else None,
        redacted=gone is not None,
        erased_at=gone.erased_at if gone else None,
        basis=gone.basis if gone else None,
    )


def labels(held: Mapping[str, str]) -> list[Label]:
    """Return names with their values, in order of the names."""
    return [Label(name=name, value=value) for name, value in sorted(held.items())]


@cache
def output_of(struct: type[Struct], name: str | None = None, **more: Any) -> type:
    """Return the output object of a struct; its values are the structs themselves.

    `more` are fields that are worked out from a value.
    """
    members = {part.name: _member(part) for part in parts(struct)}
    made = class_of(
        name or struct.__name__,
        members,
        is_type_of=staticmethod(lambda one, _: type(one) is struct),
        **more,
    )
    return strawberry.type(made, name=name or struct.__name__, description=sentence_of(struct))


def _member(part: Part) -> tuple[Any, Any]:
    note = optional(annotation(part.hint, part.node, _form_of), part.optional)
    convert = _converter(part)
    if convert is None:
        return note, strawberry.field(description=described(part))
    read = reader(part.name, convert)
    return None, strawberry.field(resolver=read, graphql_type=note, description=described(part))


def _converter(part: Part) -> Any:
    if part.node is not None:
        return global_id(part.node)
    if special(part.hint) == "personal":
        return personal_text
    return labels if part.hint == LABELS else None


def _form_of(hint: Any) -> Any:
    match special(hint):
        case "learned":
            return LearnedTime
        case "personal":
            return PersonalText
        case "fact":
            return FactContent
    return list[Label] if hint == LABELS else output_of(hint)


_FACT_TYPES = tuple(output_of(kind, f"{kind.__name__}Fact") for kind in KINDS.values())

FactContent = Annotated[
    Union[_FACT_TYPES],  # type: ignore[valid-type]  # noqa: UP007 - one type for each kind of fact
    strawberry.union("FactContent", description="What a fact states: one type for each kind."),
]
