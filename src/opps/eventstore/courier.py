"""NOTIFY and LISTEN on a connection of their own, never inside an append.

NOTIFY takes a lock of the whole cluster when its transaction commits. A lost notification costs
a moment at most, because every reader also looks by itself.
"""

import socket
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from selectors import EVENT_READ, DefaultSelector
from threading import Event, Lock, Thread
from time import monotonic
from uuid import UUID

import psycopg

from opps.eventstore.database import LogSettings, connect_direct, is_replica

_LISTEN = "LISTEN opps_log"
_NOTIFY = "SELECT pg_notify('opps_log', tenant::text) FROM unnest(%s::uuid[]) tenant"
# At most a hundred transactions a second, however many appends there are.
_DEBOUNCE_S = 0.01
_BACK_OFF_S = 0.25


class Courier:
    """Carries wake-ups between processes; `wake` gets the tenant, or `None` for all of them."""

    def __init__(self, settings: LogSettings, wake: Callable[[UUID | None], None]) -> None:
        self._settings = settings
        self._wake = wake
        self._pending: set[UUID] = set()
        self._changing = Lock()
        self._closed = Event()
        self._thread: Thread | None = None
        self._rope, self._bell = socket.socketpair()
        self._rope.setblocking(False)
        self._bell.setblocking(False)
        self._next_send_s = 0.0

    def start(self) -> None:
        """Begin to listen, if that has not happened yet."""
        with self._changing:
            if self._thread is None and not self._closed.is_set():
                self._thread = Thread(target=self._run, name="opps-courier", daemon=True)
                self._thread.start()

    def announce(self, tenants: Iterable[UUID]) -> None:
        """Tell the other processes, soon, that these logs have grown."""
        if self._thread is None:
            self.start()
        with self._changing:
            silent = not self._pending
            self._pending.update(tenants)
        if silent:
            self._ring()

    def close(self) -> None:
        """Stop, without telling what is pending: other processes find it when they look."""
        with self._changing:
            self._closed.set()
        self._ring()
        if self._thread is not None:
            self._thread.join()
        self._rope.close()
        self._bell.close()

    def _ring(self) -> None:
        with suppress(BlockingIOError, OSError):  # it rings already, or nobody is left to hear it
            self._rope.send(b"\0")

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with closing(connect_direct(self._settings, "opps courier")) as connection:
                    self._serve(connection)
            except psycopg.Error:
                self._closed.wait(_BACK_OFF_S)

    def _serve(self, connection: psycopg.Connection) -> None:
        while not self._closed.is_set() and is_replica(connection):
            self._wake(None)  # a replica tells nobody of anything
            self._closed.wait(_BACK_OFF_S)
        # Else telling holds that lock until the disk has it, and all who tell of something wait.
        connection.execute("SET synchronous_commit = off")
        connection.execute(_LISTEN)
        self._wake(None)  # whatever was missed while nobody listened
        with DefaultSelector() as selector:
            selector.register(connection.fileno(), EVENT_READ)
            selector.register(self._bell, EVENT_READ)
            while not self._closed.is_set():
                selector.select(self._pause_s())
                with suppress(BlockingIOError):
                    self._bell.recv(1024)
                self._send(connection)
                self._receive(connection)

    def _pause_s(self) -> float | None:
        return max(0.0, self._next_send_s - monotonic()) if self._pending else None

    def _send(self, connection: psycopg.Connection) -> None:
        if not self._pending or monotonic() < self._next_send_s:
            return
        with self._changing:
            news, self._pending = list(self._pending), set()
        self._next_send_s = monotonic() + _DEBOUNCE_S
        connection.execute(_NOTIFY, [news])

    def _receive(self, connection: psycopg.Connection) -> None:
        own = connection.info.backend_pid
        for notification in connection.notifies(timeout=0):
            if notification.pid != own:
                with suppress(ValueError):  # somebody else's use of the channel
                    self._wake(UUID(notification.payload))
