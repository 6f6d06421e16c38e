"""What happened when, by the time of learning or of recording, with what each event did to the score.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Channel, FactKind, Objective, Precision, SourceKind, Supersession


class OpportunityTimelineNodesLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    precision: Precision
    zone: str


class OpportunityTimelineNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    tag: str
    position: int
    recorded_at: datetime
    learned_at: datetime
    learned: OpportunityTimelineNodesLearned
    objective: Objective | None
    kind: FactKind | None
    key: str | None
    source: SourceKind | None
    channel: Channel | None
    told_by: UUID | None
    grade: float | None
    replaced: list[UUID]
    replaced_because: Supersession | None
    contradicted: bool
    points: float | None
    p: float | None


class OpportunityTimelinePageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class OpportunityTimeline(Answer, frozen=True, kw_only=True):
    """One page of a timeline, and the whole of it in groups."""

    nodes: list[OpportunityTimelineNodes]
    page_info: OpportunityTimelinePageInfo


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    timeline: OpportunityTimeline


class TimelineQuery(Answer, frozen=True, kw_only=True):
    """What happened when, by the time of learning or of recording, with what each event did to
    the score.
    """

    opportunity: Opportunity | None


TIMELINE = Operation(
    "Timeline",
    """# What happened when, by the time of learning or of recording, with what each event did to the score.
query Timeline($id: ID!, $axis: Axis!, $after: String) {
  opportunity(id: $id) {
    id
    timeline(axis: $axis, first: 100, after: $after) {
      nodes {
        tag
        position
        recordedAt
        learnedAt
        learned { precision zone }
        objective
        kind
        key
        source
        channel
        toldBy
        grade
        replaced
        replacedBecause
        contradicted
        points
        p
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
""",
    TimelineQuery,
)
