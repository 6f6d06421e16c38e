"""Record one fact with who said it and in which words, and see at once what it did to the score.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import (
    Channel,
    FactState,
    FundingStatus,
    LeaningLevel,
    Precision,
    ScoreChannel,
    ScoreTopic,
    SourceKind,
)


class LearnFactOpportunityFundingFundingFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class LearnFactOpportunityFundingFundingFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class LearnFactOpportunityFundingFundingFactsProvenanceEvidenceQuote(
    Answer, frozen=True, kw_only=True
):
    """Text about a person; it reads as redacted once it was erased."""

    subject: str
    text: str | None
    redacted: bool


class LearnFactOpportunityFundingFundingFactsProvenanceEvidence(Answer, frozen=True, kw_only=True):
    """What can be shown for a fact."""

    document: str | None
    quote: LearnFactOpportunityFundingFundingFactsProvenanceEvidenceQuote | None


class LearnFactOpportunityFundingFundingFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind
    channel: Channel
    evidence: LearnFactOpportunityFundingFundingFactsProvenanceEvidence | None


class LearnFactOpportunityFundingFundingFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    state: FactState
    told_by: LearnFactOpportunityFundingFundingFactsToldBy | None
    learned: LearnFactOpportunityFundingFundingFactsLearned
    provenance: LearnFactOpportunityFundingFundingFactsProvenance


class LearnFactOpportunityFundingFundingContentAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class LearnFactOpportunityFundingFundingContent(Answer, frozen=True, kw_only=True):
    """Where the money comes from, how much it is, and who can release it."""

    status: FundingStatus
    amount: LearnFactOpportunityFundingFundingContentAmount | None


class LearnFactOpportunityFundingFunding(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where the money comes from, how much it is, and who can
    release it.
    """

    contested: bool
    credence: float | None
    facts: list[LearnFactOpportunityFundingFundingFacts]
    content: LearnFactOpportunityFundingFundingContent | None


class LearnFactOpportunityFunding(Answer, frozen=True, kw_only=True):
    """With whose money: funding and the price expected."""

    funding: LearnFactOpportunityFundingFunding | None


class LearnFactOpportunityEvaluatorsEvaluatorContent(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    title: str


class LearnFactOpportunityEvaluatorsEvaluator(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A person who evaluates, approves, signs, uses or can
    stop the purchase.
    """

    content: LearnFactOpportunityEvaluatorsEvaluatorContent | None


class LearnFactOpportunityEvaluatorsLeaningFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class LearnFactOpportunityEvaluatorsLeaningFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class LearnFactOpportunityEvaluatorsLeaningFactsProvenanceEvidenceQuote(
    Answer, frozen=True, kw_only=True
):
    """Text about a person; it reads as redacted once it was erased."""

    subject: str
    text: str | None
    redacted: bool


class LearnFactOpportunityEvaluatorsLeaningFactsProvenanceEvidence(
    Answer, frozen=True, kw_only=True
):
    """What can be shown for a fact."""

    document: str | None
    quote: LearnFactOpportunityEvaluatorsLeaningFactsProvenanceEvidenceQuote | None


class LearnFactOpportunityEvaluatorsLeaningFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind
    channel: Channel
    evidence: LearnFactOpportunityEvaluatorsLeaningFactsProvenanceEvidence | None


class LearnFactOpportunityEvaluatorsLeaningFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    state: FactState
    told_by: LearnFactOpportunityEvaluatorsLeaningFactsToldBy | None
    learned: LearnFactOpportunityEvaluatorsLeaningFactsLearned
    provenance: LearnFactOpportunityEvaluatorsLeaningFactsProvenance


class LearnFactOpportunityEvaluatorsLeaningContent(Answer, frozen=True, kw_only=True):
    """Where one evaluator leans, towards or against us."""

    level: LeaningLevel


class LearnFactOpportunityEvaluatorsLeaning(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where one evaluator leans, towards or against us."""

    contested: bool
    credence: float | None
    facts: list[LearnFactOpportunityEvaluatorsLeaningFacts]
    content: LearnFactOpportunityEvaluatorsLeaningContent | None


class LearnFactOpportunityEvaluators(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop it."""

    evaluator: LearnFactOpportunityEvaluatorsEvaluator | None
    leaning: LearnFactOpportunityEvaluatorsLeaning | None


class LearnFactOpportunityContradictionsFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID


class LearnFactOpportunityContradictions(Answer, frozen=True, kw_only=True):
    """Facts of one key that cannot all hold, as the rule of their kind says. The facts say who
    told each of them, when, and what.
    """

    key: str
    facts: list[LearnFactOpportunityContradictionsFacts]


class LearnFactOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    funding: LearnFactOpportunityFunding
    evaluators: list[LearnFactOpportunityEvaluators]
    contradictions: list[LearnFactOpportunityContradictions]


class LearnFactScoreChangeBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class LearnFactScoreChangeAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class LearnFactScoreChangeEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class LearnFactScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    before: LearnFactScoreChangeBefore
    after: LearnFactScoreChangeAfter
    points: float
    effects: list[LearnFactScoreChangeEffects]


class LearnFactNextBestQuestionsWhom(Answer, frozen=True, kw_only=True):
    """Whom to ask, and why this one."""

    title: str | None
    because: str


class LearnFactNextBestQuestions(Answer, frozen=True, kw_only=True):
    """A question worth asking now: what its answer would narrow, by the chance to get one, by
    the effort.
    """

    words: str
    whom: LearnFactNextBestQuestionsWhom


class LearnFactUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    expected: int | None = None
    current: int | None = None
    kind: str | None = None
    id: UUID | None = None


class LearnFact(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: LearnFactOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    score_change: LearnFactScoreChange | None
    next_best_questions: list[LearnFactNextBestQuestions]
    user_errors: list[LearnFactUserErrors]


class LearnFactMutation(Answer, frozen=True, kw_only=True):
    """Record one fact with who said it and in which words, and see at once what it did to the
    score.
    """

    learn_fact: LearnFact


LEARN_FACT = Operation(
    "LearnFact",
    """# Record one fact with who said it and in which words, and see at once what it did to the score.
mutation LearnFact($input: LearnFactInput!) {
  learnFact(input: $input) {
    opportunity {
      id
      funding { funding { ...Behind content { status amount { amount currency } } } }
      evaluators { evaluator { content { title } } leaning { ...Behind content { level } } }
      contradictions { key facts { factId } }
    }
    version
    position
    replayed
    scoreChange {
      before { p low high }
      after { p low high }
      points
      effects { topic channel milliPoints }
    }
    nextBestQuestions(first: 1) { words whom { title because } }
    userErrors {
      code
      message
      path
      ... on VersionConflict { expected current }
      ... on UnknownReference { kind id }
    }
  }
}

fragment Behind on Stated {
  contested
  credence
  facts {
    factId
    state
    toldBy { title }
    learned { earliest latest precision zone }
    provenance {
      source
      channel
      evidence { document quote { subject text redacted } }
    }
  }
}
""",
    LearnFactMutation,
)
