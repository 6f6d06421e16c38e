"""An application on a log of its own, and a caller who has opened one opportunity."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.application import Application
from opps.eventstore import (
    Log,
    LogSettings,
    register_tenant,
)
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import MemoryKeyring
from tests.application.support import Caller


@pytest.fixture
def tenant(database: str) -> UUID:
    """Return a registered tenant."""
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    """Yield the open log of the test's database."""
    with Log(LogSettings(url=database, durable=False)) as opened:
        yield opened


@pytest.fixture
def keyring() -> MemoryKeyring:
    """Return the keys of the tenant's data subjects."""
    return MemoryKeyring()


@pytest.fixture
def keyring_file(tmp_path: Path) -> FileKeyring:
    """Return keys that a file holds."""
    return FileKeyring(tmp_path / "keys.jsonl")


@pytest.fixture
def application(log: Log, keyring: MemoryKeyring) -> Application:
    """Return the commands on the log."""
    return Application(log, lambda _: keyring)


@pytest.fixture
async def caller(application: Application, tenant: UUID) -> Caller:
    """Return a caller who has opened one opportunity."""
    caller = Caller(application, tenant)
    await caller.opens()
    return caller
