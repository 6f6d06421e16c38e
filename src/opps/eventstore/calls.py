"""The calls of the two append functions, and the meaning of their replies."""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

import psycopg

from opps.eventstore.appends import Append, Appended
from opps.eventstore.arrays import (
    Array,
    BigintArray,
    BytesArray,
    IntegerArray,
    SmallintArray,
    TextArray,
    UuidArray,
)
from opps.eventstore.errors import CommandIdReused, UnknownTenant, VersionConflict
from opps.eventstore.waiting import Outcome

_APPEND_BATCH = f"SELECT * FROM opps.append_batch({', '.join(['%b'] * 16)})"
_APPEND_ONE = (
    "SELECT * FROM opps.append_one(%b, %b, %b::bytea, %b, %b, %b::bigint, %b, %b::text,"
    " %b::smallint, %b, %b, %b)"
)


class _Verdict(IntEnum):
    STORED = 0
    REPEATED = 1
    CONFLICT = 2
    NO_TENANT = 3
    REUSED = 4


class _Place(NamedTuple):
    """Where an append is or was stored."""

    first_position: int | None
    events: int
    recorded_at: datetime
    result: bytes


class _BatchReply(NamedTuple):
    """What `append_batch` returns: one array a column, one element an append."""

    verdicts: list[int]
    first_positions: list[int | None]
    counts: list[int]
    recorded: list[datetime]
    conflict_pairs: list[int]
    conflict_versions: list[int]
    results: list[bytes]


class _SingleReply(NamedTuple):
    """What `append_one` returns."""

    verdict: int
    first_position: int | None
    events: int
    recorded_at: datetime
    conflict_version: int
    result: bytes


def append_all(connection: psycopg.Connection, appends: Sequence[Append]) -> list[Outcome]:
    """Store some appends in one round trip and return what each of them gets back."""
    if len(appends) == 1 and len(appends[0].events) == 1 and len(appends[0].expected) == 1:
        return [append_one(connection, appends[0])]
    return append_batch(connection, appends)


def append_one(connection: psycopg.Connection, append: Append) -> Outcome:
    """Store an append of one event and return what it gets back."""
    (event,) = append.events
    ((stream, expected),) = append.expected.items()
    arguments = (
        append.tenant,
        append.command_id,
        append.digest or None,
        append.result,
        stream,
        expected,
        event.event_id,
        event.tag,
        event.schema,
        event.payload,
        event.metadata,
        event.commitments,
    )
    row = connection.execute(_APPEND_ONE, arguments, prepare=True, binary=True).fetchone()
    assert row is not None
    reply = _SingleReply(*row)
    place = _Place(reply.first_position, reply.events, reply.recorded_at, reply.result)
    if reply.verdict == _Verdict.CONFLICT:
        return VersionConflict(stream, expected, reply.conflict_version)
    return _outcome(append, _Verdict(reply.verdict), place)


def append_batch(connection: psycopg.Connection, appends: Sequence[Append]) -> list[Outcome]:
    """Store any appends and return what each of them gets back."""
    call = _BatchCall(appends)
    row = connection.execute(_APPEND_BATCH, call.arguments(), prepare=True, binary=True).fetchone()
    assert row is not None
    return call.outcomes(_BatchReply(*row))


def _outcome(append: Append, verdict: _Verdict, place: _Place) -> Outcome:
    """Return what an append gets back, unless it is a conflict."""
    match verdict:
        case _Verdict.STORED:
            return Appended(
                place.first_position, place.events, place.recorded_at, False, append.result
            )
        case _Verdict.REPEATED:
            return Appended(
                place.first_position, place.events, place.recorded_at, True, place.result
            )
        case _Verdict.NO_TENANT:
            return UnknownTenant(append.tenant)
        case _Verdict.REUSED:
            return CommandIdReused(append.command_id)
        case _Verdict.CONFLICT:
            raise AssertionError("a conflict names its stream")


class _BatchCall:
    """The arguments of the append function, and the meaning of its reply."""

    def __init__(self, appends: Sequence[Append]) -> None:
        self.appends = appends
        self.pairs: list[tuple[UUID, int]] = []
        self.pair_append: list[int] = []
        self.event_append: list[int] = []
        self.event_pair: list[int] = []
        for number, append in enumerate(appends, 1):
            self._place(number, append)

    def _place(self, number: int, append: Append) -> None:
        first_pair = len(self.pairs) + 1
        self.pairs.extend(append.expected.items())
        self.pair_append.extend([number] * len(append.expected))
        self.event_append.extend([number] * len(append.events))
        if len(append.expected) == 1:
            self.event_pair.extend([first_pair] * len(append.events))
        else:
            pair_of = {stream: pair for pair, stream in enumerate(append.expected, first_pair)}
            self.event_pair.extend([pair_of[event.stream] for event in append.events])

    def arguments(self) -> tuple[Array, ...]:
        """Return the arguments in the order of the function."""
        appends = self.appends
        events = [event for append in appends for event in append.events]
        tenants = sorted({append.tenant for append in appends})
        number_of = {tenant: number for number, tenant in enumerate(tenants, 1)}
        return (
            UuidArray(tenants),
            IntegerArray([number_of[append.tenant] for append in appends]),
            UuidArray([append.command_id for append in appends]),
            BytesArray([append.digest or None for append in appends]),
            BytesArray([append.result for append in appends]),
            IntegerArray(self.pair_append),
            UuidArray([stream for stream, _ in self.pairs]),
            BigintArray([expected for _, expected in self.pairs]),
            IntegerArray(self.event_append),
            IntegerArray(self.event_pair),
            UuidArray([event.event_id for event in events]),
            TextArray([event.tag for event in events]),
            SmallintArray([event.schema for event in events]),
            BytesArray([event.payload for event in events]),
            BytesArray([event.metadata for event in events]),
            BytesArray([event.commitments for event in events]),
        )

    def outcomes(self, reply: _BatchReply) -> list[Outcome]:
        """Return what each append gets back, in their order."""
        return [self._outcome(number, reply) for number in range(len(self.appends))]

    def _outcome(self, number: int, reply: _BatchReply) -> Outcome:
        verdict = _Verdict(reply.verdicts[number])
        if verdict == _Verdict.CONFLICT:
            stream, expected = self.pairs[reply.conflict_pairs[number] - 1]
            return VersionConflict(stream, expected, reply.conflict_versions[number])
        place = _Place(
            reply.first_positions[number],
            reply.counts[number],
            reply.recorded[number],
            reply.results[number],
        )
        return _outcome(self.appends[number], verdict, place)
