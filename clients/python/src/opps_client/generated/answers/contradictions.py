"""Where two of the buyer do not say the same, who said what when; and which facts do not fit together.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import DateBasis, FactKind, Precision, TensionRule


class OpportunityContradictionsFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityContradictionsFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityContradictionsFactsContent(Answer, frozen=True, kw_only=True):
    """What a fact states: one type for each kind."""

    on_date: date | None = None
    basis: DateBasis | None = None


class OpportunityContradictionsFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    told_by: OpportunityContradictionsFactsToldBy | None
    learned: OpportunityContradictionsFactsLearned
    content: OpportunityContradictionsFactsContent


class OpportunityContradictionsChoice(Answer, frozen=True, kw_only=True):
    """What the team chose between facts that contradict."""

    chosen: UUID
    rationale: str


class OpportunityContradictions(Answer, frozen=True, kw_only=True):
    """Facts of one key that cannot all hold, as the rule of their kind says. The facts say who
    told each of them, when, and what.
    """

    key: str
    kind: FactKind
    since: datetime
    facts: list[OpportunityContradictionsFacts]
    choice: OpportunityContradictionsChoice | None


class OpportunityTensionsFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityTensionsFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    kind: FactKind
    told_by: OpportunityTensionsFactsToldBy | None


class OpportunityTensions(Answer, frozen=True, kw_only=True):
    """Standing facts of different keys that do not fit together. Each may hold by itself: none
    is doubted and the score stays as it is, but somebody should ask.
    """

    rule: TensionRule
    because: str
    since: datetime
    facts: list[OpportunityTensionsFacts]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    contradictions: list[OpportunityContradictions]
    tensions: list[OpportunityTensions]


class ContradictionsQuery(Answer, frozen=True, kw_only=True):
    """Where two of the buyer do not say the same, who said what when; and which facts do not
    fit together.
    """

    opportunity: Opportunity | None


CONTRADICTIONS = Operation(
    "Contradictions",
    """# Where two of the buyer do not say the same, who said what when; and which facts do not fit together.
query Contradictions($id: ID!) {
  opportunity(id: $id) {
    id
    contradictions {
      key
      kind
      since
      facts {
        factId
        toldBy { title }
        learned { latest precision zone }
        content { ... on DecisionDateFact { onDate basis } }
      }
      choice { chosen rationale }
    }
    tensions { rule because since facts { factId kind toldBy { title } } }
  }
}
""",
    ContradictionsQuery,
)
