"""What an operation is, for those who observe: its kind and its name, read once."""

from graphql import GraphQLError, GraphQLSchema

from opps.api.bodies import Asked
from opps.api.documents import LONGEST_REMEMBERED, read
from opps.api.limits import Limits
from opps.telemetry.asking import Asking
from opps.telemetry.observing import Observing


def observe(
    observing: Observing, asking: Asking, schema: GraphQLSchema, wanted: Asked, limits: Limits
) -> None:
    """Note the kind and the name of an operation; one too long to be remembered stays unread."""
    if len(wanted.query) > LONGEST_REMEMBERED:
        return
    try:
        operations = read(schema, wanted.query, limits).operations
    except GraphQLError:
        return
    for one in operations:
        name = one.name.value if one.name else None
        if wanted.operation_name in (None, name):
            observing.read(asking, one.operation.value, name)
            return
