"""Group commit: one thread, one call for all that wait, a verdict for each."""

import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from threading import Condition, Event, Lock, Thread
from time import monotonic
from typing import TypeAlias
from uuid import UUID

import psycopg

from opps.eventstore.appends import Append, Appended
from opps.eventstore.batch import take_batch
from opps.eventstore.calls import append_all
from opps.eventstore.database import LogSettings, connect_writer
from opps.eventstore.errors import (
    LogClosed,
    LogFault,
    LogUnavailable,
    MalformedAppend,
    Overloaded,
    ReadOnlyDatabase,
)
from opps.eventstore.tally import Tallying
from opps.eventstore.waiting import Outcome, Waiting, deliver

_logger = logging.getLogger(__name__)

_FIRST_BACK_OFF_S = 0.02
_LONGEST_BACK_OFF_S = 1.0
# Callers that were just answered tend to come again at once. Waiting a moment for them makes one
# batch, and one flush of the disk, of what would else go on as two groups taking turns.
_GATHERING_SHARE = 0.25
_LONGEST_GATHERING_S = 0.002


Outage: TypeAlias = Callable[[], LogUnavailable]


class Committer:
    """The one writer of a process; `stored` is told the last position of each tenant that grew.

    Raises:
        UnsafeDatabase: a setting of the database could lose what was acknowledged.
        psycopg.OperationalError: the database is away.
    """

    def __init__(
        self,
        settings: LogSettings,
        stored: Callable[[dict[UUID, int]], None],
        tallying: Tallying,
    ) -> None:
        self._settings = settings
        self._stored = stored
        self._queue: deque[Waiting] = deque()
        self._changed = Condition()
        self._turn = Lock()  # held by the one who uses the connection
        self._wanted = 1
        self._expected = 0
        self._gathering_s = 0.0
        self._closing = Event()
        self._tallying = tallying
        self._outage: Outage | None = None
        self._connection: psycopg.Connection | None = None
        try:
            self._connection = connect_writer(settings)
        except ReadOnlyDatabase as error:
            self._outage = partial(ReadOnlyDatabase, str(error))  # until it is promoted
        self._thread = Thread(target=self._run, name="opps-committer", daemon=True)
        self._thread.start()

    def put(self, waiting: Waiting) -> None:
        """Queue an append.

        Raises:
            Overloaded: the queue is full.
            LogUnavailable: the database has been away for longer than patience lasts.
            ReadOnlyDatabase: it is a replica, and nobody promotes it.
            LogClosed: this committer was closed.
        """
        with self._changed:
            self._queue_up(waiting)
            if len(self._queue) >= self._wanted:
                self._changed.notify()

    def put_and_commit(self, waiting: Waiting) -> None:
        """Queue an append and, if nobody is committing just now, commit what waits.

        For a caller that waits in its own thread: two changes of threads less. Raises what `put`
        raises.
        """
        if not self._turn.acquire(blocking=False):
            self.put(waiting)
            return
        try:
            with self._changed:
                self._queue_up(waiting)
            self._commit()
        finally:
            self._turn.release()
            with self._changed:
                if self._queue or self._outage is not None:
                    self._changed.notify()

    @property
    def reads_only(self) -> bool:
        """Whether the database was a replica when it was last looked at."""
        outage = self._outage
        return outage is not None and isinstance(outage(), ReadOnlyDatabase)

    @property
    def waiting(self) -> int:
        """How many appends are queued."""
        return len(self._queue)

    def close(self) -> None:
        """Commit what is queued, then stop."""
        with self._changed:
            self._closing.set()
            self._changed.notify()
        self._thread.join()

    def _queue_up(self, waiting: Waiting) -> None:
        if self._closing.is_set():
            raise LogClosed("the log is closed")
        if self._outage is not None:
            raise self._outage()
        if len(self._queue) >= self._settings.waiting_limit:
            raise Overloaded(len(self._queue), self._settings.waiting_limit)
        self._queue.append(waiting)

    def _run(self) -> None:
        while self._await_work():
            with self._turn:
                if self._outage is not None:
                    self._recover()
                self._commit()
        with self._turn:
            self._disconnect()

    def _await_work(self) -> bool:
        with self._changed:
            if self._expected > 1 and len(self._queue) < self._expected:
                self._wait_for(self._expected, self._gathering_s)
            self._expected = 0
            while not (self._queue or self._outage is not None or self._closing.is_set()):
                self._wait_for(1, None)
            return bool(self._queue) or not self._closing.is_set()

    def _commit(self) -> None:
        """Take a batch and give each append its outcome; whoever calls this has the turn."""
        batch = take_batch(self._queue)
        began_s = monotonic()
        try:
            outcomes = self._store([waiting.append for waiting in batch]) if batch else []
        except Exception as error:
            # Whatever goes wrong with one batch must not end the only writer.
            outcomes = [error for _ in batch]
        except BaseException:
            # The thread that commits for all is interrupted: nobody may wait for ever.
            self._disconnect()
            deliver((waiting, LogUnavailable("interrupted, repeat this")) for waiting in batch)
            raise
        self._expected = len(batch) + len(self._queue)
        self._gathering_s = min(_GATHERING_SHARE * (monotonic() - began_s), _LONGEST_GATHERING_S)
        deliver(zip(batch, outcomes, strict=True))
        if batch:
            self._tallying.count(outcomes, monotonic() - began_s)
        self._announce(batch, outcomes)

    def _wait_for(self, appends: int, timeout_s: float | None) -> None:
        self._wanted = appends
        self._changed.wait(timeout_s)
        self._wanted = 1

    def _announce(self, batch: list[Waiting], outcomes: list[Outcome]) -> None:
        news: dict[UUID, int] = {}
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Appended) and outcome.last_position is not None:
                tenant = waiting.append.tenant
                news[tenant] = max(news.get(tenant, 0), outcome.last_position)
        try:
            if news:
                self._stored(news)
        except Exception:
            # They are stored; readers find them when they look by themselves.
            _logger.exception("Waking the readers of the log failed")

    def _store(self, appends: Sequence[Append]) -> list[Outcome]:
        """Store a batch; wait for a lost database as long as patience lasts.

        When the connection dies during a call, nobody knows its outcome. The call is then made
        again: what the first one stored is found under its command ids.
        """
        patient_until_s = monotonic() + self._settings.patience_s
        back_off_s = _FIRST_BACK_OFF_S
        while (outage := self._outage) is None:
            try:
                return append_all(self._connected(), appends)
            except (psycopg.Error, LogFault) as error:
                if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
                    self._disconnect()  # another server took over: find it
                if self._connection is not None and not self._connection.closed:
                    return self._store_apart(appends, error)
                if self._closing.is_set() or monotonic() >= patient_until_s:
                    self._give_up(error)
                    continue
            self._closing.wait(back_off_s * random.uniform(0.5, 1.0))
            back_off_s = min(2 * back_off_s, _LONGEST_BACK_OFF_S)
        return [outage() for _ in appends]

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = None
            self._connection = connect_writer(self._settings)
        return self._connection

    def _store_apart(self, appends: Sequence[Append], error: Exception) -> list[Outcome]:
        """Find the append that made the database refuse a whole batch; nothing of it was stored."""
        parts = _parts_to_blame(appends, error)
        if len(parts) == 1:
            return [_fault(error) for _ in appends]
        outcomes: dict[int, Outcome] = {}
        for part in parts:
            stored = self._store([appends[number] for number in part])
            outcomes.update(zip(part, stored, strict=True))
        return [outcomes[number] for number in range(len(appends))]

    def _give_up(self, error: Exception) -> None:
        with self._changed:
            outage = _outage_of(error)
            self._outage = outage
            refused = list(self._queue)
            self._queue.clear()
        deliver((waiting, outage()) for waiting in refused)

    def _recover(self) -> None:
        back_off_s = _FIRST_BACK_OFF_S
        while self._outage is not None and not self._closing.wait(back_off_s):
            try:
                self._connected()
                self._outage = None
            except (psycopg.Error, LogFault) as error:
                self._outage = _outage_of(error)
                back_off_s = min(2 * back_off_s, _LONGEST_BACK_OFF_S)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _outage_of(error: Exception) -> Outage:
    if isinstance(error, ReadOnlyDatabase | psycopg.errors.ReadOnlySqlTransaction):
        return partial(ReadOnlyDatabase, str(error))
    told = f"the database does not answer, repeat this later: {error}".strip()
    return partial(LogUnavailable, told)


def _parts_to_blame(appends: Sequence[Append], error: Exception) -> list[list[int]]:
    """Split a refused batch: singly if one of them is to blame, by tenant if a lock is."""
    if _is_about_content(error):
        return [[number] for number in range(len(appends))]
    by_tenant: dict[UUID, list[int]] = {}
    for number, append in enumerate(appends):
        by_tenant.setdefault(append.tenant, []).append(number)
    return list(by_tenant.values())


def _is_about_content(error: Exception) -> bool:
    return isinstance(
        error,
        psycopg.IntegrityError | psycopg.DataError | psycopg.errors.ProgramLimitExceeded,
    )


def _fault(error: Exception) -> Exception:
    if _is_about_content(error):
        return MalformedAppend(str(error))
    if isinstance(error, psycopg.OperationalError):
        return LogUnavailable(f"the database could not store this now, repeat it: {error}")
    return error
