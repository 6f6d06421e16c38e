"""Files that are there after a crash, whole, and readable by nobody else."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path


def replace_durably(path: Path, content: bytes) -> None:
    """Write a file so that a reader, and a crash, finds either the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.unfinished")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    _write(descriptor, content, 0)
    beside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def write_at(path: Path, content: bytes, offset: int) -> None:
    """Write into a file, made if there is none, so that it is there after a crash."""
    _write(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), content, offset)


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Keep other threads and processes that do the same out of the block."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / "lock").open("a") as lock:
        flock(lock, LOCK_EX)
        yield


def _write(descriptor: int, content: bytes, offset: int) -> None:
    try:
        rest = memoryview(content)
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            rest, offset = rest[written:], offset + written
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
