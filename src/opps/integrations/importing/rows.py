"""What a source file holds, whatever its format: cases with their rows, in the source's order."""

from collections.abc import Mapping

from msgspec import Struct

from opps.domain.times import Learned
from opps.integrations.importing.errors import RowRefused

# An opportunity is stored in one piece of at most 1,000 events; beyond this many rows no mapping
# could leave that few, and a file that is one endless case must not fill the memory.
ROWS_LIMIT = 20_000


class Row(Struct, frozen=True, kw_only=True):
    """One thing the source recorded; `learned` is None where its time cannot be read."""

    line: int
    attributes: Mapping[str, str]
    learned: Learned | None
    problem: RowRefused | None = None


class Case(Struct, frozen=True, kw_only=True):
    """The history of one opportunity in the source; `too_many` counts rows that were left out."""

    line: int
    external_id: str
    attributes: Mapping[str, str]
    rows: list[Row]
    too_many: int = 0
