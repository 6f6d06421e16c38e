"""What happened to an account and what we learned of all its opportunities, put together by objective.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Objective


class AccountTimelineNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    tag: str
    position: int
    learned_at: datetime
    late: bool
    key: str | None


class AccountTimelineGroupsNodesLinesNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    position: int
    tag: str
    key: str | None
    points: float | None


class AccountTimelineGroupsNodesLinesPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class AccountTimelineGroupsNodesLines(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[AccountTimelineGroupsNodesLinesNodes]
    page_info: AccountTimelineGroupsNodesLinesPageInfo


class AccountTimelineGroupsNodes(Answer, frozen=True, kw_only=True):
    """Lines that belong together. Nothing is left out: `lines` holds each of them."""

    day: date | None
    command_id: UUID | None
    objective: Objective | None
    line_count: int
    late_count: int
    points: float
    milli_points: int
    lines: AccountTimelineGroupsNodesLines


class AccountTimelineGroups(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[AccountTimelineGroupsNodes]


class AccountTimeline(Answer, frozen=True, kw_only=True):
    """One page of a timeline, and the whole of it in groups."""

    total_count: int
    nodes: list[AccountTimelineNodes]
    groups: AccountTimelineGroups


class Account(Answer, frozen=True, kw_only=True):
    """A buying organisation."""

    id: str
    name: str
    timeline: AccountTimeline


class AccountTimelineQuery(Answer, frozen=True, kw_only=True):
    """What happened to an account and what we learned of all its opportunities, put together by
    objective.
    """

    account: Account | None


ACCOUNT_TIMELINE = Operation(
    "AccountTimeline",
    """# What happened to an account and what we learned of all its opportunities, put together by objective.
query AccountTimeline($id: ID!, $axis: Axis!, $by: GroupBy!, $after: String) {
  account(id: $id) {
    id
    name
    timeline(axis: $axis, filter: { late: true }, first: 5, after: $after) {
      totalCount
      nodes {
        tag
        position
        learnedAt
        late
        key
      }
      groups(by: $by, zone: "Europe/Madrid") {
        nodes {
          day
          commandId
          objective
          lineCount
          lateCount
          points
          milliPoints
          lines(first: 3) {
            nodes {
              position
              tag
              key
              points
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      }
    }
  }
}
""",
    AccountTimelineQuery,
)
