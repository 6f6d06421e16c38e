"""Every fact of an opportunity: who said it, with what evidence, and what became of it.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from msgspec import field

from ...operation import Operation
from ...parts import Answer
from ..enums import Channel, FactKind, FactState, FundingStatus, Precision, SourceKind


class OpportunityFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    evaluator_id: UUID
    title: str | None


class OpportunityFactsProvenanceEvidenceQuote(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None
    redacted: bool


class OpportunityFactsProvenanceEvidence(Answer, frozen=True, kw_only=True):
    """What can be shown for a fact."""

    document: str | None
    quote: OpportunityFactsProvenanceEvidenceQuote | None


class OpportunityFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind
    channel: Channel
    learned_by: str | None
    evidence: OpportunityFactsProvenanceEvidence | None


class OpportunityFactsContentAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class OpportunityFactsContent(Answer, frozen=True, kw_only=True):
    """What a fact states: one type for each kind."""

    typename: str = field(name="__typename")
    status: FundingStatus | None = None
    amount: OpportunityFactsContentAmount | None = None
    authority_id: UUID | None = None


class OpportunityFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    kind: FactKind
    state: FactState
    supersedes: UUID | None
    position: int
    learned: OpportunityFactsLearned
    told_by: OpportunityFactsToldBy | None
    provenance: OpportunityFactsProvenance
    content: OpportunityFactsContent


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    facts: list[OpportunityFacts]


class FactsQuery(Answer, frozen=True, kw_only=True):
    """Every fact of an opportunity: who said it, with what evidence, and what became of it."""

    opportunity: Opportunity | None


FACTS = Operation(
    "Facts",
    """# Every fact of an opportunity: who said it, with what evidence, and what became of it.
query Facts($id: ID!, $filter: FactFilter) {
  opportunity(id: $id) {
    id
    facts(filter: $filter) {
      factId
      kind
      state
      supersedes
      position
      learned { earliest latest precision zone }
      toldBy { evaluatorId title }
      provenance {
        source
        channel
        learnedBy
        evidence { document quote { text redacted } }
      }
      content {
        __typename
        ... on FundingFact { status amount { amount currency } authorityId }
      }
    }
  }
}
""",
    FactsQuery,
)
