"""Proofs of RFC 6962: that a leaf is in a tree, and that a tree only grew; made and checked."""

from collections.abc import Sequence

from opps.ledger.tree import EMPTY_ROOT, NodeAt, node_hash, root, split


def inclusion(node: NodeAt, index: int, size: int) -> list[bytes]:
    """Return the proof that the leaf at an index, below `size`, is in the tree of that size."""
    assert 0 <= index < size, "the index is one of the tree"
    begin, end = 0, size
    path = []
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            path.append(root(node, middle, end))
            end = middle
        else:
            path.append(root(node, begin, middle))
            begin = middle
    return path[::-1]


def consistency(node: NodeAt, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of size `new` is that of size `old`, grown.

    An empty tree, and one that did not grow, need none.
    """
    assert 0 <= old <= new, "a tree only grows"
    if old in (0, new):
        return []
    begin, end, whole = 0, new, True
    path = []
    while old != end:
        middle = begin + split(end - begin)
        if old <= middle:
            path.append(root(node, middle, end))
            end = middle
        else:
            path.append(root(node, begin, middle))
            begin, whole = middle, False
    if not whole:
        path.append(root(node, begin, end))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> bool:
    """Tell whether a proof shows that the leaf is at the index of the tree with this root."""
    if not 0 <= index < size:
        return False
    found, last = leaf, size - 1
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = node_hash(sibling, found)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and found == top


def extends(old: int, new: int, old_top: bytes, new_top: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that the tree of the new root is that of the old one, grown."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return old_top == new_top and not path
    if old == 0:
        return old_top == EMPTY_ROOT and not path
    # The old tree is a node of the new one where its size is a power of two: then it is not sent.
    rest = list(path) if old & (old - 1) else [old_top, *path]
    if not rest:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old = node_hash(sibling, found_old)
            found_new = node_hash(sibling, found_new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_top and found_new == new_top
