"""Persons and opportunities as arguments: by the ids that GraphQL answers, or by plain UUIDs."""

from typing import TYPE_CHECKING
from uuid import UUID

from opps.cli.output import Cannot

if TYPE_CHECKING:
    from opps.api.ids import NodeType


def person(text: str) -> UUID:
    """Return the person that somebody named."""
    from opps.api.ids import NodeType

    return _named(NodeType.PERSON, text)


def opportunity(text: str) -> UUID:
    """Return the opportunity that somebody named."""
    from opps.api.ids import NodeType

    return _named(NodeType.OPPORTUNITY, text)


def _named(node: "NodeType", text: str) -> UUID:
    from opps.api.ids import UnreadableId, node_uuid

    try:
        return node_uuid(node, text)
    except UnreadableId as error:
        raise Cannot(str(error)) from None
