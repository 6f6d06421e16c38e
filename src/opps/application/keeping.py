"""Who has been kept long enough: persons with the ends of the opportunities that tell of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from opps.application.aggregates import OPPORTUNITY, folded
from opps.application.entries import merged_persons, root_of
from opps.application.told import Progress, joined, told_of, unseen
from opps.domain.events import Outcome
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.retention import Ended, due
from opps.domain.privacy.state import ErasureStatus, Privacy
from opps.eventstore import Log
from opps.recording import codec
from opps.recording.keyring import Keyring

_READ_AT_ONCE = 200
_OUTCOMES = frozenset(one.value for one in Outcome)


class DuePerson(Struct, frozen=True, kw_only=True):
    """A person who has been kept as long as the rules say, and what then goes."""

    person_id: UUID
    level: ErasureLevel
    since: datetime
    opportunities: int


def due_persons(
    log: Log,
    tenant: UUID,
    keyring: Keyring,
    decided: Privacy,
    now: datetime,
    progress: Progress = unseen,
) -> list[DuePerson]:
    """Return who may go by the rules, is on no legal hold, and for whom nothing is asked yet.

    Raises:
        LogUnavailable: the database is away.
    """
    if not decided.retention:
        return []
    told = told_of(log, tenant, keyring, None, progress)
    ends = _Ends(log, tenant, {one for of in told.values() for one in of.opportunities})
    into = merged_persons(log, tenant)
    waiting = {root_of(one.person_id, into) for one in decided.of(ErasureStatus.REQUESTED)}
    found = []
    for person_id, entries in _by_human_being(told, into).items():
        of = joined(person_id, (told[one] for one in entries))
        told_in = of.opportunities | of.going_on
        if person_id in waiting or any(decided.holding(one, told_in) for one in entries):
            continue
        over = due(decided.retention, map(ends.of, of.opportunities), now)
        if over is None:
            continue
        level = ErasureLevel.FULL if of.only_fully else over.level
        done = (level, ErasureLevel.FULL)
        if of.values and not all(keyring.erased(one) in done for one in entries):
            number = len(of.opportunities)
            found.append(
                DuePerson(person_id=person_id, level=level, since=over.since, opportunities=number)
            )
    return sorted(found, key=lambda one: (one.since, one.person_id))


def _by_human_being(
    told: Iterable[UUID], into: Mapping[UUID, UUID]
) -> Mapping[UUID, Sequence[UUID]]:
    """Return the entries of each human being by the one that goes on: they are kept as one."""
    entries: dict[UUID, list[UUID]] = {}
    for person_id in told:
        entries.setdefault(root_of(person_id, into), []).append(person_id)
    return entries


class _Ends:
    """How opportunities ended; one that was merged ended as the one that went on."""

    def __init__(self, log: Log, tenant: UUID, ids: Iterable[UUID]) -> None:
        self._log = log
        self._tenant = tenant
        self._ended: dict[UUID, Opportunity] = {}
        wanted = set(ids)
        while missing := wanted - self._ended.keys():
            self._ended |= self._read(sorted(missing))
            merged = {one.merged_into for one in self._ended.values() if one.merged_into}
            known = {one for one in missing if one in self._ended}
            wanted = known | merged

    def of(self, opportunity_id: UUID) -> Ended:
        """Return how an opportunity ended."""
        seen = set()
        state = self._ended.get(opportunity_id)
        while state is not None and state.merged_into and state.opportunity_id not in seen:
            seen.add(state.opportunity_id)
            state = self._ended.get(state.merged_into)
        if state is not None and state.status is Status.WITHDRAWN:
            return Ended(Outcome.DISQUALIFIED, state.closed_at)  # never was one of ours
        if state is None or state.status.value not in _OUTCOMES:
            return Ended(None, None)
        return Ended(Outcome(state.status.value), state.closed_at)

    def _read(self, ids: list[UUID]) -> Mapping[UUID, Opportunity]:
        return dict(self._states(ids))

    def _states(self, ids: list[UUID]) -> Iterator[tuple[UUID, Opportunity]]:
        for start in range(0, len(ids), _READ_AT_ONCE):
            some = ids[start : start + _READ_AT_ONCE]
            history = [codec.decode(one) for one in self._log.streams(self._tenant, some)]
            for stream in some:
                own = [one for one in history if one.stream == stream]
                state = folded(OPPORTUNITY, own, None)
                if state is not None:
                    yield stream, state
