"""What commands on coaching are decided beside: teams, catalogue, the day, and facts elsewhere."""

from collections.abc import Collection, Mapping
from datetime import UTC, date
from uuid import UUID

from msgspec.structs import replace

from opps.application.aggregates import (
    LEARNING_CATALOGUE,
    OPPORTUNITY,
    TEAMS,
    Aggregate,
    beside,
)
from opps.application.streams import Streams
from opps.domain.beliefs import NOW, Belief
from opps.domain.clock import clock_stream
from opps.domain.coaching.catalogue import (
    NOTHING_OFFERED,
    LearningCatalogue,
    learning_catalogue_stream,
)
from opps.domain.coaching.commands import AnyGapCommand, ApplyLearning
from opps.domain.coaching.decide import Around, may_see, part_of
from opps.domain.coaching.evolve import evolve
from opps.domain.coaching.gap import Gap
from opps.domain.coaching.steps import FoundFact
from opps.domain.events import AppliedFact, DayTurned, PerformanceGapIdentified
from opps.domain.recorded import Actor
from opps.domain.teams import NO_TEAMS, teams_stream
from opps.eventstore import LoggedEvent
from opps.recording import codec

_IDENTIFIED = (PerformanceGapIdentified.__name__,)
_WINDOW = 5_000


async def learning_catalogue(streams: Streams, tenant: UUID) -> LearningCatalogue:
    """Return the learning activities of a tenant as they are now."""
    stream = learning_catalogue_stream(tenant)
    return await streams.load_alone(LEARNING_CATALOGUE, tenant, stream) or NOTHING_OFFERED


async def today(streams: Streams, tenant: UUID) -> date:
    """Return the day that turned last in the tenant's zone; that of UTC before any did."""
    stream = clock_stream(tenant)
    logged = await streams.log.aside(streams.log.stream, tenant, stream, newest_first=True, limit=1)
    for one in logged:
        turned = codec.decode(one).event
        if isinstance(turned, DayTurned):
            return turned.day
    return streams.now().astimezone(UTC).date()


async def deciding_on_gap(streams: Streams, command: AnyGapCommand, tenant: UUID) -> Aggregate[Gap]:
    """Return how to decide on a gap: beside what lies in other streams than its own."""
    return beside(
        Around(
            today=await today(streams, tenant),
            teams=await streams.load_alone(TEAMS, tenant, teams_stream(tenant)) or NO_TEAMS,
            catalogue=await learning_catalogue(streams, tenant),
            facts=await _found(streams, command, tenant),
        )
    )


async def all_gaps(streams: Streams, tenant: UUID) -> list[Gap]:
    """Return every gap there is in the log, what was written about sellers readable."""
    log, found, after = streams.log, list[UUID](), 0
    while some := await log.aside(log.read, tenant, after, _WINDOW, until=None, tags=_IDENTIFIED):
        found += [one.stream for one in some]
        after = some[-1].position
    return list((await readable_gaps(streams, tenant, found)).values())


async def readable_gaps(
    streams: Streams, tenant: UUID, ids: Collection[UUID]
) -> Mapping[UUID, Gap]:
    """Return gaps by their ids, what was written about sellers readable or redacted."""
    if not ids:
        return {}
    logged = await streams.log.aside(streams.log.streams, tenant, list(ids))
    return await streams.log.aside(_folded, streams, tenant, logged)


async def unseen_gaps(
    streams: Streams, tenant: UUID, actor: Actor, ids: Collection[UUID]
) -> frozenset[UUID]:
    """Return which of these gaps are none for somebody, or not yet."""
    if not ids:
        return frozenset()
    teams = await streams.load_alone(TEAMS, tenant, teams_stream(tenant)) or NO_TEAMS
    gaps, now = await readable_gaps(streams, tenant, ids), streams.now()
    seen = {
        one.gap_id for one in gaps.values() if may_see(one, part_of(actor, one.seller, teams), now)
    }
    return frozenset(ids) - seen


def _folded(streams: Streams, tenant: UUID, logged: Collection[LoggedEvent]) -> dict[UUID, Gap]:
    states: dict[UUID, Gap] = {}
    for recorded in map(codec.decode, logged):
        readable = replace(recorded, event=streams.readable(tenant, recorded))
        after = evolve(states.get(recorded.stream), readable)
        if after is not None:
            states[recorded.stream] = after
    return states


async def _found(
    streams: Streams, command: AnyGapCommand, tenant: UUID
) -> Mapping[AppliedFact, FoundFact]:
    if not isinstance(command, ApplyLearning):
        return {}
    found: dict[AppliedFact, FoundFact] = {}
    for opportunity_id in {one.opportunity_id for one in command.facts}:
        of = await streams.load(OPPORTUNITY, tenant, opportunity_id)
        for one in command.facts:
            belief = of.belief(one.fact_id) if of and one.opportunity_id == opportunity_id else None
            if belief is not None:
                found[one] = _shown(belief)
    return found


def _shown(belief: Belief) -> FoundFact:
    return FoundFact(
        objective=belief.fact.objective,
        learned_by=belief.provenance.learned_by,
        learned_at=belief.learned_for(NOW).effective(belief.recorded_at),
        retracted=belief.withdrawn(NOW),
    )
