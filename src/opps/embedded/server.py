"""The private server: made on first use, ready when `start` returns, gone when its parent is."""

import atexit
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from opps.embedded import files, launcher
from opps.embedded.errors import NamespaceRefused, ServerDidNotStart
from opps.embedded.process import KeptProcess, clean_environment, launch_command

SUPERUSER = "postgres"
_PORT = 5432  # names the socket file; no port is opened

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

# Replaying a long log after a crash takes its time; a server that is at it is waited for.
_READY_WITHIN_S = 600.0
_ASK_EVERY_S = 0.02


class EmbeddedPostgres:
    """A PostgreSQL of our own on a Unix socket, started by `start` or `with`.

    While it is started it is kept running: a server that dies unasked is launched again. It stops
    with this process, however that dies (outside Linux: unless that is by kill -9). With
    `durable=False` it forgets what a crash takes: for tests. `settings` are server parameters.
    """

    def __init__(
        self,
        data_directory: Path,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data_directory = data_directory.resolve()
        self.log = self.data_directory.with_name(self.data_directory.name + ".log")
        self._durable = durable
        self._sockets = files.socket_directory(self.data_directory)
        self._settings = (
            _SETTINGS
            | {"unix_socket_directories": str(self._sockets)}
            | ({} if durable else _NOT_DURABLE)
            | dict(settings or {})
        )
        self._lock: IO[str] | None = None
        self._process: KeptProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process id, or None while it is not started."""
        return self._process.pid if self._process else None

    def conninfo(self, dbname: str = "opps", user: str = SUPERUSER) -> str:
        """Return the connection string of a database; it stays the same over restarts."""
        return make_conninfo(host=str(self._sockets), port=_PORT, dbname=dbname, user=user)

    def start(self) -> None:
        """Return when the server answers and the database `opps` exists.

        Raises:
            ServerMissing: the binaries are not installed.
            NamespaceRefused: we are root and may not make a user namespace.
            OtherMajorVersion: the data was written by another major version.
            NotADataDirectory: the directory holds something else.
            DataDirectoryInUse: another process runs a server on the same data.
            ServerDidNotStart: PostgreSQL ended before it was ready.
        """
        if self._process is not None:
            return
        self._lock = files.lock(self.data_directory)
        try:
            self._turn_log()
            if not files.holds_our_data(self.data_directory):
                self._make_data_directory()
            files.make_private(self._sockets)
            self._process = KeptProcess(self._command(), self.data_directory, self.log)
            atexit.register(self.stop)
            self._await_ready(self._process)
            self._make_database("opps")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server in order; open transactions are rolled back."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a crash would, for tests; `start` brings it back."""
        self._end(signal.SIGKILL)

    def _end(self, signal_number: signal.Signals) -> None:
        atexit.unregister(self.stop)
        if self._process is not None:
            self._process.end(signal_number)
            self._process = None
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _command(self) -> list[str | Path]:
        settings = [
            part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")
        ]
        return [files.binary("postgres"), "-D", self.data_directory, "-p", str(_PORT), *settings]

    def _make_data_directory(self) -> None:
        """Make the data beside its place and move it there whole, so that no half is ever found."""
        unfinished = self.data_directory.with_name(self.data_directory.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        command: list[str | Path] = [
            files.binary("initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            # Only we may enter the socket's directory, so there is no one else to keep out.
            "--auth-local=trust",
            "--auth-host=reject",
            # Order by code point, PostgreSQL's own: no index breaks when a system library moves.
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
        ]
        with files.open_log(self.log) as log:
            status = subprocess.run(
                launch_command(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
            ).returncode
        if status == launcher.NAMESPACE_REFUSED:
            raise NamespaceRefused
        if status != 0:
            raise ServerDidNotStart(self.log, self.log.read_text(errors="replace"))
        if self.data_directory.exists():
            self.data_directory.rmdir()
        unfinished.rename(self.data_directory)

    def _turn_log(self) -> None:
        """Start a new log and keep the one before: what a crash said is still there."""
        if self.log.exists():
            self.log.replace(self.log.with_name(self.log.name + ".1"))

    def _await_ready(self, process: KeptProcess) -> None:
        give_up_at = time.monotonic() + _READY_WITHIN_S
        while process.fault is None and time.monotonic() < give_up_at:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(_ASK_EVERY_S)
            else:
                process.is_ready()
                return
        raise process.fault or ServerDidNotStart(self.log, "It is still starting.")

    def _make_database(self, name: str) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
