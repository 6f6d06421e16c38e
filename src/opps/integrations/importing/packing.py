"""The files of an export: named one by one, in a folder, or in a zip that is safe to open."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

from msgspec import Struct

from opps.integrations.importing.errors import SourceMalformed

MOST_FILES = 1_000
MOST_BYTES = 16 * 1024**3
# A table of text gets ten to fifty times smaller; beyond this it was made to fill a disk.
MOST_SMALLER = 250
_SMALL_BYTES = 1024**2
_CHUNK_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_TABLES = frozenset({".csv", ".tsv", ".txt", ".gz", ".zip"})
_LOCKED = 0x1
_ONCE_MORE = "the zip is broken or cut off: get it once more, or unpack it and import the folder"


class Part(Struct, frozen=True, kw_only=True):
    """One table of an export, on its own or a member of a zip; `named` was it by a person."""

    path: Path
    bytes_total: int
    named: bool
    archive: Path | None = None
    member: str | None = None

    @property
    def name(self) -> str:
        """What to call it where people read."""
        return self.path.name if self.archive is None else f"{self.archive.name}/{self.member}"

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces.

        Raises:
            SourceMalformed: it cannot be read, or is broken, cut off, or larger than it says.
        """
        try:
            if self.archive is None:
                yield from _of_file(self.path)
            else:
                yield from _of_member(self.archive, cast(str, self.member), self.bytes_total)
        except zipfile.BadZipFile as error:
            raise SourceMalformed(self.path, f"{error}: {_ONCE_MORE}") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            message = f"the compressed file is broken or cut off: {error}; get it once more"
            raise SourceMalformed(self.path, message) from None
        except (RuntimeError, NotImplementedError):
            message = "it is locked or packed in a way that is not read: unpack it first"
            raise SourceMalformed(self.path, message) from None
        except OSError as error:
            raise SourceMalformed(self.path, f"cannot be read: {error.strerror}") from None


class Counting:
    """A part that tells how much of it was read."""

    def __init__(self, part: Part, count: Callable[[int], None]) -> None:
        self.path = part.path
        self._part = part
        self._count = count

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces."""
        for chunk in self._part.chunks():
            self._count(len(chunk))
            yield chunk


_TOO_MUCH = (
    f"it unpacks to more than {MOST_SMALLER} times its size, as no table does: if you trust it, "
    "unpack it and import the file"
)


def parts_of(paths: Sequence[Path]) -> list[Part]:
    """Return the tables that some paths stand for, each once, in the order of their names.

    Raises:
        SourceMalformed: a path cannot be read, or a zip is broken or not safe to open.
    """
    found: dict[tuple[Path, str | None], Part] = {}
    for path in paths:
        for part in _parts(path):
            found.setdefault((part.path.resolve(), part.member), part)
    if len(found) > MOST_FILES:
        raise SourceMalformed(paths[0], f"these are more than {MOST_FILES:,} files: import fewer")
    return list(found.values())


def _parts(path: Path) -> Iterator[Part]:
    if not path.is_dir():
        yield from _file_or_zip(path, named=True)
        return
    for inside in sorted(path.rglob("*")):
        hidden = any(one.startswith(".") for one in inside.relative_to(path).parts)
        if inside.is_file() and not hidden and inside.suffix.casefold() in _TABLES:
            yield from _file_or_zip(inside, named=False)


def _file_or_zip(path: Path, *, named: bool) -> Iterator[Part]:
    try:
        with path.open("rb") as file:
            begin = file.read(4)
        size = path.stat().st_size
    except OSError as error:
        raise SourceMalformed(path, f"cannot be read: {error.strerror}") from None
    if begin in (_ZIP, _EMPTY_ZIP):
        yield from _members(path)
    elif path.suffix.casefold() == ".zip":
        raise SourceMalformed(path, f"it is no zip: {_ONCE_MORE}")
    else:
        yield Part(path=path, bytes_total=size, named=named)


def _members(path: Path) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_table(one)]
    except zipfile.BadZipFile:
        raise SourceMalformed(path, _ONCE_MORE) from None
    _check_safe(path, members)
    for one in members:
        yield Part(
            path=path / one.filename,
            bytes_total=one.file_size,
            named=False,
            archive=path,
            member=one.filename,
        )


def _is_table(member: zipfile.ZipInfo) -> bool:
    name = Path(member.filename)
    aside = name.name.startswith(".") or "__MACOSX" in name.parts
    return not (member.is_dir() or aside) and name.suffix.casefold() in _TABLES - {".zip"}


def _check_safe(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a zip that unpacks to more than an export has, by what it says of itself."""
    unpack = "if you trust it, unpack it and import the folder"
    if len(members) > MOST_FILES:
        message = f"there are {len(members):,} files in the zip, more than {MOST_FILES:,}: {unpack}"
        raise SourceMalformed(path, message)
    if sum(one.file_size for one in members) > MOST_BYTES:
        message = f"the zip unpacks to more than {MOST_BYTES // 1024**3} GiB: {unpack}"
        raise SourceMalformed(path, message)
    for one in members:
        if one.flag_bits & _LOCKED:
            message = f"{one.filename} is locked by a password: unpack it first"
            raise SourceMalformed(path, message)
        if one.file_size > max(_SMALL_BYTES, MOST_SMALLER * one.compress_size):
            message = (
                f"{one.filename} unpacks to more than {MOST_SMALLER} times its size, "
                f"as no table does: {unpack}"
            )
            raise SourceMalformed(path, message)


def _of_file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        compressed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        if not compressed:
            yield from iter(lambda: raw.read(_CHUNK_BYTES), b"")
            return
        size = path.stat().st_size
        left = min(MOST_BYTES, max(_SMALL_BYTES, MOST_SMALLER * size))
        with gzip.GzipFile(fileobj=raw) as content:
            while chunk := content.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise SourceMalformed(path, _TOO_MUCH)
                yield chunk


def _of_member(archive: Path, member: str, said: int) -> Iterator[bytes]:
    left = said
    with zipfile.ZipFile(archive) as opened, opened.open(member) as content:
        while chunk := content.read(_CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"{member} is larger than the zip says")
            yield chunk
    if left:
        raise zipfile.BadZipFile(f"{member} is smaller than the zip says")
