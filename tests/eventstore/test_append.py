"""Appending: places, verdicts, and the header that is stored with each event."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from opps.eventstore import (
    Append,
    CommandIdReused,
    Log,
    MalformedAppend,
    NewEvent,
    UnknownTenant,
    VersionConflict,
    register_tenant,
)
from tests.eventstore.support import append, event


def test_positions_start_at_one_and_versions_at_zero(log: Log, tenant: UUID) -> None:
    stream = uuid4()

    first = log.append_now(append(tenant, stream, events=2))
    second = log.append_now(append(tenant, stream, expected=1))

    assert (first.first_position, first.count, first.last_position) == (1, 2, 2)
    assert (second.first_position, second.count) == (3, 1)
    stored = log.read(tenant, 0, 10)
    assert [(logged.position, logged.version) for logged in stored] == [(1, 0), (2, 1), (3, 2)]


def test_what_was_appended_is_read_back(log: Log, tenant: UUID) -> None:
    wanted = append(tenant)

    appended = log.append_now(wanted)

    [logged] = log.read(tenant, 0, 10)
    [new] = wanted.events
    assert (logged.stream, logged.event_id, logged.tag, logged.schema) == (
        new.stream,
        new.event_id,
        new.tag,
        new.schema,
    )
    assert (logged.payload, logged.metadata) == (new.payload, new.metadata)
    assert (logged.command_id, logged.recorded_at) == (wanted.command_id, appended.recorded_at)
    assert logged.recorded_at.utcoffset() == timedelta(0)


def test_one_command_writes_several_streams(log: Log, tenant: UUID) -> None:
    one, other = uuid4(), uuid4()
    both = Append(
        tenant=tenant,
        command_id=uuid4(),
        expected={one: -1, other: -1},
        events=(event(one), event(other), event(one)),
    )

    appended = log.append_now(both)

    assert appended.count == 3
    assert [(e.stream, e.version) for e in log.read(tenant, 0, 9)] == [
        (one, 0),
        (other, 0),
        (one, 1),
    ]


def test_the_events_of_a_command_share_an_instant_and_the_next_is_later(
    log: Log, tenant: UUID
) -> None:
    futures = [log.submit(append(tenant, events=2)) for _ in range(200)]
    appended = sorted((future.result() for future in futures), key=lambda a: a.first_position or 0)

    instants = [one.recorded_at for one in appended]

    assert all(earlier < later for earlier, later in pairwise(instants))
    stored = log.read(tenant, 0, 400)
    assert [e.recorded_at for e in stored] == [at for at in instants for _ in range(2)]


def test_a_version_conflict_names_the_stream_and_both_versions(log: Log, tenant: UUID) -> None:
    stream = uuid4()
    log.append_now(append(tenant, stream, events=3))

    with pytest.raises(VersionConflict) as refused:
        log.append_now(append(tenant, stream, expected=1))

    assert (refused.value.stream, refused.value.expected, refused.value.current) == (stream, 1, 2)
    assert log.append_now(append(tenant, stream, expected=2)).first_position == 4


@pytest.mark.parametrize("expected", [-1, 1])
def test_the_expected_version_is_checked_as_equal(log: Log, tenant: UUID, expected: int) -> None:
    stream = uuid4()
    log.append_now(append(tenant, stream))

    with pytest.raises(VersionConflict):
        log.append_now(append(tenant, stream, expected=expected))


def test_a_stream_that_is_only_checked_can_conflict(log: Log, tenant: UUID) -> None:
    guard = uuid4()
    log.append_now(append(tenant, guard))

    with pytest.raises(VersionConflict) as refused:
        log.append_now(append(tenant, checked={guard: 3}))
    accepted = log.append_now(append(tenant, checked={guard: 0}))

    assert (refused.value.stream, refused.value.current) == (guard, 0)
    assert accepted.count == 1


def test_a_refused_append_leaves_nothing(log: Log, tenant: UUID) -> None:
    stream = uuid4()
    log.append_now(append(tenant, stream))
    refused = append(tenant, stream, expected=5, events=3)

    with pytest.raises(VersionConflict):
        log.append_now(refused)

    head = log.head(tenant)
    assert head is not None
    assert head.size == 1
    assert log.command(tenant, refused.command_id) is None


def test_a_repeated_command_gets_its_first_answer(log: Log, tenant: UUID) -> None:
    stream, command_id = uuid4(), uuid4()
    first = log.append_now(append(tenant, stream, command_id=command_id, events=2, result=b"42"))
    log.append_now(append(tenant, stream, expected=1))

    again = log.append_now(append(tenant, stream, command_id=command_id, events=2, result=b"no"))

    assert (first.replayed, again.replayed) == (False, True)
    assert (again.first_position, again.count, again.recorded_at, again.result) == (
        1,
        2,
        first.recorded_at,
        b"42",
    )
    assert log.command(tenant, command_id) == again


def test_repeats_in_one_batch_are_stored_once(log: Log, tenant: UUID) -> None:
    stream, command_id = uuid4(), uuid4()
    repeats = [append(tenant, stream, command_id=command_id) for _ in range(20)]

    answers = [future.result() for future in [log.submit(one) for one in repeats]]

    assert {answer.first_position for answer in answers} == {1}
    assert sum(not answer.replayed for answer in answers) == 1


def test_a_command_without_events_is_remembered(log: Log, tenant: UUID) -> None:
    empty = Append(
        tenant=tenant, command_id=uuid4(), expected={uuid4(): -1}, events=(), result=b"none"
    )

    first = log.append_now(empty)
    again = log.append_now(empty)

    assert (first.first_position, first.count, first.last_position) == (None, 0, None)
    assert (first.replayed, again.replayed, again.result) == (False, True, b"none")
    assert again.recorded_at == first.recorded_at
    head = log.head(tenant)
    assert head is not None
    assert head.size == 0


def test_a_command_id_of_another_request_is_refused(log: Log, tenant: UUID) -> None:
    command_id = uuid4()
    log.append_now(append(tenant, command_id=command_id, digest=b"one"))

    with pytest.raises(CommandIdReused) as refused:
        log.append_now(append(tenant, command_id=command_id, digest=b"other"))
    same = log.append_now(append(tenant, command_id=command_id, digest=b"one"))
    undigested = log.append_now(append(tenant, command_id=command_id))

    assert refused.value.command_id == command_id
    assert same.replayed
    assert undigested.replayed


def test_tenants_have_their_own_positions_streams_and_commands(
    database: str, log: Log, tenant: UUID
) -> None:
    other = register_tenant(database, uuid4(), "other")
    stream, command_id = uuid4(), uuid4()

    futures = [log.submit(append(who, stream, command_id=command_id)) for who in (tenant, other)]

    assert [future.result().first_position for future in futures] == [1, 1]
    assert [future.result().replayed for future in futures] == [False, False]


@pytest.mark.parametrize("events", [0, 1])
def test_an_unknown_tenant_is_refused(log: Log, events: int) -> None:
    nobody = uuid4()

    with pytest.raises(UnknownTenant) as refused:
        log.append_now(append(nobody, events=events))

    assert refused.value.tenant == nobody


def test_a_slug_is_registered_once(database: str, tenant: UUID) -> None:
    assert register_tenant(database, uuid4(), "acme") == tenant


def _with(**changes: object) -> Append:
    stream = uuid4()
    fields: dict[str, object] = {
        "stream": stream,
        "event_id": uuid4(),
        "tag": "fact_learned",
        "schema": 1,
        "payload": b"",
        "metadata": b"",
    }
    new = NewEvent(**{**fields, **changes})  # type: ignore[arg-type]  # one field is wrong on purpose
    return Append(tenant=uuid4(), command_id=uuid4(), expected={stream: -1}, events=(new,))


@pytest.mark.parametrize(
    "malformed",
    [
        _with(tag=""),
        _with(tag="x" * 201),
        _with(tag="\0"),
        _with(schema=0),
        _with(schema=32_768),
        _with(commitments=b"x" * 31),
        _with(commitments=b"x" * 32 * 101),
        _with(stream=uuid4()),
        _with(payload=bytes(16 * 1024 * 1024 + 1)),
        append(uuid4(), expected=-2),
        append(uuid4(), digest=bytes(65)),
        append(uuid4(), result=bytes(65_537)),
        append(uuid4(), events=1_001),
    ],
    ids=lambda malformed: "",
)
def test_what_the_format_cannot_hold_is_refused_before_it_is_queued(
    log: Log, malformed: Append
) -> None:
    with pytest.raises(MalformedAppend):
        log.submit(malformed)


def test_the_largest_things_that_fit_are_stored(log: Log, tenant: UUID) -> None:
    stream = uuid4()
    largest = NewEvent(
        stream=stream,
        event_id=uuid4(),
        tag="x" * 200,
        schema=32_767,
        payload=bytes(16 * 1024 * 1024),
        metadata=b"",
        commitments=b"c" * 32 * 100,
    )
    log.append_now(
        Append(tenant=tenant, command_id=uuid4(), expected={stream: -1}, events=(largest,))
    )

    assert log.append_now(append(tenant, events=1_000)).last_position == 1_001
    assert log.read(tenant, 0, 1)[0].payload == largest.payload
