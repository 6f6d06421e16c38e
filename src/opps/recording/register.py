"""Who was erased, beside the keys: what tells an older copy of a log what happened after it."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.domain.personal import ErasureLevel
from opps.recording.key_lines import END_OF_LINE, flush_directory, make_directory, write
from opps.recording.key_table import KeyTables
from opps.recording.keyring import keys_of

REGISTER = "erasures.jsonl"


class Registered(Struct, frozen=True, kw_only=True):
    """One erasure: ids only, so that the register itself tells nothing of anybody."""

    tenant: UUID
    erasure_id: UUID
    person_id: UUID
    level: ErasureLevel
    basis: str
    requested_by: UUID
    approved_by: UUID
    erased_at: datetime

    @property
    def keys(self) -> frozenset[UUID]:
        """The ids of the keys that are destroyed by it."""
        return keys_of(self.person_id, self.level)


_COLUMNS = ", ".join(Registered.__struct_fields__)
_MARKS = ", ".join(["%s"] * len(Registered.__struct_fields__))


class Register(Protocol):
    """Where erasures are written down apart from the log; nothing is ever taken from it."""

    @abstractmethod
    def of(self, tenant: UUID) -> list[Registered]:
        """Return the erasures of a tenant, oldest first."""

    @abstractmethod
    def add(self, erasure: Registered) -> None:
        """Write an erasure down durably; a second time it changes nothing."""


class MemoryRegister(Register):
    """A register that lives as long as the process: for tests and generated samples."""

    def __init__(self) -> None:
        self._held: dict[tuple[UUID, UUID], Registered] = {}

    def of(self, tenant: UUID) -> list[Registered]:
        """Return the erasures of a tenant."""
        return [one for one in self._held.values() if one.tenant == tenant]

    def add(self, erasure: Registered) -> None:
        """Remember an erasure."""
        self._held.setdefault((erasure.tenant, erasure.erasure_id), erasure)


class FileRegister(Register):
    """A register in one file that is only ever added to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, tenant: UUID) -> list[Registered]:
        """Return the erasures of a tenant."""
        return [one for one in self._lines() if one.tenant == tenant]

    def add(self, erasure: Registered) -> None:
        """Write an erasure at the end of the file, unless it is there."""
        with self._alone():
            known = {(one.tenant, one.erasure_id) for one in self._lines()}
            if (erasure.tenant, erasure.erasure_id) in known:
                return
            created = not self._path.exists()
            torn = not created and not self._path.read_bytes().endswith(END_OF_LINE)
            line = lines_of([erasure])
            write(self._path, END_OF_LINE + line if torn else line)
            if created:
                flush_directory(self._path.parent)

    def _lines(self) -> list[Registered]:
        return read_lines(self._path) if self._path.exists() else []

    @contextmanager
    def _alone(self) -> Iterator[None]:
        make_directory(self._path.parent)
        with self._path.with_suffix(".lock").open("a") as lock:
            flock(lock, LOCK_EX)
            yield


class TableRegister(Register):
    """A register in a table beside the keys, and in one of before that is only read."""

    def __init__(self, tables: KeyTables, before: Register) -> None:
        self._tables = tables
        self._before = before

    def of(self, tenant: UUID) -> list[Registered]:
        """Return the erasures of a tenant."""
        with self._tables.of(tenant) as cursor:
            cursor.execute(f"SELECT {_COLUMNS} FROM opps_keys.erasures ORDER BY number")
            named = [zip(Registered.__struct_fields__, row, strict=True) for row in cursor]
        held = [msgspec.convert(dict(one), Registered) for one in named]
        known = {one.erasure_id for one in held}
        return [one for one in self._before.of(tenant) if one.erasure_id not in known] + held

    def add(self, erasure: Registered) -> None:
        """Write an erasure into the table, unless it is there."""
        with self._tables.of(erasure.tenant) as cursor:
            cursor.execute(
                f"INSERT INTO opps_keys.erasures ({_COLUMNS})"
                f" VALUES ({_MARKS}) ON CONFLICT DO NOTHING",
                msgspec.structs.astuple(erasure),
            )


def lines_of(erasures: Iterable[Registered]) -> bytes:
    """Return erasures as they are written."""
    return b"".join(msgspec.json.encode(one) + END_OF_LINE for one in erasures)


def read_lines(path: Path) -> list[Registered]:
    """Return the erasures that a file holds, among whatever else."""
    return list(_read(path.read_bytes().split(END_OF_LINE)))


def _read(lines: Iterable[bytes]) -> Iterator[Registered]:
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=Registered)
        except msgspec.DecodeError:
            continue  # a key, or torn by a crash: the erasure is written down again
