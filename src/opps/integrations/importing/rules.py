"""A mapping made ready: which rule a row meets, and the command it becomes."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from opps.domain.events import SourceEventImported
from opps.domain.opportunity.commands import (
    COMMANDS,
    AnyOpportunityCommand,
    ImportSourceEvent,
    OpenOpportunity,
    OpportunityCommand,
)
from opps.domain.times import Learned, UnreadableTime
from opps.integrations.importing.conversion import Converter, converter
from opps.integrations.importing.errors import MappingRefused, Problem, RowRefused
from opps.integrations.importing.mapping import Mapping, Rule
from opps.integrations.importing.rows import Row
from opps.integrations.importing.templates import (
    AttributeMissing,
    Constant,
    Scope,
    Value,
    first_there,
    value_of,
)
from opps.integrations.importing.times import TimeReader

GENERIC = SourceEventImported.__name__
ORDINAL = "ordinal"
_COMMANDS: dict[str, type[OpportunityCommand]] = {kind.__name__: kind for kind in COMMANDS}
_GIVEN = {"opportunity_id", "learned"}
_REMEMBERED = 10_000
_NO_ID = UUID(int=0)


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

    `undetailed` are the attributes left out where the others become the command's `detail`.
    """

    place: str
    command: type[OpportunityCommand] | None
    counted: str | None
    constants: dict[str, Any]
    fields: tuple[Field, ...]
    values: dict[str, dict[str, str]]
    ordinal: bool
    undetailed: frozenset[str] | None

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
                near = get_close_matches(text, table, n=1)
                meant = f"{near[0]!r} may be meant; or " if near else ""
                raise RowRefused(
                    "VALUE_UNKNOWN",
                    f"{name} is {text!r}, which {self.place}.values does not translate",
                    f"{meant}add it to {self.place}.values of the mapping",
                )
            attributes[name] = table[text]
        return attributes


class Compiled(Struct, frozen=True, kw_only=True):
    """A mapping made ready for one pass over a file."""

    mapping: Mapping
    times: TimeReader
    rule_of: Callable[[Row], Maker | None]
    opening: Maker
    amount: Maker | None
    currency: Value
    account_name: Value
    account_id: Value | None
    unmatched: Maker | None
    when_closed: Maker | None


def compiled(mapping: Mapping) -> Compiled:
    """Return a mapping made ready.

    Raises:
        MappingRefused: a rule names no command or field, or a constant does not fit.
    """
    compiler = _Compiler(mapping)
    rules = [
        compiler.maker(f"rules[{number}]", rule) for number, rule in enumerate(mapping.rules, 1)
    ]
    part = mapping.opportunity
    opening = compiler.maker(
        "opportunity", Rule(command="OpenOpportunity", fields=_opening_fields(mapping))
    )
    amount = (
        compiler.maker(
            "opportunity", Rule(command="EstimateAmount", fields={"amount": part.amount})
        )
        if part.amount
        else None
    )
    unmatched = compiler.maker("unmatched", mapping.unmatched) if mapping.unmatched else None
    when_closed = (
        compiler.maker("when_closed", mapping.when_closed) if mapping.when_closed else None
    )
    times = compiler.times()
    if compiler.problems:
        raise MappingRefused(mapping.path, compiler.problems)
    assert times is not None
    account_id = mapping.account.external_id
    return Compiled(
        mapping=mapping,
        times=times,
        rule_of=_Matcher(mapping.rules, rules).find,
        opening=opening,
        amount=amount,
        currency=value_of(part.currency),
        account_name=first_there(mapping.account.name),
        account_id=value_of(account_id) if account_id else None,
        unmatched=unmatched,
        when_closed=when_closed,
    )


def _opening_fields(mapping: Mapping) -> dict[str, Any]:
    part = mapping.opportunity
    return {**part.fields, "title": first_there(part.title), "currency": part.currency}


class _Matcher:
    """Finds the first rule that a row meets; what was found is remembered by what rules look at."""

    def __init__(self, rules: tuple[Rule, ...], makers: list[Maker]) -> None:
        self._makers = makers
        self._names = sorted({name for rule in rules for name in rule.match})
        self._wanted = [
            {name: [text] if isinstance(text, str) else text for name, text in rule.match.items()}
            for rule in rules
        ]
        self._found: dict[tuple[str | None, ...], Maker | None] = {}

    def find(self, row: Row) -> Maker | None:
        attributes = row.attributes
        looked_at = tuple([attributes.get(name) for name in self._names])
        try:
            return self._found[looked_at]
        except KeyError:
            found = self._first(row)
            if len(self._found) < _REMEMBERED:
                self._found[looked_at] = found
            return found

    def _first(self, row: Row) -> Maker | None:
        for maker, wanted in zip(self._makers, self._wanted, strict=True):
            if all(row.attributes.get(name) in texts for name, texts in wanted.items()):
                return maker
        return None


class _Compiler:
    """Makes rules ready and collects what is wrong in them."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        currency = mapping.opportunity.currency
        # Where rows decide the currency, an amount without one can be no constant.
        known = "" if "{" in currency else currency
        self._no_row = Scope({}, _NO_ID, _NO_ID, known, lambda _: _NO_ID)
        # Kept in the metadata: the time, and who it was as an id, since a name is personal data.
        self._undetailed = frozenset({mapping.actor_attribute, mapping.time_attribute})
        self.problems: list[Problem] = []

    def times(self) -> TimeReader | None:
        try:
            return TimeReader(self._mapping.times)
        except UnreadableTime as error:
            self._wrong("times.zone", str(error))
            return None

    def maker(self, place: str, rule: Rule) -> Maker:
        command = self._command(place, rule)
        constants: dict[str, Any] = {}
        fields: list[Field] = []
        if command is not None:
            known = {field.name: field for field in msgspec.structs.fields(command)}
            for name, written in rule.fields.items():
                self._field(f"{place}.fields.{name}", name, written, known, constants, fields)
            for name, field in known.items():
                if field.required and name not in _GIVEN and name not in rule.fields:
                    self._missing(place, command, name)
        return Maker(
            place=place,
            command=command,
            counted=rule.counted,
            constants=constants,
            fields=tuple(fields),
            values=rule.values,
            ordinal=f"{{{ORDINAL}}}" in str(rule.fields),
            undetailed=self._undetailed if self._is_undetailed(command, rule) else None,
        )

    @staticmethod
    def _is_undetailed(command: type[OpportunityCommand] | None, rule: Rule) -> bool:
        return command is ImportSourceEvent and "detail" not in rule.fields

    def _command(self, place: str, rule: Rule) -> type[OpportunityCommand] | None:
        if (rule.command is None) is (rule.counted is None):
            self._wrong(place, "give it either a command or a name to be counted under")
            return None
        if rule.command is None:
            return None
        command = _COMMANDS.get(rule.command)
        if command is None:
            self._wrong(f"{place}.command", _unknown("command", rule.command, list(_COMMANDS)))
        return command

    def _field(
        self,
        place: str,
        name: str,
        written: Any,
        known: dict[str, FieldInfo],
        constants: dict[str, Any],
        fields: list[Field],
    ) -> None:
        if name not in known or name in _GIVEN:
            self._wrong(place, _unknown("field", name, [one for one in known if one not in _GIVEN]))
            return
        convert = converter(known[name].type, self._mapping.formats)
        value = written if callable(written) else value_of(written)
        if not isinstance(value, Constant):
            fields.append(Field(name, value, convert, known[name].required))
            return
        try:
            constants[name] = convert(value.held, self._no_row)
        except RowRefused as refused:
            self._wrong(place, refused.reason)

    def _missing(self, place: str, command: type[OpportunityCommand], name: str) -> None:
        if command is OpenOpportunity and name == "account_id":
            return
        self._wrong(f"{place}.fields", f"{command.__name__} needs {name}")

    def _wrong(self, place: str, message: str) -> None:
        self.problems.append(self._mapping.problem(place, message))


def _unknown(what: str, name: str, there: list[str]) -> str:
    near = get_close_matches(name, there, n=1)
    return f"no {what} is called {name!r}; " + (
        f"{near[0]} may be meant" if near else f"there are {', '.join(there)}"
    )
