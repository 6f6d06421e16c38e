"""Documents: parsed, checked and bounded once, and remembered."""

from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from itertools import islice
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
MOST_OF_A_NAME = 300
MOST_FRAGMENTS = 50
LONGEST_NAME = 100
REMEMBERED = 256
LONGEST_REMEMBERED = 10_000
# Rows of the fields that answer with many, but not in pages.
ROWS = {"__schema": LARGEST_PAGE, "portfolioTrend": 1_000}
# What is worked out anew each time counts for many fields.
COSTS = {
    "screenReplay": MOST_VALUES // 2,
    "simulate": 1_000,
    "auditBundle": 1_000,
    "nextBestQuestions": 100,
    "groups": 200,
    "lagReport": 1_000,
    "leadingIndicators": 1_000,
    "ownEstimates": 200,
    "forecast": 2_000,
    "subjectExport": 5_000,
    "revertPreview": 5_000,
    "revertImport": 5_000,
    "erasurePreview": 5_000,
    "retentionDue": 5_000,
    "winLossReview": 300,
    "handoverBrief": 100,
    "proposalDraft": 100,
    "dangerZoneRules": 200,
    "exceptions": 200,
    "teams": 200,
    "coaching": 300,
    "performanceGaps": 100,
    "learningActivities": 100,
    "accountMap": 50,
    "markdown": 50,
    "dangerZones": 20,
    "customerKind": 20,
    "timeline": 10,
    "duplicates": 5,
    "wrongBeliefs": 10,
    "dangerZoneChanges": 10,
}
PAST_COST = 400
NAME_ONE = "'operationName' must name the one operation to carry out."


class Size(NamedTuple):
    """How large a selection is with its fragments spread out.

    `values` is how many fields the answer has if every page is full, what is costly counted often.
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
        too_large = tuple(islice(_too_large(schema, document), 1))
        rules = tuple(specified_rules)
        return Document(document, too_large or tuple(validate_document(schema, document, rules)))
    except RecursionError:
        raise GraphQLError("The document is nested too deep to be read.") from None


# Bounded in number and in length, so that no client can fill the memory with documents.
_remembered = lru_cache(REMEMBERED)(_read)


def misnamed(schema: GraphQLSchema, text: str, operation_name: str | None) -> bool:
    """Tell whether a document does not have just one operation of the name that was given."""
    try:
        operations = read(schema, text).operations
    except GraphQLError:
        return False
    names = [one.name.value if one.name else None for one in operations]
    return len(names) != 1 if operation_name is None else names.count(operation_name) != 1


def _too_large(schema: GraphQLSchema, document: DocumentNode) -> Iterator[GraphQLError]:
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    if len(fragments) > MOST_FRAGMENTS:
        yield GraphQLError(f"There are {len(fragments)} fragments, {MOST_FRAGMENTS} may be.")
    measure = _Measure(fragments, paged_fields(schema))
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        size = measure.of(operation.selection_set)
        if size.depth > DEEPEST and not _is_introspection(operation):
            yield GraphQLError(f"The query is {size.depth} levels deep, {DEEPEST} are allowed.")
        if size.fields > MOST_FIELDS:
            yield GraphQLError(f"The query asks for {size.fields} fields, {MOST_FIELDS} may be.")
        if size.values > MOST_VALUES:
            yield GraphQLError(
                f"The answer counts as {size.values} fields, {MOST_VALUES} may be: ask for less in "
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


def _cost(node: FieldNode) -> int:
    """Return for how many fields of an answer a field counts, without what is below it."""
    past = any(one.name.value == "asOf" for one in node.arguments or ())
    return COSTS.get(node.name.value, 1) + PAST_COST * past


class _Measure:
    """Measures selections; each fragment once, so that the work stays linear."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], paged: frozenset[str]) -> None:
        self._fragments = fragments
        self._paged = paged
        self._sizes: dict[str, Size] = {}
        self._names: Counter[str] = Counter()

    def names(self) -> Counter[str]:
        """Return how often each name of an answer was met, in fragments that nobody spreads too."""
        for name in self._fragments:
            self._fragment(name)
        return self._names

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
        self._names[(node.alias or node.name).value] += 1
        rows = self._rows(node)
        return Size(inner.depth + 1, inner.fields + 1, rows * inner.values + _cost(node))

    def _rows(self, node: FieldNode) -> int:
        """Return how many rows a field may answer with."""
        if node.name.value in ROWS:
            return ROWS[node.name.value]
        if node.name.value == "nodes" and node.arguments:
            return LARGEST_PAGE
        if node.name.value not in self._paged:
            return 1
        given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if isinstance(given, IntValueNode) and len(given.value) <= len(str(LARGEST_PAGE)):
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
