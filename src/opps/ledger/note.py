"""Signed notes of C2SP: a text and who vouches for it, with Ed25519."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "
_KEY_ID_BYTES = 4
_KEY_BYTES = 32


class NoteRefused(Exception):
    """A text is no signed note, or nobody who is trusted signed it."""


class VerifierKey(Struct, frozen=True):
    """Who signs, and the public key to check it with; written `name+hash+base64`."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell the key from others of the same name."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"


class SignerKey(Struct, frozen=True):
    """What others check the signatures with, and the secret to sign with."""

    verifier: VerifierKey
    secret: bytes

    @property
    def name(self) -> str:
        """Who signs."""
        return self.verifier.name

    def sign(self, text: str) -> str:
        """Return the signed note of a text, which ends with a line feed."""
        assert text.endswith("\n"), "a note is made of whole lines"
        signature = Ed25519PrivateKey.from_private_bytes(self.secret).sign(text.encode())
        line = b64encode(self.verifier.key_id + signature).decode()
        return f"{text}\n{_DASH}{self.name} {line}\n"


def new_signer(name: str) -> SignerKey:
    """Return a new key of a name, which has neither spaces nor `+`."""
    assert name, "a key has a name"
    assert not any(one.isspace() or one == "+" for one in name), "a name that can be read again"
    return signer_of(name, Ed25519PrivateKey.generate().private_bytes_raw())


def signer_of(name: str, secret: bytes) -> SignerKey:
    """Return the key of a secret of 32 bytes."""
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    return SignerKey(VerifierKey(name, public.public_bytes_raw()), secret)


def read_verifier(text: str) -> VerifierKey:
    """Return a written key.

    Raises:
        NoteRefused: it is none.
    """
    name, _, rest = text.strip().partition("+")
    written_id, _, encoded = rest.partition("+")
    found = _bytes_of(encoded)
    if found[:1] != _ED25519 or len(found) != 1 + _KEY_BYTES:
        raise NoteRefused(f"{text.strip()!r} is no Ed25519 key: it looks like name+hash+base64")
    key = VerifierKey(name, found[1:])
    if not name or key.key_id.hex() != written_id:
        raise NoteRefused(f"{text.strip()!r} is no key: its hash is another")
    return key


def open_note(note: str, keys: Sequence[VerifierKey]) -> tuple[str, VerifierKey]:
    """Return the text of a note, and which of the keys signed it; other signatures may be there.

    Raises:
        NoteRefused: it is no note, or none of the keys signed it.
    """
    text, found, signatures = note.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise NoteRefused("it is no signed note: a text, an empty line and signatures")
    text += "\n"
    for name, signed in [_signature(line) for line in signatures.splitlines()]:
        for key in keys:
            if (key.name, key.key_id) == (name, signed[:_KEY_ID_BYTES]):
                _check(key, signed[_KEY_ID_BYTES:], text)
                return text, key
    raise NoteRefused("none of the known keys signed it")


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
    if not line.startswith(_DASH) or not name:
        raise NoteRefused("a line below the text is no signature")
    return name, _bytes_of(encoded)


def _check(key: VerifierKey, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except InvalidSignature:
        raise NoteRefused(f"the signature of {key.name} is not of this text") from None


def _bytes_of(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return b""
