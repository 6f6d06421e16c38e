"""What the ledger of a tenant says and can prove; it needs neither the database nor a lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.ledger import proofs
from opps.ledger.checkpoint import Checkpoint, read_checkpoint, written_proof
from opps.ledger.errors import NotGrown, NothingSealed, NotSealed, StateAltered, TreeAltered
from opps.ledger.files import replace_durably
from opps.ledger.keys import Keys, read_keys
from opps.ledger.levels import Levels, open_levels
from opps.ledger.note import NoteRefused, VerifierKey
from opps.ledger.tree import Place, root


class Signed(Struct, frozen=True, kw_only=True):
    """A checkpoint, as it was signed; the time is what the sealer's clock said."""

    checkpoint: Checkpoint
    note: str
    signed_at: datetime


class InclusionProof(Struct, frozen=True, kw_only=True):
    """That an event is in the sealed log: its leaf, and the way from there to the root."""

    position: int
    leaf: bytes
    hashes: list[bytes]
    signed: Signed

    @property
    def index(self) -> int:
        """The number of the leaf, from 0 on."""
        return self.position - 1

    @property
    def text(self) -> str:
        """The proof as a file of its own (C2SP tlog-proof)."""
        return written_proof(self.index, self.hashes, self.signed.note)


class ConsistencyProof(Struct, frozen=True, kw_only=True):
    """That the log of one size is the one of another size, grown."""

    old: int
    new: int
    hashes: list[bytes]
    old_root: bytes
    new_root: bytes


class _State(Struct, frozen=True, kw_only=True):
    checkpoint: str
    signed_at: datetime


class Ledger:
    """The ledger of one tenant in a directory that nobody else writes to."""

    def __init__(self, directory: Path, tenant: UUID) -> None:
        self.tenant = tenant
        self.directory = directory / str(tenant)
        self.keys_path = self.directory / "keys.json"

    def keys(self) -> Keys | None:
        """Return the keys, None where nothing was ever sealed.

        Raises:
            StateAltered: they are damaged, or missing beside what they signed.
        """
        found = read_keys(self.keys_path, self.tenant)
        if found is None and any(self.directory.glob("epoch-*/*")):
            raise StateAltered(self.keys_path, "it is missing, and there are sealed logs beside it")
        return found

    def public_keys(self) -> list[VerifierKey]:
        """Return what to check the checkpoints with, oldest first.

        Raises:
            StateAltered: the keys are damaged.
        """
        keys = self.keys()
        return [] if keys is None else keys.verifiers

    def signed(self) -> Signed:
        """Return the newest checkpoint.

        Raises:
            NothingSealed: there is none.
            StateAltered: what is kept is not what was signed.
        """
        keys = self.keys()
        found = None if keys is None else self.read_state(keys)
        if found is None:
            raise NothingSealed
        return found

    def inclusion_proof(self, position: int) -> InclusionProof:
        """Return the proof that the event at a position is in the sealed log.

        Raises:
            NothingSealed, NotSealed: there is no proof for it, at least not yet.
            StateAltered, TreeAltered: what is kept is damaged.
        """
        with self.proving() as (signed, levels):
            return self.proof_in(signed, levels, position)

    def inclusion_proofs(self, positions: list[int]) -> tuple[Signed, list[InclusionProof]]:
        """Return the proofs for some positions, all of one checkpoint; raises the same."""
        with self.proving() as (signed, levels):
            return signed, [self.proof_in(signed, levels, one) for one in positions]

    def proof_in(self, signed: Signed, levels: Levels, position: int) -> InclusionProof:
        """Return the proof for a position in an open tree; raises the same."""
        size = signed.checkpoint.size
        if not 1 <= position <= size:
            raise NotSealed(position, size)
        leaf = levels.node(Place(0, position - 1))
        hashes = proofs.inclusion(levels.node, position - 1, size)
        if not proofs.includes(leaf, position - 1, size, hashes, signed.checkpoint.root):
            raise TreeAltered(levels.directory)
        return InclusionProof(position=position, leaf=leaf, hashes=hashes, signed=signed)

    def consistency_proof(self, old: int, new: int | None = None) -> ConsistencyProof:
        """Return the proof that the log only grew, by default up to the newest checkpoint.

        Raises:
            NothingSealed, NotGrown: there is no proof between these sizes.
            StateAltered, TreeAltered: what is kept is damaged.
        """
        with self.proving() as (signed, levels):
            size = signed.checkpoint.size
            until = size if new is None else new
            if not 0 <= old <= until <= size:
                raise NotGrown(old, until, size)
            hashes = proofs.consistency(levels.node, old, until)
            old_root, new_root = (root(levels.node, 0, one) for one in (old, until))
            onwards = proofs.consistency(levels.node, until, size)
            if not (
                proofs.extends(old, until, old_root, new_root, hashes)
                and proofs.extends(until, size, new_root, signed.checkpoint.root, onwards)
            ):
                raise TreeAltered(levels.directory)
            return ConsistencyProof(
                old=old, new=until, hashes=hashes, old_root=old_root, new_root=new_root
            )

    @contextmanager
    def sound_tree(self) -> Iterator[tuple[Signed, Levels]]:
        """Yield the newest checkpoint and the kept tree, which has its root.

        Raises:
            NothingSealed: there is no checkpoint.
            StateAltered, TreeAltered: what is kept is damaged.
        """
        with self.proving() as (signed, levels):
            size = signed.checkpoint.size
            if not levels.is_sound(size) or root(levels.node, 0, size) != signed.checkpoint.root:
                raise TreeAltered(levels.directory)
            yield signed, levels

    @contextmanager
    def proving(self) -> Iterator[tuple[Signed, Levels]]:
        """Yield the newest checkpoint and the kept tree, for whoever checks what is read of it.

        Raises:
            NothingSealed, StateAltered: there is no checkpoint, or none that can be trusted.
        """
        signed = self.signed()
        with open_levels(self.epoch_directory(signed.checkpoint.origin)) as levels:
            yield signed, levels

    def epoch_directory(self, origin: str) -> Path:
        """Return where the tree and the newest checkpoint of an origin are kept."""
        return self.directory / f"epoch-{origin.rpartition('/')[2]}"

    def read_state(self, keys: Keys) -> Signed | None:
        """Return the newest checkpoint of an epoch, None where it has none yet.

        Raises:
            StateAltered: what is kept is not what was signed.
        """
        path = self._state_path(keys.origin)
        try:
            state = msgspec.json.decode(path.read_bytes(), type=_State)
            checkpoint = _checked(state.checkpoint, tuple(keys.verifiers))
        except FileNotFoundError:
            if any(path.parent.glob("level-*")):
                raise StateAltered(path, "it is missing, and the sealed log is there") from None
            return None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise StateAltered(path, "it holds no checkpoint") from None
        except NoteRefused as refused:
            raise StateAltered(path, str(refused)) from None
        return Signed(checkpoint=checkpoint, note=state.checkpoint, signed_at=state.signed_at)

    def write_state(self, signed: Signed) -> None:
        """Make a checkpoint the newest one, durably."""
        state = _State(checkpoint=signed.note, signed_at=signed.signed_at)
        content = msgspec.json.format(msgspec.json.encode(state))
        replace_durably(self._state_path(signed.checkpoint.origin), content)

    def _state_path(self, origin: str) -> Path:
        return self.epoch_directory(origin) / "state.json"


@lru_cache(maxsize=256)  # the same one is read for every proof until the next seal
def _checked(note: str, keys: tuple[VerifierKey, ...]) -> Checkpoint:
    return read_checkpoint(note, keys)
