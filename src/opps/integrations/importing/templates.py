"""Values of a mapping: constants, texts with `{attributes}` of a row, and ids made from them."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct
from uuid_utils.compat import uuid5

from opps.domain.opportunity.state import Opportunity
from opps.domain.personal import Clear
from opps.integrations.importing.errors import RowRefused

_PLACE = re.compile(r"\{([^{}]+)\}")


class Scope(Struct, frozen=True):
    """What a value may draw on: the row's attributes, the opportunity, the people of the source.

    `ids_in` is what ids within the opportunity are made in, `state` what it is so far.
    """

    attributes: Mapping[str, str]
    opportunity_id: UUID
    ids_in: UUID
    currency: str
    principal_of: Callable[[str], UUID]
    state: Opportunity | None = None


class AttributeMissing(RowRefused):
    """A row lacks an attribute that the mapping draws on."""

    def __init__(self, name: str, there: Mapping[str, str]) -> None:
        super().__init__(
            "ATTRIBUTE_MISSING",
            f"there is no {name!r}",
            f"it has {', '.join(sorted(there)) or 'nothing'}",
        )


Value = Callable[[Scope], Any]


class Constant(Struct, frozen=True):
    """A value that is the same for every row."""

    held: Any

    def __call__(self, scope: Scope) -> Any:
        """Return the value."""
        return self.held


class Template(Struct, frozen=True):
    """A text with attributes of the row in it."""

    parts: tuple[str, ...]

    def __call__(self, scope: Scope) -> str:
        """Return the text.

        Raises:
            AttributeMissing: the row has no attribute of a name.
        """
        attributes = scope.attributes
        try:
            if len(self.parts) == 3 and not self.parts[0] and not self.parts[2]:
                return attributes[self.parts[1]]
            return "".join(
                [attributes[part] if number % 2 else part for number, part in enumerate(self.parts)]
            )
        except KeyError as missing:
            raise AttributeMissing(missing.args[0], attributes) from None


class FirstThere(Struct, frozen=True):
    """The first of some texts whose attributes are all there and not blank."""

    choices: tuple[Value, ...]

    def __call__(self, scope: Scope) -> str:
        """Return the text; raises `AttributeMissing` when no choice can be made."""
        found = self._told(scope)
        return str(self.choices[-1](scope)) if found is None else found

    def falls_back(self, scope: Scope) -> bool:
        """Tell whether only a constant is left, which stands for what nothing told."""
        return isinstance(self.choices[-1], Constant) and self._told(scope) is None

    def _told(self, scope: Scope) -> str | None:
        for choice in self.choices[:-1]:
            try:
                if (text := str(choice(scope))).strip():
                    return text
            except AttributeMissing:
                continue
        return None


def value_of(written: Any) -> Value:
    """Return how to get a value that stands in a mapping.

    `{ actor = "…" }` is the principal of somebody of the source; `{ id = "issue", of = "…" }` is an
    id made from a text, the same wherever the opportunity says the same.
    """
    if isinstance(written, str):
        parts = _PLACE.split(written)
        return Template(tuple(parts)) if len(parts) > 1 else Constant(written)
    if isinstance(written, list):
        return _each(written)
    if isinstance(written, dict):
        if written.keys() == {"actor"}:
            return _principal(value_of(written["actor"]))
        if written.keys() == {"id", "of"}:
            return _id(str(written["id"]), value_of(written["of"]))
        if written.keys() == {"optional"}:
            return _optional(value_of(written["optional"]))
        if written.keys() == {"person", "name"}:
            return _named(value_of(written["person"]), value_of(written["name"]))
        return _table(written)
    return Constant(written)


def names_in(written: str | list[str]) -> list[str]:
    """Return the attributes that a text, or one of several, draws on."""
    texts = [written] if isinstance(written, str) else written
    return [name for text in texts for name in _PLACE.findall(text)]


def first_there(written: str | list[str]) -> Value:
    """Return how to get the first text that can be made."""
    if isinstance(written, str):
        return value_of(written)
    return FirstThere(tuple(value_of(one) for one in written))


def _each(written: list[Any]) -> Value:
    values = [value_of(one) for one in written]
    if all(isinstance(value, Constant) for value in values):
        return Constant(written)
    return lambda scope: [value(scope) for value in values]


def _table(written: dict[str, Any]) -> Value:
    values = {name: value_of(one) for name, one in written.items()}
    if all(isinstance(value, Constant) for value in values.values()):
        return Constant(written)
    return lambda scope: {name: value(scope) for name, value in values.items()}


def _principal(text: Value) -> Value:
    return lambda scope: scope.principal_of(str(text(scope)))


def _optional(text: Value) -> Value:
    """Return how to get a text within a table that may be absent or empty."""

    def told(scope: Scope) -> str | None:
        try:
            return str(text(scope)).strip() or None
        except AttributeMissing:
            return None

    return told


def _named(person: Value, name: Value) -> Value:
    """Return how to get the name of a person, under that person's own key."""
    told = _optional(name)

    def personal(scope: Scope) -> Clear | None:
        text = told(scope)
        return None if text is None else Clear(scope.principal_of(str(person(scope))), text)

    return personal


def _id(kind: str, text: Value) -> Value:
    return lambda scope: uuid5(scope.ids_in, f"{kind}:{text(scope)}")
