"""A file with something about each row of a source, written as it comes: as JSON lines or CSV."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self, TextIO

import msgspec
from msgspec import Struct

from opps.integrations.formulas import guarded
from opps.integrations.private_files import private_text


class RowFile:
    """Writes one line at a time; without a first one there is no file.

    A path that ends in `.csv` gets a CSV file, any other one JSON object a line. The rows hold what
    the source holds, so only the owner can read them.
    """

    columns: ClassVar[tuple[str, ...]]

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    @property
    def wanted(self) -> bool:
        """Whether somebody named a file."""
        return self._path is not None

    @property
    def written(self) -> Path | None:
        """The file, if there was a row for it."""
        return self._path if self._file is not None else None

    def _write(self, one: Struct) -> None:
        if self._path is None:
            return
        first = self._file is None
        file = self._file = self._file or private_text(self._path)
        if self._path.suffix != ".csv":
            file.write(msgspec.json.encode(one).decode() + "\n")
            return
        rows = csv.writer(file, lineterminator="\n")
        if first:
            rows.writerow(self.columns)
        rows.writerow([_cell(getattr(one, name)) for name in self.columns])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


def _cell(value: Any) -> Any:
    """Return a cell; what has parts of its own is JSON in it, and no text is a formula."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, str):
        return guarded(plain)
    return msgspec.json.encode(plain).decode() if isinstance(plain, dict | list) else plain
