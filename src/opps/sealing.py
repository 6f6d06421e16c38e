"""The logs that grew are sealed every now and then, in a thread of their own."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

from opps.eventstore import Log, LogFault
from opps.ledger.errors import LedgerRefused
from opps.ledger.ledger import Ledger
from opps.ledger.sealer import seal

logger = logging.getLogger(__name__)


def now() -> datetime:
    """Return what the sealer's clock says."""
    return datetime.now(UTC)


class TenantLeaves:
    """The log of one tenant, as its sealer sees it."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self._log = log
        self._tenant = tenant

    def size(self) -> int:
        """Return how many events it holds."""
        head = self._log.head(self._tenant)
        return 0 if head is None else head.size

    def leaves(self, after: int, until: int) -> tuple[bytes, int | None]:
        """Return leaf hashes in one row, and the first position where one is wrong."""
        return self._log.leaves(self._tenant, after, until)


class Sealing:
    """Seals the logs of all tenants in rounds; each one is compared from its start on, once."""

    def __init__(
        self,
        log: Log,
        tenants: Callable[[], Iterable[UUID]],
        ledger_of: Callable[[UUID], Ledger],
        every_s: float,
    ) -> None:
        self._log = log
        self._tenants = tenants
        self._ledger_of = ledger_of
        self._every_s = every_s
        self._compared: set[UUID] = set()
        self._refused: dict[UUID, str] = {}
        self._closed = Event()
        self._thread = Thread(target=self._run, name="opps-sealer", daemon=True)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                tenants = list(self._tenants())
            except Exception as error:
                logger.warning("the sealer waits for the list of tenants: %s", error)
                tenants = []
            for tenant in tenants:
                self._seal(tenant)
            self._closed.wait(self._every_s)

    def _seal(self, tenant: UUID) -> None:
        leaves = TenantLeaves(self._log, tenant)
        try:
            if not leaves.size():
                return
            seal(self._ledger_of(tenant), leaves, now, thorough=tenant not in self._compared)
            self._compared.add(tenant)
            self._refused.pop(tenant, None)
        except LedgerRefused as refused:
            # Told once: it stays so until somebody does something.
            if self._refused.get(tenant) != str(refused):
                logger.error("the log of tenant %s is not sealed: %s", tenant, refused)
            self._refused[tenant] = str(refused)
        except LogFault as error:
            logger.warning("the sealer waits for the database: %s", error)
        except Exception:
            # One tenant's trouble must not keep the others from being sealed.
            logger.exception("the sealer of tenant %s stumbled, and tries again", tenant)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._thread.join()
