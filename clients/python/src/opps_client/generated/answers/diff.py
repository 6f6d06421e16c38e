"""What changed between two looks at a deal: each fact with its events and what it did to the score.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import DiffKind, FactKind, FactState


class OpportunityDiffBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float


class OpportunityDiffAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float


class OpportunityDiffLinesFact(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    kind: FactKind
    state: FactState


class OpportunityDiffLines(Answer, frozen=True, kw_only=True):
    """One thing that changed, and what it did."""

    kind: DiffKind
    milli_points: int
    fact: OpportunityDiffLinesFact | None


class OpportunityDiff(Answer, frozen=True, kw_only=True):
    """What changed between two looks at an opportunity. The milli-points of all lines add up to
    those between both scores, exactly.
    """

    before: OpportunityDiffBefore
    after: OpportunityDiffAfter
    milli_points: int
    lines: list[OpportunityDiffLines]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    diff: OpportunityDiff | None


class DiffQuery(Answer, frozen=True, kw_only=True):
    """What changed between two looks at a deal: each fact with its events and what it did to
    the score.
    """

    opportunity: Opportunity | None


DIFF = Operation(
    "Diff",
    """# What changed between two looks at a deal: each fact with its events and what it did to the score.
query Diff($id: ID!, $from: AsOf!, $to: AsOf) {
  opportunity(id: $id) {
    id
    diff(from: $from, to: $to) {
      before {
        p
      }
      after {
        p
      }
      milliPoints
      lines {
        kind
        milliPoints
        fact {
          factId
          kind
          state
        }
      }
    }
  }
}
""",
    DiffQuery,
)
