"""All that somebody needs who takes a deal over: known, unknown, promised, deviating and dangerous.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import (
    ExceptionCause,
    ExceptionStatus,
    Facet,
    FacetState,
    Objective,
    Promised,
    Severity,
    Status,
    Suspicion,
    TeamFunction,
)


class OpportunityHandoverBriefTeam(Answer, frozen=True, kw_only=True):
    """Somebody on our team, and what they do on it."""

    member: str
    function: TeamFunction


class OpportunityHandoverBriefAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class OpportunityHandoverBriefOutcome(Answer, frozen=True, kw_only=True):
    """The desired outcome, what it lacks, who agreed to it, and where it is heading."""

    statement: str
    measurable: bool


class OpportunityHandoverBriefObjectivesFacts(Answer, frozen=True, kw_only=True):
    """A fact in words, with where it comes from and how well it is known."""

    fact_id: UUID
    kind: str
    words: str
    how_well: FacetState
    credence: float
    source: str
    told_by: UUID | None
    learned_by: str | None
    learned_when: str


class OpportunityHandoverBriefObjectives(Answer, frozen=True, kw_only=True):
    """What is known of one objective, fact by fact."""

    objective: Objective
    state: FacetState
    coverage: float
    more: int
    unexamined: list[Facet]
    facts: list[OpportunityHandoverBriefObjectivesFacts]


class OpportunityHandoverBriefQuestions(Answer, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    question_id: UUID
    facet: Facet
    text: str
    asked: bool
    whom: str | None
    due: date | None


class OpportunityHandoverBriefSuspected(Answer, frozen=True, kw_only=True):
    """Something that nobody has looked at, and the reason to look."""

    suspicion: Suspicion
    facet: Facet
    because: str
    words: str


class OpportunityHandoverBriefCommitments(Answer, frozen=True, kw_only=True):
    """Something that somebody waits for: of ours, or of the customer."""

    promised: Promised
    what: str
    due: date | None
    overdue_days: int
    our_owner: str | None
    their_owner: UUID | None
    who: str


class OpportunityHandoverBriefDangers(Answer, frozen=True, kw_only=True):
    """A danger zone that the deal is in, and what to do first."""

    zone: str
    name: str
    severity: Severity
    because: str
    move: str
    since: datetime | None


class OpportunityHandoverBriefExceptions(Answer, frozen=True, kw_only=True):
    """A deviation that somebody still has to do something about."""

    exception_id: UUID
    cause: ExceptionCause
    summary: str
    status: ExceptionStatus
    plan: str | None


class OpportunityHandoverBrief(Answer, frozen=True, kw_only=True):
    """All that somebody needs who takes an opportunity over."""

    title: str
    status: Status
    owner: str
    team: list[OpportunityHandoverBriefTeam]
    amount: OpportunityHandoverBriefAmount | None
    commit_date: date | None
    pushes: int
    p: float
    low: float
    high: float
    outcome: OpportunityHandoverBriefOutcome | None
    objectives: list[OpportunityHandoverBriefObjectives]
    questions: list[OpportunityHandoverBriefQuestions]
    suspected: list[OpportunityHandoverBriefSuspected]
    commitments: list[OpportunityHandoverBriefCommitments]
    dangers: list[OpportunityHandoverBriefDangers]
    exceptions: list[OpportunityHandoverBriefExceptions]
    markdown: str


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    handover_brief: OpportunityHandoverBrief


class HandoverBriefQuery(Answer, frozen=True, kw_only=True):
    """All that somebody needs who takes a deal over: known, unknown, promised, deviating and
    dangerous.
    """

    opportunity: Opportunity | None


HANDOVER_BRIEF = Operation(
    "HandoverBrief",
    """# All that somebody needs who takes a deal over: known, unknown, promised, deviating and dangerous.
query HandoverBrief($id: ID!, $asOf: AsOf) {
  opportunity(id: $id, asOf: $asOf) {
    id
    handoverBrief {
      title status owner team { member function }
      amount { amount currency } commitDate pushes p low high
      outcome { statement measurable }
      objectives {
        objective state coverage more unexamined
        facts { factId kind words howWell credence source toldBy learnedBy learnedWhen }
      }
      questions { questionId facet text asked whom due }
      suspected { suspicion facet because words }
      commitments { promised what due overdueDays ourOwner theirOwner who }
      dangers { zone name severity because move since }
      exceptions { exceptionId cause summary status plan }
      markdown
    }
  }
}
""",
    HandoverBriefQuery,
)
