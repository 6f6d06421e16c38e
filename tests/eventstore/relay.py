"""A relay before a server's socket, which can lose the server's answers or the whole line."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Relay:
    """Listens in `directory` and passes everything on to the server of `conninfo`.

    While it is `deaf` the server's answers vanish: what was asked is done, and nobody hears of it.
    """

    def __init__(self, conninfo: str, directory: Path) -> None:
        target = conninfo_to_dict(conninfo)
        self._target = f"{target['host']}/.s.PGSQL.{target['port']}"
        self.conninfo = make_conninfo(conninfo, host=str(directory))
        self.deaf = threading.Event()
        self.swallowed = threading.Event()
        self._lines: list[socket.socket] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(f"{directory}/.s.PGSQL.{target['port']}")
        self._door.listen()
        threading.Thread(target=self._welcome, daemon=True).start()

    def cut(self) -> None:
        """Break every line."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._lines += [client, server]
                for ways in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._pass_on, args=ways, daemon=True).start()

    def _pass_on(self, giver: socket.socket, taker: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := giver.recv(65_536):
                if answers and self.deaf.is_set():
                    self.swallowed.set()
                else:
                    taker.sendall(data)
        for end in (giver, taker):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
