"""Whether this process should be sent requests now, and why not."""

from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic

import psycopg
from msgspec import Struct

from opps.operating.looking import Replay, Seen, look

# However many ask, the database is looked at this often at most.
_LOOK_EVERY_S = 1.0
# Below this a lag is the usual pause between an event and its rows.
_A_MOMENT_S = 1.0


class Check(Struct, frozen=True):
    """One thing that must be well, and how it is."""

    good: bool
    reason: str


class State(Struct, frozen=True):
    """Whether a process is ready: when all of it is good. `seen` is what the database showed."""

    ready: bool
    checks: dict[str, Check]
    seen: Seen | None = None


class Revisions(Struct, frozen=True):
    """Which revisions of the database this version of opps knows, oldest first."""

    known: Sequence[str]

    def check(self, found: str | None) -> Check:
        """Return whether this version can work on a revision; on a newer one it goes on."""
        needed = self.known[-1]
        if found == needed:
            return Check(True, f"revision {found}")
        if found is not None and found not in self.known:
            return Check(True, f"revision {found}, newer than {needed} of this opps: it goes on")
        said = f"revision {found or 'none'}, this opps needs {needed}"
        return Check(False, f"{said}: run `opps migrate`")


class Readiness:
    """Looks when it is asked, for any thread; what was just seen is not looked at again."""

    def __init__(
        self,
        direct_url: str,
        projections: Sequence[str],
        revisions: Revisions,
        most_lag_s: int,
        draining: Callable[[], bool] = lambda: False,
        answering: Callable[[], bool] = lambda: True,
    ) -> None:
        self._direct_url = direct_url
        self._projections = projections
        self._revisions = revisions
        self._most_lag_s = most_lag_s
        self._draining = draining
        self._answering = answering
        self._looking = Lock()
        self._looked_at_s = -_LOOK_EVERY_S
        self._seen: Seen | str = "nobody has looked yet"

    def state(self) -> State:
        """Return how this process is; never raises, and answers within seconds."""
        seen = self._look()
        stopping = self._draining()
        checks = {
            "draining": Check(not stopping, "is stopping" if stopping else "no"),
            **({} if self._answering() else {"answering": Check(False, "not yet")}),
            **self._of_database(seen),
        }
        ready = all(one.good for one in checks.values())
        return State(ready, checks, None if isinstance(seen, str) else seen)

    def _look(self) -> Seen | str:
        with self._looking:
            if monotonic() - self._looked_at_s >= _LOOK_EVERY_S:
                try:
                    self._seen = look(self._direct_url, self._projections)
                except psycopg.Error as away:
                    self._seen = str(away).strip().partition("\n")[0] or type(away).__name__
                self._looked_at_s = monotonic()
            return self._seen

    def _of_database(self, seen: Seen | str) -> dict[str, Check]:
        if isinstance(seen, str):
            return {"database": Check(False, f"does not answer: {seen}")}
        return {
            "database": Check(True, "answers"),
            "migrations": self._revisions.check(seen.revision),
            "lag": self._lag(seen),
            **({} if seen.replay is None else {"replica": self._replica(seen.replay)}),
        }

    def _lag(self, seen: Seen) -> Check:
        behind = max(seen.lags, key=lambda one: one.seconds, default=None)
        if behind is None or behind.seconds < _A_MOMENT_S:
            return Check(True, "none")
        said = f"{behind.projection} is {behind.seconds:.0f} s behind ({behind.events} events)"
        if self._most_lag_s and behind.seconds > self._most_lag_s:
            return Check(False, f"{said}, {self._most_lag_s} s may be: is a projector running?")
        return Check(True, said)

    def _replica(self, replay: Replay) -> Check:
        heard = "" if replay.connected else ", and hears nothing from its primary"
        said = f"shows the primary of {replay.seconds:.0f} s ago{heard}"
        return Check(not self._most_lag_s or replay.seconds <= self._most_lag_s, said)
