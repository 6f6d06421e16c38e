"""Documents: parsed, checked and bounded once, and remembered."""

from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    specified_rules,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from opps.api.connections import DEFAULT_PAGE, LARGEST_PAGE

MOST_TOKENS = 5_000
DEEPEST = 15
MOST_FIELDS = 2_000
MOST_VALUES = 50_000
REMEMBERED = 256
LONGEST_REMEMBERED = 10_000
NAME_ONE = "'operationName' must name the one operation to carry out."


class Size(NamedTuple):
    """How large a selection is with its fragments spread out.

    `values` is how many fields the answer has if every page is full.
    """

    depth: int = 0
    fields: int = 0
    values: int = 0


class Document(NamedTuple):
    """A document that was read: parsed, and what is wrong with it against the schema."""

    parsed: DocumentNode
    faults: tuple[GraphQLError, ...]

    @property
    def operations(self) -> list[OperationDefinitionNode]:
        """The operations that it holds."""
        return [one for one in self.parsed.definitions if isinstance(one, OperationDefinitionNode)]


def read(schema: GraphQLSchema, text: str) -> Document:
    """Return the document of a text; the usual ones are read once.

    Raises:
        GraphQLError: it cannot be parsed, or is too large to be.
    """
    return _remembered(schema, text) if len(text) <= LONGEST_REMEMBERED else _read(schema, text)


def _read(schema: GraphQLSchema, text: str) -> Document:
    try:
        document = parse(text, max_tokens=MOST_TOKENS)
    except RecursionError:
        raise GraphQLError("The document is nested too deep to be read.") from None
    too_large = tuple(_too_large(schema, document))
    rules = tuple(specified_rules)
    return Document(document, too_large or tuple(validate_document(schema, document, rules)))


# Bounded in number and in length, so that no client can fill the memory with documents.
_remembered = lru_cache(REMEMBERED)(_read)


def ambiguous(schema: GraphQLSchema, text: str, operation_name: str | None) -> bool:
    """Tell whether a document has several operations, of which none was named."""
    if operation_name is not None:
        return False
    try:
        return len(read(schema, text).operations) > 1
    except GraphQLError:
        return False


def _too_large(schema: GraphQLSchema, document: DocumentNode) -> Iterator[GraphQLError]:
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    measure = _Measure(fragments, paged_fields(schema))
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode) or _is_introspection(operation):
            continue
        size = measure.of(operation.selection_set)
        if size.depth > DEEPEST:
            yield GraphQLError(f"The query is {size.depth} levels deep, {DEEPEST} are allowed.")
        if size.fields > MOST_FIELDS:
            yield GraphQLError(f"The query asks for {size.fields} fields, {MOST_FIELDS} may be.")
        if size.values > MOST_VALUES:
            yield GraphQLError(
                f"The answer may have {size.values} fields, {MOST_VALUES} may be: ask for less in "
                "one query, or for smaller pages."
            )


@cache
def paged_fields(schema: GraphQLSchema) -> frozenset[str]:
    """Return the names of the fields that answer in pages."""
    return frozenset(
        name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if "first" in field.args
    )


def _is_introspection(operation: OperationDefinitionNode) -> bool:
    """Tell whether only the schema is asked for, whose answer has a bounded size."""
    selections = operation.selection_set.selections
    return all(isinstance(one, FieldNode) and one.name.value.startswith("__") for one in selections)


class _Measure:
    """Measures selections; each fragment once, so that the work stays linear."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], paged: frozenset[str]) -> None:
        self._fragments = fragments
        self._paged = paged
        self._sizes: dict[str, Size] = {}

    def of(self, selection: SelectionSetNode | None) -> Size:
        """Return the size of a selection."""
        if selection is None:
            return Size()
        sizes = [self._one(node) for node in selection.selections]
        return Size(
            depth=max((size.depth for size in sizes), default=0),
            fields=sum(size.fields for size in sizes),
            values=sum(size.values for size in sizes),
        )

    def _one(self, node: Any) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        inner = self.of(node.selection_set)
        if not isinstance(node, FieldNode):
            return inner
        rows = self._rows(node)
        return Size(inner.depth + 1, inner.fields + 1, rows * inner.values + 1)

    def _rows(self, node: FieldNode) -> int:
        """Return how many rows a field may answer with."""
        if node.name.value not in self._paged:
            return 1
        given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if isinstance(given, IntValueNode):
            return min(int(given.value), LARGEST_PAGE)
        return DEFAULT_PAGE if given is None else LARGEST_PAGE

    def _fragment(self, name: str) -> Size:
        if name not in self._sizes:
            # A fragment that spreads itself is refused by the rules; until then it measures 0.
            self._sizes[name] = Size()
            fragment = self._fragments.get(name)
            self._sizes[name] = self.of(fragment.selection_set) if fragment else Size()
        return self._sizes[name]


class RememberedDocuments(SchemaExtension):
    """Takes documents from memory where they were read before."""

    def on_parse(self) -> Iterator[None]:
        """Give the parsed document that belongs to the text."""
        self.execution_context.graphql_document = self._document.parsed
        yield

    def on_validate(self) -> Iterator[None]:
        """Give what is wrong with it."""
        self.execution_context.pre_execution_errors = list(self._document.faults)
        yield

    @cached_property
    def _document(self) -> Document:
        context = self.execution_context
        return read(context.schema._schema, context.query or "")
