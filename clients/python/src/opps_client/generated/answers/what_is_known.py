"""What is known, what we know that we do not know, and what nobody has looked at yet.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Asking, Facet, FacetState, Objective, QuestionStatus


class OpportunityObjectivesFacets(Answer, frozen=True, kw_only=True):
    """How well one facet is known."""

    facet: Facet
    required: bool
    state: FacetState
    asking: Asking | None
    waiting_since: datetime | None


class OpportunityObjectives(Answer, frozen=True, kw_only=True):
    """How well one information objective is known."""

    objective: Objective
    state: FacetState
    coverage: float
    asking: Asking | None
    not_asked: int
    unanswered: int
    told: int
    facets: list[OpportunityObjectivesFacets]


class OpportunityQuestions(Answer, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    facet: Facet
    text: str
    status: QuestionStatus
    whom_to_ask: UUID | None


class OpportunityContradictionsFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID


class OpportunityContradictions(Answer, frozen=True, kw_only=True):
    """Facts of one key that cannot all hold, as the rule of their kind says. The facts say who
    told each of them, when, and what.
    """

    key: str
    facts: list[OpportunityContradictionsFacts]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    objectives: list[OpportunityObjectives]
    questions: list[OpportunityQuestions]
    contradictions: list[OpportunityContradictions]


class WhatIsKnownQuery(Answer, frozen=True, kw_only=True):
    """What is known, what we know that we do not know, and what nobody has looked at yet."""

    opportunity: Opportunity | None


WHAT_IS_KNOWN = Operation(
    "WhatIsKnown",
    """# What is known, what we know that we do not know, and what nobody has looked at yet.
query WhatIsKnown($id: ID!) {
  opportunity(id: $id) {
    id
    objectives {
      objective
      state
      coverage
      asking
      notAsked
      unanswered
      told
      facets { facet required state asking waitingSince }
    }
    questions(open: true) { facet text status whomToAsk }
    contradictions { key facts { factId } }
  }
}
""",
    WhatIsKnownQuery,
)
