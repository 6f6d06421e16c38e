"""What the closed opportunities of a log teach, read from the log itself."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from opps.domain.events import Event
from opps.domain.recorded import Recorded
from opps.eventstore import Log
from opps.learning.moments import CLOSES, Silent, TrainingRow, lesson
from opps.recording import codec

_READ_AT_ONCE = 10_000
_STREAMS_AT_ONCE = 200

Advance = Callable[[int, int], None]


class Lessons(Struct, frozen=True, kw_only=True):
    """What the closed opportunities of a tenant teach, up to one position of its log.

    `closed_by` is the position at which each was closed, `silent` how many teach nothing and why.
    """

    rows: list[TrainingRow]
    closed_by: Mapping[UUID, int]
    silent: Mapping[Silent, int]
    up_to: int

    @property
    def deals(self) -> int:
        """How many opportunities teach something."""
        return len(self.closed_by)

    def by_then(self, rows: Sequence[TrainingRow], position: int) -> list[TrainingRow]:
        """Return those of some rows whose opportunities had been closed at a position."""
        return [row for row in rows if self.closed_by[row.opportunity_id] <= position]


def read_lessons(log: Log, tenant: UUID, advance: Advance = lambda done, total: None) -> Lessons:
    """Return what the closed opportunities of a tenant teach.

    Raises:
        LogUnavailable: the database is away.
    """
    head = log.head(tenant)
    up_to = 0 if head is None else head.size
    closed_by = _closed_by(log, tenant, up_to)
    streams = list(closed_by)
    rows: list[TrainingRow] = []
    silent: Counter[Silent] = Counter()
    for start in range(0, len(streams), _STREAMS_AT_ONCE):
        for history in _histories(log, tenant, streams[start : start + _STREAMS_AT_ONCE], up_to):
            taught = lesson(history)
            if isinstance(taught, Silent):
                silent[taught] += 1
                del closed_by[history[0].stream]
            else:
                rows += taught
        advance(min(start + _STREAMS_AT_ONCE, len(streams)), len(streams))
    return Lessons(rows=rows, closed_by=closed_by, silent=silent, up_to=up_to)


def _closed_by(log: Log, tenant: UUID, up_to: int) -> dict[UUID, int]:
    """Return the streams that were ever closed, with the position of the last close."""
    found: dict[UUID, int] = {}
    tags = [kind.__name__ for kind in CLOSES]
    after = 0
    while some := log.read(tenant, after, _READ_AT_ONCE, until=up_to, tags=tags):
        found.update((one.stream, one.position) for one in some)
        after = some[-1].position
    return found


def _histories(
    log: Log, tenant: UUID, streams: list[UUID], up_to: int
) -> list[list[Recorded[Event]]]:
    """Return the histories of some streams, in their order."""
    found: defaultdict[UUID, list[Recorded[Event]]] = defaultdict(list)
    for logged in log.streams(tenant, streams):
        if logged.position <= up_to:
            found[logged.stream].append(codec.decode(logged))
    return [found[stream] for stream in streams]
