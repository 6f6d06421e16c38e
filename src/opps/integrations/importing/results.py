"""The file of results: what became of each row, and the events that it is in the log."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from opps.integrations.importing.row_file import RowFile


class Outcome(StrEnum):
    """What became of a row; `OPENED` is no row, but what opened its opportunity.

    TYPED: events of its own kinds. KEPT: kept as it is. COUNTED: only counted, under a name of the
    mapping. UNCHANGED: it says what is so already. ALREADY: imported before. REJECTED: the rejects
    say why. HELD_BACK: another row of its opportunity was rejected.
    """

    OPENED = "OPENED"
    TYPED = "TYPED"
    KEPT = "KEPT"
    COUNTED = "COUNTED"
    UNCHANGED = "UNCHANGED"
    ALREADY = "ALREADY"
    REJECTED = "REJECTED"
    HELD_BACK = "HELD_BACK"


class RowResult(Struct, frozen=True, gc=False, kw_only=True):
    """What became of a row; `code` says why it was rejected, or under which name it counts."""

    line: int
    file: str | None = None
    external_id: str
    outcome: Outcome
    code: str | None
    event_ids: list[UUID]


class Results(RowFile):
    """Writes what became of each row, once its opportunity is stored: no row is remembered."""

    columns = ("file", "line", "external_id", "outcome", "code", "event_ids")

    def write(self, result: RowResult) -> None:
        self._write(result)
