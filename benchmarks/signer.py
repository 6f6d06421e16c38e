"""Signs notes of C2SP as somebody else would: an honest witness for tests, or a forger."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Signer:
    """A name and the secret of an Ed25519 key."""

    name: str
    secret: bytes

    @property
    def vkey(self) -> str:
        """The key that the signatures are checked with: name+hash+base64."""
        return f"{self.name}+{self._key_id.hex()}+{b64encode(self._public).decode()}"

    def sign(self, text: str) -> str:
        """Return the signed note of a text."""
        assert text.endswith("\n")
        return f"{text}\n{self.signature(text)}"

    def signature(self, text: str) -> str:
        """Return the line that stands below a text."""
        signed = self._key_id + self._private.sign(text.encode())
        return f"\N{EM DASH} {self.name} {b64encode(signed).decode()}\n"

    def checkpoint(self, size: int, root: bytes, origin: str | None = None) -> str:
        """Return a signed checkpoint."""
        return self.sign(f"{origin or self.name}\n{size}\n{b64encode(root).decode()}\n")

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @property
    def _public(self) -> bytes:
        return b"\x01" + self._private.public_key().public_bytes_raw()

    @property
    def _key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self._public).digest()[:4]
