"""Files that hold what not everybody may read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def private_file(path: Path) -> IO[bytes]:
    """Return a new file that only its owner can read, in the place of whatever was there."""
    path.unlink(missing_ok=True)  # a file or a link of somebody else would be written to
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


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
