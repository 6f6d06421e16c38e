"""The tree as tiles of C2SP in a directory, for any web server to hand out."""

import os
from pathlib import Path
from shutil import rmtree

from opps.ledger.errors import OtherLog
from opps.ledger.ledger import Ledger, Signed

_TILE_LEVELS = 8
_WIDTH = 1 << _TILE_LEVELS


def publish(ledger: Ledger, directory: Path) -> Signed:
    """Write the newest checkpoint and the tiles it stands on; return what was published.

    Whole tiles are written once. The checkpoint comes last, so that it never names a tile that
    is not there yet. Headers and events are not published.

    Raises:
        NothingSealed: there is no checkpoint.
        OtherLog: another log was published there.
        StateAltered, TreeAltered: what the sealer keeps is damaged.
    """
    with ledger.sound_tree() as (signed, levels):
        checkpoint = directory / "checkpoint"
        if checkpoint.exists() and not _is_of(checkpoint, signed.checkpoint.origin):
            raise OtherLog(checkpoint)
        level, count = 0, signed.checkpoint.size
        while count:
            for number in range(-(-count // _WIDTH)):
                begin, end = number * _WIDTH, min((number + 1) * _WIDTH, count)
                path = directory / "tile" / str(level) / _numbered(number)
                partial = path.with_name(f"{path.name}.p")
                if end - begin < _WIDTH:
                    path = partial / str(end - begin)
                if not path.exists():
                    _write(path, levels.row(level * _TILE_LEVELS, begin, end))
                if end - begin == _WIDTH and partial.exists():
                    rmtree(partial)
            level, count = level + 1, count // _WIDTH
        _write(checkpoint, signed.note.encode())
        return signed


def _numbered(number: int) -> Path:
    """Return the path of a tile's number: 1234067 is x001/x234/067."""
    *groups, last = f"{number:,}".split(",")
    return Path(*(f"x{group:0>3}" for group in groups), f"{last:0>3}")


def _is_of(checkpoint: Path, origin: str) -> bool:
    return checkpoint.read_bytes().startswith(f"{origin}\n".encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file for everybody, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.unfinished")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
