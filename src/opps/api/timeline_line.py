"""A line of a timeline in the schema."""

from datetime import datetime
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.danger_zones import DangerZoneChange
from opps.api.derive import enum_of
from opps.api.errors import node_argument
from opps.api.facts import FactKind
from opps.api.ids import NodeType, to_global
from opps.api.outputs import LearnedTime, PersonalText, personal_text
from opps.api.scalars import Position
from opps.api.scores import MILLI
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import RetractionReason, Supersession
from opps.domain.lateness import lag_in_words
from opps.domain.provenance import Channel, SourceKind
from opps.projections.timeline_row import TimelineRow

for _enum in (Facet, Objective, Supersession, SourceKind, RetractionReason):
    enum_of(_enum)
enum_of(Channel)


@strawberry.type(description="A win probability beside a line: with its 80 % interval.")
class LineScore:
    p: float = strawberry.field(description="The win probability.")
    low: float = strawberry.field(description="Lower end of the 80 % interval.")
    high: float = strawberry.field(description="Upper end of the 80 % interval.")


@strawberry.type(description="What can be shown for what somebody said.")
class LineEvidence:
    row: strawberry.Private[TimelineRow]
    link: str | None = strawberry.field(description="Where it can be opened.")
    document: str | None = strawberry.field(
        description="Reference of a document in another system."
    )

    @strawberry.field(description="The source's own words.")
    async def quote(self, info: Info) -> PersonalText | None:
        row = self.row
        if not row.quoted or row.opportunity_id is None:
            return None
        held = await info.context.lines.quotes.load((row.opportunity_id, row.position))
        return None if held is None else personal_text(held)


@strawberry.type(
    description="One event of an opportunity or account: when we learned of it, when it was "
    "recorded, who told us, what it replaced, and what it did to the score."
)
class TimelineEntry:
    event_id: UUID = strawberry.field(description="The event.")
    command_id: UUID = strawberry.field(description="The command that led to it, and to others.")
    opportunity_id: strawberry.ID | None = strawberry.field(
        description="The opportunity it happened to; null where it happened to the account."
    )
    account_id: strawberry.ID = strawberry.field(description="The buying organisation.")
    tag: str = strawberry.field(description="What happened, such as FactLearned.")
    position: Position = strawberry.field(description="Place in the log.")
    version: int = strawberry.field(
        description="The version of the opportunity or account by then."
    )
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    source_recorded_at: datetime | None = strawberry.field(
        description="When the source system says that it recorded this."
    )
    learned_at: datetime = strawberry.field(
        description="By when our side had come to know, as was said when it was recorded: a "
        "redating is a line of its own."
    )
    learned: LearnedTime = strawberry.field(description="When our side came to know, as claimed.")
    lag_seconds: float = strawberry.field(
        description="How long after we had come to know it was recorded."
    )
    lag_in_words: str = strawberry.field(description="The same in words, such as 8 days later.")
    late: bool = strawberry.field(
        description="It arrived late: recorded more than a day after we had come to know."
    )
    actor_id: strawberry.ID = strawberry.field(description="Who recorded it.")
    seller_id: strawberry.ID = strawberry.field(
        description="Who on our side learned it, or did it: not always who recorded it."
    )
    told_by: UUID | None = strawberry.field(description="The evaluator who said it.")
    about: list[UUID] = strawberry.field(description="The evaluators whom it is about.")
    facts_told_by: list[UUID] = strawberry.field(
        description="The evaluators who had said what it confirms, takes back, replaces or "
        "contradicts."
    )
    learned_by: strawberry.ID | None = strawberry.field(description="Who on our side learned it.")
    channel: Channel | None = strawberry.field(description="How it reached us.")
    source: SourceKind | None = strawberry.field(description="What kind of source said it.")
    evidence: LineEvidence | None = strawberry.field(description="What can be shown for it.")
    grade: float | None = strawberry.field(description="What such a source weighs, from 0 to 1.")
    credence: float | None = strawberry.field(
        description="How far what stands under its key was believed afterwards, from 0 to 0.95; 0 "
        "while facts contradict each other."
    )
    objective: Objective | None = strawberry.field(description="The objective it is about.")
    facet: Facet | None = strawberry.field(description="The facet it is about, of a question.")
    kind: FactKind | None = strawberry.field(description="The kind of fact it is about.")
    key: str | None = strawberry.field(description="The key it is about.")
    fact_id: UUID | None = strawberry.field(description="The fact it is about.")
    question_id: UUID | None = strawberry.field(description="The question it is about.")
    rests_on: list[UUID] = strawberry.field(
        description="The facts that it was decided on, of a decision."
    )
    summary: str | None = strawberry.field(description="What was decided or seen, in words.")
    replaced: list[UUID] = strawberry.field(description="The facts that no longer stand for it.")
    replaced_because: Supersession | None = strawberry.field(description="Why they do not.")
    retracted_because: RetractionReason | None = strawberry.field(
        description="Why it was taken back, of a retraction."
    )
    reason: str | None = strawberry.field(description="Why, in words, where somebody said so.")
    contradicted: bool = strawberry.field(
        description="From here on facts contradict each other under this key."
    )
    after_close: bool = strawberry.field(description="It came after the close: hindsight only.")
    points: float | None = strawberry.field(
        description="What it did to the score, in points; null when it cannot have done anything."
    )
    p: float | None = strawberry.field(description="The win probability afterwards.")
    before: LineScore | None = strawberry.field(
        description="The score before; null where it cannot have moved, and at the opening."
    )
    after: LineScore | None = strawberry.field(
        description="The score afterwards; null where it cannot have moved."
    )

    @strawberry.field(
        description="The danger zones that it opened or closed. What a day that turned, a model or "
        "other rules did is a line of the opportunity's own, of the name of that event."
    )
    async def zones_moved(self, info: Info) -> list[DangerZoneChange]:
        if self.opportunity_id is None:
            return []
        of = node_argument(NodeType.OPPORTUNITY, self.opportunity_id)
        items = await info.context.zones.load((of, self.position))
        return [DangerZoneChange(item=one) for one in items]


def timeline_entry(row: TimelineRow) -> TimelineEntry:
    """Return a row of a timeline for the schema."""
    shown = row.quoted or row.link is not None or row.document is not None
    return TimelineEntry(
        event_id=row.event_id,
        command_id=row.command_id,
        opportunity_id=_id(NodeType.OPPORTUNITY, row.opportunity_id),
        account_id=strawberry.ID(to_global(NodeType.ACCOUNT, row.account_id)),
        tag=row.tag,
        position=Position(row.position),
        version=row.version,
        recorded_at=row.recorded_at,
        source_recorded_at=row.source_recorded_at,
        learned_at=row.learned_at,
        learned=LearnedTime(
            earliest=row.learned_earliest,
            latest=row.learned_latest,
            precision=row.precision,
            zone=row.zone,
            defaulted=row.learned_defaulted,
        ),
        lag_seconds=row.lag_s,
        lag_in_words=lag_in_words(row.lag_s),
        late=row.late,
        actor_id=strawberry.ID(to_global(NodeType.PERSON, row.actor)),
        seller_id=strawberry.ID(to_global(NodeType.PERSON, row.seller)),
        told_by=row.told_by,
        about=row.about,
        facts_told_by=row.fact_told_by,
        learned_by=_id(NodeType.PERSON, row.learned_by),
        channel=row.channel,
        source=row.source,
        evidence=LineEvidence(row=row, link=row.link, document=row.document) if shown else None,
        grade=row.grade,
        credence=row.credence,
        objective=row.objective,
        facet=row.facet,
        kind=FactKind(row.kind) if row.kind else None,
        key=row.key,
        fact_id=row.fact_id,
        question_id=row.question_id,
        rests_on=row.rests_on,
        summary=row.summary,
        replaced=row.replaced,
        replaced_because=row.replaced_because,
        retracted_because=row.retracted_because,
        reason=row.reason,
        contradicted=row.contradicted,
        after_close=row.after_close,
        points=None if row.milli_points is None else row.milli_points / MILLI,
        p=row.p,
        before=_score(row.p_before, row.low_before, row.high_before),
        after=_score(row.p, row.low, row.high),
    )


def _id(node: NodeType, id_: UUID | None) -> strawberry.ID | None:
    return None if id_ is None else strawberry.ID(to_global(node, id_))


def _score(p: float | None, low: float | None, high: float | None) -> LineScore | None:
    if p is None or low is None or high is None:
        return None
    return LineScore(p=p, low=low, high=high)
