"""What a mapping writes for a field, checked as far as one can without a row."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from opps.integrations.importing.conversion import plain_types
from opps.integrations.importing.templates import Constant, value_of

# Tables that stand for an id: of somebody of the source, or made from a text.
_OF_IDS = ({"actor"}, {"id", "of"})

KIND = "kind"

Flaw = tuple[str, str]


def flaws(kind: Any, written: Any, place: str) -> Iterator[Flaw]:
    """Yield the place and message of each thing in a table that no row could make right.

    What draws on a row is left for the row; what does not must fit already.
    """
    if not isinstance(written, dict) or written.keys() in _OF_IDS:
        return
    structs = [
        one for one in plain_types(kind) if isinstance(one, type) and issubclass(one, Struct)
    ]
    tagged = {str(one.__struct_config__.tag): one for one in structs if one.__struct_config__.tag}
    if tagged:
        field = next(iter(tagged.values())).__struct_config__.tag_field or "type"
        tag = written.get(field, "")
        if field != KIND and field not in written:
            return  # no union of kinds, but how something is kept: the row's value decides
        if tag not in tagged:
            known = ", ".join(sorted(tagged))
            yield f"{place}.{field}", f"no {field} is called {tag!r}; there are {known}"
            return
        yield from _of_struct(tagged[tag], written, place, field)
    elif len(structs) == 1:
        yield from _of_struct(structs[0], written, place, None)


def _of_struct(
    struct: type[Struct], written: dict[str, Any], place: str, tag: str | None
) -> Iterator[Flaw]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name, one in written.items():
        if name == tag:
            continue
        if name not in fields:
            yield f"{place}.{name}", f"no field is called so; there are {', '.join(fields)}"
        elif isinstance(value_of(one), Constant):
            try:
                msgspec.convert(one, fields[name].type, strict=False)
            except msgspec.ValidationError as error:
                yield f"{place}.{name}", str(error).replace("`", "'")
        else:
            yield from flaws(fields[name].type, one, f"{place}.{name}")
    for name, field in fields.items():
        if field.required and name not in written:
            yield place, f"{name} is missing"
