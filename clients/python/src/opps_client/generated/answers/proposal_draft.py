"""What a proposal can say of the customer's matter: evidenced, traceable, and nothing about people.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Channel, LeftOut, SourceKind


class OpportunityProposalDraftIssuesSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID
    told_by: UUID | None
    title: str | None
    source_kind: SourceKind
    channel: Channel
    learned_at: datetime
    learned_when: str


class OpportunityProposalDraftIssues(Answer, frozen=True, kw_only=True):
    """One thing that a proposal says, in the customer's words, and where it comes from."""

    text: str
    sources: list[OpportunityProposalDraftIssuesSources]


class OpportunityProposalDraftImpactsSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID
    told_by: UUID | None
    title: str | None
    source_kind: SourceKind
    channel: Channel
    learned_at: datetime
    learned_when: str


class OpportunityProposalDraftImpacts(Answer, frozen=True, kw_only=True):
    """One thing that a proposal says, in the customer's words, and where it comes from."""

    text: str
    sources: list[OpportunityProposalDraftImpactsSources]


class OpportunityProposalDraftNeedsSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID
    told_by: UUID | None
    title: str | None
    source_kind: SourceKind
    channel: Channel
    learned_at: datetime
    learned_when: str


class OpportunityProposalDraftNeedsDetailsSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID


class OpportunityProposalDraftNeedsDetails(Answer, frozen=True, kw_only=True):
    """What a proposal says about something besides, and where that comes from."""

    text: str
    sources: list[OpportunityProposalDraftNeedsDetailsSources]


class OpportunityProposalDraftNeeds(Answer, frozen=True, kw_only=True):
    """One thing that a proposal says, in the customer's words, and where it comes from."""

    text: str
    sources: list[OpportunityProposalDraftNeedsSources]
    details: list[OpportunityProposalDraftNeedsDetails]


class OpportunityProposalDraftCriteriaSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID
    told_by: UUID | None
    title: str | None
    source_kind: SourceKind
    channel: Channel
    learned_at: datetime
    learned_when: str


class OpportunityProposalDraftCriteriaDetailsSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID


class OpportunityProposalDraftCriteriaDetails(Answer, frozen=True, kw_only=True):
    """What a proposal says about something besides, and where that comes from."""

    text: str
    sources: list[OpportunityProposalDraftCriteriaDetailsSources]


class OpportunityProposalDraftCriteria(Answer, frozen=True, kw_only=True):
    """One thing that a proposal says, in the customer's words, and where it comes from."""

    text: str
    sources: list[OpportunityProposalDraftCriteriaSources]
    details: list[OpportunityProposalDraftCriteriaDetails]


class OpportunityProposalDraftStepsSources(Answer, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: UUID
    told_by: UUID | None
    title: str | None
    source_kind: SourceKind
    channel: Channel
    learned_at: datetime
    learned_when: str


class OpportunityProposalDraftSteps(Answer, frozen=True, kw_only=True):
    """One thing that a proposal says, in the customer's words, and where it comes from."""

    text: str
    sources: list[OpportunityProposalDraftStepsSources]


class OpportunityProposalDraftLeftOut(Answer, frozen=True, kw_only=True):
    """How many facts are not in a proposal for one reason."""

    reason: LeftOut
    count: int


class OpportunityProposalDraft(Answer, frozen=True, kw_only=True):
    """The draft of a proposal: only what is known well, each traceable to its fact."""

    title: str
    issues: list[OpportunityProposalDraftIssues]
    impacts: list[OpportunityProposalDraftImpacts]
    needs: list[OpportunityProposalDraftNeeds]
    criteria: list[OpportunityProposalDraftCriteria]
    steps: list[OpportunityProposalDraftSteps]
    left_out: list[OpportunityProposalDraftLeftOut]
    markdown: str
    html: str


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    proposal_draft: OpportunityProposalDraft


class ProposalDraftQuery(Answer, frozen=True, kw_only=True):
    """What a proposal can say of the customer's matter: evidenced, traceable, and nothing about
    people.
    """

    opportunity: Opportunity | None


PROPOSAL_DRAFT = Operation(
    "ProposalDraft",
    """# What a proposal can say of the customer's matter: evidenced, traceable, and nothing about people.
query ProposalDraft($id: ID!, $asOf: AsOf) {
  opportunity(id: $id, asOf: $asOf) {
    id
    proposalDraft {
      title
      issues { ...Line }
      impacts { ...Line }
      needs { ...Line details { text sources { factId } } }
      criteria { ...Line details { text sources { factId } } }
      steps { ...Line }
      leftOut { reason count }
      markdown
      html
    }
  }
}

fragment Line on ProposalLine {
  text
  sources { factId toldBy title sourceKind channel learnedAt learnedWhen }
}
""",
    ProposalDraftQuery,
)
