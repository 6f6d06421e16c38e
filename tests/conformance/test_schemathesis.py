"""Whatever can be made of the schema is answered, and every error of an answer has a code."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opps.api.limits import Limits
from tests.api.support import Api, Installation, served_api

SENDER = Path(__file__).parent / "schemathesis_client.py"
# Of about as many fields; give more by hand, 3,000 take two minutes.
EXAMPLES = int(os.environ.get("OPPS_SCHEMATHESIS_EXAMPLES", "150"))


@pytest.fixture(scope="module")
def unthrottled(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server on which nobody is throttled."""
    with served_api(installation, limits=Limits(cost_per_minute=0)) as client:
        yield client


def test_no_error_lacks_a_code_and_no_query_breaks_the_server(
    unthrottled: Api, gql_python: str
) -> None:
    run = subprocess.run(
        [gql_python, str(SENDER), unthrottled.url, str(EXAMPLES)],
        capture_output=True,
        text=True,
        timeout=60 + EXAMPLES,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)

    assert told["wrong"] == []
    # It reached the server, and was both answered and refused.
    assert told["found"]["answered"] > EXAMPLES // 10
    assert told["found"]["BAD_USER_INPUT"] > EXAMPLES // 10
