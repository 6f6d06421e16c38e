"""The file of a backup: one log, compressed, under one hash (docs/adr/0007-backup-format.md)."""

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.eventstore.appends import SealedEvent
from opps.eventstore.transfer import Step, StoredCommand
from opps.integrations.private_files import private_file

FORMAT = 1
_MAGIC = b"opps backup "
_FIRST_LINE = _MAGIC + b"%d\n" % FORMAT
_TRAILER = b"sha256 %s\n"
_TRAILER_BYTES = len(_TRAILER % (b"0" * 64))
_CHUNK = 1 << 20

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is."""


class BackupRefused(Exception):
    """The file cannot be used as a backup; nothing was written."""


class NotABackup(BackupRefused):
    """The file is something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not a backup of opps: give a file that `opps backup` wrote")


class NewerBackup(BackupRefused):
    """The file was written by a newer version of opps."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path} has backup format {found} and this version of opps reads format {FORMAT}: "
            "install the newer version"
        )


class BackupAltered(BackupRefused):
    """The file is not as it was written."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} is damaged or was altered: {what}. Take another copy of it.")
        self.what = what


class LogLine(Struct, frozen=True, tag_field="kind", tag="log"):
    """The first line: whose log it is, and which opps wrote it."""

    tenant: UUID
    slug: str
    written_by: str


class CommandLine(StoredCommand, frozen=True, kw_only=True, tag_field="kind", tag="command"):
    """A command; its events follow it."""


class EventLine(SealedEvent, frozen=True, kw_only=True, tag_field="kind", tag="event"):
    """An event, with the header that the ledger protects."""


class EndLine(Struct, frozen=True, tag_field="kind", tag="end"):
    """The last line: how much there must be."""

    size: int
    commands: int
    recorded_at: datetime | None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(LogLine | CommandLine | EventLine | EndLine)


class BackupWriter:
    """Writes a backup beside its place and moves it there whole, when the block ends well."""

    def __init__(self, path: Path, tenant: UUID, slug: str, *, written_by: str) -> None:
        self.digest = ""
        self._path = path
        self._unfinished = path.with_name(path.name + ".unfinished")
        self._end = EndLine(0, 0, None)
        self._file = private_file(self._unfinished)
        self._hashing = _Hashing(self._file)
        self._hashing.write(_FIRST_LINE)
        # No name and no time in it: the same log gives the same file.
        self._packed = gzip.GzipFile(
            filename="", mode="wb", compresslevel=6, fileobj=self._hashing, mtime=0
        )
        self._line(LogLine(tenant, slug, written_by))

    def add(self, step: Step) -> None:
        """Write a command and its events."""
        self._line(CommandLine(**msgspec.structs.asdict(step.command)))
        for event in step.events:
            self._line(EventLine(**msgspec.structs.asdict(event)))
        at = max(step.command.recorded_at, self._end.recorded_at or step.command.recorded_at)
        self._end = EndLine(self._end.size + len(step.events), self._end.commands + 1, at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._line(self._end)
            self._packed.close()
            self.digest = self._hashing.sha256.hexdigest()
            self._file.write(_TRAILER % self.digest.encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if error is None:
            self._unfinished.replace(self._path)
        else:
            self._unfinished.unlink()

    def _line(self, line: Struct) -> None:
        self._packed.write(_ENCODER.encode(line) + b"\n")


class BackupReader:
    """Reads a backup whose hash was found right.

    Raises:
        NotABackup: the file is something else.
        NewerBackup: it was written by a newer version.
        BackupAltered: its hash is not the one it ends with.
    """

    def __init__(self, path: Path, progress: Progress = lambda done, total: None) -> None:
        self.path = path
        self.digest = _checked_digest(path, progress)
        first = next(self._lines(), None)
        if not isinstance(first, LogLine):
            raise BackupAltered(path, "it does not begin with its log")
        self.log = first

    def steps(self) -> Iterator[Step]:
        """Yield every command with its events.

        Raises:
            BackupAltered: lines are missing or in the wrong place.
        """
        size = commands = 0
        end: EndLine | None = None
        lines = self._lines()
        for line in lines:
            if isinstance(line, EndLine):
                end = line
            elif isinstance(line, CommandLine):
                step = Step(line, tuple(self._following(lines, line)))
                size, commands = size + len(step.events), commands + 1
                yield step
        if end is None or (size, commands) != (end.size, end.commands):
            raise BackupAltered(self.path, f"it holds {size} events of {commands} commands")

    def _following(self, lines: Iterator[Struct], command: CommandLine) -> Iterator[EventLine]:
        for _ in range(command.count):
            line = next(lines, None)
            if not isinstance(line, EventLine):
                raise BackupAltered(self.path, f"events of {command.command_id} are missing")
            yield line

    def _lines(self) -> Iterator[Struct]:
        with self.path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size - _TRAILER_BYTES - len(_FIRST_LINE)
            file.seek(len(_FIRST_LINE))
            with gzip.GzipFile(fileobj=BufferedReader(_Part(file, length)), mode="rb") as lines:
                try:
                    yield from map(_DECODER.decode, lines)
                except (OSError, EOFError, msgspec.DecodeError) as error:
                    raise BackupAltered(self.path, str(error)) from error


def _checked_digest(path: Path, progress: Progress) -> str:
    with path.open("rb") as file:
        _check_first_line(path, file.readline(len(_FIRST_LINE) + 20))
        total = os.fstat(file.fileno()).st_size
        length = total - _TRAILER_BYTES
        sha256 = hashlib.sha256()
        file.seek(0)
        while file.tell() < length:
            sha256.update(file.read(min(_CHUNK, length - file.tell())))
            progress(file.tell(), total)
        if file.read() != _TRAILER % sha256.hexdigest().encode():
            raise BackupAltered(path, "its hash is not the one it ends with")
    progress(total, total)
    return sha256.hexdigest()


def _check_first_line(path: Path, line: bytes) -> None:
    if line == _FIRST_LINE:
        return
    found = line.removeprefix(_MAGIC).strip()
    if line.startswith(_MAGIC) and found.isdigit():
        raise NewerBackup(path, found.decode())
    raise NotABackup(path)


class _Hashing(RawIOBase):
    """Hashes what goes into a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.sha256 = hashlib.sha256()
        self._file = file

    def write(self, written: Any) -> int:
        self.sha256.update(written)
        return self._file.write(written)


class _Part(RawIOBase):
    """The next bytes of a file, and no more than these."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file = file
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self._file.read(min(len(buffer), self._left))
        buffer[: len(read)] = read
        self._left -= len(read)
        return len(read)
