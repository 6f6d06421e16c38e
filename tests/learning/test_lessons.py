"""What closed opportunities teach is read from the log."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from opps.application import Application, Request
from opps.domain.account import RegisterAccount
from opps.domain.events import LossKind
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    DisqualifyOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    WinOpportunity,
)
from opps.domain.recorded import Actor, Via
from opps.domain.times import Learned
from opps.eventstore import Log, LogSettings, register_tenant
from opps.learning.lessons import Lessons, read_lessons
from opps.learning.moments import Silent
from opps.recording.keyring import MemoryKeyring

ACME = uuid4()
BY_IMPORT = Actor(principal=uuid4(), role="IMPORT", via=Via.IMPORT)
DAY_1 = datetime(2025, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return DAY_1 + timedelta(days=number)


class Team:
    """Somebody who keeps deals of the past in a log of their own."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self.log, self.tenant = log, tenant
        keyring = MemoryKeyring()
        self._application = Application(log, lambda _: keyring)
        register = RegisterAccount(account_id=ACME, name="Acme")
        asyncio.run(self._application.account(register, self._request(day(0))))

    def does(self, command: AnyOpportunityCommand, on: int) -> None:
        asyncio.run(self._application.opportunity(command, self._request(day(on))))

    def opens(self, on: int) -> UUID:
        deal = uuid4()
        self.does(
            OpenOpportunity(
                opportunity_id=deal,
                account_id=ACME,
                title="Line 3",
                currency="EUR",
                learned=Learned(latest=day(on)),
            ),
            on,
        )
        return deal

    def wins(self, deal: UUID, on: int) -> None:
        self.does(WinOpportunity(opportunity_id=deal, learned=Learned(latest=day(on))), on)

    def lessons(self) -> Lessons:
        return read_lessons(self.log, self.tenant)

    def _request(self, at: datetime) -> Request:
        return Request(
            tenant=self.tenant, actor=BY_IMPORT, command_id=uuid4(), source_recorded_at=at
        )


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    """Yield a team with an empty log."""
    tenant = register_tenant(database, uuid4(), "acme")
    with Log(LogSettings(url=database, durable=False)) as log:
        yield Team(log, tenant)


def test_each_closed_opportunity_teaches_what_it_was(team: Team) -> None:
    won, lost, walked, _ = (team.opens(0) for _ in range(4))
    team.wins(won, 100)
    team.does(
        LoseOpportunity(
            opportunity_id=lost,
            loss_kind=LossKind.UNSPECIFIED,
            learned=Learned(latest=day(40)),
        ),
        40,
    )
    team.does(DisqualifyOpportunity(opportunity_id=walked, reason="Too small"), 10)
    found = team.lessons()

    assert {row.opportunity_id: row.won for row in found.rows} == {won: True, lost: False}
    assert found.silent == {Silent.DISQUALIFIED: 1}
    assert (found.deals, found.up_to) == (2, 8)
    assert {one: found.closed_by[one] for one in (won, lost)} == {won: 6, lost: 7}


def test_an_empty_log_teaches_nothing(team: Team) -> None:
    found = team.lessons()

    assert (found.rows, found.deals, found.up_to) == ([], 0, 1)


def test_what_had_closed_by_a_position_is_told_apart(team: Team) -> None:
    first, second = team.opens(0), team.opens(0)
    team.wins(first, 50)
    team.wins(second, 60)
    found = team.lessons()

    assert {row.opportunity_id for row in found.by_then(found.rows, 4)} == {first}
    assert found.by_then(found.rows, 5) == found.rows


def test_it_tells_how_far_it_is(team: Team) -> None:
    team.wins(team.opens(0), 50)
    told: list[tuple[int, int]] = []
    read_lessons(team.log, team.tenant, lambda done, total: told.append((done, total)))

    assert told == [(1, 1)]
