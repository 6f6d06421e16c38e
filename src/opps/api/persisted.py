"""Documents that are sent by the SHA-256 of their text, and what is known of them."""

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from msgspec.structs import replace

from opps.api.bodies import Asked
from opps.api.refusing import Refused

PREFIX = "sha256:"
NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
ONLY = "PERSISTED_QUERY_ONLY"
MOST_KEPT = 1_000
_HEX = frozenset("0123456789abcdef")


def id_of(text: str) -> str:
    """Return the identifier of a document."""
    return PREFIX + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class PersistedDocuments:
    """Texts by identifier: those of the operator, and some that callers sent with theirs.

    With `only` those of the operator are all that may be asked for.
    """

    def __init__(self, texts: Iterable[str] = (), *, only: bool = False) -> None:
        self.only = only
        self._given = {id_of(text): text for text in texts}
        # Of each tenant its own: nobody else learns whether a text was ever sent, or pushes it out.
        self._kept: dict[UUID, OrderedDict[str, str]] = {}

    def resolved(self, tenant: UUID, wanted: Asked) -> Asked:
        """Return what is asked for with the text of its document.

        Raises:
            Refused: nobody knows the document here, or another text belongs to its identifier.
        """
        identifier = wanted.document_id
        if identifier is None:
            if self.only and id_of(wanted.query) not in self._given:
                raise Refused("Only documents that were agreed on are carried out here.", ONLY)
            return wanted
        if not _is_sha256(identifier):
            raise Refused(f"'documentId' is {PREFIX} and 64 digits from 0 to f.")
        if wanted.query:
            self._check(identifier, wanted.query)
            return wanted
        return replace(wanted, query=self._text(tenant, identifier))

    def keep(self, tenant: UUID, wanted: Asked) -> None:
        """Keep a text that was sent with its identifier, and is carried out."""
        identifier = wanted.document_id
        if identifier is None or identifier in self._given:
            return
        kept = self._kept.setdefault(tenant, OrderedDict())
        kept[identifier] = wanted.query
        kept.move_to_end(identifier)
        if len(kept) > MOST_KEPT:
            kept.popitem(last=False)

    def _check(self, identifier: str, text: str) -> None:
        """Refuse a text that is not the one of its identifier, or may not be sent along."""
        if id_of(text) != identifier:
            raise Refused("'documentId' is not the SHA-256 of 'query': send one, or both alike.")
        if self.only and identifier not in self._given:
            raise Refused("Only documents that were agreed on are carried out here.", ONLY)

    def _text(self, tenant: UUID, identifier: str) -> str:
        kept = self._kept.get(tenant) or OrderedDict[str, str]()
        text = self._given.get(identifier) or kept.get(identifier)
        if text is None and self.only:
            raise Refused("This document is none of those that were agreed on.", ONLY)
        if text is None:
            raise Refused("This document is not known here: send its text along once.", NOT_FOUND)
        return text


def _is_sha256(identifier: str) -> bool:
    digits = identifier.removeprefix(PREFIX)
    return identifier.startswith(PREFIX) and len(digits) == 64 and _HEX.issuperset(digits)
