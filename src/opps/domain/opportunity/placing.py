"""From when on each event counts: when it was learned, and nothing before the opening."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from opps.domain.beliefs import NOW, Belief
from opps.domain.events import (
    AmountEstimated,
    BuyerResponded,
    CommitDateSet,
    DayTurned,
    Event,
    FactLearned,
    ForecastCategorySet,
    ImportTakenBack,
    MapEvent,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityWithdrawn,
    OpportunityWon,
    OutcomeCorrected,
    OwnershipTransferred,
    ProposalSent,
    RuleSetPublished,
    RuleSuppressed,
    ScoringModelActivated,
    SellerEstimateRecorded,
    StageSet,
    TeamMemberJoined,
    TeamMemberLeft,
)
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Recorded
from opps.domain.times import Precision, Reading, midnight, zone_of

IN_FORCE = (ScoringModelActivated, RuleSetPublished, RuleSuppressed)
UTC_ZONE = ZoneInfo("UTC")
ENDS_OR_BEGINS = (
    OpportunityWon,
    OpportunityLost,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunitiesMerged,
    OpportunityReopened,
    OutcomeCorrected,
    ImportTakenBack,
    OpportunityWithdrawn,
)
# The values that an import gives an opportunity: they go with it when it is taken back.
VALUES = (
    OpportunityRenamed,
    OwnershipTransferred,
    TeamMemberJoined,
    TeamMemberLeft,
    AmountEstimated,
    CommitDateSet,
    StageSet,
    ForecastCategorySet,
    SellerEstimateRecorded,
    ProposalSent,
    BuyerResponded,
    OpportunityWon,
    OpportunityLost,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityReopened,
    OutcomeCorrected,
    OpportunitiesMerged,
)
_NO_IMPORT = UUID(int=0)


def placed(
    history: Sequence[Recorded[Event]],
    whole: Opportunity,
    reading: Reading = Reading.CERTAIN,
) -> list[tuple[datetime, Recorded[Event]]]:
    """Return each event with the instant from which it counts: nothing before the opening."""
    own = _told([one for one in history if one.stream == whole.opportunity_id])
    [opening, *later] = sorted(own, key=lambda one: not isinstance(one.event, OpportunityOpened))
    begin = _begun(opening, reading)
    beliefs = {one.fact_id: one for of in whole.histories.values() for one in of.beliefs}
    found: list[tuple[datetime, Recorded[Event]]] = []
    next_at: dict[object, datetime] = {}
    for one in reversed(later):
        at = max(begin, _learned_at(one, beliefs, reading))
        if (thread := _thread(one.event)) is not None:
            at = next_at[thread] = min(at, next_at.get(thread, at))
        found.append((at, one))
    found.reverse()
    found += [(one.recorded_at, one) for one in models(history) if one.recorded_at > begin]
    return [(begin, opening), *sorted(found, key=itemgetter(0))]


def _told(own: list[Recorded[Event]]) -> list[Recorded[Event]]:
    """Return a history without the values of imports that were taken back, and what put them back.

    Else these would cover what was told later of an earlier time, such as by the same import again.
    Of facts all stays: their retractions say themselves from when on they count.
    """
    until = {
        one.event.import_id: one.position for one in own if isinstance(one.event, ImportTakenBack)
    }
    if not until:
        return own
    return [
        one
        for one in own
        if not isinstance(one.event, ImportTakenBack)
        and not (
            isinstance(one.event, VALUES)
            and one.position < until.get(one.metadata.correlation_id or _NO_IMPORT, 0)
        )
    ]


def _thread(event: Event) -> object:
    """Return what an event goes on with: there, what came first in the log also counts first.

    A question put to the buyer before it was written down had been there by then.
    """
    if isinstance(event, ENDS_OR_BEGINS):
        return ENDS_OR_BEGINS
    if isinstance(event, MapEvent):
        return event.thread
    return getattr(event, "question_id", None)


def models(history: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    """Return what came into force in a history: models, and rules."""
    return [one for one in history if isinstance(one.event, IN_FORCE)]


def _learned_at(
    recorded: Recorded[Event], beliefs: Mapping[UUID, Belief], reading: Reading
) -> datetime:
    event = recorded.event
    assert isinstance(event, OpportunityEvent)
    belief = beliefs.get(event.fact_id) if isinstance(event, FactLearned) else None
    if belief is not None:
        return belief.learned_for(NOW).read(reading, recorded.recorded_at)
    return event.learned.read(reading, recorded.recorded_at)


def _begun(opening: Recorded[Event], reading: Reading) -> datetime:
    """Return when the opportunity began: by its record where nothing says how early."""
    event = opening.event
    assert isinstance(event, OpportunityOpened)
    known = event.learned.precision is not Precision.UNKNOWN
    certainly = reading if known else Reading.CERTAIN
    return event.learned.read(certainly, opening.recorded_at)


def zone_in(history: Iterable[Recorded[Event]]) -> ZoneInfo:
    """Return the zone in which the tenant's days begin, by its last tick."""
    zones = [one.event.zone for one in history if isinstance(one.event, DayTurned)]
    return zone_of(zones[-1]) if zones else UTC_ZONE


def clock_at(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the beginning of the day that an instant lies in: what a clock of that day shows."""
    return midnight(at.astimezone(zone).date(), zone)
