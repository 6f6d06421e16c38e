"""Webhook endpoints over the API: registered, tried, looked at, and sent to once more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from opps.integrations.outgoing import Allowed, Sender
from opps.integrations.webhooks import Deliverer, Outside
from tests.api.deals import opened
from tests.api.support import Api, Installation
from tests.integrations.webhooks.receiver import Receiver, receiving

SENDER = Sender(Allowed.read("http://127.0.0.1"))
SHOWN = (
    "webhookEndpoint { endpointId url types opportunityIds disabled secrets { secretId until } "
    "standing { deliveredAt failingSince waiting dead } }"
)
ENDPOINTS = """{ webhookEndpoints { endpointId disabled standing { waiting }
  attempts(first: 2) { nodes { messageId type status why number } pageInfo { endCursor } }
  deadLetters { nodes { messageId diedAt } } } }"""


@pytest.fixture
def receiver(installation: Installation) -> Iterator[Receiver]:
    """Yield a receiver that webhooks may be sent to."""
    desk = installation.application.webhook_desk
    desk.reach_by(lambda: Outside(desk, SENDER))
    with receiving() as one:
        yield one


@pytest.fixture
def endpoint(api: Api, receiver: Receiver) -> Iterator[str]:
    """Yield the id of an endpoint that is told of openings."""
    wanted = {"url": receiver.url, "types": ["opps.OpportunityOpened"]}
    made = api.done("registerWebhookEndpoint", "webhookEndpoint { endpointId }", **wanted)
    id_ = made["webhookEndpoint"]["endpointId"]
    yield id_
    api.done("removeWebhookEndpoint", endpointId=id_)


def delivers(of: Installation) -> int:
    """Let a deliverer go round once; return the attempts."""

    return Deliverer(of.application, of.database, lambda: [of.tenant], SENDER.post).visit(of.tenant)


def test_an_endpoint_is_registered_changed_and_removed(api: Api, receiver: Receiver) -> None:
    command_id = str(uuid4())
    wanted = {"url": receiver.url, "types": ["opps.*"], "commandId": command_id}
    made = api.done("registerWebhookEndpoint", f"secret {SHOWN}", **wanted)
    again = api.done("registerWebhookEndpoint", f"replayed secret {SHOWN}", **wanted)
    id_ = made["webhookEndpoint"]["endpointId"]
    deal = opened(api, "Fleet renewal")
    rotated = api.done("rotateWebhookSecret", f"secret {SHOWN}", endpointId=id_)
    changed = api.done(
        "changeWebhookEndpoint",
        SHOWN,
        endpointId=id_,
        url=receiver.url,
        types=["opps.*"],
        opportunityIds=[deal],
    )
    off = api.done("disableWebhookEndpoint", SHOWN, endpointId=id_)
    on = api.done("enableWebhookEndpoint", SHOWN, endpointId=id_)
    removed = api.done("removeWebhookEndpoint", SHOWN, endpointId=id_)

    assert changed["webhookEndpoint"]["opportunityIds"] == [deal]
    assert made["secret"].startswith("whsec_")
    assert (again["replayed"], again["secret"]) == (True, None)
    assert rotated["secret"] not in (None, made["secret"])
    assert len(rotated["webhookEndpoint"]["secrets"]) == 2
    assert changed["webhookEndpoint"]["types"] == ["opps.*"]
    assert (off["webhookEndpoint"]["disabled"], on["webhookEndpoint"]["disabled"]) == (
        "BY_HAND",
        None,
    )
    assert removed["webhookEndpoint"] is None
    assert api.ask("{ webhookEndpoints { endpointId } }")["webhookEndpoints"] == []


def test_people_see_what_was_tried_and_send_it_again(
    api: Api, installation: Installation, receiver: Receiver, endpoint: str
) -> None:
    opened(api, "Fleet renewal")
    receiver.answers.append(500)
    assert delivers(installation) == 1
    [shown] = api.ask(ENDPOINTS)["webhookEndpoints"]
    [failed] = shown["attempts"]["nodes"]
    assert (failed["status"], failed["why"], failed["number"]) == (500, "STATUS", 1)
    assert shown["standing"]["waiting"] == 1
    again = {"endpointId": endpoint, "messageId": failed["messageId"]}
    replayed = api.done("replayWebhook", SHOWN, **again)
    assert replayed["webhookEndpoint"]["standing"]["failingSince"] is not None

    everything = api.done("replayWebhook", endpointId=endpoint, after=0)
    dead = api.done("replayWebhook", endpointId=endpoint, failedSince=datetime.now(UTC).isoformat())
    beyond = api.done("replayWebhook", endpointId=endpoint, after=2**40, until=2**63 - 1)
    assert (everything["userErrors"], dead["userErrors"], beyond["userErrors"]) == ([], [], [])
    delivers(installation)
    assert UUID(failed["messageId"]) in receiver.ids
    assert api.refused("replayWebhook", endpointId=endpoint, messageId=str(uuid4()))["code"] == (
        "UNKNOWN_WEBHOOK_MESSAGE"
    )


def test_a_ping_is_sent_once_for_each_time_that_it_is_asked_for(
    api: Api, receiver: Receiver, endpoint: str
) -> None:
    shown = "attempt { status why type messageId }"
    asked = {"endpointId": endpoint, "commandId": str(uuid4())}
    first = api.done("pingWebhookEndpoint", shown, **asked)
    repeated = api.done("pingWebhookEndpoint", shown, **asked)
    receiver.always = 404
    failed = api.done("pingWebhookEndpoint", shown, endpointId=endpoint)
    page = api.ask(ENDPOINTS)["webhookEndpoints"][0]["attempts"]
    behind = api.ask(
        "query More($after: String) { webhookEndpoints { attempts(after: $after) "
        "{ nodes { messageId } } } }",
        after=page["pageInfo"]["endCursor"],
    )

    assert (first["attempt"]["status"], first["attempt"]["type"]) == (204, "opps.Ping")
    assert repeated["attempt"] == first["attempt"]
    assert (failed["attempt"]["status"], failed["attempt"]["why"]) == (404, "STATUS")
    assert [one["status"] for one in page["nodes"]] == [404, 204]
    assert len(receiver.received) == 2
    assert behind["webhookEndpoints"][0]["attempts"]["nodes"] == []


@pytest.mark.parametrize(
    ("url", "types", "code"),
    [
        ("https://10.0.0.1/", ["opps.*"], "WEBHOOK_URL_REFUSED"),
        ("ftp://hooks.example.com/", ["opps.*"], "WEBHOOK_URL_REFUSED"),
        ("https://93.184.216.34/", ["opps.ApiKeyIssued"], "UNKNOWN_WEBHOOK_TYPES"),
    ],
)
def test_what_cannot_be_told_is_refused(
    api: Api, receiver: Receiver, url: str, types: list[str], code: str
) -> None:
    assert api.refused("registerWebhookEndpoint", url=url, types=types)["code"] == code


def test_an_endpoint_of_nobody_is_told_as_such(api: Api, receiver: Receiver) -> None:
    for name in ("pingWebhookEndpoint", "replayWebhook", "rotateWebhookSecret"):
        refused = api.refused(name, endpointId=str(uuid4()))
        assert refused["code"] == "UNKNOWN_WEBHOOK_ENDPOINT"


def test_everybody_sees_what_can_be_told(api: Api) -> None:
    types = api.ask("{ webhookTypes }")["webhookTypes"]

    assert types[0] == "opps.*"
    assert "opps.ScoreChanged" in types


def test_an_id_of_no_opportunity_is_refused_where_it_stands(api: Api, receiver: Receiver) -> None:
    wanted = {"url": receiver.url, "types": ["opps.*"], "opportunityIds": ["nonsense"]}
    refused = api.refused("registerWebhookEndpoint", **wanted)

    assert refused["path"] == ["input", "opportunityIds", "0"]
