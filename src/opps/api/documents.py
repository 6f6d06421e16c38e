"""Documents: parsed, checked and bounded once, and remembered."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from opps.api.costs import Measure, Size, paged
from opps.api.limits import Limits

MOST_FIELDS = 2_000
# The rule that compares fields of one name takes the square of them: these two keep it small.
MOST_OF_A_NAME = 100
MOST_FRAGMENTS = 50
LONGEST_NAME = 100
# Whoever has so many to mend finds the others afterwards.
MOST_FAULTS = 20
REMEMBERED = 256
LONGEST_REMEMBERED = 10_000
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
NAME_ONE = "'operationName' must name the one operation to carry out."


class Document(NamedTuple):
    """A document that was read: parsed, what is wrong with it, and what its operations cost.

    `fields` is how many each of them asks for, with its fragments spread out.
    """

    parsed: DocumentNode
    faults: tuple[GraphQLError, ...]
    costs: Mapping[str | None, int]
    fields: Mapping[str | None, int]
    # How each operation is carried out, kept here by what carries it out.
    plans: dict[str | None, Any]

    @property
    def operations(self) -> list[OperationDefinitionNode]:
        """The operations that it holds."""
        return _operations(self.parsed)

    def names_one(self, operation_name: str | None) -> bool:
        """Tell whether it has just one operation of the name that was given, or just one."""
        names = [_name(one) for one in self.operations]
        return len(names) == 1 if operation_name is None else names.count(operation_name) == 1

    def operation(self, operation_name: str | None) -> OperationDefinitionNode:
        """Return the operation of a name that it `names_one` by."""
        named = [one for one in self.operations if operation_name in (None, _name(one))]
        assert len(named) == 1, "it was asked whether it names one"
        return named[0]

    def does(self, kind: OperationType, operation_name: str | None) -> bool:
        """Tell whether what may be meant by a name, or by none, is or holds such an operation."""
        meant = (one for one in self.operations if operation_name in (None, _name(one)))
        return any(one.operation is kind for one in meant)

    def cost(self, operation_name: str | None) -> int | None:
        """Return what an operation costs, None where it is not clear which one is meant."""
        if not self.names_one(operation_name):
            return None
        return self.costs[_name(self.operations[0]) if operation_name is None else operation_name]


def read(schema: GraphQLSchema, text: str, limits: Limits) -> Document:
    """Return the document of a text; the usual ones are read once.

    Raises:
        GraphQLError: it cannot be parsed, or is too large to be.
    """
    known = len(text) <= LONGEST_REMEMBERED
    return _remembered(schema, text, limits) if known else _read(schema, text, limits)


def _read(schema: GraphQLSchema, text: str, limits: Limits) -> Document:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.document_bytes:
        raise GraphQLError(f"The document has {size} bytes, {limits.document_bytes} may be.")
    try:
        document = parse(text, max_tokens=limits.tokens)
        fragments = _fragments(document)
        measure = Measure(fragments, paged(schema))
        sizes = [(one, measure.of(one.selection_set)) for one in _operations(document)]
        too_large = tuple(islice(_too_large(sizes, measure, fragments, limits), 1))
        faults = too_large or _faults(schema, document, limits)
        costs = {_name(one): size.cost for one, size in sizes}
        fields = {_name(one): size.fields for one, size in sizes}
        return Document(document, faults, costs, fields, {})
    except RecursionError:
        raise GraphQLError("The document is nested too deep to be read.") from None


def _faults(
    schema: GraphQLSchema, document: DocumentNode, limits: Limits
) -> tuple[GraphQLError, ...]:
    # To find what may have been meant takes longer than all the rest: it is not looked for in vain.
    hidden = not limits.suggestions
    return tuple(validate(schema, document, RULES, MOST_FAULTS, hide_suggestions=hidden))


# Bounded in number and in length, so that no client can fill the memory with documents.
_remembered = lru_cache(REMEMBERED)(_read)


def _too_large(
    sizes: list[tuple[OperationDefinitionNode, Size]],
    measure: Measure,
    fragments: Mapping[str, FragmentDefinitionNode],
    limits: Limits,
) -> Iterator[GraphQLError]:
    if len(fragments) > MOST_FRAGMENTS:
        yield GraphQLError(f"There are {len(fragments)} fragments, {MOST_FRAGMENTS} may be.")
    for operation, size in sizes:
        if size.depth > limits.depth and not _is_introspection(operation):
            yield GraphQLError(f"The query is {size.depth} levels deep, {limits.depth} may be.")
        if size.aliases > limits.aliases:
            yield GraphQLError(f"The query has {size.aliases} aliases, {limits.aliases} may be.")
        if size.fields > MOST_FIELDS:
            yield GraphQLError(f"The query asks for {size.fields} fields, {MOST_FIELDS} may be.")
        if size.cost > limits.cost:
            yield GraphQLError(
                f"The answer counts as {size.cost} fields, {limits.cost} may be: ask for less in "
                "one query, or for smaller pages."
            )
    yield from _too_many_names(measure.names())


def _too_many_names(names: Counter[str]) -> Iterator[GraphQLError]:
    """Refuse what the rules would compare each with each, and names that blow up the answer."""
    for name, times in names.items():
        if len(name) > LONGEST_NAME:
            yield GraphQLError(f"A name has {len(name)} characters, {LONGEST_NAME} may be.")
        if times > MOST_OF_A_NAME:
            yield GraphQLError(
                f"The query asks {times} times for {name}, {MOST_OF_A_NAME} times may be: ask in "
                "portions."
            )


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }


def _name(operation: OperationDefinitionNode) -> str | None:
    return operation.name.value if operation.name else None


def _is_introspection(operation: OperationDefinitionNode) -> bool:
    """Tell whether only the schema is asked for, whose depth its own rule bounds."""
    selections = operation.selection_set.selections
    return all(isinstance(one, FieldNode) and one.name.value.startswith("__") for one in selections)
