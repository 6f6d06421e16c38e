"""What is done for every tenant again and again, in a thread that nothing stops."""

import logging
from collections.abc import Callable, Iterable
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

from opps.eventstore import LogFault, ReadOnlyDatabase


class Rounds:
    """Visits every tenant, rests, and begins again until closed.

    `name` is what goes round, such as "clock", in what it tells when something is in its way.
    """

    def __init__(
        self,
        name: str,
        tenants: Callable[[], Iterable[UUID]],
        visit: Callable[[UUID], object],
        every_s: float,
    ) -> None:
        self._name = name
        self._tenants = tenants
        self._visit = visit
        self._every_s = every_s
        self._said: str | None = None
        self._logger = logging.getLogger(f"opps.{name}")
        self._closed = Event()
        self._thread = Thread(target=self._run, name=f"opps-{name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._closed.set()
        self._thread.join()

    @property
    def closing(self) -> bool:
        """Whether it was told to stop: a long visit looks now and then, and gives up."""
        return self._closed.is_set()

    def _run(self) -> None:
        while not self._closed.is_set():
            for tenant in self._listed():
                self._go_to(tenant)
            self._closed.wait(self._every_s)

    def _listed(self) -> list[UUID]:
        try:
            found = list(self._tenants())
        except Exception as error:
            if str(error) != self._said:  # once for each reason, however often it looks
                self._said = str(error)
                self._logger.warning("the %s waits for the list of tenants: %s", self._name, error)
            return []
        self._said = None
        return found

    def _go_to(self, tenant: UUID) -> None:
        try:
            self._visit(tenant)
        except ReadOnlyDatabase:
            return  # a replica: whoever writes to the primary goes round there
        except LogFault as error:
            self._logger.warning("the %s waits for the database: %s", self._name, error)
        except Exception:
            # One tenant's trouble must not keep the others waiting.
            told = "the %s of tenant %s stumbled, and tries again"
            self._logger.exception(told, self._name, tenant)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
