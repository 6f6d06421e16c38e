"""Roots and proofs are those of RFC 6962: by known vectors and by its own words."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.forged_proofs import consistency_of, inclusion_of
from tests.verifier.logs import naive_root
from verifier.opps_verify import (
    EMPTY_ROOT,
    ProofRefused,
    Tree,
    is_grown,
    leaf_hash,
    node_hash,
    root_of_inclusion,
)

LARGEST = 9_223_372_036_854_775_807  # what a bigint of PostgreSQL holds
# The reference tree of certificate-transparency: eight entries and the roots of their prefixes.
ENTRIES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LEAVES = [leaf_hash(one) for one in ENTRIES]


def unhex(path: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in path]


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(bytes([one])) for one in range(size)]


def root_of(leaves: Sequence[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.size == len(leaves)
    return tree.root


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root == EMPTY_ROOT == sha256(b"").digest()


def test_the_roots_are_those_of_certificate_transparency() -> None:
    assert [root_of(LEAVES[: size + 1]).hex() for size in range(8)] == ROOTS


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_proofs_of_certificate_transparency_are_accepted(
    index: int, size: int
) -> None:
    path = unhex(INCLUSION[index, size])

    assert root_of_inclusion(LEAVES[index], index, size, path).hex() == ROOTS[size - 1]
    assert inclusion_of(LEAVES[:size], index) == path


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_consistency_proofs_of_certificate_transparency_are_accepted(
    old: int, new: int
) -> None:
    before, after = unhex([ROOTS[old - 1], ROOTS[new - 1]])

    assert is_grown(old, new, before, after, unhex(CONSISTENCY[old, new]))
    assert consistency_of(LEAVES[:new], old) == unhex(CONSISTENCY[old, new])


@given(st.integers(1, 70))
def test_the_growing_tree_has_the_root_that_the_standard_defines(size: int) -> None:
    assert root_of(leaves_of(size)) == naive_root(leaves_of(size))


def test_every_leaf_of_small_trees_is_proven_at_its_place_and_at_no_other() -> None:
    for size in range(1, 20):
        leaves = leaves_of(size)
        top = naive_root(leaves)
        for index in range(size):
            path = inclusion_of(leaves, index)
            for place in range(size):
                try:
                    right = root_of_inclusion(leaves[index], place, size, path) == top
                except ProofRefused:
                    right = False

                assert right == (place == index)


def test_small_trees_are_consistent_with_their_own_beginnings_only() -> None:
    for new in range(1, 20):
        leaves = leaves_of(new)
        top = naive_root(leaves)
        for old in range(1, new):
            path = consistency_of(leaves, old)
            for claimed in range(1, new + 1):
                began = naive_root(leaves[:claimed])

                assert is_grown(claimed, new, began, top, path) == (claimed == old)


@given(st.integers(2, 40), st.data())
def test_a_path_that_is_altered_proves_nothing(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    leaves = leaves_of(size)
    top = naive_root(leaves)
    other = data.draw(st.sampled_from(["flip", "drop", "add first", "add last"]))
    path = _altered(inclusion_of(leaves, index), other, data)
    growth = _altered(consistency_of(leaves, old), other, data)

    with suppress(ProofRefused):
        assert root_of_inclusion(leaves[index], index, size, path) != top
    assert not is_grown(old, size, naive_root(leaves[:old]), top, growth)


def _altered(path: list[bytes], how: str, data: st.DataObject) -> list[bytes]:
    place = data.draw(st.integers(0, len(path) - 1))
    match how:
        case "flip":
            return [*path[:place], sha256(path[place]).digest(), *path[place + 1 :]]
        case "drop":
            return [*path[:place], *path[place + 1 :]]
        case "add first":
            return [bytes(32), *path]
        case _:
            return [*path, bytes(32)]


def test_a_tree_of_one_leaf_is_that_leaf() -> None:
    assert root_of_inclusion(LEAVES[0], 0, 1, []) == LEAVES[0]
    with pytest.raises(ProofRefused, match="too long"):
        root_of_inclusion(LEAVES[0], 0, 1, [LEAVES[1]])


@pytest.mark.parametrize(
    ("index", "size"), [(-1, 1), (1, 1), (8, 8), (0, 0), (0, LARGEST + 1), (0, 2**2000)]
)
def test_there_is_no_proof_of_a_leaf_outside_of_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofRefused, match="has no leaf"):
        root_of_inclusion(LEAVES[0], index, size, [])


def test_the_largest_tree_there_can_be_is_reckoned_with() -> None:
    assert root_of_inclusion(LEAVES[0], LARGEST - 1, LARGEST, [bytes(32)] * 62)


def test_a_tree_that_did_not_grow_has_the_same_root_and_needs_no_proof() -> None:
    one, other = LEAVES[:2]

    assert is_grown(3, 3, one, one, [])
    assert not is_grown(3, 3, one, other, [])
    assert not is_grown(3, 3, one, one, [other])
    assert is_grown(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert is_grown(LARGEST, LARGEST, one, one, [])


def test_every_tree_grew_from_the_empty_one() -> None:
    one, other = LEAVES[:2]

    assert is_grown(0, 3, EMPTY_ROOT, one, [])
    assert not is_grown(0, 3, other, one, [])
    assert not is_grown(0, 3, EMPTY_ROOT, one, [other])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (1, LARGEST + 1)])
def test_no_tree_shrinks(old: int, new: int) -> None:
    assert not is_grown(old, new, EMPTY_ROOT, EMPTY_ROOT, [])


def test_no_tree_is_larger_than_the_largest() -> None:
    assert not is_grown(LARGEST + 1, LARGEST + 1, LEAVES[0], LEAVES[0], [])


def test_no_tree_is_smaller_than_the_empty_one() -> None:
    assert not is_grown(-1, -1, LEAVES[0], LEAVES[0], [])


def test_a_hash_that_nobody_asked_for_spoils_a_proof_wherever_it_is() -> None:
    before, after = unhex([ROOTS[2], ROOTS[6]])
    path = consistency_of(LEAVES[:7], 3)

    assert is_grown(3, 7, before, after, path)
    for place in range(len(path) + 1):
        assert not is_grown(3, 7, before, after, [*path[:place], bytes(32), *path[place:]])


def test_a_node_is_no_leaf() -> None:
    assert node_hash(b"a", b"b") == sha256(b"\x01ab").digest()
    assert leaf_hash(b"ab") == sha256(b"\x00ab").digest()
