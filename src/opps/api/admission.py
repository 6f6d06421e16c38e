"""What every operation has to pass before it is carried out, over whatever transport it came."""

import re
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from opps.api.bodies import Asked
from opps.api.context import Services
from opps.api.documents import NAME_ONE, Document, read
from opps.api.identity import Viewer
from opps.api.observed import observe
from opps.api.policies import may
from opps.api.refusing import FORBIDDEN, TOO_MANY, Refused
from opps.api.scopes import OUT_OF_SCOPE, out_of_scope
from opps.telemetry.asking import Asking

# What was refused was read all the same.
REFUSED_COST = 100
_SCHEMA_FIELDS = ("__schema", "__type")
_MAY_ASK_FOR_SCHEMA = re.compile(r"__(?:schema|type)\b")


class Cost(NamedTuple):
    """What an operation costs, and what of its minute its caller has left."""

    requested: int
    limit: int
    per_minute: int
    left: int | None

    @property
    def shown(self) -> dict[str, int]:
        """The cost as `extensions.cost` tells it."""
        told = {"requested": self.requested, "limit": self.limit}
        if self.left is not None:
            told |= {"perMinute": self.per_minute, "left": self.left}
        return told


class Admitted(NamedTuple):
    """An operation that may be carried out, with its text; `document` is None if it is unreadable.

    What is wrong with an unreadable one, or with a document that has faults, is said by whoever
    carries it out.
    """

    wanted: Asked
    document: Document | None
    cost: Cost | None


def admitted(
    schema: GraphQLSchema, services: Services, viewer: Viewer, wanted: Asked, asking: Asking
) -> Admitted:
    """Return an operation with its document, paid for out of its caller's minute.

    Raises:
        Refused: it is not carried out; the reason holds for every transport.
    """
    wanted = services.persisted.resolved(viewer.tenant, wanted)
    document = _document(schema, services, wanted)
    if document is not None:
        observe(services.observing, asking, document, wanted)
        if not document.names_one(wanted.operation_name):
            raise Refused(NAME_ONE)
        if reason := out_of_scope(viewer, document, wanted):
            raise Refused(reason, OUT_OF_SCOPE, FORBIDDEN)
        _allowed(schema, viewer, document, wanted)
        if not services.limits.introspection and _asks_for_schema(document, wanted.query):
            raise Refused("This server does not answer about its schema.", "INTROSPECTION_OFF")
    return Admitted(wanted, document, _paid(services, viewer, document, wanted))


def _allowed(schema: GraphQLSchema, viewer: Viewer, document: Document, wanted: Asked) -> None:
    """Refuse what is not for the role that somebody acts in; a faulty document says its faults."""
    role, name = viewer.actor.role, wanted.operation_name
    if not document.faults and (forbidden := may(schema, document.parsed, name, role)):
        raise Refused(forbidden.message, "FORBIDDEN", FORBIDDEN)


def _document(schema: GraphQLSchema, services: Services, wanted: Asked) -> Document | None:
    try:
        return read(schema, wanted.query, services.limits)
    except GraphQLError:
        return None


def _paid(
    services: Services, viewer: Viewer, document: Document | None, wanted: Asked
) -> Cost | None:
    """Take what an operation costs from its caller's minute."""
    cost = None if document is None else document.cost(wanted.operation_name)
    carried_out = document is not None and not document.faults and cost is not None
    price = cost if carried_out and cost is not None else REFUSED_COST
    taken = services.throttle.take((viewer.tenant, viewer.actor.principal), price)
    if taken is not None and taken.again_in_s is not None:
        raise Refused(
            f"You have {taken.left} of {services.limits.cost_per_minute} points a minute left, and "
            f"this takes {price}: come back in {taken.again_in_s} s, or ask for less.",
            "THROTTLED",
            TOO_MANY,
            again_in_s=taken.again_in_s,
        )
    if cost is None:
        return None
    limits = services.limits
    return Cost(cost, limits.cost, limits.cost_per_minute, None if taken is None else taken.left)


def _asks_for_schema(document: Document, text: str) -> bool:
    """Tell whether a document asks what there is to ask for; names of types may be asked for."""
    if not _MAY_ASK_FOR_SCHEMA.search(text):
        return False
    return any(
        _selects_schema(one.selection_set)
        for one in document.parsed.definitions
        if isinstance(one, OperationDefinitionNode | FragmentDefinitionNode)
    )


def _selects_schema(selection: SelectionSetNode) -> bool:
    # Both are fields of the query alone, so they are not looked for below other fields.
    return any(
        (isinstance(node, FieldNode) and node.name.value in _SCHEMA_FIELDS)
        or (isinstance(node, InlineFragmentNode) and _selects_schema(node.selection_set))
        for node in selection.selections
    )
