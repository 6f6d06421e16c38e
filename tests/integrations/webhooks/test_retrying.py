"""What does not arrive is tried again, holds back what follows it, and ends where people see it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from opps.application import Request
from opps.application.webhooks import Carried
from opps.domain.events import OpportunityRenamed, WebhookEnd
from opps.domain.webhooks.commands import (
    ChangeWebhookEndpoint,
    EnableWebhookEndpoint,
    ReplayWebhook,
)
from opps.domain.webhooks.errors import UnknownWebhookMessage
from opps.domain.webhooks.schedule import GIVE_UP_AFTER, LOG_KEPT, SCHEDULE
from opps.eventstore.webhooks import Fenced
from opps.integrations.outgoing import Sent
from opps.integrations.webhooks import delivering
from opps.integrations.webhooks.delivering import LEFT_ALONE
from tests.domain.given import MONDAY, at, opened
from tests.integrations.webhooks.office import ADMIN, FACTS, SENDER, Office, id_of
from tests.integrations.webhooks.receiver import Answer, Received, Receiver

renamed = OpportunityRenamed(learned=at(MONDAY), title="Line 4 widgets")
DOWN = 503


def test_a_message_that_fails_holds_back_those_of_its_opportunity_and_no_others(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    stuck, fine = uuid4(), uuid4()
    receiver.of_subject[stuck] = DOWN
    first = office.tells(stuck, opened, renamed) - 1
    office.tells(fine, opened)
    office.delivers()
    assert sorted(receiver.positions) == [first, first + 2]
    assert office.standing(hook).waiting == 2

    office.tells(stuck, renamed)
    office.tells(fine, renamed)
    receiver.took()
    assert office.delivers() == 1
    assert receiver.positions == [first + 4]

    del receiver.of_subject[stuck]
    receiver.took()
    office.later(seconds=5)
    assert office.delivers() == 3
    assert receiver.positions == [first, first + 1, first + 3]
    assert office.standing(hook).waiting == 0


def test_a_message_is_tried_at_the_times_that_are_written_down_and_given_up_then(
    office: Office, receiver: Receiver
) -> None:
    hook, deal = office.registers(), uuid4()
    receiver.of_subject[deal] = DOWN
    first = office.tells(deal, opened, renamed) - 1
    began = office.clock
    office.delivers()
    for pause in SCHEDULE:
        office.clock += pause - timedelta(seconds=1)
        assert office.delivers() == 0
        office.later(seconds=1)
        assert office.delivers() >= 1

    tried = [one for one in office.attempts(hook) if one.position == first]
    assert [one.number for one in tried] == list(range(10, 0, -1))
    assert [one.tried_at - began for one in tried[::-1]] == [
        sum(SCHEDULE[:place], timedelta()) for place in range(10)
    ]
    assert len({one.message_id for one in tried}) == 1
    assert [one.position for one in office.dead(hook)] == [first]
    # Given up, it holds back nothing any more.
    assert office.attempts(hook)[0].position == first + 1


def test_each_attempt_is_signed_anew_under_the_same_id(office: Office, receiver: Receiver) -> None:
    office.registers()
    receiver.answers.append(DOWN)
    office.tells(uuid4(), opened)
    office.delivers()
    office.later(seconds=5)
    office.delivers()
    first, second = receiver.received

    assert (first.message_id, first.body) == (second.message_id, second.body)
    assert second.at - first.at == timedelta(seconds=5)
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_a_receiver_that_asks_for_time_gets_it(office: Office, receiver: Receiver) -> None:
    office.registers()
    receiver.answers.append(Answer(429, "3600"))
    office.tells(uuid4(), opened)
    office.delivers()
    office.later(seconds=3599)
    assert office.delivers() == 0
    office.later(seconds=1)

    assert office.delivers() == 1


def test_an_endpoint_that_is_gone_is_told_nothing_more_until_somebody_enables_it(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    receiver.answers.append(410)
    last = office.tells(uuid4(), opened, renamed)
    office.delivers()
    assert office.disabled(hook) is WebhookEnd.GONE
    office.later(days=3)
    assert office.delivers() == 0

    office.does(EnableWebhookEndpoint(endpoint_id=id_of(hook)))
    receiver.took()
    office.delivers()
    assert receiver.positions == [last - 1, last]


def test_an_endpoint_that_nothing_reaches_for_120_hours_is_disabled_where_people_see_it(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    receiver.always = DOWN
    last = office.tells(uuid4(), opened)
    office.delivers()
    assert office.standing(hook).failing_since == office.clock
    office.clock += GIVE_UP_AFTER - timedelta(seconds=1)
    office.delivers()
    assert office.disabled(hook) is None
    office.later(seconds=1)
    office.delivers()
    assert office.disabled(hook) is WebhookEnd.FAILING

    office.does(EnableWebhookEndpoint(endpoint_id=id_of(hook)))
    receiver.took()
    receiver.always = 204
    assert office.delivers() == 1
    assert receiver.positions == [last]
    assert office.standing(hook).failing_since is None


def test_where_nobody_tried_for_a_week_an_endpoint_is_tried_before_it_is_disabled(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    receiver.answers.append(DOWN)
    last = office.tells(uuid4(), opened)
    office.delivers()
    office.later(days=7)
    office.delivers()

    assert office.disabled(hook) is None
    assert receiver.positions == [last, last]


def test_a_new_address_is_tried_at_once_and_has_failed_at_nothing_yet(
    office: Office, receiver: Receiver
) -> None:
    hook, deal = office.registers(path="/old"), uuid4()
    receiver.of_subject[deal] = DOWN
    office.tells(deal, opened)
    office.delivers()
    for pause in SCHEDULE[:-1]:
        office.clock += pause
        office.delivers()
    receiver.took()
    receiver.of_subject.clear()
    office.does(_moved(hook, receiver.url + "/new"))

    assert office.delivers() == 1
    assert [one.path for one in receiver.received] == ["/opps/new"]


def test_an_address_that_is_gone_disables_no_other_that_took_its_place(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers(path="/old")
    receiver.answers.append(410)

    def move(one: Received) -> None:
        if one.path.endswith("old"):
            office.does(_moved(hook, receiver.url + "/new"))

    receiver.on_message = move
    office.tells(uuid4(), opened)
    office.delivers()
    assert office.disabled(hook) is None
    office.delivers()

    assert [one.path for one in receiver.received] == ["/opps/old", "/opps/new"]


def _moved(one: Carried, url: str) -> ChangeWebhookEndpoint:
    return ChangeWebhookEndpoint(endpoint_id=id_of(one), url=url, types=FACTS)


def test_one_message_that_arrives_says_that_the_endpoint_is_there(
    office: Office, receiver: Receiver
) -> None:
    hook, stuck = office.registers(), uuid4()
    receiver.of_subject[stuck] = DOWN
    office.tells(stuck, opened)
    office.delivers()
    office.later(hours=100)
    office.tells(uuid4(), opened)
    office.delivers()
    office.delivers()
    office.later(hours=30)
    office.delivers()

    assert office.disabled(hook) is None


def test_nobody_is_asked_for_a_hundred_deals_where_nobody_answers(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    receiver.always = DOWN
    for _ in range(30):
        office.tells(uuid4(), opened)
    tried = office.delivers()
    assert 3 <= tried <= 10
    assert office.standing(hook).waiting == 30

    receiver.always = 204
    receiver.took()
    office.clock += LEFT_ALONE
    assert office.delivers() == 30
    assert len(set(receiver.ids)) == 30


def test_what_happens_waits_in_the_log_while_too_much_waits_already(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MOST_WAITING", 3)
    hook, deal = office.registers(), uuid4()
    receiver.of_subject[deal] = DOWN
    office.tells(deal, opened, renamed, renamed)
    office.delivers()
    last = office.tells(uuid4(), opened)
    assert office.delivers() == 0
    assert office.standing(hook).waiting == 3

    receiver.of_subject.clear()
    office.later(seconds=5)
    office.delivers()
    assert receiver.positions[-4:] == [last - 3, last - 2, last - 1, last]


def test_what_was_given_up_is_sent_again_when_somebody_asks(
    office: Office, receiver: Receiver
) -> None:
    hook = office.registers()
    _given_up(office, receiver)
    early = office.clock
    _given_up(office, receiver)
    one, other = office.dead(hook)
    replay = office.desk.replay_dead

    assert asyncio.run(replay(office.tenant, id_of(hook), early + timedelta(seconds=1))) == 1
    assert office.delivers() == 1
    assert receiver.ids == [other.message_id]
    assert asyncio.run(replay(office.tenant, id_of(hook))) == 1
    office.delivers()
    assert receiver.ids == [other.message_id, one.message_id]
    assert office.dead(hook) == []


def _given_up(office: Office, receiver: Receiver) -> None:
    """Let one message be given up, and another arrive in the meantime."""
    deal = uuid4()
    receiver.of_subject[deal] = DOWN
    office.tells(deal, opened)
    office.delivers()
    for pause in SCHEDULE:
        office.tells(uuid4(), opened)
        office.delivers()
        office.clock += pause
        office.delivers()
    del receiver.of_subject[deal]
    receiver.took()


def test_one_message_is_sent_again_under_its_id(office: Office, receiver: Receiver) -> None:
    hook, deal = office.registers(), uuid4()
    office.tells(deal, opened, renamed)
    office.delivers()
    first, _ = receiver.took()
    asyncio.run(office.desk.replay_one(office.tenant, id_of(hook), first.message_id, uuid4()))
    assert office.delivers() == 1
    assert (receiver.ids, receiver.received[0].body) == ([first.message_id], first.body)
    assert office.delivers() == 0

    with pytest.raises(UnknownWebhookMessage):
        asyncio.run(office.desk.replay_one(office.tenant, id_of(hook), uuid4(), uuid4()))


def test_a_range_is_sent_again_also_what_happened_before_there_was_the_endpoint(
    office: Office, receiver: Receiver
) -> None:
    deal = uuid4()
    last = office.tells(deal, opened, *[renamed] * 150)
    hook = office.registers()
    after = office.tells(deal, renamed)
    office.delivers()
    assert receiver.positions == [after]
    receiver.took()
    replay = office.desk.replay_range

    assert asyncio.run(replay(office.tenant, id_of(hook), 0, last, uuid4())) == last
    office.delivers()
    assert receiver.positions == list(range(1, last + 1))
    assert asyncio.run(replay(office.tenant, id_of(hook), after, None, uuid4())) == after
    assert office.delivers() == 0
    receiver.took()
    up_to_two = ReplayWebhook(endpoint_id=id_of(hook), until=2)
    request = Request(tenant=office.tenant, actor=ADMIN, command_id=uuid4())
    asyncio.run(office.desk.replay(up_to_two, request))
    office.delivers()
    assert receiver.positions == [1, 2]


@pytest.mark.parametrize("died", [True, False])
def test_a_replay_that_is_asked_for_again_under_its_id_sends_nothing_again(
    office: Office, receiver: Receiver, died: bool
) -> None:
    hook = office.registers()
    if died:
        _given_up(office, receiver)
        message_id = office.dead(hook)[0].message_id
    else:
        office.tells(uuid4(), opened)
        office.delivers()
        message_id = receiver.took()[0].message_id
    replays = [
        ReplayWebhook(endpoint_id=id_of(hook), message_id=message_id),
        ReplayWebhook(endpoint_id=id_of(hook), after=0),
    ]
    for one in replays:
        request = Request(tenant=office.tenant, actor=ADMIN, command_id=uuid4())
        asyncio.run(office.desk.replay(one, request))
        assert office.delivers() >= 1
        asyncio.run(office.desk.replay(one, request))
        assert office.delivers() == 0


def test_what_was_tried_is_kept_for_thirty_days(office: Office, receiver: Receiver) -> None:
    hook = office.registers()
    office.tells(uuid4(), opened)
    office.delivers()
    office.clock += LOG_KEPT
    office.delivers()
    assert len(office.attempts(hook)) == 1
    office.later(seconds=1)
    office.delivers()

    assert office.attempts(hook) == []


def test_who_lost_the_turn_moves_nothing_and_what_was_sent_is_sent_again(
    office: Office, receiver: Receiver
) -> None:
    office.registers()
    last = office.tells(uuid4(), opened)
    taken_over: list[int] = []

    async def slow(url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        if not taken_over:
            taken_over.append(1)
            taken_over.append(await asyncio.to_thread(office.delivers))
        return await SENDER.post(url, headers, body)

    with pytest.raises(Fenced):
        office.delivers(slow)

    assert taken_over == [1, 1]
    assert receiver.positions == [last, last]
    assert len(set(receiver.ids)) == 1
    assert office.delivers() == 0
