"""A text under the key of the person it is about, and back."""

import secrets
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opps.recording.keyring import (
    RESERVED,
    SUBJECTS,
    Keyring,
    SubjectErased,
    SubjectKeyMissing,
    SubjectReserved,
    identity_of,
)

NONCE_BYTES = 12
CONTENT = b"\x01"
IDENTITY = b"\x02"
FORMATS = frozenset({CONTENT, IDENTITY})
OWNER_BYTES = NONCE_BYTES + 16 + 16


class Opened(NamedTuple):
    """What a seal held: whose text, whether it says who they are, None where the key is gone."""

    subject: UUID
    identity: bool
    text: str | None


def seal(
    keyring: Keyring, subject: UUID, place: bytes, text: str, *, identity: bool = False
) -> bytes:
    """Return a text under a key of its subject, with the subject under the keyring's own.

    The first byte is the format: 0x01 under the subject's content key, 0x02 under its identity
    key. Then come the subject and the text, each as a 12-byte nonce and its AES-256-GCM ciphertext
    (32 bytes for the subject). Format and place are bound to both, the subject to the text.

    Raises:
        SubjectErased: the subject's key was destroyed.
        SubjectReserved: the id belongs to the keyring.
    """
    if subject in RESERVED:
        raise SubjectReserved(subject)
    format_ = IDENTITY if identity else CONTENT
    try:
        key = keyring.key_or_new(_key_id(format_, subject))
    except SubjectErased:
        raise SubjectErased(subject) from None
    owner = _close(keyring.key_or_new(SUBJECTS), format_ + place, subject.bytes)
    return format_ + owner + _close(key, format_ + place + subject.bytes, text.encode())


def unseal(keyring: Keyring, place: bytes, sealed: bytes) -> Opened:
    """Return whose text it is, and the text where its key is still there.

    Raises:
        SubjectKeyMissing: the keyring is not the one of this log.
        cryptography.exceptions.InvalidTag: the bytes or their place are not those sealed.
    """
    format_, owner, words = sealed[:1], sealed[1 : 1 + OWNER_BYTES], sealed[1 + OWNER_BYTES :]
    if format_ not in FORMATS or len(owner) < OWNER_BYTES:
        raise InvalidTag
    subject = UUID(bytes=_open(keyring.key(SUBJECTS), format_ + place, owner))
    try:
        key = keyring.key(_key_id(format_, subject))
    except SubjectKeyMissing:
        return Opened(subject, format_ == IDENTITY, None)
    text = _open(key, format_ + place + subject.bytes, words).decode()
    return Opened(subject, format_ == IDENTITY, text)


def _key_id(format_: bytes, subject: UUID) -> UUID:
    return identity_of(subject) if format_ == IDENTITY else subject


def _close(key: bytes, associated: bytes, clear: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, associated)


def _open(key: bytes, associated: bytes, closed: bytes) -> bytes:
    return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], associated)
