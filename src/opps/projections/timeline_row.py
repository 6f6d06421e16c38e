"""A line of a timeline: what every event says of its times, its people, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import field

from opps.domain.catalogue import Facet, Objective
from opps.domain.decisions import rests_on
from opps.domain.events import DecisionKind, Event, RetractionReason, Supersession
from opps.domain.lateness import is_late
from opps.domain.provenance import GRADES_1, Channel, Provenance, SourceKind
from opps.domain.recorded import Recorded
from opps.domain.times import Learned, Precision
from opps.projections.table import Row
from opps.recording.codec import tag_of

WRITTEN_BY_ANOTHER = "recorder IS NOT NULL"


class TimelineRow(Row, frozen=True, kw_only=True):
    """One event of an opportunity, or of an account.

    `learned_at` is the effective learned time, from the interval beside it, as it was claimed when
    the event was recorded: a redating is a line of its own. `lag_s` is how long after it the event
    was recorded, in the source system if it comes from one. `seller` is who on our side learned or
    did it, `recorder` who wrote it down for somebody else.

    `fact_id`, `key`, `kind` and `objective` say which fact it is about, `about` which evaluators,
    `fact_told_by` who had said what it is about, contradicts or replaces. `replaced` are the facts
    that it stopped from standing; `reason` is why, in words; `rests_on` are the facts that it was
    decided on. `credence` is how far what stands under the key is believed afterwards.
    `milli_points` is what it did to the score. A quote is sealed in the log and not held here.
    """

    account_id: UUID
    opportunity_id: UUID | None
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
    late: bool
    actor: UUID
    via: str
    seller: UUID
    recorder: UUID | None
    told_by: UUID | None
    learned_by: UUID | None
    channel: Channel | None
    source: SourceKind | None
    grade: float | None
    quoted: bool
    link: str | None
    document: str | None
    rests_on: list[UUID]
    reason: str | None
    retracted_because: RetractionReason | None
    decision: DecisionKind | None
    summary: str | None
    question_id: UUID | None
    objective: Objective | None = None
    facet: Facet | None = None
    kind: str | None = None
    key: str | None = None
    fact_id: UUID | None = None
    about: list[UUID] = field(default_factory=list)
    fact_told_by: list[UUID] = field(default_factory=list)
    replaced: list[UUID] = field(default_factory=list)
    replaced_because: Supersession | None = None
    contradicted: bool = False
    after_close: bool = False
    credence: float | None = None
    milli_points: int | None = None
    p_before: float | None = None
    low_before: float | None = None
    high_before: float | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None


def of_event(recorded: Recorded[Event]) -> dict[str, Any]:
    """Return what a line says of any event by itself."""
    event, metadata = recorded.event, recorded.metadata
    known_since = metadata.source_recorded_at or recorded.recorded_at
    # Most events of an account say nothing of learning: they count from when they were told.
    learned = getattr(event, "learned", None) or Learned(latest=known_since, defaulted=True)
    learned_at = learned.effective(recorded.recorded_at)
    lag_s = (known_since - learned_at).total_seconds()
    return {
        "position": recorded.position,
        "version": recorded.version,
        "event_id": recorded.event_id,
        "command_id": recorded.command_id,
        "tag": tag_of(event),
        "recorded_at": recorded.recorded_at,
        "source_recorded_at": metadata.source_recorded_at,
        "learned_at": learned_at,
        "learned_earliest": learned.earliest,
        "learned_latest": learned.latest,
        "precision": learned.precision,
        "zone": learned.zone,
        "learned_defaulted": learned.defaulted,
        "lag_s": lag_s,
        "late": is_late(lag_s),
        "rests_on": list(rests_on(event)),
        "reason": _words(event, "reason", "note", "rationale"),
        "retracted_because": _retraction(event),
        "decision": getattr(event, "decision", None),
        "summary": _words(event, "summary"),
        "question_id": getattr(event, "question_id", None),
        **_people(recorded),
    }


def _people(recorded: Recorded[Event]) -> dict[str, Any]:
    """Return who told whom on our side, how, and with what evidence."""
    event, actor = recorded.event, recorded.metadata.actor
    provenance: Provenance | None = getattr(event, "provenance", None)
    learned_by = provenance.learned_by if provenance else None
    seller = learned_by or actor.on_behalf_of or actor.principal
    evidence = provenance.evidence if provenance else None
    return {
        "actor": actor.principal,
        "via": actor.via,
        "seller": seller,
        "recorder": actor.principal if actor.principal != seller else None,
        "told_by": provenance.told_by if provenance else None,
        "learned_by": learned_by,
        "channel": provenance.channel if provenance else getattr(event, "channel", None),
        "source": provenance.source if provenance else None,
        "grade": GRADES_1[provenance.source] if provenance else None,
        "quoted": evidence is not None and evidence.quote is not None,
        "link": evidence.link if evidence else None,
        "document": evidence.document if evidence else None,
    }


def _retraction(event: Event) -> RetractionReason | None:
    reason = getattr(event, "reason", None)
    return reason if isinstance(reason, RetractionReason) else None


def _words(event: Event, *names: str) -> str | None:
    """Return the first of these fields that is said in words; a code is none."""
    said = (getattr(event, name, None) for name in names)
    return next((one for one in said if type(one) is str), None)
