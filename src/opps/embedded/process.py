"""One child process that is kept running until it is told to end, and never outlives its parent."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from opps.embedded import files, launcher
from opps.embedded.errors import (
    DataDirectoryInUse,
    EmbeddedFault,
    NamespaceRefused,
    ServerDidNotStart,
)

# Right after a kill -9 the dying children still hold the shared memory and the pid file.
_PASSING_TROUBLE = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')
_RETRY_FOR_S = 15.0
_LONGEST_PAUSE_S = 5.0
_FIRST_PAUSE_S = 0.1
_END_WITHIN_S = 60.0
_LOG_LINES_SHOWN = 20


def launch_command(command: Sequence[str | Path]) -> list[str]:
    """Return the command that runs `command` as a user PostgreSQL accepts, bound to our life."""
    script = str(Path(launcher.__file__))
    return [sys.executable, "-I", "-S", script, str(os.getpid()), *map(str, command)]


def clean_environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


class KeptProcess:
    """The server process; it is launched from a thread that lives as long as it should.

    The thread is not a matter of taste: the kernel ends the child when the *thread* that made it
    ends, so a child launched from a passing worker thread would die with that worker.
    """

    def __init__(self, command: Sequence[str | Path], data_directory: Path, log: Path) -> None:
        self.fault: EmbeddedFault | None = None
        self._command = launch_command(command)
        self._data_directory = data_directory
        self._log = log
        self._log_start = 0
        self._ready = False
        self._guard = threading.Lock()
        self._ending = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="opps-postgres", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process id now, or None before the first launch."""
        return self._child.pid if self._child else None

    def is_ready(self) -> None:
        """Note that the server has served, so that from now on its death is an accident to mend."""
        self._ready = True

    def end(self, signal_number: signal.Signals) -> None:
        """Return when the process has ended by the signal, at the latest by SIGQUIT."""
        with self._guard:
            self._ending.set()
        if self._child is not None:
            self._child.send_signal(signal_number)
            self._thread.join(_END_WITHIN_S)
            self._child.send_signal(signal.SIGQUIT)
        self._thread.join()

    def _keep(self) -> None:
        pause_s = _FIRST_PAUSE_S
        give_up_at = time.monotonic() + _RETRY_FOR_S
        while child := self._launch():
            launched_at = time.monotonic()
            status = child.wait()
            if self._ending.is_set():
                return
            if not self._ready and (time.monotonic() > give_up_at or not self._will_pass()):
                self.fault = self._diagnosis(status)
                return
            lived_long = time.monotonic() - launched_at > 2 * _LONGEST_PAUSE_S
            pause_s = _FIRST_PAUSE_S if lived_long else min(2 * pause_s, _LONGEST_PAUSE_S)
            self._ending.wait(pause_s)

    def _launch(self) -> subprocess.Popen[bytes] | None:
        with self._guard, files.open_log(self._log) as log:
            if self._ending.is_set():
                return None
            files.forget_dead_server(self._data_directory)
            files.forget_dead_socket(self._data_directory)
            self._log_start = log.tell()
            # A session of its own keeps the terminal's Ctrl-C for us: we end the server in order.
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
                start_new_session=True,
            )
            return self._child

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _will_pass(self) -> bool:
        words = self._last_words()
        return any(trouble in words for trouble in _PASSING_TROUBLE)

    def _diagnosis(self, status: int) -> EmbeddedFault:
        if status == launcher.NAMESPACE_REFUSED:
            return NamespaceRefused()
        words = self._last_words()
        if holder := re.search(r"another postmaster \(PID (\d+)\)", words):
            return DataDirectoryInUse(self._data_directory, f"PostgreSQL process {holder[1]}")
        return ServerDidNotStart(self._log, "\n".join(words.splitlines()[-_LOG_LINES_SHOWN:]))
