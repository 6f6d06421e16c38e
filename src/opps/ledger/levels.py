"""The kept tree: files of hashes that only grow, from which any proof is read at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opps.ledger.errors import TreeAltered
from opps.ledger.files import write_at
from opps.ledger.tree import HASH_BYTES, Place, node_hash

# Every fourth level is kept: a proof reads a few files and hashes at most eight nodes a level;
# levels 0, 8, 16 are, cut every 256 hashes, the tiles of C2SP.
_STRIDE = 4
_FAMILY = 1 << _STRIDE


class Levels:
    """The whole nodes of a tree that only grows; what lies behind its size is never looked at."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._open: dict[int, int] = {}
        self._known: dict[Place, bytes] = {}

    def node(self, place: Place) -> bytes:
        """Return the hash of a whole node.

        Raises:
            TreeAltered: it is not there.
        """
        if place not in self._known:
            above = place.level % _STRIDE
            begin, count = place.number << above, 1 << above
            self._known[place] = top(self._read(place.level - above, begin, begin + count))
        return self._known[place]

    def row(self, level: int, begin: int, end: int) -> bytes:
        """Return the hashes of neighbouring nodes of a kept level, one behind the other.

        Raises:
            TreeAltered: they are not all there.
        """
        assert level % _STRIDE == 0, "a level that is kept"
        return self._read(level, begin, end)

    def extend(self, size: int, leaves: bytes) -> None:
        """Put leaf hashes behind the first `size` ones, durably."""
        self._known.clear()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        added, level, end = leaves, 0, size + len(leaves) // HASH_BYTES
        begin = size
        while begin < end:
            write_at(self._path(level), added, begin * HASH_BYTES)
            level, begin, end = level + _STRIDE, begin // _FAMILY, end // _FAMILY
            added = b"".join(self._made(level, begin, end))

    def is_sound(self, size: int) -> bool:
        """Tell whether every kept node is the hash of those below it."""
        level, count = _STRIDE, size // _FAMILY
        try:
            while count:
                for number, made in enumerate(self._made(level, 0, count)):
                    if made != self._read(level, number, number + 1):
                        return False
                level, count = level + _STRIDE, count // _FAMILY
        except TreeAltered:
            return False
        return True

    def _made(self, level: int, begin: int, end: int) -> Iterator[bytes]:
        """Yield what nodes of a kept level must be, from the kept level below."""
        for number in range(begin, end):
            family = number * _FAMILY
            yield top(self._read(level - _STRIDE, family, family + _FAMILY))

    def _read(self, level: int, begin: int, end: int) -> bytes:
        wanted = (end - begin) * HASH_BYTES
        found = os.pread(self._file(level), wanted, begin * HASH_BYTES)
        if len(found) != wanted:
            raise TreeAltered(self.directory)
        return found

    def _file(self, level: int) -> int:
        if level not in self._open:
            try:
                self._open[level] = os.open(self._path(level), os.O_RDONLY)
            except FileNotFoundError:
                raise TreeAltered(self.directory) from None
        return self._open[level]

    def _path(self, level: int) -> Path:
        return self.directory / f"level-{level}"

    def close(self) -> None:
        """Close the files."""
        while self._open:
            os.close(self._open.popitem()[1])


@contextmanager
def open_levels(directory: Path) -> Iterator[Levels]:
    """Yield the kept tree of a directory."""
    levels = Levels(directory)
    try:
        yield levels
    finally:
        levels.close()


def top(hashes: bytes) -> bytes:
    """Return the hash over a power of two of neighbouring nodes."""
    row = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
