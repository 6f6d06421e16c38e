"""Checkpoints of C2SP: how long a log is and its root, signed; and proofs that stand on them."""

from base64 import b64decode, b64encode
from collections.abc import Sequence

from msgspec import Struct

from opps.ledger.note import NoteRefused, SignerKey, VerifierKey, open_note
from opps.ledger.tree import HASH_BYTES

_PROOF = "c2sp.org/tlog-proof@v1"


class Checkpoint(Struct, frozen=True, kw_only=True):
    """The head of a tree: which log, how many leaves, and the hash over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def signed(checkpoint: Checkpoint, signer: SignerKey) -> str:
    """Return the signed note of a checkpoint; the key bears the name of the log."""
    assert signer.name == checkpoint.origin, "a log signs for itself"
    return signer.sign(checkpoint.text)


def read_checkpoint(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Return the checkpoint of a note that one of the keys signed.

    Raises:
        NoteRefused: it is no checkpoint, or none of the keys of that log signed it.
    """
    text, key = open_note(note, keys)
    lines = text.splitlines()
    if len(lines) < 3:
        raise NoteRefused("it is no checkpoint: three lines and signatures")
    origin, size, root = lines[:3]
    if key.name != origin:
        raise NoteRefused(f"{key.name} signed for another log, {origin}")
    try:
        found = Checkpoint(origin=origin, size=int(size), root=b64decode(root, validate=True))
    except ValueError:
        raise NoteRefused("its size or its root is none") from None
    if found.size < 0 or len(found.root) != HASH_BYTES or not text.startswith(found.text):
        raise NoteRefused("its size or its root is not written as it must be")
    return found


def written_proof(index: int, path: Sequence[bytes], note: str) -> str:
    """Return a proof of inclusion as a text that stands alone (C2SP tlog-proof)."""
    hashes = "".join(f"{b64encode(one).decode()}\n" for one in path)
    return f"{_PROOF}\nindex {index}\n{hashes}\n{note}"
