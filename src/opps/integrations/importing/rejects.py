"""The files of rows that are rejected or remarked on: each with its line and what to do."""

from collections import Counter
from pathlib import Path

from opps.integrations.importing.errors import Meant
from opps.integrations.importing.report import Reason, Rejected, Remark
from opps.integrations.importing.row_file import RowFile

HELD_BACK = "HELD_BACK"
_MOST_MEANT = 10_000


class Rejects(RowFile):
    """Writes rejected rows as they come; counts why, and what may be meant by their texts."""

    columns = ("file", "line", "external_id", "code", "reason", "suggestion", "meant", "row")

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self.meant: dict[Meant, None] = {}
        self._rows: Counter[str] = Counter()
        self._first: dict[str, Rejected] = {}

    def write(self, rejected: Rejected) -> None:
        if rejected.code != HELD_BACK:
            self._rows[rejected.code] += 1
            self._first.setdefault(rejected.code, rejected)
        if rejected.meant is not None and len(self.meant) < _MOST_MEANT:
            self.meant[rejected.meant] = None
        self._write(rejected)

    def reasons(self) -> list[Reason]:
        """Return why rows were rejected, what is most common first."""
        return [
            Reason(
                code=code,
                rows=rows,
                reason=self._first[code].reason,
                suggestion=self._first[code].suggestion,
            )
            for code, rows in self._rows.most_common()
        ]


class Remarks(RowFile):
    """Writes what opportunities lack that come in all the same."""

    columns = ("file", "line", "external_id", "code", "reason", "suggestion")

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self.count = 0

    def write(self, remark: Remark) -> None:
        self.count += 1
        self._write(remark)
