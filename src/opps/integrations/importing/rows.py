"""What a source file holds, whatever its format: cases with their rows, in the source's order."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from opps.domain.opportunity.state import Opportunity
from opps.domain.times import Learned
from opps.integrations.importing.errors import RowRefused

# An opportunity is stored in one piece of at most 1,000 events; beyond this many rows no mapping
# could leave that few, and a file that is one endless case must not fill the memory.
ROWS_LIMIT = 20_000


class Row(Struct, frozen=True, kw_only=True):
    """One thing the source recorded; `learned` is None where its time cannot be read.

    Where a row of a file says several things, each is a row here, and `part` is the same for all
    of them: they are counted as one. `said` is what tells a row from others, where that is less
    than everything it holds. One with `counted` is only counted under that name, and one that is
    `silent` says nothing new.
    """

    line: int
    attributes: Mapping[str, str]
    learned: Learned | None
    problem: RowRefused | None = None
    file: str | None = None
    part: int | None = None
    said: str | None = None
    counted: str | None = None
    silent: bool = False


class PersonTold(Struct, frozen=True):
    """What a source tells of a person: a name, and an address where it has one."""

    name: str
    email: str | None = None


Settle = Callable[[Opportunity | None], Sequence[Row]]


class Case(Struct, frozen=True, kw_only=True):
    """The history of one opportunity in the source; `too_many` counts rows that were left out.

    `settle` returns what the source says of it today that its history does not lead to, given what
    was imported so far. `unopened` is why it cannot be opened: then only one that is there already
    is extended. `skipped` says that none of it is imported. `people` are those whom it names by
    their ids, where the source has names for ids.
    """

    line: int
    external_id: str
    attributes: Mapping[str, str]
    rows: list[Row]
    too_many: int = 0
    file: str | None = None
    part: int | None = None
    settle: Settle | None = None
    unopened: RowRefused | None = None
    skipped: bool = False
    people: Mapping[str, PersonTold] | None = None
