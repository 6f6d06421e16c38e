"""A deliverer in a process: killed, closed in the middle, taken over from; nothing is skipped."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic
from uuid import uuid4

from opps.domain.events import LogRestored, OpportunityRenamed
from opps.domain.webhooks.commands import RemoveWebhookEndpoint
from opps.eventstore import Log
from opps.eventstore.transfer import restore_stream
from opps.eventstore.webhook_rows import Standing
from opps.integrations.standard_webhooks import signed
from opps.recording.key_file import FileKeyring
from tests.domain.given import MONDAY, at, opened
from tests.integrations.webhooks.office import Office, id_of
from tests.integrations.webhooks.receiver import Received, Receiver
from tests.support import eventually

renamed = OpportunityRenamed(learned=at(MONDAY), title="Line 4 widgets")
CHILD = "tests.integrations.webhooks.killed_child"


def test_killed_before_it_kept_what_it_sent_it_sends_it_again_and_skips_nothing(
    shared: tuple[str, Log], receiver: Receiver, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.jsonl"
    office = Office(*shared, receiver, FileKeyring(keys))
    hook = office.registers()
    last = office.tells(uuid4(), opened, *[renamed] * 5)
    command = [sys.executable, "-m", CHILD, office.database, str(office.tenant), str(keys)]
    child = subprocess.Popen(command)

    def kill(one: Received) -> None:
        if one.position == last - 3:
            os.kill(child.pid, signal.SIGKILL)

    receiver.on_message = kill
    assert child.wait() == -signal.SIGKILL
    before = receiver.took()
    receiver.on_message = lambda _: None
    office.delivers()
    after = receiver.received

    assert [one.position for one in before] == [last - 5, last - 4, last - 3]
    assert receiver.positions == list(range(last - 5, last + 1))
    assert [one.message_id for one in before] == receiver.ids[:3]
    assert [one.body for one in before] == [one.body for one in after[:3]]
    assert hook.secret is not None
    for one in (*before, *after):
        proof = signed(one.headers["webhook-id"], one.at, one.body, [hook.secret])
        assert one.headers["webhook-signature"] == proof["webhook-signature"]


def test_what_happens_is_sent_by_itself_and_by_one_process_of_two(
    office: Office, receiver: Receiver
) -> None:
    office.registers()
    with office.deliverer(), office.deliverer():
        first = office.tells(uuid4(), opened, renamed)
        eventually(lambda: len(receiver.received) >= 2)
        second = office.tells(uuid4(), opened)
        eventually(lambda: len(receiver.received) >= 3)

    assert sorted(receiver.positions) == [first - 1, first, second]


def test_another_takes_over_from_one_that_stops_in_the_middle(
    office: Office, receiver: Receiver
) -> None:
    office.registers()
    asked, hold = Event(), Event()

    def hang(_: Received) -> None:
        asked.set()
        hold.wait(20)

    receiver.on_message = hang
    last = office.tells(uuid4(), opened)
    with office.deliverer():
        assert asked.wait(20)
        began_s = monotonic()
    assert monotonic() - began_s < 10  # and not the 15 seconds of an attempt
    receiver.on_message = lambda _: None
    hold.set()
    with office.deliverer():
        eventually(lambda: len(receiver.received) >= 2)

    assert receiver.positions == [last, last]
    assert len(set(receiver.ids)) == 1


def test_an_endpoint_that_hangs_keeps_no_other_waiting(office: Office, receiver: Receiver) -> None:
    hold = Event()
    office.registers(path="/slow")
    office.registers(path="/quick")

    def hang(one: Received) -> None:
        if one.path.endswith("slow"):
            hold.wait(20)

    receiver.on_message = hang
    with office.deliverer():
        for number in range(1, 4):
            office.tells(uuid4(), opened)
            eventually(lambda: _quick(receiver) >= number)  # noqa: B023 - called before the next
        hold.set()


def _quick(receiver: Receiver) -> int:
    return sum(one.path.endswith("quick") for one in receiver.received)


def test_of_an_endpoint_that_is_removed_while_it_is_told_nothing_stays(
    office: Office, receiver: Receiver
) -> None:
    stays, goes = office.registers(path="/stays"), office.registers(path="/goes")

    def remove(one: Received) -> None:
        if one.path.endswith("goes"):
            office.does(RemoveWebhookEndpoint(endpoint_id=id_of(goes)))

    receiver.on_message = remove
    office.tells(uuid4(), opened)
    office.delivers()
    office.delivers()

    assert office.standing(stays).delivered_at is not None
    assert office.standing(goes) == Standing()


def test_in_a_restored_log_an_endpoint_goes_on_from_the_restoration(
    office: Office, receiver: Receiver
) -> None:
    hook, deal = office.registers(), uuid4()
    before = office.tells(deal, opened)
    restored = office.tells(
        restore_stream(office.tenant), LogRestored(source_hash="5e" * 32, head=before)
    )
    after = office.tells(deal, renamed)
    assert office.delivers() == 1
    assert receiver.positions == [after]

    replay = office.desk.replay_range(office.tenant, id_of(hook), 0, restored, uuid4())
    asyncio.run(replay)
    office.delivers()
    assert receiver.positions == [after, before]
