"""What became of the appends of this process, counted since it started."""

from collections.abc import Sequence
from threading import Lock

from msgspec import Struct

from opps.eventstore.appends import Appended
from opps.eventstore.errors import LogFault, VersionConflict
from opps.eventstore.waiting import Outcome


class Tally(Struct):
    """Counts for monitoring: `stored` appends of `events`, in `commits` that took `seconds`."""

    stored: int = 0
    events: int = 0
    replayed: int = 0
    conflicts: int = 0
    refused: int = 0
    failed: int = 0
    commits: int = 0
    seconds: float = 0.0


class Tallying:
    """Counts, for several threads."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._counting = Lock()

    @property
    def now(self) -> Tally:
        """The counts of this moment."""
        with self._counting:
            return Tally(*(getattr(self._tally, name) for name in Tally.__struct_fields__))

    def count(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """Count what became of the appends of one commit, and how long it took."""
        with self._counting:
            self._tally.commits += 1
            self._tally.seconds += seconds
            for outcome in outcomes:
                self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        tally = self._tally
        match outcome:
            case Appended(replayed=True):
                tally.replayed += 1
            case Appended(count=count):
                tally.stored += 1
                tally.events += count
            case VersionConflict():
                tally.conflicts += 1
            case LogFault():
                tally.failed += 1
            case _:
                tally.refused += 1
