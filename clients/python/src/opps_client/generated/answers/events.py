"""The log itself: what happened, in order, from behind a position on.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from typing import Any

from msgspec import field

from ...operation import Operation
from ...parts import Answer
from ..enums import Precision


class EventsNodesLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class EventsNodesActor(Answer, frozen=True, kw_only=True):
    """Who acted."""

    principal: str
    role: str
    via: str


class EventsNodesFact(Answer, frozen=True, kw_only=True):
    """What a fact states: one type for each kind."""

    typename: str = field(name="__typename")


class EventsNodes(Answer, frozen=True, kw_only=True):
    """Something that happened. An event is never changed, and never deleted."""

    position: int
    version: int
    tag: str
    meaning: str
    opportunity_id: str | None
    learned: EventsNodesLearned | None
    actor: EventsNodesActor
    fact: EventsNodesFact | None
    content: Any


class EventsPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Events(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[EventsNodes]
    page_info: EventsPageInfo


class LogHead(Answer, frozen=True, kw_only=True):
    """The end of the log."""

    position: int


class EventsQuery(Answer, frozen=True, kw_only=True):
    """The log itself: what happened, in order, from behind a position on."""

    events: Events
    log_head: LogHead


EVENTS = Operation(
    "Events",
    """# The log itself: what happened, in order, from behind a position on.
query Events($filter: EventFilter, $first: Int, $after: String) {
  events(filter: $filter, first: $first, after: $after) {
    nodes {
      position
      version
      tag
      meaning
      opportunityId
      learned { latest precision }
      actor { principal role via }
      fact { __typename }
      content
    }
    pageInfo { hasNextPage endCursor }
  }
  logHead { position }
}
""",
    EventsQuery,
)
