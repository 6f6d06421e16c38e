"""What webhooks bring, receivers verify and read with the libraries that they have already."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any
from uuid import UUID

from opps.domain.webhooks.secret_text import text_of
from opps.integrations.standard_webhooks import signed
from opps.integrations.thin_events import CONTENT_TYPE, ThinEvent, ping, thin
from tests.conformance.judged import HERE, printed
from tests.examples.changes import DEAL, MONDAY, TENANT, score_item, zone_item
from tests.examples.events import ALL_EVENTS
from tests.examples.logged import logged

SECRET, OLD_SECRET, STRANGERS = (text_of(token_bytes(32)) for _ in range(3))
EVENTS: list[ThinEvent] = [
    thin(TENANT, logged(ALL_EVENTS[0])),
    thin(TENANT, score_item()),
    thin(TENANT, zone_item()),
    ping(TENANT, UUID(int=1), DEAL, MONDAY),
]


def message(
    event: ThinEvent,
    at: datetime,
    *,
    verified_with: str = SECRET,
    body: bytes | None = None,
    id_: str | None = None,
) -> dict[str, Any]:
    """Return what a receiver gets, and the secret that it verifies with."""
    headers = signed(str(event.id), at, event.body, [SECRET, OLD_SECRET])
    headers |= {"content-type": CONTENT_TYPE} | ({"webhook-id": id_} if id_ else {})
    content = event.body if body is None else body
    return {"secret": verified_with, "headers": headers, "body": content.decode()}


def genuine(now: datetime) -> list[dict[str, Any]]:
    """Return messages of ours, the last one verified with the secret of before."""
    return [
        *(message(one, now) for one in EVENTS),
        message(EVENTS[1], now, verified_with=OLD_SECRET),
    ]


def forged(now: datetime) -> list[dict[str, Any]]:
    """Return messages that somebody else signed, altered, or sends again later."""
    return [
        message(EVENTS[1], now, verified_with=STRANGERS),
        message(EVENTS[1], now, body=EVENTS[1].body.replace(b'"p":0.25', b'"p":0.95')),
        message(EVENTS[1], now, id_="another"),
        message(EVENTS[1], now - timedelta(minutes=6)),
        message(EVENTS[1], now + timedelta(minutes=6)),
    ]


def check(verifiers: set[str], *receiver: str) -> None:
    """Check that the genuine pass and the forged do not, and that each event says what it said."""
    now = datetime.now(UTC)
    ours, others = genuine(now), forged(now)
    found = printed(*receiver, json.dumps(ours + others))
    for one in found[: len(ours)]:
        assert {one[name] for name in verifiers} == {"genuine"}
    for one in found[len(ours) :]:
        assert {one[name] for name in verifiers} == {"WebhookVerificationError"}
    for told, one in zip(EVENTS, found, strict=False):
        said = json.loads(told.body)
        instant = said.pop("time").replace("Z", "+00:00")
        assert one["event"] == said | {"time": instant}


def test_receivers_in_node_verify_and_read_webhooks(node_clients: Path) -> None:
    check({"standardwebhooks", "svix"}, "node", str(HERE / "webhooks.cjs"))


def test_receivers_in_python_verify_and_read_webhooks(gql_python: str) -> None:
    check({"standardwebhooks"}, gql_python, str(HERE / "webhooks_receiver.py"))
