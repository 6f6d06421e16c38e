"""Carry erasures out: keys destroyed, traces purged, and taken up again where that broke off."""

import logging
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import cast
from uuid import UUID, uuid5

import psycopg
from msgspec import Struct
from uuid_utils.compat import uuid7

from opps.application.operator import operator
from opps.application.planning import new_event
from opps.domain.events import ErasureBasis, ErasureCarriedOut, Event, PersonErased
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.state import Privacy, privacy_stream
from opps.domain.recorded import Metadata, Recorded
from opps.eventstore import NEW_STREAM, Append, Log, VersionConflict, search
from opps.eventstore.calls import append_all
from opps.eventstore.reads import purge_reads
from opps.recording import codec
from opps.recording.keyring import Keyring, keys_of
from opps.recording.register import Register, Registered
from opps.rounds import Rounds

READS = "reads"
TOKENS = "search_tokens"
EVERY_S = 5.0
_TAGS = (PersonErased.__name__,)
_RETRIES = 5
# So far one statement looks: a long log is read in several.
_WINDOW = 200_000

logger = logging.getLogger(__name__)


class CarriedOut(Struct, frozen=True, kw_only=True):
    """An erasure that is through now; `again` where a restored log had lost it."""

    erasure_id: UUID
    person_id: UUID
    level: ErasureLevel
    keys_destroyed: int
    purged: dict[str, int]
    again: bool


class Erasing:
    """Knows what is left to do of the erasures of every tenant, and does it.

    Each step can be done again. First the register is told, which outlives the log; then the keys
    go; at last, what was saved of reads, and what finds the person, is purged together
    with the event that says so.
    """

    def __init__(
        self,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        register: Register,
        read: Callable[[UUID], Privacy],
        seen: Callable[[UUID, Recorded[PersonErased]], None],
    ) -> None:
        self._log = log
        self._keyring_of = keyring_of
        self._register = register
        self._read = read
        self._tell = seen
        self._turn = Lock()
        self._position: dict[UUID, int] = {}
        self._told: dict[UUID, set[UUID]] = {}
        self._open: dict[UUID, list[_Erased]] = {}

    def finish(self, tenant: UUID) -> list[CarriedOut]:
        """Carry out what is approved and not through; not for the event loop.

        What the register tells and a restored, older log does not, is erased again. Safe to
        repeat, and to run in several processes at once.

        Raises:
            AppendRefused, LogFault: the log says no, or is away.
            OSError: the keys or the register cannot be written.
        """
        with self._turn:  # the one who approved and the rounds would take from each other's list
            return self._finish(tenant)

    def _finish(self, tenant: UUID) -> list[CarriedOut]:
        self._look(tenant)
        if not self._position.get(tenant):
            return []  # nothing was recorded yet: a copy may still be restored here
        registered = self._register.of(tenant)
        lost = [one for one in registered if one.erasure_id not in self._told[tenant]]
        for one in lost:
            self._erase_again(one)
        if lost:
            self._look(tenant)
        if not self._open[tenant]:
            return []
        return self._carry_out(tenant, registered, frozenset(one.erasure_id for one in lost))

    def _look(self, tenant: UUID) -> None:
        """Read the erasures of the log; all of it once, then only what is new."""
        told = self._told.setdefault(tenant, set())
        open_ = self._open.setdefault(tenant, [])
        head = self._log.head(tenant)
        size = 0 if head is None else head.size
        while (position := self._position.get(tenant, 0)) < size:
            until = min(size, position + _WINDOW)
            for erased in told_between(self._log, tenant, position, until):
                told.add(erased.event.erasure_id)
                open_.append(_Erased(erased))
                self._tell(tenant, erased)
            self._position[tenant] = until

    def _erase_again(self, lost: Registered) -> None:
        # The keys go before the log says so: nobody reads in between what was erased.
        self._keyring_of(lost.tenant).destroy(lost.person_id, lost.level)
        event = PersonErased(
            erasure_id=lost.erasure_id,
            level=lost.level,
            basis=ErasureBasis(lost.basis),
            requested_by=lost.requested_by,
            approved_by=lost.approved_by,
        )
        command_id = uuid5(lost.erasure_id, "erased again")
        self._store(lost.tenant, lost.person_id, command_id, lambda _: event)

    def _carry_out(
        self, tenant: UUID, registered: Iterable[Registered], again: frozenset[UUID]
    ) -> list[CarriedOut]:
        keyring = self._keyring_of(tenant)
        through = self._read(tenant).carried_out
        written, destroyed = {one.erasure_id for one in registered}, keyring.destroyed()
        done = []
        while self._open[tenant]:
            one = self._open[tenant][0]
            if one.event.erasure_id not in written:
                self._register.add(one.registered(tenant))
            if not one.keys <= destroyed:
                keyring.destroy(one.person_id, one.event.level)
            if one.event.erasure_id not in through:
                done.append(self._purge(tenant, one, again))
            self._open[tenant].pop(0)
        return done

    def _purge(self, tenant: UUID, one: "_Erased", again: frozenset[UUID]) -> CarriedOut:
        purged: dict[str, int] = {}

        def purge(connection: psycopg.Connection) -> ErasureCarriedOut:
            purged[READS] = purge_reads(connection, tenant, [one.person_id])
            if tokens := search.purge(connection, tenant, [one.person_id]):
                purged[TOKENS] = tokens
            return ErasureCarriedOut(
                erasure_id=one.event.erasure_id, keys_destroyed=len(one.keys), purged=purged
            )

        command_id = uuid5(one.event.erasure_id, "carried out")
        self._store(tenant, privacy_stream(tenant), command_id, purge)
        return CarriedOut(
            erasure_id=one.event.erasure_id,
            person_id=one.person_id,
            level=one.event.level,
            keys_destroyed=len(one.keys),
            purged=purged,
            again=one.event.erasure_id in again,
        )

    def _store(
        self,
        tenant: UUID,
        stream: UUID,
        command_id: UUID,
        happen: Callable[[psycopg.Connection], Event],
    ) -> None:
        """Append what happens, in one transaction with it; once, whoever else does the same."""
        keyring = self._keyring_of(tenant)
        metadata = codec.encode_metadata(Metadata(actor=operator()))

        def store(connection: psycopg.Connection) -> None:
            with connection.transaction():
                event = new_event(stream, happen(connection), uuid7(), metadata, keyring)
                expected = {stream: version}
                append = Append(
                    tenant=tenant, command_id=command_id, expected=expected, events=(event,)
                )
                [outcome] = append_all(connection, [append])
                if isinstance(outcome, Exception):
                    raise outcome

        for _ in range(_RETRIES):
            last = self._log.stream(tenant, stream, newest_first=True, limit=1)
            version = last[0].version if last else NEW_STREAM
            try:
                return self._log.run(store)
            except VersionConflict as conflict:  # somebody decided something at the same time
                last_conflict = conflict
        raise last_conflict


def erasing(
    finish: Callable[[UUID], list[CarriedOut]], tenants: Callable[[], Iterable[UUID]]
) -> Rounds:
    """Return what takes up erasures of every tenant now and then, within a `with` block."""

    def visit(tenant: UUID) -> None:
        for one in finish(tenant):
            logger.warning("erasure %s of tenant %s was taken up", one.erasure_id, tenant)

    return Rounds("eraser", tenants, visit, EVERY_S)


def told_between(
    log: Log, tenant: UUID, after: int, until: int
) -> Iterator[Recorded[PersonErased]]:
    """Yield the erasures that a part of a log tells of."""
    for logged in log.read(tenant, after, until - after, until=until, tags=_TAGS):
        recorded = codec.decode(logged)
        if isinstance(recorded.event, PersonErased):
            yield cast(Recorded[PersonErased], recorded)


class _Erased(Struct, frozen=True):
    """An erasure as the person's stream tells it."""

    recorded: Recorded[PersonErased]

    @property
    def event(self) -> PersonErased:
        """What happened."""
        return self.recorded.event

    @property
    def person_id(self) -> UUID:
        """The person, whose stream it is."""
        return self.recorded.stream

    @property
    def keys(self) -> frozenset[UUID]:
        """The ids of the keys that its level names."""
        return keys_of(self.person_id, self.event.level)

    def registered(self, tenant: UUID) -> Registered:
        """Return it as the register keeps it."""
        return Registered(
            tenant=tenant,
            erasure_id=self.event.erasure_id,
            person_id=self.person_id,
            level=self.event.level,
            basis=self.event.basis.value,
            requested_by=self.event.requested_by,
            approved_by=self.event.approved_by,
            erased_at=self.recorded.recorded_at,
        )
