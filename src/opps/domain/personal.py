"""Personal data: text that belongs to one data subject and is stored under that subject's key."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.errors import QuoteNeedsSubject

IDENTITY = "identity"


class ErasureLevel(StrEnum):
    """How much of a person is erased; what the score reads stays under a random id."""

    IDENTITY = "IDENTITY"
    """Who it is: name, contact data, and which evaluators the person was."""
    FULL = "FULL"
    """All of it: the person's words, and what was written about the person, too."""


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

Identity = Annotated[Personal, Meta(extra={IDENTITY: True})]
"""Personal text that tells who somebody is: the first to go when a person is erased."""


class Erased(Struct, frozen=True):
    """That a person was erased: how far, when, and on what basis."""

    level: ErasureLevel
    at: datetime
    basis: str

    def covers(self, *, identity: bool) -> bool:
        """Tell whether text of this kind was erased."""
        return identity or self.level is ErasureLevel.FULL


Erasures = Mapping[UUID, Erased]
"""Who was erased, by their ids."""


def about(subject: UUID | None, text: str) -> Clear:
    """Return words of or about a person: every way in makes them by this.

    Raises:
        QuoteNeedsSubject: nobody says whose they are, so that nobody could erase them.
    """
    if subject is None:
        raise QuoteNeedsSubject
    return Clear(subject, text)


def text_of(personal: Personal | None) -> str | None:
    """Return the text where it can be read, else None."""
    return personal.text if isinstance(personal, Clear) else None
