"""Input objects derived from the structs of the domain."""

from datetime import datetime
from functools import cache
from typing import Any, Optional
from uuid import UUID

import strawberry
from msgspec import NODEFAULT, Struct
from strawberry import UNSET

from opps.api.derive import (
    LABELS,
    Part,
    annotation,
    class_of,
    described,
    optional,
    parts,
    sentence_of,
    special,
)
from opps.domain.facts import KINDS


@strawberry.input(description="A calendar period of a zone.")
class LearnedPeriodInput:
    period: str = strawberry.field(
        description="A day, month, quarter or year: 2026-03-01, 2026-03, 2026-Q1 or 2026."
    )
    zone: str = strawberry.field(description="IANA name of the zone, such as Europe/Madrid.")


@strawberry.input(
    one_of=True, description="When our side came to know: one instant, or a period of a calendar."
)
class LearnedInput:
    at: datetime | None = strawberry.field(description="The instant.", default=UNSET)
    period: LearnedPeriodInput | None = strawberry.field(
        description="The period, when the instant is not known.", default=UNSET
    )


@strawberry.input(
    description="Text about a person, stored under that person's key: erasing the key erases it."
)
class PersonalInput:
    text: str = strawberry.field(description="The text, at most 2000 characters.")
    subject: strawberry.ID | None = strawberry.field(
        description="The person whom the text is about: a command without it is refused.",
        default=None,
    )


@strawberry.input(description="A name with a value.")
class LabelInput:
    name: str = strawberry.field(description="The name; each once.")
    value: str = strawberry.field(description="The value.")


def input_field(description: str, default: Any = NODEFAULT) -> Any:
    """Return a field of an input; a list as default stands for a new one each time."""
    if default is NODEFAULT:
        return strawberry.field(description=description)
    if default == []:
        return strawberry.field(description=description, default_factory=list)
    return strawberry.field(description=description, default=default)


@cache
def input_of(struct: type[Struct]) -> type:
    """Return the input object of a struct."""
    members = {part.name: member_of(part) for part in parts(struct)}
    return made_input(f"{struct.__name__}Input", struct, members)


def made_input(name: str, struct: type[Struct], members: dict[str, tuple[Any, Any]]) -> type:
    """Return an input object that knows which struct its values make."""
    made = class_of(name, members, struct=struct)
    return strawberry.input(made, name=name, description=sentence_of(struct))


def member_of(part: Part) -> tuple[Any, Any]:
    """Return the annotation and the field of one part of a struct."""
    note = optional(annotation(part.hint, part.node, _form_of), part.optional)
    return note, input_field(described(part), _default_of(part))


def _default_of(part: Part) -> Any:
    if part.required:
        return NODEFAULT
    if part.default_factory is not NODEFAULT or part.default == ():
        return []
    return UNSET if part.default is None else part.default


def _form_of(hint: Any) -> Any:
    match special(hint):
        case "learned":
            return LearnedInput
        case "personal":
            return PersonalInput
        case "fact":
            return fact_input()
    return list[LabelInput] if hint == LABELS else input_of(hint)


@cache
def fact_input() -> type:
    """Return the input object with one field for each kind of fact."""
    members = {
        tag: (
            Optional[_fact_of(kind)],  # noqa: UP045 - the type is only known at run time
            input_field(sentence_of(kind), UNSET),
        )
        for tag, kind in KINDS.items()
    }
    description = "A fact of one kind: give exactly one field."
    made = class_of("FactInput", members)
    return strawberry.input(made, name="FactInput", one_of=True, description=description)


@cache
def _fact_of(kind: type[Struct]) -> type:
    members = {part.name: member_of(part) for part in parts(kind)}
    return made_input(f"{kind.__name__}FactInput", kind, members)


@cache
def command_input(command: type[Struct], stream: str, opens: bool) -> type:
    """Return the input object of a command: its fields, its id, and the version it expects.

    A command that opens a stream expects none, and may leave the id of the stream out.
    """
    members = {part.name: member_of(part) for part in parts(command)}
    if opens:
        note, _ = members[stream]
        made_up = "Its id, where you keep ids of your own; made from the command's id when absent."
        members[stream] = (optional(note, True), input_field(made_up, UNSET))
    else:
        members["expected_version"] = (optional(int, True), input_field(EXPECTED_VERSION, UNSET))
    members["command_id"] = (UUID, input_field(COMMAND_ID))
    return made_input(f"{command.__name__}Input", command, members)


COMMAND_ID = (
    "A new UUID for each thing you want done. Repeating a request under the same id is safe: it is "
    "carried out once, and answered again."
)
EXPECTED_VERSION = (
    "The version that you saw, so that nothing you have not seen is overwritten. It must be given; "
    "null says that any version will do."
)
