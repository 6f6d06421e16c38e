"""Roots and proofs are those of RFC 6962, and nothing but the truth can be proven."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.ledger.proofs import consistency, extends, includes, inclusion
from opps.ledger.tree import EMPTY_ROOT, Frontier, NodeAt, Place, node_hash, root
from tests.ledger import naive
from tests.ledger.naive import leaves_of

LONGEST = 70
LEAVES = leaves_of(LONGEST)
sizes = st.integers(1, LONGEST)
pairs = st.tuples(st.integers(0, LONGEST), st.integers(0, LONGEST)).map(lambda p: sorted(p))


def nodes_of(leaves: list[bytes]) -> NodeAt:
    """Return what looks up the whole nodes of a tree."""

    def at(place: Place) -> bytes:
        begin, end = place.number << place.level, (place.number + 1) << place.level
        assert end <= len(leaves), "only whole nodes are looked up"
        return naive.root(leaves[begin:end])

    return at


@given(sizes)
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert root(nodes_of(LEAVES[:size]), 0, size) == naive.root(LEAVES[:size])


@given(st.lists(st.integers(0, 30), max_size=5))
def test_a_tree_that_grows_in_steps_has_the_same_root(steps: list[int]) -> None:
    frontier, leaves = Frontier(), leaves_of(sum(steps))
    for step in steps:
        frontier.extend(leaves[frontier.size : frontier.size + step])

    assert frontier.size == len(leaves)
    assert frontier.root == naive.root(leaves)


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert Frontier().root == EMPTY_ROOT == naive.root([])


@given(st.data(), sizes)
def test_every_leaf_is_shown_to_be_in_the_tree(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))

    path = inclusion(nodes_of(LEAVES[:size]), index, size)

    assert path == naive.path(index, LEAVES[:size])
    assert includes(LEAVES[index], index, size, path, naive.root(LEAVES[:size]))


@given(pairs)
def test_every_older_tree_is_shown_to_have_only_grown(pair: list[int]) -> None:
    old, new = pair

    path = consistency(nodes_of(LEAVES[:new]), old, new)

    if old not in (0, new):
        assert path == naive.proof(old, LEAVES[:new])
    assert extends(old, new, naive.root(LEAVES[:old]), naive.root(LEAVES[:new]), path)


def flipped(hash_: bytes) -> bytes:
    return bytes([hash_[0] ^ 1]) + hash_[1:]


@given(st.data(), sizes)
def test_no_other_leaf_is_shown_to_be_there(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(nodes_of(LEAVES[:size]), index, size)
    top = naive.root(LEAVES[:size])
    forged: list[Callable[[], bool]] = [
        lambda: includes(flipped(LEAVES[index]), index, size, path, top),
        lambda: includes(LEAVES[index], index, size, path, flipped(top)),
        lambda: includes(LEAVES[index], index, size, [*path, top], top),
        lambda: includes(LEAVES[index], size, size, path, top),
        lambda: includes(LEAVES[index], -1, size, path, top),
    ]
    forged += [
        lambda other=other: includes(LEAVES[index], other, size, path, top)  # type: ignore[misc]  # bound now
        for other in range(size)
        if other != index
    ]
    if path:
        number = data.draw(st.integers(0, len(path) - 1))
        bent = [flipped(one) if at == number else one for at, one in enumerate(path)]
        forged += [
            lambda: includes(LEAVES[index], index, size, bent, top),
            lambda: includes(LEAVES[index], index, size, path[:-1], top),
        ]

    assert not any(attempt() for attempt in forged)


@given(st.data(), pairs)
def test_no_tree_is_shown_to_have_grown_from_another(data: st.DataObject, pair: list[int]) -> None:
    old, new = pair
    path = consistency(nodes_of(LEAVES[:new]), old, new)
    old_top, new_top = naive.root(LEAVES[:old]), naive.root(LEAVES[:new])

    assert not extends(old, new, flipped(old_top), new_top, path)
    assert not extends(old, new, old_top, new_top, [*path, old_top])
    assert not extends(new + 1, new, old_top, new_top, path)
    if old:
        assert not extends(old, new, old_top, flipped(new_top), path)
    if path:
        number = data.draw(st.integers(0, len(path) - 1))
        bent = [flipped(one) if at == number else one for at, one in enumerate(path)]
        assert not extends(old, new, old_top, new_top, bent)
        assert not extends(old, new, old_top, new_top, path[:-1])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_nothing_is_proven_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(AssertionError):
        inclusion(nodes_of(LEAVES[:size]), index, size)


def test_nothing_is_proven_of_a_tree_that_shrank() -> None:
    with pytest.raises(AssertionError):
        consistency(nodes_of(LEAVES[:3]), 4, 3)
    with pytest.raises(AssertionError):
        consistency(nodes_of(LEAVES[:3]), -1, 3)
    assert not extends(-1, -1, EMPTY_ROOT, EMPTY_ROOT, [])


def test_of_small_trees_each_is_shown_to_be_the_beginning_of_each_larger_one() -> None:
    tops = [naive.root(LEAVES[:size]) for size in range(18)]
    for new in range(18):
        nodes = nodes_of(LEAVES[:new])
        for old in range(new + 1):
            assert extends(old, new, tops[old], tops[new], consistency(nodes, old, new)), (old, new)


def test_a_proof_ends_at_the_root_even_if_more_hashes_lead_to_another_one() -> None:
    more = b"m" * 32
    path = [*naive.proof(3, LEAVES[:4]), more]

    assert not includes(LEAVES[0], 0, 1, [more], node_hash(more, LEAVES[0]))
    old, new = (node_hash(more, naive.root(LEAVES[:size])) for size in (3, 4))
    assert not extends(3, 4, old, new, path)


def test_without_any_hash_no_tree_is_shown_to_have_grown() -> None:
    assert not extends(3, 5, naive.root(LEAVES[:3]), naive.root(LEAVES[:5]), [])
