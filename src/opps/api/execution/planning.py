"""What is known of an operation before it runs, kept with its document for every request."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, NamedTuple

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLFieldResolver,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    Undefined,
    VariableNode,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
)
from graphql.execution.executor import SELECTIONS_NESTED_TOO_DEEPLY
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from opps.api.documents import Document
from opps.api.execution.direct import directly
from opps.api.execution.shapes import Complete, Shape

# Of all operations of a process: a field takes a kilobyte or more.
MOST_KEPT_FIELDS = 100_000
# So many characters of a document take as much as a field.
CHARACTERS_A_FIELD = 20
_PLAIN = (BooleanValueNode, EnumValueNode, FloatValueNode, IntValueNode, StringValueNode)
# As many as graphql-core answers with.
MOST_ERRORS = 50


class Mixed(NamedTuple):
    """An object of which more is to be done than to read it."""

    kind: GraphQLObjectType
    own: type
    selected: GroupedFieldSet


class Field(NamedTuple):
    """A field that is resolved: all that is known of it before, its arguments if none varies."""

    nodes: list[FieldNode]
    kind: GraphQLOutputType
    resolve: GraphQLFieldResolver
    given: dict[str, Any] | None
    of: GraphQLField


class Case:
    """The fields of an operation for one answer to all of its @include and @skip."""

    def __init__(self, kind: GraphQLObjectType, root: CollectedFields) -> None:
        self.kind = kind
        self.root = root
        # Filled by the executor, once for all requests. A key is a type and the id of a list of
        # nodes, as graphql-core has it: what is below keeps those lists.
        self.below: dict[Any, Any] = {}
        self.shapes: dict[Any, Shape | None] = {}
        self.completions: dict[Any, Complete | Mixed | None] = {}
        self.fields: dict[Any, Field] = {}


class Kept:
    """The cases of every operation that were used last, as many as hold so many fields.

    No client can fill the memory with operations, however many texts and conditions it thinks of.
    """

    def __init__(self, most_fields: int = MOST_KEPT_FIELDS) -> None:
        self.fields = 0
        self._most = most_fields
        self._cases: OrderedDict[tuple[Operation, tuple[object, ...]], Case] = OrderedDict()

    def __len__(self) -> int:
        return len(self._cases)

    def case(self, operation: "Operation", variables: VariableValues) -> Case:
        """Return what the variables leave of an operation; raises what `Operation.made` raises."""
        key = operation, operation.conditions(variables)
        case = self._cases.get(key)
        if case is None:
            case = self._cases[key] = operation.made(variables)
            self.fields += operation.fields
            self._let_go()
        else:
            self._cases.move_to_end(key)
        return case

    def _let_go(self) -> None:
        while self.fields > self._most and len(self._cases) > 1:
            (operation, _), _ = self._cases.popitem(last=False)
            self.fields -= operation.fields


_KEPT = Kept()


class Operation:
    """One operation of a document; `fields` is how many it asks for, and the text it comes in."""

    def __init__(self, schema: GraphQLSchema, document: Document, node: OperationDefinitionNode):
        self.schema = schema
        self.directly = directly(schema)
        self.node = node
        self.definitions = _fragments(document)
        self.fragments = {name: FragmentDetails(one) for name, one in self.definitions.items()}
        selected = [node.selection_set, *(one.selection_set for one in self.definitions.values())]
        self._conditions = sorted({name for one in selected for name in _conditions(one)})
        name = node.name.value if node.name else None
        self.fields = document.fields[name] + _length(document) // CHARACTERS_A_FIELD

    def case(self, variables: VariableValues) -> Case:
        """Return what the variables leave of it; raises what `made` raises."""
        return _KEPT.case(self, variables)

    def conditions(self, variables: VariableValues) -> tuple[object, ...]:
        """Return the values of the variables that decide what is selected."""
        return tuple(variables.coerced.get(one, Undefined) for one in self._conditions)

    def made(self, variables: VariableValues) -> Case:
        """Return anew what the variables leave of it.

        Raises:
            GraphQLError: a condition has no value, or the selections are nested too deep.
        """
        kind = self.schema.get_root_type(self.node.operation)
        assert kind is not None, "the document was validated"
        try:
            root = collect_fields(self.schema, self.fragments, variables, kind, self.node)
        except RecursionError:
            raise GraphQLError(SELECTIONS_NESTED_TOO_DEEPLY, self.node) from None
        return Case(kind, root)


class Plan(NamedTuple):
    """An operation with the values of its variables."""

    operation: Operation
    variables: VariableValues


def planned(
    schema: GraphQLSchema,
    document: Document,
    operation_name: str | None,
    variables: dict[str, Any] | None,
) -> Plan | list[GraphQLError]:
    """Return how to carry out an operation of a document without faults, or why it cannot be.

    `operation_name` names one operation of the document, as `Document.names_one` tells.
    """
    operation = document.plans.get(operation_name)
    if operation is None:
        operation = Operation(schema, document, document.operation(operation_name))
        document.plans[operation_name] = operation
    declared = operation.node.variable_definitions or ()
    values = get_variable_values(schema, declared, variables or {}, MOST_ERRORS)
    return values if isinstance(values, list) else Plan(operation, values)


def always_given(of: GraphQLField, node: FieldNode) -> dict[str, Any] | None:
    """Return the arguments of a field that are the same each time; None where they may differ."""
    if not of.args and not node.arguments:
        return {}
    if not all(isinstance(one.value, _PLAIN) for one in node.arguments or ()):
        return None
    try:
        given = get_argument_values(of, node)
    except Exception:
        return None  # each request is told
    # What a request could change stays its own.
    return None if any(isinstance(one, list | dict) for one in given.values()) else given


def _length(document: Document) -> int:
    return document.parsed.loc.end if document.parsed.loc else 0


def _fragments(document: Document) -> dict[str, FragmentDefinitionNode]:
    found = document.parsed.definitions
    return {one.name.value: one for one in found if isinstance(one, FragmentDefinitionNode)}


def _conditions(selected: SelectionSetNode) -> Iterator[str]:
    """Yield the variables that decide what is selected."""
    for node in selected.selections:
        for directive in node.directives or ():
            yield from _variables(directive)
        below = getattr(node, "selection_set", None)
        if below is not None:
            yield from _conditions(below)


def _variables(directive: DirectiveNode) -> Iterator[str]:
    for argument in directive.arguments or ():
        if isinstance(argument.value, VariableNode):
            yield argument.value.name.value
