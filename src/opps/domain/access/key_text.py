"""The text of an API key: it names its organisation and itself, and tells when it is mistyped."""

import re
from hashlib import sha256
from uuid import UUID
from zlib import crc32

from msgspec import Struct

SECRET_BYTES = 32
PREFIX = "opps_"

_TEXT = re.compile(
    r"(?P<front>opps_(?P<slug>[a-z0-9][a-z0-9-]{0,62})_(?P<key>[0-9a-f]{32})_(?P<secret>[0-9a-f]{64}))"
    r"(?P<checksum>[0-9a-f]{8})"
)


class KeyNamed(Struct, frozen=True):
    """What the text of a key says: whose it is, which one, and the digest of its secret."""

    slug: str
    key_id: UUID
    digest: str


def text_of(slug: str, key_id: UUID, secret: bytes) -> str:
    """Return the text of a key, to be shown once."""
    front = f"{PREFIX}{slug}_{key_id.hex}_{secret.hex()}"
    return front + _checksum(front)


def read_text(text: str) -> KeyNamed | None:
    """Return what the text of a key says; None where it is no such text, or not as it was made."""
    found = _TEXT.fullmatch(text)
    if found is None or found["checksum"] != _checksum(found["front"]):
        return None
    secret = bytes.fromhex(found["secret"])
    return KeyNamed(found["slug"], UUID(hex=found["key"]), digest_of(secret))


def digest_of(secret: bytes) -> str:
    """Return what is stored of a secret: enough to recognise it, and too little to make it."""
    return sha256(secret).hexdigest()


def _checksum(front: str) -> str:
    return f"{crc32(front.encode()):08x}"
