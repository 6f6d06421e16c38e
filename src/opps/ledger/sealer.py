"""The sealer: signs how far the log has grown, and refuses one that did anything but grow."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from opps.ledger.checkpoint import Checkpoint, signed
from opps.ledger.errors import (
    LeafAltered,
    LedgerLeftBehind,
    LogAltered,
    LogShortened,
    NothingSealed,
    SealedElsewhere,
    TreeAltered,
)
from opps.ledger.errors import StateAltered as Untrusted
from opps.ledger.files import alone
from opps.ledger.keys import Keys, first_keys, write_keys
from opps.ledger.ledger import Ledger, Signed
from opps.ledger.levels import Levels, open_levels
from opps.ledger.proofs import consistency, extends
from opps.ledger.tree import EMPTY_ROOT, HASH_BYTES, Frontier, root

_CHUNK = 10_000

Now = Callable[[], datetime]


class LeafLog(Protocol):
    """The log of a tenant, as the sealer sees it."""

    def size(self) -> int:
        """Return how many events it holds."""
        ...

    def leaves(self, after: int, until: int) -> tuple[bytes, int | None]:
        """Return the leaf hashes behind a position up to and with another, in one row.

        With them comes the first position whose leaf is not the hash of its header, if any.
        """
        ...

    def restored_at(self) -> int | None:
        """Return the first position at which it says that it was restored, None if it never was."""
        ...

    def sealed_by(self, first_key: str | None = None, *, taking_over: bool = False) -> str | None:
        """Return the first key of the ledger that seals this log: the given one if none did."""
        ...


def seal(ledger: Ledger, log: LeafLog, now: Now, *, thorough: bool = False) -> Signed:
    """Sign the log as it is, if it is the one that was signed last, grown; return what stands.

    `thorough` compares every sealed leaf with the log, and mends the kept tree; else the last one
    stands for those before it.

    Raises:
        LogShortened, LogAltered, LeafAltered: the log is not what was signed.
        StateAltered, TreeAltered: what the sealer keeps is damaged.
        LedgerLeftBehind: the log was restored without what was signed of it.
        SealedElsewhere: another ledger seals it.
    """
    with alone(ledger.directory):
        keys = ledger.keys()
        if keys is None:
            restored = log.restored_at()
            if restored is not None:
                raise LedgerLeftBehind(ledger.directory, restored)
            keys = _begun(ledger, 1)
            _claim(ledger, keys, log, new=True)
        else:
            _claim(ledger, keys, log)
        return _seal(ledger, keys, log, now, thorough)


def begin(ledger: Ledger) -> None:
    """Make the first key of a log that nobody ever signed, wherever it was restored from."""
    with alone(ledger.directory):
        if ledger.keys() is None:
            _begun(ledger, 1)


def _claim(ledger: Ledger, keys: Keys, log: LeafLog, *, new: bool = False) -> None:
    """Refuse a log that another ledger seals; keys that are new then never were."""
    holder = log.sealed_by(keys.first)
    if holder in (None, keys.first):
        return
    if new:
        ledger.keys_path.unlink()
    raise SealedElsewhere(ledger.directory, holder)


def _begun(ledger: Ledger, epoch: int) -> Keys:
    keys = first_keys(ledger.tenant, epoch)
    write_keys(ledger.keys_path, keys)
    return keys


def rotate_key(ledger: Ledger, now: Now) -> Keys:
    """Let a new key sign from now on; the one before it vouches for it.

    Raises:
        NothingSealed: there is no key to rotate.
        StateAltered: what the sealer keeps is damaged.
    """
    with alone(ledger.directory):
        keys = _keys(ledger)
        last = ledger.read_state(keys)
        if last is None:
            raise NothingSealed
        rotated = keys.rotated()
        write_keys(ledger.keys_path, rotated)
        ledger.write_state(_sign(rotated, last.checkpoint.size, last.checkpoint.root, now))
        return rotated


def new_epoch(ledger: Ledger, log: LeafLog, now: Now) -> tuple[Checkpoint | None, Signed]:
    """Begin the ledger again with the log as it is; return where the old one ended, and the new.

    The old key signs where its epoch ended: nothing where that cannot be told any more. Where the
    ledger was lost there is no old key. The epoch is then called by the position of the restore
    that left it behind, or by the next position of the log: so that no epoch before it was.

    Raises:
        NothingSealed: there is nothing to begin again.
        LeafAltered: the log is not sound.
        StateAltered: the keys are damaged.
    """
    with alone(ledger.directory):
        keys, size = ledger.keys(), log.size()
        lost = size + 1 if log.sealed_by() is not None else log.restored_at()
        if keys is None and lost is None:
            raise NothingSealed
        for _ in _leaves(log, 0, size):
            pass  # before anything is changed: a log that is not sound is refused
        if keys is None:
            assert lost is not None, "else there is nothing to begin again"
            keys = _begun(ledger, lost)
            log.sealed_by(keys.first, taking_over=True)
            return None, _seal(ledger, keys, log, now, thorough=False)
        try:
            last = ledger.read_state(keys)
        except Untrusted:
            last = None
        ended = None if last is None else last.checkpoint
        begun = keys.begun_again(ledger.tenant, ended)
        write_keys(ledger.keys_path, begun)
        log.sealed_by(begun.first, taking_over=True)
        return ended, _seal(ledger, begun, log, now, thorough=False)


def _keys(ledger: Ledger) -> Keys:
    keys = ledger.keys()
    if keys is None:
        raise NothingSealed
    return keys


def _seal(ledger: Ledger, keys: Keys, log: LeafLog, now: Now, thorough: bool) -> Signed:
    last = ledger.read_state(keys)
    if last is None:
        # Before the first leaf is kept: a tree without a checkpoint is one that was lost.
        last = _sign(keys, 0, EMPTY_ROOT, now)
        ledger.write_state(last)
    head, size = last.checkpoint, log.size()
    if size < head.size:
        raise LogShortened(size, head.size)
    with open_levels(ledger.epoch_directory(keys.origin)) as levels:
        if thorough:
            _compare(levels, log, head)
        else:
            _look_back(levels, log, head)
        if size == head.size:
            return last
        for leaves, begin in _leaves(log, head.size, size):
            levels.extend(begin, leaves)
        top = root(levels.node, 0, size)
        path = consistency(levels.node, head.size, size)
        if not extends(head.size, size, head.root, top, path):
            raise TreeAltered(levels.directory)
    grown = _sign(keys, size, top, now)
    ledger.write_state(grown)
    return grown


def _look_back(levels: Levels, log: LeafLog, head: Checkpoint) -> None:
    """Refuse a log whose last sealed event is another, and a tree without the signed root."""
    if root(levels.node, 0, head.size) != head.root:
        raise TreeAltered(levels.directory)
    for leaves, begin in _leaves(log, max(head.size - 1, 0), head.size):
        if leaves != levels.row(0, begin, head.size):
            raise LogAltered(head.size)


def _compare(levels: Levels, log: LeafLog, head: Checkpoint) -> None:
    """Refuse a log that is not the sealed one; make the tree anew where only that is damaged."""
    trusted = _is_trusted(levels, head)
    different = None
    frontier = Frontier()
    for leaves, begin in _leaves(log, 0, head.size):
        row = _row(leaves)
        if trusted:
            kept = levels.row(0, begin, begin + len(row))
            different = _first_difference(leaves, kept)
            if different is not None:
                raise LogAltered(begin + different + 1)
        else:
            frontier.extend(row)
    if trusted:
        return
    if frontier.root != head.root:
        raise LogAltered(None)
    for leaves, begin in _leaves(log, 0, head.size):
        levels.extend(begin, leaves)


def _is_trusted(levels: Levels, head: Checkpoint) -> bool:
    try:
        return levels.is_sound(head.size) and root(levels.node, 0, head.size) == head.root
    except TreeAltered:
        return False


def _first_difference(found: bytes, kept: bytes) -> int | None:
    if found == kept:
        return None
    pairs = zip(_row(found), _row(kept), strict=True)
    return next(number for number, (one, other) in enumerate(pairs) if one != other)


def _leaves(log: LeafLog, begin: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield the leaves from `begin` up to but without `end` in portions, each with its begin."""
    for at in range(begin, end, _CHUNK):
        until = min(at + _CHUNK, end)
        leaves, unsound = log.leaves(at, until)
        if unsound is not None:
            raise LeafAltered(unsound)
        if len(leaves) != (until - at) * HASH_BYTES:
            raise LogAltered(None)
        yield leaves, at


def _row(leaves: bytes) -> list[bytes]:
    return [leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)]


def _sign(keys: Keys, size: int, top: bytes, now: Now) -> Signed:
    checkpoint = Checkpoint(origin=keys.origin, size=size, root=top)
    return Signed(checkpoint=checkpoint, note=signed(checkpoint, keys.newest), signed_at=now())
