"""The tree as tiles of C2SP in a directory, for any web server to hand out."""

import hashlib
import os
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from shutil import rmtree

from msgspec import Struct

from opps.ledger.errors import NoSuchTile, OtherLog, TreeAltered
from opps.ledger.ledger import Ledger, Signed
from opps.ledger.levels import top
from opps.ledger.tree import Place, root

CHECKPOINT_SIGNED = "opps.ledger.checkpoint.v1"
_TILE_LEVELS = 8
_WIDTH = 1 << _TILE_LEVELS


class SignedCheckpoint(Struct, frozen=True, kw_only=True):
    """A checkpoint as others are told of it; the note is what can be checked."""

    origin: str
    size: int
    root: str
    note: str


class CheckpointEvent(Struct, frozen=True, kw_only=True):
    """A checkpoint as a webhook tells it: a CloudEvent, version 1.0, in JSON.

    The id is that of the note: told again, it is the same event. No personal data is in it.
    """

    specversion: str
    id: str
    source: str
    type: str
    time: datetime
    datacontenttype: str
    data: SignedCheckpoint


def checkpoint_event(signed: Signed) -> CheckpointEvent:
    """Return the payload that tells a webhook of a checkpoint."""
    checkpoint = signed.checkpoint
    return CheckpointEvent(
        specversion="1.0",
        id=hashlib.sha256(signed.note.encode()).hexdigest(),
        source=checkpoint.origin,
        type=CHECKPOINT_SIGNED,
        time=signed.signed_at,
        datacontenttype="application/json",
        data=SignedCheckpoint(
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=b64encode(checkpoint.root).decode(),
            note=signed.note,
        ),
    )


def tile(ledger: Ledger, level: int, number: int, width: int) -> bytes:
    """Return the hashes of a tile of the newest checkpoint, or of the beginning of one.

    Raises:
        NoSuchTile: the tree has none there.
        NothingSealed: there is no checkpoint.
        StateAltered, TreeAltered: what the sealer keeps is damaged.
    """
    with ledger.proving() as (signed, levels):
        begin, end = number * _WIDTH, number * _WIDTH + width
        size = signed.checkpoint.size
        if root(levels.node, 0, size) != signed.checkpoint.root:
            raise TreeAltered(levels.directory)
        if not 0 < width <= _WIDTH or end > size >> (level * _TILE_LEVELS):
            raise NoSuchTile(level, number, width)
        row = levels.row(level * _TILE_LEVELS, begin, end)
        if width == _WIDTH and top(row) != levels.node(Place((level + 1) * _TILE_LEVELS, number)):
            raise TreeAltered(levels.directory)
        return row


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
