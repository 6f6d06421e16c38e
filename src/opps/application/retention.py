"""How long saved reads are kept: what is older is deleted, round by round."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from opps.eventstore import Log
from opps.eventstore.reads import forget_reads
from opps.rounds import Rounds

EVERY_S = 3_600.0


def forget_old_reads(log: Log, tenant: UUID, keep_days: int, now: datetime) -> int:
    """Delete the reads of more than so many days ago, and return how many."""
    before = now - timedelta(days=keep_days)
    return log.run(partial(forget_reads, tenant=tenant, before=before))


def forgetting(
    log: Log,
    tenants: Callable[[], Iterable[UUID]],
    keep_days: int,
    now: Callable[[], datetime],
    every_s: float = EVERY_S,
) -> Rounds:
    """Return what deletes old reads of every tenant now and then, within a `with` block."""

    def visit(tenant: UUID) -> None:
        forget_old_reads(log, tenant, keep_days, now())

    return Rounds("retention", tenants, visit, every_s)
