"""The kept tree is nobody else's, and says so when a hash in it is not the one of those below."""

from pathlib import Path

import pytest

from opps.ledger.levels import open_levels
from tests.ledger.naive import leaves_of

LEAVES = b"".join(leaves_of(40))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return the directory of a kept tree of forty leaves, two levels deep."""
    directory = tmp_path / "tenant" / "tree"
    with open_levels(directory) as levels:
        levels.extend(0, LEAVES)
    return directory


def is_sound(directory: Path) -> bool:
    with open_levels(directory) as levels:
        return levels.is_sound(40)


def test_only_its_owner_looks_into_a_kept_tree(kept: Path) -> None:
    assert kept.stat().st_mode & 0o777 == 0o700


def test_a_kept_tree_is_sound(kept: Path) -> None:
    assert is_sound(kept)


def test_a_hash_that_is_altered_is_noticed(kept: Path) -> None:
    (kept / "level-4").write_bytes(bytes(64))

    assert not is_sound(kept)


def test_a_level_that_is_missing_is_noticed(kept: Path) -> None:
    (kept / "level-4").unlink()

    assert not is_sound(kept)
