"""What makes two subscriptions the same: then they share what they are sent."""

import re
from collections.abc import Hashable

import orjson
from graphql import GraphQLSchema, VariableNode

from opps.api.bodies import Asked
from opps.api.documents import Document
from opps.api.identity import Viewer
from opps.api.policies import scope_of

AFTER = "after"


def same(schema: GraphQLSchema, viewer: Viewer, document: Document, wanted: Asked) -> Hashable:
    """Return what is equal for those who are sent the same, wherever they begin."""
    where = _where(document, wanted)
    variables = {name: value for name, value in (wanted.variables or {}).items() if name != where}
    return (
        viewer.tenant,
        viewer.actor.role,
        scope_of(schema, document.parsed, wanted.operation_name, viewer),
        wanted.query,
        wanted.operation_name,
        orjson.dumps(variables, option=orjson.OPT_SORT_KEYS),
    )


def _where(document: Document, wanted: Asked) -> str | None:
    """Return the variable that says where to begin, if it says nothing else."""
    for node in document.operation(wanted.operation_name).selection_set.selections:
        for argument in getattr(node, "arguments", None) or ():
            if argument.name.value == AFTER and isinstance(argument.value, VariableNode):
                name = argument.value.name.value
                # Where it is declared, and here: whatever else looks like it is taken for a use.
                return name if len(re.findall(rf"\${name}\b", wanted.query)) == 2 else None
    return None
