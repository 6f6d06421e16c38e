"""A running server, and clients that were installed apart from opps."""

import os
import shutil
from pathlib import Path

import pytest

from tests.api.conftest import api, installation

__all__ = ["api", "installation"]


@pytest.fixture(scope="session")
def node_clients() -> Path:
    """Return where npm put what package-lock.json names; .ci/run says so."""
    home = os.environ.get("OPPS_NODE_CLIENTS")
    if not home or not shutil.which("node"):
        pytest.skip("set OPPS_NODE_CLIENTS to a folder where `npm ci` ran, and install node")
    return Path(home)


@pytest.fixture(scope="session")
def gql_python() -> str:
    """Return the Python that has gql; .ci/run says so."""
    python = os.environ.get("OPPS_GQL_PYTHON")
    if not python:
        pytest.skip("set OPPS_GQL_PYTHON to a Python that has gql")
    return python
