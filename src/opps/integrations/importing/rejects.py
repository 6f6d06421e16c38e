"""The file of rejected rows: each with its line, the reason and what to do."""

from opps.integrations.importing.report import Rejected
from opps.integrations.importing.row_file import RowFile


class Rejects(RowFile):
    """Writes rejected rows as they come."""

    columns = ("file", "line", "external_id", "code", "reason", "suggestion", "row")

    def write(self, rejected: Rejected) -> None:
        self._write(rejected)
