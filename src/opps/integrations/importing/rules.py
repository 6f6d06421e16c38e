"""A mapping made ready: which rule a row meets, and the command it becomes."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from opps.domain.events import SourceEventImported
from opps.domain.opportunity.commands import (
    COMMANDS,
    ImportSourceEvent,
    OpenOpportunity,
    OpportunityCommand,
    RecordFacts,
)
from opps.domain.opportunity.state import RESERVED
from opps.domain.times import UnreadableTime
from opps.integrations.importing.checking import flaws
from opps.integrations.importing.columns import LONGEST, Column
from opps.integrations.importing.conversion import converter
from opps.integrations.importing.corrections import NO_CORRECTIONS, Corrections
from opps.integrations.importing.errors import MappingRefused, Problem, RowRefused
from opps.integrations.importing.makers import Field, Maker
from opps.integrations.importing.mapping import Mapping, Rule, SourceFormat
from opps.integrations.importing.matching import Matcher
from opps.integrations.importing.references import NO_REFERENCES, References
from opps.integrations.importing.rows import Row
from opps.integrations.importing.telling import ToldFacts, told_context, told_facts
from opps.integrations.importing.templates import (
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
_NO_ID = UUID(int=0)


class Compiled(Struct, frozen=True, kw_only=True):
    """A mapping made ready for one pass over a file, with what was said about its cells."""

    mapping: Mapping
    times: TimeReader
    rules_of: Callable[[Row], tuple[Maker, ...]]
    opening: Maker
    amount: Maker | None
    facts: Maker | None
    currency: Value
    account_name: Value
    account_id: Value | None
    unmatched: Maker | None
    when_closed: Maker | None
    corrections: Corrections = NO_CORRECTIONS
    references: References = NO_REFERENCES

    @property
    def digest(self) -> str:
        """What tells imports of one file apart: the mapping, and the files beside it."""
        digests = (self.mapping.digest, self.corrections.digest, self.references.digest)
        return ":".join(filter(None, digests))


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
    compiler.check_columns()
    if compiler.problems:
        raise MappingRefused(mapping.path, compiler.problems)
    assert times is not None
    told = told_facts(mapping, times)
    account_id = mapping.account.external_id
    return Compiled(
        mapping=mapping,
        times=times,
        rules_of=Matcher(mapping.rules, rules).find,
        opening=opening,
        amount=amount,
        facts=_recorder(told) if told else None,
        currency=first_there(part.currency),
        account_name=first_there(mapping.account.name),
        account_id=first_there(account_id) if account_id else None,
        unmatched=unmatched,
        when_closed=when_closed,
    )


def _opening_fields(mapping: Mapping) -> dict[str, Any]:
    part = mapping.opportunity
    fields = {**part.fields, "title": first_there(part.title)}
    fields["currency"] = first_there(part.currency)
    if mapping.columns:
        fields["context"] = told_context(mapping, part.fields.get("context", {}))
    return fields


def _recorder(told: ToldFacts) -> Maker:
    """Return what records the facts of a row: they are typed already, and need no conversion."""
    return Maker(
        place="columns",
        command=RecordFacts,
        counted=None,
        constants={},
        fields=(Field("facts", told, lambda given, scope: given, True),),
        values={},
        ordinal=False,
        learned=told.learned,
    )


class _Compiler:
    """Makes rules ready and collects what is wrong in them."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        currency = mapping.opportunity.currency
        # Where rows decide the currency, an amount without one can be no constant.
        known = currency if isinstance(currency, str) and "{" not in currency else ""
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

    def check_columns(self) -> None:
        """Note what is wrong in the columns, and what only a table of attributes can have."""
        table = self._mapping.format is SourceFormat.FACTS_CSV
        named = self._mapping.columns.items()
        if self._mapping.format is SourceFormat.SALESFORCE_CSV:
            for name in (name for name, column in named if column.facet is not None):
                self._wrong(f"columns.{name}", "of Salesforce a column is context; a rule learns")
        elif named and not table:
            self._wrong("columns", f"only a mapping for {SourceFormat.FACTS_CSV} has columns")
        for name, column in self._mapping.columns.items():
            if not 0 < len(name) <= LONGEST:
                self._wrong(f"columns.{name}", f"a name has 1 to {LONGEST} characters")
            for message in (*column.problems(), *self._told_apart(name, column)):
                self._wrong(f"columns.{name}", message)
        if self._mapping.references and not table:
            self._wrong("references", f"only a mapping for {SourceFormat.FACTS_CSV} has references")
        for number, rule in enumerate(self._mapping.rules, 1):
            if rule.also and rule.counted is not None:
                self._wrong(f"rules[{number}]", "what is only counted goes to no other rule")
            if table and rule.counted is not None:
                message = "a row of a table is an opportunity: give it a command, such as SetStage"
                self._wrong(f"rules[{number}]", message)

    def _told_apart(self, name: str, column: Column) -> Iterator[str]:
        """Yield what would be taken for something else once it is stored."""
        if column.facet is None:
            if name in RESERVED:
                yield f"opps itself tells {name} of each opportunity: rename the column"
            return
        silent = [
            column.values[text] for text in self._mapping.facts.unanswered if text in column.values
        ]
        if any(one.grade != silent[0].grade for one in silent):
            yield "what a buyer did not tell is one value, however it is written: give it one grade"

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
            for at, message in flaws(known[name].type, written, place):
                self._wrong(at, message)
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
