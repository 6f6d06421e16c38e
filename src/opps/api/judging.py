"""What of an operation depends on its text and its caller's role alone: judged once, remembered."""

import re
from functools import lru_cache
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
from opps.api.documents import (
    LONGEST_NAME,
    LONGEST_REMEMBERED,
    NAME_ONE,
    REMEMBERED,
    Document,
    read,
)
from opps.api.identity import Viewer
from opps.api.limits import Limits
from opps.api.negotiation import UNPROCESSABLE
from opps.api.policies import may
from opps.api.refusing import FORBIDDEN
from opps.api.scopes import OUT_OF_SCOPE, out_of_scope

NO_INTROSPECTION = "This server does not answer about its schema."
_SCHEMA_FIELDS = ("__schema", "__type")
_MAY_ASK_FOR_SCHEMA = re.compile(r"__(?:schema|type)\b")
_ROLES_OF_A_DOCUMENT = 2


class Reason(NamedTuple):
    """Why an operation is not carried out."""

    message: str
    code: str
    status: int


class Judged(NamedTuple):
    """An operation: its document, None if it cannot be read; what it is, and what it costs.

    `reason` is why it is not carried out. What is wrong within the document is not among them:
    that is said by whoever carries it out.
    """

    document: Document | None = None
    operation: OperationDefinitionNode | None = None
    cost: int | None = None
    reason: Reason | None = None

    @property
    def goes_through(self) -> bool:
        """Whether anything will be carried out."""
        return self.reason is None and self.document is not None and not self.document.faults


def judged(schema: GraphQLSchema, viewer: Viewer, wanted: Asked, limits: Limits) -> Judged:
    """Return what to make of an operation of this caller."""
    name, role = wanted.operation_name, viewer.actor.role
    # What is remembered is bounded in length too.
    known = len(wanted.query) <= LONGEST_REMEMBERED and len(name or "") <= LONGEST_NAME
    judge = _remembered if known else _judged
    return judge(schema, wanted.query, name, role, viewer.scopes, limits)


def _judged(
    schema: GraphQLSchema,
    text: str,
    name: str | None,
    role: str,
    scopes: frozenset[str] | None,
    limits: Limits,
) -> Judged:
    try:
        document = read(schema, text, limits)
    except GraphQLError:
        return Judged()
    if not document.names_one(name):
        return Judged(document, reason=Reason(NAME_ONE, "BAD_REQUEST", UNPROCESSABLE))
    operation = document.operation(name)
    found = Judged(document, operation, document.cost(name))
    if reason := out_of_scope(scopes, operation):
        return found._replace(reason=Reason(reason, OUT_OF_SCOPE, FORBIDDEN))
    # A faulty document says its faults, and asks for nothing.
    if not document.faults and (forbidden := may(schema, document.parsed, name, role)):
        return found._replace(reason=Reason(forbidden.message, "FORBIDDEN", FORBIDDEN))
    if not limits.introspection and _asks_for_schema(document, text):
        hidden = Reason(NO_INTROSPECTION, "INTROSPECTION_OFF", UNPROCESSABLE)
        return found._replace(reason=hidden)
    return found


_remembered = lru_cache(REMEMBERED * _ROLES_OF_A_DOCUMENT)(_judged)


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
