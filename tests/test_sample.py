"""The sample: twelve stories that were decided for real, at times when nobody was looking."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.domain.beliefs import Verdict
from opps.domain.events import (
    ContradictionResolved,
    DayTurned,
    Event,
    FactLearned,
    FactRetracted,
    OpportunityReopened,
    OutcomeCorrected,
    OwnershipTransferred,
    PersonRegistered,
)
from opps.domain.opportunity.state import Opportunity, Status, known
from opps.domain.personal import Clear
from opps.domain.recorded import Recorded
from opps.domain.score import score
from opps.eventstore import Log, LogSettings
from opps.eventstore.transfer import Step
from opps.integrations.backup import restore_backup
from opps.integrations.backup_file import BackupReader
from opps.recording import codec
from opps.recording.keyring import MemoryKeyring
from opps.recording.personal import unsealed
from opps.sample import sample_steps, write_backup
from opps.sample.write import simulated

TENANT = UUID("00000000-0000-4000-8000-00000000007e")
TODAY = date(2026, 11, 20)
MIDNIGHT = datetime.combine(TODAY, time(), UTC)


@pytest.fixture(scope="module")
def keyring() -> MemoryKeyring:
    """Return the keys of the invented persons."""
    return MemoryKeyring()


@pytest.fixture(scope="module")
def steps(keyring: MemoryKeyring) -> list[Step]:
    """Return the commands of the sample with their events."""
    return list(sample_steps(TENANT, TODAY, keyring))


@pytest.fixture(scope="module")
def history(steps: list[Step], keyring: MemoryKeyring) -> list[Recorded[Event]]:
    """Return the events of the sample, as stored."""
    return [codec.decode(event) for step in steps for event in step.events]


@pytest.fixture(scope="module")
def opportunities(keyring: MemoryKeyring) -> list[Opportunity]:
    """Return the twelve opportunities as they stand today."""
    return simulated(TENANT, TODAY, keyring).opportunities()


def test_there_are_twelve_opportunities_with_every_kind_of_end(
    opportunities: list[Opportunity],
) -> None:
    ends = [one.status for one in opportunities]

    assert {status: ends.count(status) for status in set(ends)} == {
        Status.OPEN: 7,
        Status.WON: 2,
        Status.LOST: 2,
        Status.NO_DECISION: 1,
    }


def test_each_says_that_it_is_invented(opportunities: list[Opportunity]) -> None:
    assert {one.context["label"] for one in opportunities} == {"synthetic sample"}


def test_the_probabilities_differ_as_the_stories_do(opportunities: list[Opportunity]) -> None:
    chances = [score(known(one)).p for one in opportunities if one.open]

    assert min(chances) < 0.3
    assert max(chances) > 0.6
    assert all(0.15 < chance < 0.85 for chance in chances)


def test_the_stories_fill_four_months_up_to_today(history: list[Recorded[Event]]) -> None:
    first, last = history[0].recorded_at, history[-1].recorded_at

    assert timedelta(days=115) < last - first < timedelta(days=130)
    assert last == MIDNIGHT


def test_every_day_turned_once(history: list[Recorded[Event]]) -> None:
    days = [one.event.day for one in history if isinstance(one.event, DayTurned)]

    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert days[-1] == TODAY


def test_nobody_worked_at_a_weekend_or_at_night(history: list[Recorded[Event]]) -> None:
    worked = [one.recorded_at for one in history if not isinstance(one.event, DayTurned)]

    assert all(at.weekday() < 5 and 8 <= at.hour < 20 for at in worked)


def test_positions_are_gapless_and_each_command_is_later_than_the_one_before(
    steps: list[Step],
) -> None:
    positions = [event.position for step in steps for event in step.events]
    instants = [step.command.recorded_at for step in steps]

    assert positions == list(range(1, len(positions) + 1))
    assert instants == sorted(set(instants))


@pytest.mark.parametrize(
    "kind",
    [
        FactRetracted,
        ContradictionResolved,
        OwnershipTransferred,
        OpportunityReopened,
        OutcomeCorrected,
    ],
    ids=lambda kind: kind.__name__,
)
def test_the_stories_have_their_turns(history: list[Recorded[Event]], kind: type[Event]) -> None:
    assert any(isinstance(one.event, kind) for one in history)


def test_some_of_it_was_written_down_late(history: list[Recorded[Event]]) -> None:
    lags = [
        one.recorded_at - one.event.learned.effective(one.recorded_at)
        for one in history
        if isinstance(one.event, FactLearned)
    ]

    assert sum(lag > timedelta(days=3) for lag in lags) >= 8


def test_a_champion_has_left(history: list[Recorded[Event]]) -> None:
    said = {one.event.fact.kind() for one in history if isinstance(one.event, FactLearned)}

    assert {"evaluator_left", "leaning", "stance"} <= said


def test_something_is_contradicted_and_something_is_asked(
    opportunities: list[Opportunity],
) -> None:
    verdicts = [standing.verdict for one in opportunities for standing in one.standings.values()]
    asked = [question for one in opportunities for question in one.questions.values()]

    assert Verdict.CONTRADICTED in verdicts
    assert sum(question.open for question in asked) >= 8


def test_no_name_of_a_person_is_stored_in_clear(
    steps: list[Step], history: list[Recorded[Event]], keyring: MemoryKeyring
) -> None:
    names = {
        unsealed(one.event, one.event_id, keyring).name
        for one in history
        if isinstance(one.event, PersonRegistered)
    }
    words = {word for name in names if isinstance(name, Clear) for word in name.text.split()}
    stored = b"".join(event.payload + event.metadata for step in steps for event in step.events)

    assert len(names) > 30
    assert not [word for word in words if f" {word}".encode() in stored]


@pytest.mark.parametrize("later", range(7))
def test_the_same_tenant_and_day_tell_the_same_story(later: int) -> None:
    today, keyring = TODAY + timedelta(days=later), MemoryKeyring()

    first, second = (_told(list(sample_steps(TENANT, today, keyring)), keyring) for _ in range(2))

    assert first == second


def _told(steps: list[Step], keyring: MemoryKeyring) -> list[tuple[object, ...]]:
    stored = [event for step in steps for event in step.events]
    return [
        (
            event.event_id,
            event.recorded_at,
            unsealed(codec.decode(event).event, event.event_id, keyring),
        )
        for event in stored
    ]


def test_the_sample_becomes_a_log_with_its_recorded_times(database: str, tmp_path: Path) -> None:
    keyring, path = MemoryKeyring(), tmp_path / "sample.backup"
    size = write_backup(path, TENANT, TODAY, keyring)
    restored = restore_backup(database, BackupReader(path))

    with Log(LogSettings(url=database, durable=False)) as log:
        stored = log.read(TENANT, 0, size + 1)
        application = Application(log, lambda _: keyring)
        (registered, *_) = (codec.decode(one) for one in stored if one.tag == "PersonRegistered")
        person = application.readable(TENANT, registered)

    assert restored.slug == "sample"
    assert len(stored) == size + 1
    assert stored[size - 1].recorded_at == MIDNIGHT
    assert stored[size].tag == "LogRestored"
    assert isinstance(person, PersonRegistered)
    assert isinstance(person.name, Clear)
