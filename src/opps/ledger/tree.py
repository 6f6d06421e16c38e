"""The Merkle tree of RFC 6962: its nodes, its roots, and a tree that only grows."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()


class Place(NamedTuple):
    """A node over 2^level leaves, counted among the nodes of its level from 0 on."""

    level: int
    number: int


# Returns the hash at a place; it must be a whole node: one that will never change.
NodeAt = Callable[[Place], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def whole_nodes(begin: int, end: int) -> list[Place]:
    """Return the largest whole nodes over the leaves from `begin` up to but without `end`.

    `begin` is 0, or where the right side of some tree begins.
    """
    places = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        places.append(Place(level, begin >> level))
        begin += 1 << level
    return places


def joined(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over neighbouring whole nodes, the largest first."""
    if not hashes:
        return EMPTY_ROOT
    *rest, top = hashes
    for left in reversed(rest):
        top = node_hash(left, top)
    return top


def root(node: NodeAt, begin: int, end: int) -> bytes:
    """Return the hash over the leaves from `begin` up to but without `end`."""
    return joined([node(place) for place in whole_nodes(begin, end)])


def split(size: int) -> int:
    """Return how many leaves the left side of a tree of two or more has."""
    return 1 << ((size - 1).bit_length() - 1)


class Frontier:
    """A tree that grows leaf by leaf and remembers one hash for each doubling of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []  # the whole nodes, the largest first

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes."""
        for leaf in leaves:
            top, rest = leaf, self.size
            while rest & 1:
                top, rest = node_hash(self._edge.pop(), top), rest >> 1
            self._edge.append(top)
            self.size += 1

    @property
    def root(self) -> bytes:
        """The hash over all leaves."""
        return joined(self._edge)
