"""Which waiting appends share one call of the append function, and what each gets back."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

import psycopg

from opps.eventstore.appends import MAX_EVENTS, Append, Appended
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
from opps.eventstore.waiting import Outcome, Waiting

_APPEND_BATCH = f"SELECT * FROM opps.append_batch({', '.join(['%b'] * 16)})"
_MAX_BYTES = 32 * 1024 * 1024
# How far a batch looks past appends that wait for one before them, so that one busy stream
# costs a bounded scan.
_MAX_LOOKED_AT = 2 * MAX_EVENTS


class _Filling:
    """What a batch holds so far, and what has to wait for the next one."""

    def __init__(self) -> None:
        self.events = 0
        self.bytes = 0
        self.taken: set[tuple[UUID, UUID]] = set()

    def admits(self, append: Append) -> bool:
        """Tell whether the append goes into the batch; either way its streams are taken now.

        The streams of an append that has to wait are taken too: nobody overtakes it on them.
        """
        tenant = append.tenant
        names = {(tenant, append.command_id), *[(tenant, stream) for stream in append.expected]}
        free = self.taken.isdisjoint(names)
        self.taken |= names
        weight = len(append.events) or 1  # a command without events has its price too
        size = sum([len(event.payload) + len(event.metadata) for event in append.events])
        fits = self.events + weight <= MAX_EVENTS and self.bytes + size <= _MAX_BYTES
        if not (free and (fits or not self.events)):
            return False
        self.events += weight
        self.bytes += size
        return True


def take_batch(queue: deque[Waiting]) -> list[Waiting]:
    """Remove and return the next batch: at most 1,000 events, one append a stream and command."""
    filling = _Filling()
    batch: list[Waiting] = []
    passed: list[Waiting] = []
    for _ in range(min(len(queue), _MAX_LOOKED_AT)):
        if filling.events >= MAX_EVENTS:
            break
        waiting = queue.popleft()
        (batch if filling.admits(waiting.append) else passed).append(waiting)
    queue.extendleft(reversed(passed))
    return batch


class _Verdict(IntEnum):
    STORED = 0
    REPEATED = 1
    CONFLICT = 2
    NO_TENANT = 3
    REUSED = 4


class _Reply(NamedTuple):
    """What the append function returns: one array a column, one element an append."""

    verdicts: list[int]
    first_positions: list[int | None]
    counts: list[int]
    recorded: list[datetime]
    conflict_pairs: list[int]
    conflict_versions: list[int]
    results: list[bytes]


def append_batch(connection: psycopg.Connection, appends: Sequence[Append]) -> list[Outcome]:
    """Call the append function in one round trip and return what each append gets back."""
    call = _BatchCall(appends)
    cursor = connection.execute(_APPEND_BATCH, call.arguments(), prepare=True, binary=True)
    row = cursor.fetchone()
    assert row is not None
    return call.outcomes(_Reply(*row))


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

    def outcomes(self, reply: _Reply) -> list[Outcome]:
        """Return what each append gets back, in their order."""
        return [self._outcome(number, append, reply) for number, append in enumerate(self.appends)]

    def _outcome(self, number: int, append: Append, reply: _Reply) -> Outcome:
        match _Verdict(reply.verdicts[number]):
            case _Verdict.STORED:
                return Appended(
                    reply.first_positions[number],
                    reply.counts[number],
                    reply.recorded[number],
                    False,
                    append.result,
                )
            case _Verdict.REPEATED:
                return Appended(
                    reply.first_positions[number],
                    reply.counts[number],
                    reply.recorded[number],
                    True,
                    reply.results[number],
                )
            case _Verdict.CONFLICT:
                stream, expected = self.pairs[reply.conflict_pairs[number] - 1]
                return VersionConflict(stream, expected, reply.conflict_versions[number])
            case _Verdict.NO_TENANT:
                return UnknownTenant(append.tenant)
            case _Verdict.REUSED:
                return CommandIdReused(append.command_id)
