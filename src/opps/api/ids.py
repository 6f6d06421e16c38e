"""Global ids: one opaque text that names a node of any type, in every query and mutation."""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from binascii import b2a_base64
from enum import StrEnum
from uuid import UUID


class NodeType(StrEnum):
    """The types that have a global id, each with the letter that the id begins with."""

    OPPORTUNITY = "o"
    ACCOUNT = "a"
    PERSON = "p"


# Fields of commands, facts and events that hold the id of a node; other ids are plain UUIDs.
NODE_FIELDS: dict[str, NodeType] = {
    "opportunity_id": NodeType.OPPORTUNITY,
    "into": NodeType.OPPORTUNITY,
    "merged_into": NodeType.OPPORTUNITY,
    "account_id": NodeType.ACCOUNT,
    "into_account": NodeType.ACCOUNT,
    "merged_account": NodeType.ACCOUNT,
    "person_id": NodeType.PERSON,
    "into_person": NodeType.PERSON,
    "merged_person": NodeType.PERSON,
    "subject": NodeType.PERSON,
    "owner": NodeType.PERSON,
    "our_owner": NodeType.PERSON,
    "approver": NodeType.PERSON,
    "passed_by": NodeType.PERSON,
    "from_owner": NodeType.PERSON,
    "to_owner": NodeType.PERSON,
    "member": NodeType.PERSON,
    "seller": NodeType.PERSON,
    "learned_by": NodeType.PERSON,
}
# Fields that hold several.
NODE_LISTS: dict[str, NodeType] = {"opportunity_ids": NodeType.OPPORTUNITY}

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class UnreadableId(ValueError):
    """An id that names no node of the expected type."""


def to_global(node: NodeType, id_: UUID) -> str:
    """Return the global id of a node."""
    # The letter and the id behind it, as one number: a long list has many of these.
    raw = (ord(node) << 128 | id_.int).to_bytes(17)
    return b2a_base64(raw, newline=False)[:-1].translate(_URL_SAFE).decode()


def from_global(text: str) -> tuple[NodeType, UUID]:
    """Return the node that a global id names.

    Raises:
        UnreadableId: the text is no global id.
    """
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return NodeType(raw[:1].decode()), UUID(bytes=raw[1:])
    except (NotBase64, ValueError):
        raise UnreadableId(f"{text!r} is no id: use one that opps gave you") from None


def node_uuid(node: NodeType, text: str) -> UUID:
    """Return the UUID of a node named by its global id, or by its plain UUID.

    Raises:
        UnreadableId: the text is neither, or names a node of another type.
    """
    if len(text) != 36:
        return _of_type(node, text)
    try:
        return UUID(text)
    except ValueError:
        raise UnreadableId(f"{text!r} is no id: use one that opps gave you") from None


def _of_type(node: NodeType, text: str) -> UUID:
    found, id_ = from_global(text)
    if found is not node:
        raise UnreadableId(
            f"{text!r} is an id of the type {found.name.lower()}: give one of {node.name.lower()}"
        )
    return id_
