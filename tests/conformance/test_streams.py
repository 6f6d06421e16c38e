"""A browser's EventSource, and a client that prefers streams, follow a feed unchanged."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api
from tests.conformance.judged import HERE, printed

SHOWN = "query ($p: Position) { opportunities(atLeast: $p) { totalCount } }"
# A switch of the versions 20 and 22; older ones have no EventSource.
SWITCH = "--experimental-eventsource"


@pytest.fixture(scope="module")
def heard(api: Api, node_clients: Path) -> dict[str, Any]:
    """Return what was heard of a feed that begins with four changes."""
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)), stated(leaning(cfo)))
    payload = learned(api, id_, stated(leaning(cfo, "OPPONENT")))
    api.ask(SHOWN, p=payload["position"])
    known = subprocess.run(["node", SWITCH, "-e", "0"], capture_output=True, check=False)
    switches = [SWITCH] if known.returncode == 0 else []
    found: dict[str, Any] = printed("node", *switches, str(HERE / "streams.cjs"), api.url, "0")
    return found


def test_event_source_goes_on_by_itself_where_its_line_broke(heard: dict[str, Any]) -> None:
    if heard["eventSource"] is None:
        pytest.skip("this node has no EventSource")
    asked, items = heard["eventSource"]["asked"], heard["eventSource"]["heard"]

    assert asked == [None, items[1]["id"]]
    assert [one["id"] for one in items] == [one["cursor"] for one in items]
    assert [one["__typename"] for one in items] == ["ScoreChanged"] * 4 + ["StreamCaughtUp"]
    assert len({one["id"] for one in items[:4]}) == 4


def test_event_source_is_told_what_is_wrong_and_that_it_is_over(heard: dict[str, Any]) -> None:
    if heard["completed"] is None:
        pytest.skip("this node has no EventSource")

    assert heard["completed"] == ["GRAPHQL_VALIDATION_FAILED"]


def test_urql_follows_a_feed_over_http(heard: dict[str, Any]) -> None:
    assert [one["__typename"] for one in heard["urql"]] == ["ScoreChanged"] * 4 + ["StreamCaughtUp"]
