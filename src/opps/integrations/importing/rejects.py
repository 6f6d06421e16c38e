"""The file of rejected rows: each with its line, the reason and what to do, as JSON or CSV."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import msgspec

from opps.integrations.importing.report import Rejected

_COLUMNS = ("line", "external_id", "code", "reason", "suggestion", "row")


class Rejects:
    """Writes rejected rows as they come; without a first one there is no file.

    A path that ends in `.csv` gets a CSV file, any other one JSON object a line. The rows hold what
    the source holds, so only the owner can read them.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    @property
    def written(self) -> Path | None:
        """The file, if there was a row for it."""
        return self._path if self._file is not None else None

    def write(self, rejected: Rejected) -> None:
        if self._path is None:
            return
        first = self._file is None
        file = self._file = self._file or self._opened(self._path)
        if self._path.suffix != ".csv":
            file.write(msgspec.json.encode(rejected).decode() + "\n")
            return
        rows = csv.writer(file, lineterminator="\n")
        if first:
            rows.writerow(_COLUMNS)
        *cells, row = (getattr(rejected, name) for name in _COLUMNS)
        rows.writerow([*cells, msgspec.json.encode(row).decode()])

    @staticmethod
    def _opened(path: Path) -> TextIO:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        return os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="")

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
