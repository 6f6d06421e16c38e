"""Documents that are sent by the SHA-256 of their text, and what is known of them."""

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import orjson
from msgspec.structs import replace

from opps.api.bodies import Asked
from opps.api.refusing import Refused

PREFIX = "sha256:"
NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
ONLY = "PERSISTED_QUERY_ONLY"
MOST_KEPT = 1_000
_HEX = frozenset("0123456789abcdef")


class CannotLoad(Exception):
    """A file is no document, or no list of them; the message says which and why."""


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
        self._kept: OrderedDict[tuple[UUID, str], str] = OrderedDict()

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
            self._check(tenant, identifier, wanted.query)
            return wanted
        return replace(wanted, query=self._text(tenant, identifier))

    def _check(self, tenant: UUID, identifier: str, text: str) -> None:
        """Keep a text that was sent with its identifier."""
        if id_of(text) != identifier:
            raise Refused("'documentId' is not the SHA-256 of 'query': send one, or both alike.")
        if identifier in self._given:
            return
        if self.only:
            raise Refused("Only documents that were agreed on are carried out here.", ONLY)
        # Of its tenant alone: nobody else learns whether it was ever sent.
        self._kept[tenant, identifier] = text
        self._kept.move_to_end((tenant, identifier))
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _text(self, tenant: UUID, identifier: str) -> str:
        text = self._given.get(identifier) or self._kept.get((tenant, identifier))
        if text is None and self.only:
            raise Refused("This document is none of those that were agreed on.", ONLY)
        if text is None:
            raise Refused("This document is not known here: send its text along once.", NOT_FOUND)
        return text


def loaded(directory: Path) -> list[str]:
    """Return the documents of a directory: of each `.graphql` file, and of `.json` lists of them.

    Such a list is an object of texts under their SHA-256, as compilers of clients write it.

    Raises:
        CannotLoad: a file is neither, or cannot be read; the message says which.
    """
    found: list[str] = []
    try:
        for path in sorted(directory.iterdir()):
            if path.suffix == ".graphql":
                found.append(path.read_text(encoding="utf-8"))
            elif path.suffix == ".json":
                found += _listed(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotLoad(f"The documents in {directory} cannot be read: {error}.") from None
    return found


def _listed(path: Path) -> list[str]:
    try:
        texts = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise CannotLoad(f"{path} is no JSON: {error}.") from None
    if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
        raise CannotLoad(f"{path} is no JSON object of documents under their SHA-256.")
    for key, text in texts.items():
        if PREFIX + key.removeprefix(PREFIX) != id_of(text):
            raise CannotLoad(f"{path} has a text under {key!r}, which is not its SHA-256.")
    return list(texts.values())


def _is_sha256(identifier: str) -> bool:
    digits = identifier.removeprefix(PREFIX)
    return identifier.startswith(PREFIX) and len(digits) == 64 and _HEX.issuperset(digits)
