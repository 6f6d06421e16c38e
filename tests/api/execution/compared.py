"""One operation, answered by the executor of opps and by that of graphql-core."""

import json
from inspect import isawaitable
from typing import Any

from graphql import GraphQLError, GraphQLSchema
from graphql import execute as by_graphql_core

from opps.api.documents import read
from opps.api.execution.carrying_out import execute
from opps.api.limits import ANSWERED_BEFORE
from opps.api.scalars import encoded


async def both(
    schema: GraphQLSchema,
    text: str,
    variables: dict[str, Any],
    contexts: Any,
    *,
    in_order: bool = True,
) -> tuple[str, str]:
    """Return both answers to a document that is valid: their data in order, and their errors.

    What waits for a database fails when it does: such errors are compared in any order.
    """
    document = read(schema, text, ANSWERED_BEFORE)
    assert not document.faults, [one.message for one in document.faults]
    ours = await execute(schema, document, None, variables, contexts())
    theirs: Any = by_graphql_core(
        schema, document.parsed, variable_values=variables, context_value=contexts()
    )
    if isawaitable(theirs):
        theirs = await theirs
    return _told(ours.data, ours.errors, in_order), _told(
        theirs.data, theirs.errors or [], in_order
    )


def _told(data: Any, errors: list[GraphQLError], in_order: bool) -> str:
    shown = [[str(one.path), one.message, str(one.locations)] for one in errors]
    shown = shown if in_order else sorted(shown)
    # As it leaves: instants and days are written with the answer, or before it.
    return json.dumps({"data": json.loads(encoded(data)), "errors": shown}, indent=1)
