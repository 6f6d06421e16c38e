"""A rule made ready: it counts a row, or makes a command of it."""

from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec import Struct

from opps.domain.opportunity.commands import AnyOpportunityCommand, OpportunityCommand
from opps.domain.times import Learned
from opps.integrations.importing.conversion import Converter
from opps.integrations.importing.errors import RowRefused, either, near
from opps.integrations.importing.templates import AttributeMissing, Scope, Value

# Of a history, what is near is near a value of the field.
OF_FIELDS = ("old_value", "new_value")


class Field(Struct, frozen=True):
    """One field of a command that depends on the row."""

    name: str
    value: Value
    convert: Converter
    required: bool

    def fill(self, scope: Scope, into: dict[str, Any]) -> None:
        """Put the field's value there; an optional one is left out where it is absent or empty."""
        try:
            given = self.value(scope)
        except AttributeMissing:
            if self.required:
                raise
            return
        if given != "" or self.required:
            into[self.name] = self.convert(given, scope)


class Maker(Struct, frozen=True, kw_only=True):
    """A rule made ready: it counts a row, or makes a command of it.

    `learned` says when, where that is not the time of the row; `undetailed` are the attributes
    left out where the others become the command's `detail`.
    """

    place: str
    command: type[OpportunityCommand] | None
    counted: str | None
    constants: dict[str, Any]
    fields: tuple[Field, ...]
    values: dict[str, dict[str, str]]
    ordinal: bool
    undetailed: frozenset[str] | None = None
    learned: Callable[[Scope], Learned] | None = None

    def make(self, scope: Scope, learned: Learned | None, **given: Any) -> AnyOpportunityCommand:
        """Return the command that a row becomes; `given` are fields that no mapping sets.

        Raises:
            RowRefused: an attribute is missing, or does not fit the field it is for.
        """
        assert self.command is not None
        filled = {**self.constants, **given}
        if self.values:
            scope = msgspec.structs.replace(scope, attributes=self._translated(scope))
        for field in self.fields:
            field.fill(scope, filled)
        if self.undetailed is not None:
            filled["detail"] = {
                name: text for name, text in scope.attributes.items() if name not in self.undetailed
            }
        made = self.command(opportunity_id=scope.opportunity_id, learned=learned, **filled)
        return cast(AnyOpportunityCommand, made)

    def _translated(self, scope: Scope) -> dict[str, str]:
        attributes = dict(scope.attributes)
        for name, table in self.values.items():
            text = attributes.get(name, "")
            if text not in table:
                column = attributes.get("field", name) if name in OF_FIELDS else name
                meant = near(column, text, table)
                raise RowRefused(
                    "VALUE_UNKNOWN",
                    f"{name} is {text!r}, which {self.place}.values does not translate",
                    either(meant, f"add it to {self.place}.values of the mapping"),
                    meant,
                )
            attributes[name] = table[text]
        return attributes
