"""The danger zones that an opportunity is in: why, what to do first, and when each opened or closed and by what.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Severity, ZoneNumber


class OpportunityDangerZonesFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID


class OpportunityDangerZonesQuestions(Answer, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    text: str


class OpportunityDangerZones(Answer, frozen=True, kw_only=True):
    """A danger zone that an opportunity is in: a rule found it, and people decide. It says what
    is missing, never who failed, and moves no score.
    """

    zone: ZoneNumber
    name: str
    severity: Severity
    because: str
    move: str
    since: datetime | None
    facts: list[OpportunityDangerZonesFacts]
    questions: list[OpportunityDangerZonesQuestions]


class OpportunitySuppressed(Answer, frozen=True, kw_only=True):
    """A danger zone that an opportunity is in: a rule found it, and people decide. It says what
    is missing, never who failed, and moves no score.
    """

    zone: ZoneNumber
    suppressed_until: date | None


class OpportunityDangerZoneChangesNodes(Answer, frozen=True, kw_only=True):
    """A danger zone of an opportunity opened or closed."""

    zone: ZoneNumber
    opened: bool
    cause: str


class OpportunityDangerZoneChanges(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[OpportunityDangerZoneChangesNodes]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    danger_zones: list[OpportunityDangerZones]
    suppressed: list[OpportunitySuppressed]
    danger_zone_changes: OpportunityDangerZoneChanges


class DangerZonesQuery(Answer, frozen=True, kw_only=True):
    """The danger zones that an opportunity is in: why, what to do first, and when each opened
    or closed and by what.
    """

    opportunity: Opportunity | None


DANGER_ZONES = Operation(
    "DangerZones",
    """# The danger zones that an opportunity is in: why, what to do first, and when each opened or closed and by what.
query DangerZones($id: ID!) {
  opportunity(id: $id) {
    id
    title
    dangerZones {
      zone
      name
      severity
      because
      move
      since
      facts {
        factId
      }
      questions {
        text
      }
    }
    suppressed: dangerZones(suppressed: true) {
      zone
      suppressedUntil
    }
    dangerZoneChanges(first: 100) {
      nodes {
        zone
        opened
        cause
      }
    }
  }
}
""",
    DangerZonesQuery,
)
