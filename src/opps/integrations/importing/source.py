"""A source file: opened plain or compressed, its digest, and how far it was read."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

from opps.integrations.importing.errors import SourceMalformed

_GZIP = b"\x1f\x8b"
_CHUNK_BYTES = 64 * 1024


class SourceFile:
    """A file of another system, `.gz` or plain, read as a stream.

    Raises:
        SourceMalformed: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.bytes_total = path.stat().st_size
            self._raw: BufferedReader = path.open("rb")
        except OSError as error:
            raise SourceMalformed(path, f"cannot be read: {error.strerror}") from None
        compressed = self._raw.read(len(_GZIP)) == _GZIP
        self._raw.seek(0)
        self._content: BufferedIOBase = (
            gzip.GzipFile(fileobj=self._raw) if compressed else self._raw
        )

    @property
    def bytes_read(self) -> int:
        """How much of the file was read, as it lies there."""
        return 0 if self._raw.closed else self._raw.tell()

    def digest(self) -> str:
        """Return the SHA-256 of the file as it lies there; reading then starts from its begin."""
        found = hashlib.file_digest(self._raw, "sha256").hexdigest()
        self._raw.seek(0)
        return found

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces.

        Raises:
            SourceMalformed: the compression is broken or cut off.
        """
        try:
            while chunk := self._content.read(_CHUNK_BYTES):
                yield chunk
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            message = f"the compressed file is broken or cut off: {error}; get it once more"
            raise SourceMalformed(self.path, message) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._raw.close()
