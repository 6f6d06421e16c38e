"""The timeline: what we learned when, from whom, what it replaced, and what it did to the score."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from opps.domain.beliefs import Standing, Verdict
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import ContradictionResolved, FactLearned, OpportunityEvent, Supersession
from opps.domain.facts import Fact
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import GRADES_1, Channel, Provenance, SourceKind
from opps.domain.times import Precision
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table
from opps.recording.codec import tag_of


class TimelineRow(Row, frozen=True, kw_only=True):
    """One event of an opportunity.

    `learned_at` is the effective learned time, from the interval beside it. `lag_s` is how long
    after it the event was recorded, in the source system if it comes from one. `fact_id`, `key`,
    `kind` and `objective` say which fact it is about; `replaced` are the facts that it stopped
    from standing. `milli_points` is what it did to the score.
    """

    opportunity_id: UUID
    position: int
    version: int
    event_id: UUID
    command_id: UUID
    tag: str
    recorded_at: datetime
    source_recorded_at: datetime | None
    learned_at: datetime
    learned_earliest: datetime | None
    learned_latest: datetime | None
    precision: Precision
    zone: str
    learned_defaulted: bool
    lag_s: float
    actor: UUID
    via: str
    told_by: UUID | None
    learned_by: UUID | None
    channel: Channel | None
    source: SourceKind | None
    grade: float | None
    objective: Objective | None
    facet: Facet | None
    kind: str | None
    key: str | None
    fact_id: UUID | None
    question_id: UUID | None
    replaced: list[UUID]
    replaced_because: Supersession | None
    contradicted: bool
    after_close: bool
    milli_points: int | None
    p: float | None


def _rows(step: Step) -> Iterator[TimelineRow]:
    recorded, opportunity, scored = step.recorded, step.after, step.scored
    event = recorded.event
    assert isinstance(event, OpportunityEvent)
    learned, metadata = event.learned, recorded.metadata
    learned_at = learned.effective(recorded.recorded_at)
    known_since = metadata.source_recorded_at or recorded.recorded_at
    change = scored.change if scored else None
    yield TimelineRow(
        opportunity_id=opportunity.opportunity_id,
        position=recorded.position,
        version=recorded.version,
        event_id=recorded.event_id,
        command_id=recorded.command_id,
        tag=tag_of(event),
        recorded_at=recorded.recorded_at,
        source_recorded_at=metadata.source_recorded_at,
        learned_at=learned_at,
        learned_earliest=learned.earliest,
        learned_latest=learned.latest,
        precision=learned.precision,
        zone=learned.zone,
        learned_defaulted=learned.defaulted,
        lag_s=(known_since - learned_at).total_seconds(),
        actor=metadata.actor.principal,
        via=metadata.actor.via,
        question_id=getattr(event, "question_id", None),
        after_close=step.before is not None and not step.before.open and not opportunity.open,
        milli_points=change.milli_points if change else None,
        p=scored.after.p if scored else None,
        **_source(event),
        **_subject(event, step.before, opportunity),
    )


def _source(event: OpportunityEvent) -> dict[str, Any]:
    """Return who told us, and how; events that say less leave it open."""
    provenance: Provenance | None = getattr(event, "provenance", None)
    if provenance is None:
        return {
            "told_by": getattr(event, "evaluator_id", None),
            "learned_by": None,
            "channel": getattr(event, "channel", None),
            "source": None,
            "grade": None,
        }
    return {
        "told_by": provenance.told_by,
        "learned_by": provenance.learned_by,
        "channel": provenance.channel,
        "source": provenance.source,
        "grade": GRADES_1[provenance.source],
    }


def _subject(
    event: OpportunityEvent, before: Opportunity | None, after: Opportunity
) -> dict[str, Any]:
    """Return which fact or facet an event is about, and which facts it stopped from standing."""
    fact_id = _fact_id(event)
    key = after.fact_keys.get(fact_id) if fact_id is not None else None
    fact = _fact(event, after, key)
    stood = _standing(before, key)
    stands = _standing(after, key)
    facet: Facet | None = getattr(event, "facet", None)
    supersedes = event.supersedes if isinstance(event, FactLearned) else None
    return {
        "fact_id": fact_id,
        "key": key,
        "kind": fact.kind() if fact else None,
        "facet": facet,
        "objective": fact.objective if fact else facet.objective if facet else None,
        "replaced": sorted(_ids(stood) - _ids(stands)),
        "replaced_because": supersedes.because if supersedes else None,
        "contradicted": stands is not None and stands.verdict is Verdict.CONTRADICTED,
    }


def _fact_id(event: OpportunityEvent) -> UUID | None:
    if isinstance(event, ContradictionResolved):
        return event.chosen
    fact_id: UUID | None = getattr(event, "fact_id", None)
    return fact_id


def _fact(event: OpportunityEvent, state: Opportunity, key: str | None) -> Fact | None:
    if isinstance(event, FactLearned):
        return event.fact
    history = state.histories.get(key) if key is not None else None
    return history.beliefs[0].fact if history and history.beliefs else None


def _standing(state: Opportunity | None, key: str | None) -> Standing | None:
    return state.standings.get(key) if state is not None and key is not None else None


def _ids(standing: Standing | None) -> set[UUID]:
    return {belief.fact_id for belief in standing.beliefs} if standing is not None else set()


TABLE = Table(
    name="timeline",
    row=TimelineRow,
    key=("position",),
    indexes=("opportunity_id, position", "opportunity_id, learned_at, position"),
    added_only=True,
)

TIMELINE = Projection(name="timeline", version=2, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows)
