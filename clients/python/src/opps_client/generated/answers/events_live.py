"""Every event from a position on, with no gap: keep the last position, and go on after it.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from msgspec import field

from ...operation import Operation
from ...parts import Answer


class EventsFact(Answer, frozen=True, kw_only=True):
    """What a fact states: one type for each kind."""

    typename: str = field(name="__typename")


class Events(Answer, frozen=True, kw_only=True):
    """An event, or that all were sent."""

    typename: str = field(name="__typename")
    position: int | None = None
    tag: str | None = None
    meaning: str | None = None
    opportunity_id: str | None = None
    recorded_at: datetime | None = None
    fact: EventsFact | None = None
    cursor: str | None = None


class EventsLiveSubscription(Answer, frozen=True, kw_only=True):
    """Every event from a position on, with no gap: keep the last position, and go on after it."""

    events: Events


EVENTS_LIVE = Operation(
    "EventsLive",
    """# Every event from a position on, with no gap: keep the last position, and go on after it.
subscription EventsLive($filter: EventNewsFilter, $after: Position) {
  events(filter: $filter, after: $after) {
    __typename
    ... on Event {
      position
      tag
      meaning
      opportunityId
      recordedAt
      fact { __typename }
    }
    ... on StreamCaughtUp { cursor position }
  }
}
""",
    EventsLiveSubscription,
)
