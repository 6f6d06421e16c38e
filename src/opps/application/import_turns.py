"""Imports of a tenant may run beside each other; a revert runs alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from opps.domain.import_errors import ImportUnderWay
from opps.eventstore import Log

# Any number that nobody else locks in this database.
_IMPORTS = 0x696D70


@contextmanager
def importing(log: Log, tenant: UUID) -> Iterator[None]:
    """Let no import be reverted within the block.

    Raises:
        ImportUnderWay: one is being reverted.
        LogUnavailable: the database is away.
    """
    with log.turn(tenant, _IMPORTS, "opps import", alone=False) as ours:
        if not ours:
            raise ImportUnderWay
        yield


@contextmanager
def reverting(log: Log, tenant: UUID) -> Iterator[None]:
    """Let nothing be imported or reverted within the block.

    Raises:
        ImportUnderWay: something is.
        LogUnavailable: the database is away.
    """
    with log.turn(tenant, _IMPORTS, "opps revert", alone=True) as ours:
        if not ours:
            raise ImportUnderWay
        yield
