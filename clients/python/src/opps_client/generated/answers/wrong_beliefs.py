"""What we had believed and turned out wrong, how long we held it, and which decisions rested on it.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import DecisionKind, Facet, FacetState, FactState, RetractionReason, WrongHow


class OpportunityWrongBeliefsNodesDecisions(Answer, frozen=True, kw_only=True):
    """Something that our side decided, or a gate that it passed, on facts."""

    summary: str | None
    decided_at: datetime


class OpportunityWrongBeliefsNodes(Answer, frozen=True, kw_only=True):
    """A belief that turned out wrong. A world that changed makes no belief wrong."""

    fact_id: UUID
    key: str
    how: WrongHow
    reason: RetractionReason | None
    told_by: UUID | None
    replaced_by: UUID | None
    learned_at: datetime
    found_at: datetime
    held_days: float
    points_meanwhile: float
    points_when_found: float
    decisions: list[OpportunityWrongBeliefsNodesDecisions]


class OpportunityWrongBeliefsPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class OpportunityWrongBeliefs(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[OpportunityWrongBeliefsNodes]
    page_info: OpportunityWrongBeliefsPageInfo


class OpportunityDecisionsWaivers(Answer, frozen=True, kw_only=True):
    """What was not known well enough when a gate was passed, and who let it pass, and why."""

    facet: Facet | None
    found: FacetState
    reason: str


class OpportunityDecisionsBasedOnFactRestedOnBy(Answer, frozen=True, kw_only=True):
    """Something that our side decided, or a gate that it passed, on facts."""

    summary: str | None


class OpportunityDecisionsBasedOnFact(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    key: str
    rested_on_by: list[OpportunityDecisionsBasedOnFactRestedOnBy]


class OpportunityDecisionsBasedOn(Answer, frozen=True, kw_only=True):
    """A fact that a decision rested on."""

    fact_id: UUID
    state: FactState | None
    stood_then: bool
    stands: bool
    erased: bool
    ended_at: datetime | None
    ended_by: UUID | None
    ended_because: str | None
    fact: OpportunityDecisionsBasedOnFact | None


class OpportunityDecisions(Answer, frozen=True, kw_only=True):
    """Something that our side decided, or a gate that it passed, on facts."""

    tag: str
    kind: DecisionKind | None
    summary: str | None
    decided_at: datetime
    gate: str | None
    waivers: list[OpportunityDecisionsWaivers]
    based_on: list[OpportunityDecisionsBasedOn]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    wrong_beliefs: OpportunityWrongBeliefs
    decisions: list[OpportunityDecisions]


class WrongBeliefsQuery(Answer, frozen=True, kw_only=True):
    """What we had believed and turned out wrong, how long we held it, and which decisions
    rested on it.
    """

    opportunity: Opportunity | None


WRONG_BELIEFS = Operation(
    "WrongBeliefs",
    """# What we had believed and turned out wrong, how long we held it, and which decisions rested on it.
query WrongBeliefs($id: ID!, $after: String) {
  opportunity(id: $id) {
    id
    wrongBeliefs(first: 20, after: $after) {
      nodes {
        factId
        key
        how
        reason
        toldBy
        replacedBy
        learnedAt
        foundAt
        heldDays
        pointsMeanwhile
        pointsWhenFound
        decisions {
          summary
          decidedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    decisions {
      tag
      kind
      summary
      decidedAt
      gate
      waivers {
        facet
        found
        reason
      }
      basedOn {
        factId
        state
        stoodThen
        stands
        erased
        endedAt
        endedBy
        endedBecause
        fact {
          key
          restedOnBy {
            summary
          }
        }
      }
    }
  }
}
""",
    WrongBeliefsQuery,
)
