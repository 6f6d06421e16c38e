"""For tests that rebuild read models, which is done for every tenant: where few others write."""

from pathlib import Path

import pytest


@pytest.fixture
def installation(quiet_installation: Path) -> Path:
    """Return the data directory in which the logs are short."""
    return quiet_installation
