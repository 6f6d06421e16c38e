"""The two append functions are one: what the quick one does, the other does too."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.eventstore import Append, Appended, Log, register_tenant
from opps.eventstore.calls import append_batch, append_one
from opps.eventstore.database import connect_writer
from opps.eventstore.waiting import Outcome
from tests.eventstore.support import NO_LEAF, append, header, leaf, settings

Call = Callable[[psycopg.Connection, Append], Outcome]


def alone(connection: psycopg.Connection, append: Append) -> Outcome:
    return append_one(connection, append)


def in_a_batch(connection: psycopg.Connection, append: Append) -> Outcome:
    [outcome] = append_batch(connection, [append])
    return outcome


@pytest.fixture
def writer(database: str) -> Iterator[psycopg.Connection]:
    connection = connect_writer(settings(database))
    yield connection
    connection.close()


def history(tenant: UUID, nobody: UUID) -> list[Append]:
    """Return one-event appends that get every verdict."""
    stream, other, repeated = uuid4(), uuid4(), uuid4()
    return [
        append(tenant, stream, command_id=repeated, digest=b"one", result=b"first"),
        append(tenant, stream, expected=0),
        append(tenant, stream, expected=0),
        append(tenant, stream, expected=7),
        append(tenant, other, expected=0),
        append(tenant, other),
        append(tenant, stream, command_id=repeated, digest=b"one"),
        append(tenant, stream, command_id=repeated, digest=b"other"),
        append(tenant, stream, command_id=repeated),
        append(nobody),
        append(tenant, stream, expected=1, tag="naïve"),
    ]


def told(outcome: Outcome) -> object:
    """Return an outcome without its instant."""
    if isinstance(outcome, Appended):
        return outcome.first_position, outcome.count, outcome.replayed, outcome.result
    return type(outcome), vars(outcome)


@pytest.mark.parametrize(("first", "then"), [(alone, in_a_batch), (in_a_batch, alone)])
def test_both_functions_answer_alike_and_chain_on(
    database: str, writer: psycopg.Connection, tenant: UUID, first: Call, then: Call
) -> None:
    """The same history by one, by the other, and by both in turn."""
    other = register_tenant(database, uuid4(), "other")
    mixed = register_tenant(database, uuid4(), "mixed")
    wanted = history(tenant, uuid4())
    turns = [first, then]

    by_first = [told(first(writer, one)) for one in wanted]
    by_then = [told(then(writer, moved(one, tenant, other))) for one in wanted]
    in_turn = [
        told(turns[number % 2](writer, moved(one, tenant, mixed)))
        for number, one in enumerate(wanted)
    ]

    assert by_first == by_then == in_turn
    with Log(settings(database)) as log:
        for each in (tenant, other, mixed):
            previous: dict[UUID, bytes] = {}
            sealed = log.sealed(each, 0, 10)
            assert [event.position for event in sealed] == [1, 2, 3, 4]
            for event in sealed:
                expected = header(each, event, previous.get(event.stream, NO_LEAF))
                assert (event.header, event.leaf) == (expected, leaf(expected))
                previous[event.stream] = event.leaf


def moved(one: Append, tenant: UUID, other: UUID) -> Append:
    """Return the append for another tenant."""
    return Append(
        tenant=other if one.tenant == tenant else one.tenant,
        command_id=one.command_id,
        digest=one.digest,
        expected=one.expected,
        events=one.events,
        result=one.result,
    )
