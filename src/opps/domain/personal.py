"""Personal data: text that belongs to one data subject and is stored under that subject's key."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Clear(Struct, frozen=True, tag="clear"):
    """Personal text that can be read. It is never stored in this form."""

    subject: UUID
    text: str


class Sealed(Struct, frozen=True, tag="sealed"):
    """Personal text as stored: encrypted with its subject; `slot` names its place in the event."""

    slot: str
    sealed: bytes


class Redacted(Struct, frozen=True, tag="redacted"):
    """Personal text whose key was destroyed: it reads like this at every instant."""

    subject: UUID
    erased_at: datetime | None = None
    basis: str | None = None


Personal = Clear | Sealed | Redacted


def text_of(personal: Personal | None) -> str | None:
    """Return the text where it can be read, else None."""
    return personal.text if isinstance(personal, Clear) else None
