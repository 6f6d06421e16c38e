"""What the schema answers about itself: worked out once, as it is the same for everybody."""

from functools import lru_cache

import orjson
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, execute_sync

from opps.api.documents import Document, read
from opps.api.limits import Limits

# A whole schema is a megabyte of JSON, and half a second of work.
_REMEMBERED = 16


def introspected(
    schema: GraphQLSchema, document: Document, text: str, name: str | None, limits: Limits
) -> orjson.Fragment | None:
    """Return what an operation is answered that only asks about the schema; None for any other.

    It has no variables: with them it is answered as all others are.
    """
    if not _asks_for_nothing_else(document.operation(name)):
        return None
    told = _answered(schema, text, name, limits)
    return None if told is None else orjson.Fragment(told)


def _asks_for_nothing_else(operation: OperationDefinitionNode) -> bool:
    return not operation.variable_definitions and all(
        isinstance(one, FieldNode) and one.name.value.startswith("__")
        for one in operation.selection_set.selections
    )


@lru_cache(_REMEMBERED)
def _answered(schema: GraphQLSchema, text: str, name: str | None, limits: Limits) -> bytes | None:
    result = execute_sync(schema, read(schema, text, limits).parsed, operation_name=name)
    return None if result.errors else orjson.dumps(result.data)
