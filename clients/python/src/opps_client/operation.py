"""An operation of the API with the type of its answer."""

from hashlib import sha256
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Operation(Struct, Generic[T], frozen=True):
    """A document as it is shared, its name, and what its answer is decoded to."""

    name: str
    document: str
    answer: type[T]

    @property
    def document_id(self) -> str:
        """The name of the document where a server keeps documents."""
        return f"sha256:{sha256(self.document.encode()).hexdigest()}"
