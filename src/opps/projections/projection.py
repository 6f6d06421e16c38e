"""What a projection is: the rows that one kind of stream leaves behind."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from opps.domain.events import DayTurned, Event, ScoringModelActivated
from opps.projections.promises import Promise
from opps.projections.steps import Kind, Step
from opps.projections.table import Row, Table


class Projection(Struct, frozen=True, kw_only=True):
    """A read model; raise `version` with any change of its tables or rows, and it is rebuilt.

    `rows` answers what a step leaves behind. With `last_only` it is asked for the last step of
    each stream in a batch. `due` is the table whose `next_step_at` says which rows time alone
    will change: those are asked for again when the clock ticks, and all of them where `by_zone` is
    set and days begin to turn in another zone. `moved_by` are the events of everybody that move
    it. `promises` are what no single row can show by itself, for `opps verify`.
    """

    name: str
    version: int
    kind: Kind
    tables: tuple[Table, ...]
    rows: Callable[[Step], Iterable[Row]]
    last_only: bool = False
    due: Table | None = None
    moved_by: tuple[type[Event], ...] = (DayTurned, ScoringModelActivated)
    by_zone: bool = False
    promises: tuple[Promise, ...] = ()
