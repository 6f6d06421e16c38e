"""Imports beside others who write, into a log that is busy or away."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from opps.application import Application
from opps.eventstore import Append, Appended, Log, LogUnavailable, Overloaded
from opps.integrations.importing import Mapping, Report, import_xes
from opps.recording.keyring import MemoryKeyring
from tests.integrations.importing.support import (
    XES_MAPPING,
    event,
    mapping,
    stored,
    tags,
    trace,
    xes,
)


@pytest.fixture
def orders(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, XES_MAPPING)


class Interrupted:
    """A log that does something before it takes the append of an opportunity."""

    def __init__(self, log: Log, before: Callable[[], None]) -> None:
        self._log = log
        self._before = before
        self.read, self.head, self.stream = log.read, log.head, log.stream
        self.streams, self.append_now, self.turn = log.streams, log.append_now, log.turn

    def submit(self, append: Append) -> Future[Appended]:
        if len(append.events) > 1:
            self._before()
        return self._log.submit(append)


def interrupted(application: Application, before: Callable[[], None]) -> Application:
    log: Any = Interrupted(application.log, before)
    return Application(log, application.keyring_of, application.now)


def test_what_another_import_stored_meanwhile_is_kept_and_the_rest_added(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    short = xes(tmp_path, trace("A", event("offer")), name="short.xes")
    long = xes(tmp_path, trace("A", event("offer"), event("won")), name="long.xes")
    others: list[Report] = []

    def import_the_short_one() -> None:
        if not others:
            others.append(import_xes(application, tenant, short, orders))

    report = import_xes(interrupted(application, import_the_short_one), tenant, long, orders)

    assert others[0].opened == 1
    assert (report.opened, report.extended, report.already) == (0, 1, 1)
    assert tags(stored(application, tenant)) == [
        "OpportunityOpened",
        "ProposalSent",
        "OpportunityWon",
    ]


def test_two_imports_of_one_file_at_once_store_it_once(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, *[trace(f"{number}", event("offer")) for number in range(300)])
    reports: list[Report] = []
    both = [
        Thread(target=lambda: reports.append(import_xes(application, tenant, file, orders)))
        for _ in range(2)
    ]

    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=60)

    assert len(tags(stored(application, tenant))) == 600
    assert sum(report.opened for report in reports) == 300


def test_an_import_waits_for_a_log_that_is_overloaded(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    refusals = [Overloaded(10_000, 10_000), Overloaded(10_000, 10_000)]

    def refuse_twice() -> None:
        if refusals:
            raise refusals.pop()

    file = xes(tmp_path, trace("A", event("offer")), trace("B", event("offer")))
    report = import_xes(interrupted(application, refuse_twice), tenant, file, orders)

    assert (report.opened, refusals) == (2, [])


def test_an_import_that_broke_off_is_completed_by_running_it_again(
    log: Log, application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    opportunities = [trace(f"{number}", event("offer")) for number in range(100)]
    file = xes(tmp_path, *opportunities)
    taken: list[None] = []

    def lose_the_database_half_way() -> None:
        taken.append(None)
        if len(taken) > 50:
            raise LogUnavailable("the database went away")

    with pytest.raises(LogUnavailable):
        import_xes(interrupted(application, lose_the_database_half_way), tenant, file, orders)
    report = import_xes(application, tenant, file, orders)

    assert (report.already, report.opened) == (50, 50)
    assert len(tags(stored(application, tenant))) == 200
    started, completed = log.stream(tenant, report.import_id)
    assert (started.tag, completed.tag) == ("ImportStarted", "ImportCompleted")


def test_with_another_key_than_before_an_opportunity_is_refused_rather_than_doubled(
    log: Log, application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("A", event("offer")))
    import_xes(application, tenant, file, orders)
    keyring = MemoryKeyring()

    report = import_xes(Application(log, lambda _: keyring), tenant, file, orders)

    assert (report.refused, report.events) == (1, 0)
    assert tags(stored(application, tenant)) == ["OpportunityOpened", "ProposalSent"]
