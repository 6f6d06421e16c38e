"""A credentials file of NATS: who we are, and the key that answers the server's question with."""

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

_PART = re.compile(rb"-----BEGIN ([A-Z ]+)-----\s+(\S+)\s+-")
_JWT, _SEED = b"NATS USER JWT", b"USER NKEY SEED"
_USER = b"SU"
_PREFIX, _KEY, _CHECKSUM = 2, 32, 2


class Credentials(Struct, frozen=True, kw_only=True):
    """Who we are for NATS, and what answers its question."""

    token: bytearray
    sign: Callable[[str], bytes]


def read_credentials(file: Path) -> Credentials:
    """Return what a credentials file says.

    Raises:
        ValueError: it is not a credentials file, or it is damaged.
        OSError: it cannot be read.
    """
    parts = dict(_PART.findall(file.read_bytes()))
    if _JWT not in parts or _SEED not in parts:
        raise ValueError("it has no NATS USER JWT and USER NKEY SEED")
    key = _key(parts[_SEED])
    return Credentials(
        token=bytearray(parts[_JWT]),
        sign=lambda nonce: base64.b64encode(key.sign(nonce.encode())),
    )


def _key(seed: bytes) -> Ed25519PrivateKey:
    """Return the key of a user: 32 bytes behind two of a prefix, before two of a checksum."""
    try:
        raw = base64.b32decode(seed + b"=" * (-len(seed) % 8))
    except binascii.Error:
        raise ValueError("the seed of its key is no base32") from None
    inner, checksum = raw[:-_CHECKSUM], int.from_bytes(raw[-_CHECKSUM:], "little")
    whole = len(inner) == _PREFIX + _KEY and binascii.crc_hqx(inner, 0) == checksum
    if not whole or not seed.startswith(_USER):
        raise ValueError("the seed of its key is damaged, or not that of a user")
    return Ed25519PrivateKey.from_private_bytes(inner[_PREFIX:])
