"""The ledger of a score, line by line in words: the points of all lines add up exactly.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import CauseKind, FactKind, FactState, ScoreChannel, ScoreTopic


class OpportunityScoreLedgerNodesBefore(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float
    low: float
    high: float
    points: float


class OpportunityScoreLedgerNodesAfter(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float
    low: float
    high: float
    points: float


class OpportunityScoreLedgerNodesEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class OpportunityScoreLedgerNodesFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    kind: FactKind
    state: FactState


class OpportunityScoreLedgerNodes(Answer, frozen=True, kw_only=True):
    """How one event moved the score of one opportunity: a line of its ledger. Such an item is
    never changed.
    """

    cursor: str
    kind: CauseKind
    sentence: str
    model: str
    before: OpportunityScoreLedgerNodesBefore | None
    after: OpportunityScoreLedgerNodesAfter
    milli_points: int
    delta_p: float
    delta_log_odds: float
    effects: list[OpportunityScoreLedgerNodesEffects]
    facts: list[OpportunityScoreLedgerNodesFacts]


class OpportunityScoreLedgerPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class OpportunityScoreLedger(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[OpportunityScoreLedgerNodes]
    page_info: OpportunityScoreLedgerPageInfo


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    score_ledger: OpportunityScoreLedger


class ScoreLedgerQuery(Answer, frozen=True, kw_only=True):
    """The ledger of a score, line by line in words: the points of all lines add up exactly."""

    opportunity: Opportunity | None


SCORE_LEDGER = Operation(
    "ScoreLedger",
    """# The ledger of a score, line by line in words: the points of all lines add up exactly.
query ScoreLedger($id: ID!, $after: String) {
  opportunity(id: $id) {
    id
    scoreLedger(first: 100, after: $after) {
      nodes {
        cursor
        kind
        sentence
        model
        before { p low high points }
        after { p low high points }
        milliPoints
        deltaP
        deltaLogOdds
        effects { topic channel milliPoints }
        facts { factId kind state }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
""",
    ScoreLedgerQuery,
)
