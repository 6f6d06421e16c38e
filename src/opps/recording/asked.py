"""What a saved read asked, sealed: documents and variables hold the words that people search."""

import hmac
import secrets
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opps.recording.keyring import OWN, Keyring

NONCE_BYTES = 12
_SHARED = b"document"
_PURPOSE = b"opps saved reads, version 1"


class AskedThen(msgspec.Struct, frozen=True):
    """What was asked; without a document it was one that many reads share."""

    variables: dict[str, Any] | None
    operation_name: str | None
    document: str | None = None


def document_id(keyring: Keyring, document: str) -> bytes:
    """Return the id of a document, from which nobody without the key can guess at it."""
    return hmac.digest(_key(keyring), document.encode(), "sha256")


def sealed_document(keyring: Keyring, document: str) -> bytes:
    """Return a document as it is stored."""
    return _sealed(_key(keyring), _SHARED, document.encode())


def opened_document(keyring: Keyring, sealed: bytes) -> str:
    """Return a stored document.

    Raises:
        cryptography.exceptions.InvalidTag: it is not what was stored.
    """
    return _opened(_key(keyring), _SHARED, sealed).decode()


def sealed_asked(keyring: Keyring, read_id: UUID, asked: AskedThen) -> bytes:
    """Return what a read asked as it is stored."""
    return _sealed(_key(keyring), read_id.bytes, msgspec.json.encode(asked))


def opened_asked(keyring: Keyring, read_id: UUID, sealed: bytes) -> AskedThen:
    """Return what a read asked.

    Raises:
        cryptography.exceptions.InvalidTag: it is not what was stored for this read.
    """
    return msgspec.json.decode(_opened(_key(keyring), read_id.bytes, sealed), type=AskedThen)


def _key(keyring: Keyring) -> bytes:
    return hmac.digest(keyring.key_or_new(OWN), _PURPOSE, "sha256")


def _sealed(key: bytes, place: bytes, clear: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, place)


def _opened(key: bytes, place: bytes, closed: bytes) -> bytes:
    return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], place)
