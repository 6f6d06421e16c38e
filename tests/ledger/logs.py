"""A log in memory, for the sealer to look at, and where the sealer keeps what it signed."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from opps.ledger.ledger import Ledger, Signed
from opps.ledger.sealer import seal
from tests.ledger.naive import leaves_of

TENANT = UUID("0190a8c4-7e2b-7c3d-9f10-2b3c4d5e6f70")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def monday() -> datetime:
    return MONDAY


class MemoryLog:
    """Leaf hashes in a list, which a test may change as it likes."""

    def __init__(self, count: int, salt: bytes = b"") -> None:
        self.hashes = leaves_of(count, salt)
        self.unsound: int | None = None
        self.restored: int | None = None
        self.holder: str | None = None

    def size(self) -> int:
        return len(self.hashes)

    def leaves(self, after: int, until: int) -> tuple[bytes, int | None]:
        found = self.unsound if self.unsound is not None and after < self.unsound <= until else None
        return b"".join(self.hashes[after:until]), found

    def restored_at(self) -> int | None:
        return self.restored

    def sealed_by(self, first_key: str | None = None, *, taking_over: bool = False) -> str | None:
        if first_key is not None and (self.holder is None or taking_over):
            self.holder = first_key
        return self.holder


def ledger_in(directory: Path) -> Ledger:
    return Ledger(directory, TENANT)


def sealed(directory: Path, log: MemoryLog, *, thorough: bool = False) -> Signed:
    """Seal a log in a directory, and return what stands."""
    return seal(ledger_in(directory), log, monday, thorough=thorough)
