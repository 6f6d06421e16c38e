"""The logs that grew are sealed every now and then, in a thread of their own."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from opps.eventstore import Log
from opps.eventstore.tenants import claim_ledger
from opps.eventstore.transfer import restore_stream
from opps.ledger.errors import LedgerRefused
from opps.ledger.ledger import Ledger
from opps.ledger.sealer import seal
from opps.rounds import Rounds

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

    def restored_at(self) -> int | None:
        """Return the first position at which it says that it was restored, None if it never was."""
        told = self._log.stream(self._tenant, restore_stream(self._tenant), limit=1)
        return told[0].position if told else None

    def sealed_by(self, first_key: str | None = None, *, taking_over: bool = False) -> str | None:
        """Return the first key of the ledger that seals this log: the given one if none did."""
        claim = partial(
            claim_ledger, tenant=self._tenant, first_key=first_key, taking_over=taking_over
        )
        return self._log.run(claim)


class _Closing(Exception):
    """The process ends: what was not signed by then is signed by the next one."""


class Sealing(Rounds):
    """Seals the logs of all tenants that have one, each compared as a whole the first time."""

    def __init__(
        self,
        log: Log,
        tenants: Callable[[], Iterable[UUID]],
        ledger_of: Callable[[UUID], Ledger],
        every_s: float,
    ) -> None:
        super().__init__("sealer", tenants, self._seal, every_s)
        self._log = log
        self._ledger_of = ledger_of
        self._compared: set[UUID] = set()
        self._refused: dict[UUID, str] = {}

    def _seal(self, tenant: UUID) -> None:
        if self._log.reads_only:
            return  # a replica may lack what was signed already
        leaves = _WhileOpen(self._log, tenant, self)
        if not leaves.size():
            return
        try:
            seal(self._ledger_of(tenant), leaves, now, thorough=tenant not in self._compared)
        except _Closing:
            return
        except LedgerRefused as refused:
            # Told once: it stays so until somebody does something.
            if self._refused.get(tenant) != str(refused):
                logger.error("the log of tenant %s is not sealed: %s", tenant, refused)
            self._refused[tenant] = str(refused)
            return
        self._compared.add(tenant)
        self._refused.pop(tenant, None)


class _WhileOpen(TenantLeaves):
    """A log that is read as long as the rounds go on: a long one takes many seconds."""

    def __init__(self, log: Log, tenant: UUID, rounds: Rounds) -> None:
        super().__init__(log, tenant)
        self._rounds = rounds

    def leaves(self, after: int, until: int) -> tuple[bytes, int | None]:
        """Return what `TenantLeaves` does, unless it is time to stop."""
        if self._rounds.closing:
            raise _Closing
        return super().leaves(after, until)
