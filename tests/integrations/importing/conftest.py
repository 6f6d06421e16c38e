"""The commands of opps on the log of a test, on a day after everything that the tests import."""

from uuid import UUID

import pytest

from opps.application import Application
from opps.eventstore import Log
from opps.recording.keyring import MemoryKeyring
from tests.integrations.importing.support import TODAY


@pytest.fixture
def application(log: Log) -> Application:
    keys: dict[UUID, bytes] = {}
    return Application(log, lambda tenant: MemoryKeyring(keys), lambda: TODAY)
