"""What happened is sent to who asked for it: signed, in order for each deal, at least once."""

from pathlib import Path
from uuid import uuid4

import pytest

from opps.domain.events import OpportunityRenamed
from opps.domain.webhooks.commands import (
    ChangeWebhookEndpoint,
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    RegisterWebhookEndpoint,
    RemoveWebhookEndpoint,
    RotateWebhookSecret,
)
from opps.domain.webhooks.errors import WebhookUrlRefused
from opps.integrations.outgoing import Undelivered
from opps.integrations.standard_webhooks import signed
from opps.recording.keyring import MemoryKeyring
from tests.domain.given import MONDAY, at, opened
from tests.integrations.webhooks.office import FACTS, Office, id_of
from tests.integrations.webhooks.receiver import Receiver

renamed = OpportunityRenamed(learned=at(MONDAY), title="Line 4 widgets")


def test_what_happens_from_its_registration_on_is_sent_once_and_in_order(
    office: Office, receiver: Receiver
) -> None:
    deal, other = uuid4(), uuid4()
    office.tells(deal, opened)
    hook = office.registers()
    last = office.tells(deal, renamed, renamed)
    office.tells(other, opened)

    assert office.delivers() == 3
    assert [one.position for one in receiver.received if one.subject == deal] == [last - 1, last]
    assert {one.told["type"] for one in receiver.received} == {
        "opps.OpportunityOpened",
        "opps.OpportunityRenamed",
    }
    assert office.delivers() == 0
    assert office.standing(hook).delivered_at == office.clock


def test_a_message_is_signed_with_the_secret_that_was_shown_once(
    office: Office, receiver: Receiver
) -> None:
    command_id = uuid4()
    hook = office.registers()
    office.tells(uuid4(), opened)
    office.delivers()
    [message] = receiver.received

    assert hook.secret is not None
    expected = signed(message.headers["webhook-id"], office.clock, message.body, [hook.secret])
    assert message.headers["webhook-signature"] == expected["webhook-signature"]
    assert message.headers["webhook-timestamp"] == expected["webhook-timestamp"]
    assert message.headers["content-type"] == "application/cloudevents+json"
    rotate = RotateWebhookSecret(endpoint_id=id_of(hook))
    assert office.does(rotate, command_id).secret is not None
    assert office.does(rotate, command_id).secret is None


def test_both_secrets_sign_for_a_day_after_a_rotation(office: Office, receiver: Receiver) -> None:
    hook = office.registers()
    rotated = office.does(RotateWebhookSecret(endpoint_id=id_of(hook)))
    office.tells(uuid4(), opened)
    office.delivers()
    office.later(hours=24)
    office.tells(uuid4(), opened)
    office.delivers()
    both, one = receiver.received

    assert hook.secret is not None
    assert rotated.secret is not None
    told = [rotated.secret, hook.secret]
    assert both.headers | signed(both.headers["webhook-id"], both.at, both.body, told) == (
        both.headers
    )
    told = [rotated.secret]
    assert one.headers | signed(one.headers["webhook-id"], one.at, one.body, told) == one.headers


def test_without_its_keys_a_log_sends_nothing_and_takes_the_keys_that_come_later(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    secret_id = office.endpoint(hook).secrets[0].secret_id
    assert isinstance(office.keyring, MemoryKeyring)
    key = office.keyring.keys.pop(secret_id)
    office.tells(uuid4(), opened)
    assert office.delivers() == 1
    [attempt] = office.attempts(hook)

    assert (attempt.why, attempt.status) == ("SECRET_MISSING", None)
    assert receiver.received == []
    assert secret_id not in office.keyring.keys
    office.keyring.keys[secret_id] = key
    office.later(seconds=5)
    assert office.delivers() == 1
    assert len(receiver.received) == 1


def test_why_a_message_did_not_arrive_is_told_by_names_that_the_page_explains() -> None:
    page = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
    explained = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]

    assert sorted(set(explained) - {"why"}) == sorted(Undelivered)


def test_a_secret_that_signs_no_more_is_destroyed(office: Office) -> None:
    hook = office.registers()
    rotate = RotateWebhookSecret(endpoint_id=id_of(hook), at_once=True)
    office.does(rotate)
    old, new = office.endpoint(hook).secrets[-1], office.endpoint(hook).secrets[0]

    assert old.secret_id in office.keyring.destroyed()
    assert new.secret_id not in office.keyring.destroyed()


def test_an_endpoint_is_told_of_its_types_and_opportunities_alone(
    office: Office, receiver: Receiver
) -> None:
    deal, other = uuid4(), uuid4()
    office.registers(["opps.OpportunityRenamed"], opportunities=[deal])
    for one in (deal, other):
        office.tells(one, opened, renamed)

    assert office.delivers() == 1
    [message] = receiver.received
    assert (message.subject, message.told["type"]) == (deal, "opps.OpportunityRenamed")


def test_each_endpoint_is_told_by_itself(office: Office, receiver: Receiver) -> None:
    office.registers(path="/one")
    office.registers(path="/two")
    office.tells(uuid4(), opened)
    receiver.answers.append(500)
    office.delivers()

    assert sorted(one.path for one in receiver.received) == ["/opps/one", "/opps/two"]
    assert len(set(receiver.ids)) == 1


def test_what_happens_while_an_endpoint_is_disabled_waits_in_the_log(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    office.does(DisableWebhookEndpoint(endpoint_id=id_of(hook)))
    last = office.tells(uuid4(), opened, renamed)

    assert office.delivers() == 0
    office.does(EnableWebhookEndpoint(endpoint_id=id_of(hook)))
    assert office.delivers() == 2
    assert receiver.positions == [last - 1, last]


def test_an_endpoint_that_changed_is_told_of_other_things_at_another_address(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    office.does(
        ChangeWebhookEndpoint(
            endpoint_id=id_of(hook), url=receiver.url + "/v2", types=("opps.OpportunityRenamed",)
        )
    )
    office.tells(uuid4(), opened, renamed)
    office.delivers()

    assert [one.path for one in receiver.received] == ["/opps/v2"]


def test_an_endpoint_that_was_removed_is_told_nothing_and_leaves_nothing_behind(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    office.tells(uuid4(), opened)
    receiver.always = 500
    office.delivers()
    assert hook.endpoint is not None
    secret_id = hook.endpoint.secrets[0].secret_id
    office.does(RemoveWebhookEndpoint(endpoint_id=id_of(hook)))

    assert office.attempts(hook) == []
    assert office.standing(hook).waiting == 0
    assert secret_id in office.keyring.destroyed()
    receiver.took()
    assert office.delivers() == 0


def test_a_long_backlog_is_sent_page_by_page_without_a_gap(
    office: Office, receiver: Receiver
) -> None:
    office.registers()
    deal = uuid4()
    last = office.tells(deal, opened, *[renamed] * 249)

    assert office.delivers() == 250
    assert receiver.positions == list(range(last - 249, last + 1))


def test_a_ping_says_whether_messages_arrive(office: Office, receiver: Receiver) -> None:
    hook = office.registers()
    receiver.answers.append(500)
    failed, arrived = office.pings(hook), office.pings(hook)

    assert (failed.status, failed.why, arrived.status, arrived.why) == (500, "STATUS", 204, None)
    assert [one.type for one in office.attempts(hook)] == ["opps.Ping", "opps.Ping"]
    assert office.standing(hook).waiting == 0
    assert receiver.received[-1].told["type"] == "opps.Ping"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://10.0.0.1/", "10.0.0.1"),
        ("http://8.8.8.8/", "https"),
        ("https://hooks.example.com\\@127.0.0.1/", "plain https address"),
    ],
)
def test_an_address_that_leads_inside_is_refused_when_it_is_given(
    office: Office, url: str, told: str
) -> None:
    hook = office.registers()
    with pytest.raises(WebhookUrlRefused, match=told):
        office.does(RegisterWebhookEndpoint(url=url, types=FACTS))
    with pytest.raises(WebhookUrlRefused, match=told):
        office.does(ChangeWebhookEndpoint(endpoint_id=id_of(hook), url=url, types=FACTS))
