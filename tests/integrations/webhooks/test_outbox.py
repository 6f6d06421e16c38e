"""What an endpoint is told of: the log, and what it led to, in one order that pages do not move."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.application import Request
from opps.application.webhooks import Carried
from opps.domain.events import OpportunityRenamed
from opps.domain.teams import AnyTeamCommand, AssignTeamMember, FormTeam
from opps.domain.webhooks.commands import EnableWebhookEndpoint
from opps.domain.webhooks.schedule import SCHEDULE
from opps.eventstore import Log, webhook_log, webhooks
from opps.eventstore.webhook_rows import LAST_KIND, Lane
from opps.eventstore.webhooks import Report
from opps.integrations.outgoing import Sent, Undelivered
from opps.integrations.webhooks import deliverer
from opps.integrations.webhooks.attempting import Post
from opps.integrations.webhooks.outbox import Message, Outbox
from opps.projections.views import Views
from tests.domain.build import CFO, an_event
from tests.domain.danger import told
from tests.domain.given import MONDAY, SELLER, at, cfo_known, opened
from tests.integrations.webhooks.office import ADMIN, Office, id_of
from tests.integrations.webhooks.receiver import Received, Receiver

renamed = OpportunityRenamed(learned=at(MONDAY), title="Line 4 widgets")
the_audit = told(an_event(consequence="A fine"), by=CFO)
EVERYTHING = ("opps.*",)


def read(office: Office, at_once: int, **of: object) -> list[Message]:
    """Return all messages of a log, read in pages of a size."""
    hook = replace(office.endpoint(office.registers(EVERYTHING)), **of)
    lane = Lane(lane_id=hook.endpoint_id, position=0, kind=LAST_KIND, ordinal=0)

    async def pages() -> list[Message]:
        found: list[Message] = []
        async with Views(office.database, connections=2) as views:
            outbox, place, full = Outbox(office.application, views, at_once), lane, True
            while full:
                page = await outbox.page(office.tenant, hook, place)
                assert page.place >= place.place
                found += page.messages
                full = page.full
                place = place.moved(page.place)
        return found

    return asyncio.run(pages())


@pytest.fixture
def busy(office: Office) -> Office:
    """Return an organisation with two deals whose scores and danger zones moved."""
    one, other = uuid4(), uuid4()
    for deal in (one, other):
        office.tells(deal, opened, cfo_known)
    office.tells(one, the_audit)
    office.projects()
    return office


def test_what_an_event_led_to_comes_right_behind_it_whatever_the_pages(busy: Office) -> None:
    whole = read(busy, 1_000)
    kinds = [one.type for one in whole if one.position == whole[0].position]

    assert [one.position for one in whole] == sorted(one.position for one in whole)
    assert "opps.ScoreChanged" in [one.type for one in whole]
    assert kinds[0] == "opps.OpportunityOpened"
    assert set(kinds[1:]) <= {"opps.ScoreChanged", "opps.DangerZoneChanged"}
    assert len({one.message_id for one in whole}) == len(whole)
    for at_once in (1, 2, 3, 7):
        assert read(busy, at_once) == whole


def test_a_replay_sends_all_that_its_last_event_led_to(
    busy: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer, "Outbox", partial(Outbox, at_once=1))
    expected = [one for one in read(busy, 1_000) if one.position == 1]
    hook = busy.registers(EVERYTHING)
    busy.projects()
    asyncio.run(busy.desk.replay_range(busy.tenant, id_of(hook), 0, 1, uuid4()))
    busy.delivers()

    assert len(expected) > 2
    assert set(receiver.ids) >= {one.message_id for one in expected}
    turned = [one for one in receiver.ids if one in {one.message_id for one in expected}]
    assert turned == [one.message_id for one in expected]


def test_an_endpoint_of_a_team_is_told_of_the_deals_of_its_sellers_alone(office: Office) -> None:
    colleague = uuid4()
    ours, theirs = uuid4(), uuid4()
    office.tells(ours, opened)
    office.tells(theirs, replace(opened, owner=colleague))
    office.projects()
    team = uuid4()
    _does(office, FormTeam(name="North", team_id=team))
    nobody = read(office, 100, team_id=team)
    _does(office, AssignTeamMember(team_id=team, member=SELLER))
    of_team = read(office, 100, team_id=team)

    assert nobody == []
    assert {one.subject for one in of_team} == {ours}
    assert read(office, 100, team_id=uuid4()) == []


def _does(office: Office, command: AnyTeamCommand) -> None:
    request = Request(tenant=office.tenant, actor=ADMIN, command_id=uuid4())
    asyncio.run(office.application.team(command, request))


def test_an_endpoint_is_told_of_scores_as_soon_as_the_read_models_show_them(
    office: Office, receiver: Receiver
) -> None:
    office.registers(["opps.ScoreChanged"])
    office.projects()
    assert office.delivers() == 0
    deal = uuid4()
    office.tells(deal, opened)
    assert office.delivers() == 0
    office.projects()
    assert office.delivers() >= 1
    [message] = receiver.received

    assert message.told["type"] == "opps.ScoreChanged"
    assert 0 < message.told["data"]["after"]["p"] < 1
    assert message.subject == deal


def test_one_organisation_sees_and_moves_nothing_of_another(
    shared: tuple[str, Log], office: Office, receiver: Receiver
) -> None:
    other = Office(*shared, receiver)
    hook = office.registers()
    office.tells(uuid4(), opened)
    receiver.always = 500
    office.delivers()
    log, theirs = office.log, other.tenant
    turn = log.run(lambda connection: webhooks.take_turn(connection, theirs))

    def meddle() -> None:
        id_ = id_of(hook)
        [waiting] = asyncio.run(_waiting(office, hook_id=id_))
        report = Report(arrived=[waiting])
        log.run(lambda one: webhooks.record(one, theirs, id_, turn, report))
        log.run(lambda one: webhook_log.forget(one, theirs, id_))

    meddle()
    assert log.run(lambda one: webhook_log.attempts(one, theirs, id_of(hook), 10)) == []
    assert office.standing(hook).waiting == 1
    assert len(office.attempts(hook)) == 1


async def _waiting(office: Office, hook_id: UUID) -> Sequence[UUID]:
    return [one.message_id for one in await office.desk.attempts(office.tenant, hook_id, 10)]


class _Crash(Exception):
    """The process ends in the middle of an attempt."""


@examples(max_examples=15)
@drawn(
    happens=st.lists(st.integers(0, 2), min_size=1, max_size=12),
    outcomes=st.lists(st.sampled_from(["arrives", "fails", "crash"]), max_size=25).filter(
        lambda found: found.count("fails") < len(SCHEDULE)  # more, and a message is given up
    ),
)
def test_whatever_fails_every_deal_is_told_in_order_at_least_once(
    shared: tuple[str, Log], happens: list[int], outcomes: list[str]
) -> None:
    receiver = Receiver()
    receiver.url = "http://127.0.0.1:9/opps"
    office, came, left = Office(*shared, receiver), list[tuple[UUID, int]](), list(outcomes)
    hook = office.registers()
    deals, positions = [uuid4() for _ in range(3)], dict[UUID, list[int]]()

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        outcome = left.pop(0) if left else "arrives"
        if outcome == "crash":
            raise _Crash
        if outcome == "fails":
            return Sent(status=500, why=Undelivered.STATUS)
        came.append(_place(body))
        return Sent(status=204)

    for one in happens:
        deal = deals[one]
        event = renamed if deal in positions else opened
        positions.setdefault(deal, []).append(office.tells(deal, event))
        _goes_on(office, hook, post)
        office.later(seconds=2)
    while _goes_on(office, hook, post):
        office.later(hours=25)

    for deal, expected in positions.items():
        firsts = list(dict.fromkeys(position for of, position in came if of == deal))
        assert firsts == expected


def _goes_on(office: Office, hook: Carried, post: Post) -> bool:
    """Let a deliverer go round; tell whether there was something to do."""
    attempts = 1
    with suppress(ExceptionGroup):
        attempts = office.delivers(post)
    if office.disabled(hook):
        office.does(EnableWebhookEndpoint(endpoint_id=id_of(hook)))
    return attempts > 0 or office.standing(hook).waiting > 0


def _place(body: bytes) -> tuple[UUID, int]:
    one = Received("", {}, body)
    return one.subject, one.position
