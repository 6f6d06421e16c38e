"""What is published can be read by tools of others, and leads to the signed root."""

from pathlib import Path

import pytest

from opps.ledger.checkpoint import read_checkpoint
from opps.ledger.errors import NothingSealed, OtherLog, TreeAltered
from opps.ledger.publishing import publish
from opps.ledger.sealer import new_epoch
from tests.ledger import naive
from tests.ledger.logs import MemoryLog, ledger_in, monday, sealed


def tile(directory: Path, level: int, number: int, count: int) -> list[bytes]:
    """Return the hashes of a tile, found as C2SP tlog-tiles says."""
    groups = [f"{number // 1000**at % 1000:03}" for at in range(3)][::-1]
    while len(groups) > 1 and groups[0] == "000":
        groups.pop(0)
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    partial = "" if count == 256 else f".p/{count}"
    content = (directory / "tile" / str(level) / f"{path}{partial}").read_bytes()
    assert len(content) == 32 * count
    return [content[at : at + 32] for at in range(0, len(content), 32)]


def tiles(directory: Path, level: int, count: int) -> list[bytes]:
    """Return all hashes of a level."""
    found = []
    for number in range(-(-count // 256)):
        found += tile(directory, level, number, min(256, count - 256 * number))
    return found


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_the_tiles_are_those_of_the_tree(tmp_path: Path, size: int) -> None:
    log, www = MemoryLog(size), tmp_path / "www"
    sealed(tmp_path, log)

    published = publish(ledger_in(tmp_path), www)

    assert tiles(www, 0, size) == log.hashes
    whole = [log.hashes[at : at + 256] for at in range(0, size - size % 256, 256)]
    assert tiles(www, 1, size // 256) == [naive.root(family) for family in whole]
    assert (www / "checkpoint").read_text() == published.note
    keys = ledger_in(tmp_path).public_keys()
    assert read_checkpoint(published.note, keys).root == naive.root(log.hashes)


def test_what_is_published_again_grows_and_keeps_its_whole_tiles(tmp_path: Path) -> None:
    log, www = MemoryLog(520), tmp_path / "www"
    whole = log.hashes
    for size in (200, 300, 520):
        log.hashes = whole[:size]
        sealed(tmp_path, log)
        publish(ledger_in(tmp_path), www)

    assert tiles(www, 0, 520) == whole
    assert sorted(path.name for path in (www / "tile" / "0").iterdir()) == ["000", "001", "002.p"]


def test_a_large_tile_number_is_written_in_groups(tmp_path: Path) -> None:
    log, www = MemoryLog(0), tmp_path / "www"
    log.hashes = [bytes(32)] * (256 * 1001)
    sealed(tmp_path, log)
    publish(ledger_in(tmp_path), www)

    assert len(tile(www, 0, 1000, 256)) == 256
    assert (www / "tile" / "0" / "x001" / "000").exists()


def test_a_damaged_tree_is_not_published(tmp_path: Path) -> None:
    sealed(tmp_path, MemoryLog(40))
    level = ledger_in(tmp_path).directory / "epoch-1" / "level-0"
    level.write_bytes(bytes(40 * 32))

    with pytest.raises(TreeAltered):
        publish(ledger_in(tmp_path), tmp_path / "www")
    assert not (tmp_path / "www").exists()


def test_a_new_epoch_is_published_beside_the_old_one(tmp_path: Path) -> None:
    log, www = MemoryLog(9), tmp_path / "www"
    with pytest.raises(NothingSealed):
        publish(ledger_in(tmp_path), www)
    sealed(tmp_path, log)
    publish(ledger_in(tmp_path), www)
    new_epoch(ledger_in(tmp_path), log, monday)

    with pytest.raises(OtherLog):
        publish(ledger_in(tmp_path), www)
    assert publish(ledger_in(tmp_path), tmp_path / "again").checkpoint.origin.endswith("/2")
