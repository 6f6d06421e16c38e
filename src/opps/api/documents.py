"""Documents: parsed, checked and bounded once, and remembered."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    specified_rules,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

LARGEST_DOCUMENT_TOKENS = 5_000
DEEPEST = 15
MOST_FIELDS = 2_000
REMEMBERED = 512


class Size(NamedTuple):
    """How deep and how wide a selection is, with its fragments spread out."""

    depth: int = 0
    fields: int = 0


@lru_cache(REMEMBERED)
def parsed(text: str) -> DocumentNode:
    """Return the document of a text.

    Raises:
        GraphQLError: it cannot be read, or is too large.
    """
    try:
        return parse(text, max_tokens=LARGEST_DOCUMENT_TOKENS)
    except RecursionError:
        raise GraphQLError("The document is nested too deep to be read.") from None


NAME_ONE = "'operationName' must name the one operation to carry out."


def ambiguous(text: str, operation_name: str | None) -> bool:
    """Tell whether a document has several operations, of which none was named."""
    if operation_name is not None:
        return False
    try:
        definitions = parsed(text).definitions
    except GraphQLError:
        return False
    return sum(isinstance(one, OperationDefinitionNode) for one in definitions) > 1


@lru_cache(REMEMBERED)
def faults(schema: Any, document: DocumentNode) -> tuple[GraphQLError, ...]:
    """Return what is wrong with a document: its size first, then against the schema."""
    too_large = list(_too_large(document))
    if too_large:
        return tuple(too_large)
    return tuple(validate_document(schema, document, tuple(specified_rules)))


def _too_large(document: DocumentNode) -> Iterator[GraphQLError]:
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    measure = _Measure(fragments)
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        size = measure.of(operation.selection_set)
        if _is_introspection(operation):
            continue
        if size.depth > DEEPEST:
            yield GraphQLError(f"The query is {size.depth} levels deep, {DEEPEST} are allowed.")
        if size.fields > MOST_FIELDS:
            yield GraphQLError(f"The query asks for {size.fields} fields, {MOST_FIELDS} may be.")


def _is_introspection(operation: OperationDefinitionNode) -> bool:
    """Tell whether only the schema is asked for, whose answer has a bounded size."""
    selections = operation.selection_set.selections
    return all(isinstance(one, FieldNode) and one.name.value.startswith("__") for one in selections)


class _Measure:
    """Measures selections; each fragment once, so that the work stays linear."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._sizes: dict[str, Size] = {}

    def of(self, selection: SelectionSetNode | None) -> Size:
        """Return the size of a selection."""
        if selection is None:
            return Size()
        sizes = [self._one(node) for node in selection.selections]
        depth = max((size.depth for size in sizes), default=0)
        return Size(depth, sum(size.fields for size in sizes))

    def _one(self, node: Any) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        inner = self.of(node.selection_set)
        if isinstance(node, FieldNode):
            return Size(inner.depth + 1, inner.fields + 1)
        return inner

    def _fragment(self, name: str) -> Size:
        if name not in self._sizes:
            # A fragment that spreads itself is refused by the rules; until then it measures 0.
            self._sizes[name] = Size()
            fragment = self._fragments.get(name)
            self._sizes[name] = self.of(fragment.selection_set) if fragment else Size()
        return self._sizes[name]


class RememberedDocuments(SchemaExtension):
    """Takes parsed and checked documents from memory."""

    def on_parse(self) -> Iterator[None]:
        """Give the document that belongs to the text."""
        context = self.execution_context
        context.graphql_document = parsed(context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        """Give what is wrong with the document."""
        context = self.execution_context
        document = context.graphql_document
        assert document is not None
        context.pre_execution_errors = list(faults(context.schema._schema, document))
        yield
