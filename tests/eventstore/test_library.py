"""The persistence module passes the library's own cases, and says what it does beyond them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    DataError,
    InfrastructureFactory,
    InfrastructureFactoryError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment

from opps.eventstore import (
    LogClosed,
    LogUnavailable,
    Overloaded,
    UnknownTenant,
    VersionConflict,
)
from opps.eventstore.library import Factory
from opps.eventstore.library.errors import library_errors
from opps.eventstore.library.process import LogProcessRecorder, LogTrackingRecorder
from opps.eventstore.library.recorders import LogAggregateRecorder, LogApplicationRecorder

MODULE = "opps.eventstore.library"


def environment(database: str, name: str) -> Environment:
    return Environment(
        name,
        {
            "PERSISTENCE_MODULE": MODULE,
            "OPPS_DATABASE_URL": database,
            "OPPS_DATABASE_DURABLE": "no",
        },
    )


@pytest.fixture(scope="module")
def module_database(postgres: Any, template: str) -> Iterator[str]:
    """Yield one database for all cases, so that they share one log."""
    from tests.conftest import made_database

    with made_database(postgres, template) as name:
        yield postgres.conninfo(name)


@pytest.fixture(scope="module", autouse=True)
def _one_log(module_database: str) -> Iterator[None]:
    with Factory(environment(module_database, "keeps the log open")):
        yield


class LogCase:
    """A factory with a tenant of its own for each test."""

    INITIAL_VERSION = 0

    @pytest.fixture(autouse=True)
    def _factory(self, module_database: str) -> Iterator[None]:
        self.env = environment(module_database, f"case {uuid4()}")
        self.made = Factory(self.env)
        yield
        self.made.close()


class TestAggregateRecorder(LogCase, AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.made.aggregate_recorder()


class TestApplicationRecorder(LogCase, ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return self.made.application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(LogCase, TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return self.made.tracking_recorder()


class TestProcessRecorder(LogCase, ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return self.made.process_recorder()


class TestNonInterleavingNotificationIds(LogCase, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.made.application_recorder()


class OtherTrackingRecorder(LogTrackingRecorder):
    pass


class TestFactory(LogCase, InfrastructureFactoryTestCase[Factory]):
    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return OtherTrackingRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return LogProcessRecorder


@pytest.fixture
def recorder(module_database: str) -> Iterator[LogApplicationRecorder]:
    with_env = environment(module_database, f"recorder {uuid4()}")
    made = Factory(with_env)
    recorder = made.application_recorder()
    assert isinstance(recorder, LogApplicationRecorder)
    yield recorder
    made.close()


def stored(stream: UUID | str, version: int) -> StoredEvent:
    return StoredEvent(stream, version, "topic", b"state %d" % version)


def test_the_module_is_found_by_its_name(module_database: str) -> None:
    found = InfrastructureFactory.construct(environment(module_database, "by name"))

    assert type(found) is Factory
    found.close()


class Dog(Aggregate):
    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.tricks: list[str] = []

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        self.tricks.append(trick)


def test_an_application_of_the_library_is_at_home(module_database: str) -> None:
    """Its aggregates count their events from 1, as the library does by default."""
    app = Application[UUID](environment(module_database, f"dogs {uuid4()}"))
    dog = Dog("Fido")
    dog.add_trick("roll over")
    app.save(dog)
    dog.add_trick("play dead")
    [saved] = app.save(dog)

    copy: Dog = app.repository.get(dog.id)
    earlier: Dog = app.repository.get(dog.id, version=2)

    assert copy.tricks == ["roll over", "play dead"]
    assert (copy.version, earlier.tricks) == (3, ["roll over"])
    assert saved.notification.id == 3
    assert [n.originator_version for n in app.recorder.select_notifications(1, 9)] == [1, 2, 3]
    app.close()


@pytest.mark.parametrize("first", [0, 1])
def test_a_stream_begins_at_zero_or_one_and_stays_so(
    recorder: LogApplicationRecorder, first: int
) -> None:
    stream = uuid4()
    recorder.insert_events([stored(stream, first)])
    recorder.insert_events([stored(stream, first + 1), stored(stream, first + 2)])

    selected = recorder.select_events(stream, gt=first, lte=first + 1)

    assert [event.originator_version for event in selected] == [first + 1]
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(stream, first + 2)])
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(stream, first + 4)])


def test_a_stream_has_no_gaps(recorder: LogApplicationRecorder) -> None:
    stream = uuid4()

    with pytest.raises(IntegrityError, match="cannot begin"):
        recorder.insert_events([stored(stream, 2)])
    with pytest.raises(IntegrityError, match="consecutive"):
        recorder.insert_events([stored(stream, 0), stored(stream, 2)])
    assert recorder.select_events(stream) == []


def test_events_of_several_streams_are_stored_together(recorder: LogApplicationRecorder) -> None:
    one, other = uuid4(), uuid4()

    notifications = recorder.insert_events([stored(one, 0), stored(other, 1), stored(one, 1)])

    assert notifications == [1, 2, 3]
    assert [n.originator_version for n in recorder.select_notifications(None, 9)] == [0, 1, 1]


def test_what_the_log_cannot_hold_is_refused_in_the_words_of_the_library(
    recorder: LogApplicationRecorder,
) -> None:
    with pytest.raises(ProgrammingError, match="UUID"):
        recorder.insert_events([stored("a name", 0)])
    with pytest.raises(DataError):
        recorder.insert_events([StoredEvent(uuid4(), 0, "", b"")])


def test_tracking_and_events_are_stored_together_or_not_at_all(module_database: str) -> None:
    made = Factory(environment(module_database, f"process {uuid4()}"))
    recorder, stream = made.process_recorder(), uuid4()
    recorder.insert_events([stored(stream, 0)], tracking=Tracking("upstream", 5))

    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(stream, 1)], tracking=Tracking("upstream", 5))
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(stream, 0)], tracking=Tracking("upstream", 6))

    assert recorder.max_notification_id() == 1
    assert recorder.max_tracking_id("upstream") == 5
    made.close()


def test_snapshots_are_refused_because_the_log_keeps_events(module_database: str) -> None:
    made = Factory(environment(module_database, "snapshots"))

    with pytest.raises(InfrastructureFactoryError, match="not snapshots"):
        made.aggregate_recorder(purpose="snapshots")
    made.close()


def test_a_factory_without_a_database_says_so() -> None:
    with pytest.raises(InfrastructureFactoryError, match="OPPS_DATABASE_URL"):
        Factory(Environment("nowhere", {"PERSISTENCE_MODULE": MODULE}))


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (LogUnavailable("away"), OperationalError),
        (Overloaded(1, 1), OperationalError),
        (LogClosed(), InterfaceError),
        (UnknownTenant(uuid4()), ProgrammingError),
        (VersionConflict(uuid4(), 1, 2), IntegrityError),
    ],
)
def test_every_error_of_the_log_has_a_word_of_the_library(
    raised: Exception, expected: type[Exception]
) -> None:
    with pytest.raises(expected), library_errors():
        raise raised
