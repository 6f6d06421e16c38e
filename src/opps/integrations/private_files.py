"""Files that hold what not everybody may read."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO


def private_file(path: Path) -> IO[bytes]:
    """Return a new file that only its owner can read, in the place of whatever was there."""
    path.unlink(missing_ok=True)  # a file or a link of somebody else would be written to
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def private_text(path: Path) -> TextIO:
    """Return an emptied file for text that only its owner can read; a stream may be named too."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if stat.S_ISREG(os.fstat(number).st_mode):
        os.fchmod(number, 0o600)  # one that was there before may have been everybody's
    return os.fdopen(number, "w", encoding="utf-8", newline="")


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a private file that takes its place when it is whole, and leaves nothing otherwise."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with private_file(unfinished) as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
