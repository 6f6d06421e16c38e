"""What people use with GraphQL already works with opps, unchanged, and finds nothing wrong."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any
from uuid import uuid4

import httpx
import pytest

from opps.domain.webhooks.secret_text import text_of
from opps.integrations.standard_webhooks import signed
from opps.integrations.thin_events import thin
from tests.api.deals import opened
from tests.api.support import Api
from tests.conformance.judged import HERE, ROOT, Judged, printed
from tests.conformance.schemas import last_release, unannounced
from tests.examples.events import ALL_EVENTS
from tests.examples.logged import logged

SCHEMA = ROOT / "schema.graphql"
TITLES = ["Fleet renewal", "Cold chain", "Label printers"]
# Checks that look for 400, as an older draft had it, where the specification of September 2026
# has 422 (its section on status codes). The first says SHOULD, all others MAY.
OLDER = {
    "86EE": "variables that do not fit",
    "423L": "no query at all",
    "3E3A": "a misspelt query",
    **{f"LKJ{index}": "a query that is no text" for index in range(4)},
    **{f"6C0{index}": "an operationName that is no text" for index in range(4)},
    **{f"476{index}": "variables that are no object" for index in range(4)},
    **{f"58B{index}": "extensions that are no object" for index in range(4)},
}
SECRET = text_of(token_bytes(32))
EVENT = thin(uuid4(), logged(ALL_EVENTS[0]))


def sent(
    at: datetime | None = None, secret: str = SECRET, body: bytes = EVENT.body
) -> dict[str, Any]:
    """Return an attempt to deliver one event."""
    headers = signed(str(EVENT.id), at or datetime.now(UTC), EVENT.body, [secret])
    return {"headers": headers, "body": body.decode()}


# Twice the same, as after an answer that got lost; then somebody else's, another's, an old one.
SENT = [
    sent(),
    sent(at=datetime.now(UTC) + timedelta(seconds=5)),
    sent(secret=text_of(token_bytes(32))),
    sent(body=EVENT.body.replace(b"opps.", b"oops.")),
    sent(at=datetime.now(UTC) - timedelta(minutes=6)),
]
ANSWERED = [204, 204, 400, 400, 400]
BEFORE = "type Query { deal(id: ID!): Deal price: Int } type Deal { title: String! owner: String }"
AFTER = "type Query { deal(id: ID!, day: Int!): Deal age: Int } type Deal { title: String }"


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    """Return a client of a server that has a few deals."""
    for title in TITLES:
        opened(api, title)
    return api


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Return an invented break, and the last release beside what is to be released."""
    home = tmp_path_factory.mktemp("schemas")
    for name, text in (("before", BEFORE), ("after", AFTER), ("release", last_release())):
        (home / f"{name}.graphql").write_text(text or SCHEMA.read_text())
    return [
        (home / "before.graphql", home / "after.graphql"),
        (home / "release.graphql", SCHEMA),
    ]


@pytest.fixture(scope="module")
def judged(
    told: Api,
    node_clients: Path,
    schemas: list[tuple[Path, Path]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Judged:
    """Return what those of npm found."""
    messages = {"secret": SECRET, "sent": SENT}
    return Judged(told.url, tmp_path_factory.mktemp("judged"), schemas, messages)


def check(found: Mapping[str, Any]) -> None:
    """Check that a client got every answer, and every error with its code."""
    assert found["query"]["viewer"]["role"] == "ADMIN"
    registered = found["mutation"]["registerAccount"]
    assert registered["version"] == 0
    assert not registered["replayed"]
    assert registered["userErrors"] == []
    assert found["broken"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert found["partly"] == ["BAD_USER_INPUT"]


def check_subscription(found: Mapping[str, Any]) -> None:
    news = found["subscription"]["scoreChanged"]
    assert news["__typename"] in ("ScoreChanged", "StreamCaughtUp")


@pytest.mark.parametrize("name", ["apollo", "urql"])
def test_a_client_in_a_browser_gets_its_answers_and_errors(judged: Judged, name: str) -> None:
    check(judged.by(name))


def test_a_client_of_apollo_sends_a_text_once_and_then_its_sha_256_alone(judged: Judged) -> None:
    found = judged.by("persisted")

    assert [one["viewer"]["role"] for one in found["answers"]] == ["ADMIN", "ADMIN"]
    assert found["sent"] == ["hash", "text", "hash"]


@pytest.mark.parametrize("name", ["graphql-ws", "graphql-sse"])
def test_a_client_of_live_updates_asks_commands_and_subscribes(judged: Judged, name: str) -> None:
    found = judged.by(name)

    check(found)
    check_subscription(found)


def test_gql_fetches_the_schema_asks_commands_and_subscribes(told: Api, gql_python: str) -> None:
    found = printed(gql_python, str(HERE / "gql_client.py"), told.url, str(uuid4()))

    check(found)
    check_subscription(found)


def test_relay_turns_pages_refetches_a_deal_by_its_id_commands_and_subscribes(
    judged: Judged,
) -> None:
    found = judged.by("relay")
    first, both = found["pages"]

    assert len(first) == 2
    assert both[:2] == first
    assert sorted(both) == sorted(TITLES)
    assert 0 < found["score"]["score"]["p"] < 1
    assert not found["missing"]["ok"]
    assert len(found["missing"]["errors"]) == 1
    assert found["mutation"]["registerAccount"]["account"]["name"] == "Customer of Relay"
    check_subscription(found)


def test_every_check_passes_but_those_that_a_newer_specification_contradicts(
    judged: Judged,
) -> None:
    audits = judged.by("audits")
    failed = [one for one in audits if one["status"] != "ok"]

    assert len(audits) > 50
    assert {one["id"] for one in failed} == OLDER.keys(), failed
    assert {one["reason"] for one in failed} == {"Response status code is not 400"}
    assert not [one for one in audits if one["status"] == "error"]


def test_schema_and_operations_keep_the_rules_of_eslint_and_of_relay(judged: Judged) -> None:
    judgement = judged.by("lint")

    assert judgement["found"] == []
    assert {"fields-on-correct-type", "naming-convention"} <= {
        one["rule"] for one in judgement["bad"]
    }


def test_a_schema_that_takes_something_away_is_found_out(judged: Judged) -> None:
    invented, _ = judged.by("breaking")

    assert {one["path"] for one in invented} == {
        "Query.price",
        "Query.deal.day",
        "Deal.owner",
        "Deal.title",
    }


def test_nothing_that_was_released_is_broken_unless_the_changelog_names_it(
    judged: Judged,
) -> None:
    _, released = judged.by("breaking")

    assert unannounced(released, (ROOT / "CHANGELOG.md").read_text()) == []


def test_what_was_released_is_what_the_last_tag_has(tmp_path: Path) -> None:
    def git(*command: str) -> None:
        who = ("-c", "user.name=Release", "-c", "user.email=release@opps.example")
        subprocess.run(["git", *who, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    for schema in (BEFORE, AFTER):
        assert last_release(tmp_path) == (None if schema is BEFORE else BEFORE)
        (tmp_path / "schema.graphql").write_text(schema)
        git("add", "schema.graphql")
        git("commit", "-m", "Change the schema")
        if schema is BEFORE:
            git("tag", "v0.1.0")

    assert last_release(tmp_path) == BEFORE


def test_a_break_is_allowed_by_naming_it_among_what_is_unreleased() -> None:
    broken = [{"path": "Query.price", "message": "gone"}, {"path": "Deal.owner", "message": "gone"}]
    unreleased = "## Unreleased\n\n- `Query.price` went: ask for `deal`.\n\n"

    assert unannounced(broken, unreleased + "## 0.1.0\n\n- `Deal.owner` came.\n") == broken[1:]


def test_the_typescript_example_compiles_against_the_schema_and_does_what_it_says(
    judged: Judged,
) -> None:
    found = judged.by("typescript")

    assert found["current"], "run: make client"
    assert found["errors"] == ""
    assert "src/board.ts" in found["misspelt"]
    assert len(set(found["won"])) == 1
    assert found["moved"]["cause"] == "OpportunityOpened"
    assert {deal.partition(":")[0] for deal in found["deals"]} == set(TITLES)


def test_the_typescript_example_goes_on_where_its_line_broke_and_knows_the_end(
    judged: Judged,
) -> None:
    assert judged.by("typescript")["broken"] == {
        "asked": ["0", "4.0", "4.0", "9.1"],
        "seen": ["3.0", "4.0", "9.1"],
        "end": 403,
    }


def test_the_receiver_in_typescript_takes_each_piece_of_news_once_and_nothing_forged(
    judged: Judged,
) -> None:
    told = judged.by("typescript")["told"]

    assert told == {"answers": ANSWERED, "news": [str(EVENT.id)]}


def test_the_receiver_in_python_takes_each_piece_of_news_once_and_nothing_forged(
    gql_python: str,
) -> None:
    receiver = subprocess.Popen(
        [gql_python, str(ROOT / "examples/python/receiver.py"), "0"],
        env={**os.environ, "OPPS_WEBHOOK_SECRET": SECRET},
        stdout=subprocess.PIPE,
        text=True,
    )
    with receiver, httpx.Client(trust_env=False) as client:
        try:
            assert receiver.stdout is not None
            address = receiver.stdout.readline().split()[-1]
            answers = [
                client.post(address, content=one["body"], headers=one["headers"]) for one in SENT
            ]
        finally:
            receiver.terminate()
        news = receiver.stdout.read().splitlines()

    assert [one.status_code for one in answers] == ANSWERED
    assert news == [f"{EVENT.sequence} {EVENT.type} {EVENT.subject}"]
