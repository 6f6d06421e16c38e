"""The five-question test in one query, of the 20 largest open opportunities: the win probability and what it rests on, the evaluators with their influence, the alternatives and who favours which, the business issues that we can affect, and the decision criteria; each with who said so and when we learned it, and how much of it nobody knows.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import (
    AlternativeKind,
    InfluenceLevel,
    Objective,
    OurEffect,
    Precision,
    Role,
    ScoreTopic,
    SourceKind,
)


class OpportunitiesNodesAccount(Answer, frozen=True, kw_only=True):
    """A buying organisation."""

    id: str
    name: str


class OpportunitiesNodesAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class OpportunitiesNodesScoreContributions(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, adds to the log odds of each channel, in nats;
    nothing known adds nothing.
    """

    topic: ScoreTopic
    happen: float
    win: float


class OpportunitiesNodesScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float
    decidability: float
    points: float
    contributions: list[OpportunitiesNodesScoreContributions]


class OpportunitiesNodesEvaluatorsEvaluatorFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunitiesNodesEvaluatorsEvaluatorFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind


class OpportunitiesNodesEvaluatorsEvaluatorFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class OpportunitiesNodesEvaluatorsEvaluatorFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    told_by: OpportunitiesNodesEvaluatorsEvaluatorFactsToldBy | None
    provenance: OpportunitiesNodesEvaluatorsEvaluatorFactsProvenance
    learned: OpportunitiesNodesEvaluatorsEvaluatorFactsLearned


class OpportunitiesNodesEvaluatorsEvaluatorContent(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    title: str
    roles: list[Role]


class OpportunitiesNodesEvaluatorsEvaluator(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A person who evaluates, approves, signs, uses or can
    stop the purchase.
    """

    contested: bool
    credence: float | None
    facts: list[OpportunitiesNodesEvaluatorsEvaluatorFacts]
    content: OpportunitiesNodesEvaluatorsEvaluatorContent | None


class OpportunitiesNodesEvaluatorsInfluenceFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunitiesNodesEvaluatorsInfluenceFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind


class OpportunitiesNodesEvaluatorsInfluenceFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class OpportunitiesNodesEvaluatorsInfluenceFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    told_by: OpportunitiesNodesEvaluatorsInfluenceFactsToldBy | None
    provenance: OpportunitiesNodesEvaluatorsInfluenceFactsProvenance
    learned: OpportunitiesNodesEvaluatorsInfluenceFactsLearned


class OpportunitiesNodesEvaluatorsInfluenceContent(Answer, frozen=True, kw_only=True):
    """How much one evaluator weighs in this decision."""

    level: InfluenceLevel
    veto: bool | None


class OpportunitiesNodesEvaluatorsInfluence(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. How much one evaluator weighs in this decision."""

    contested: bool
    credence: float | None
    facts: list[OpportunitiesNodesEvaluatorsInfluenceFacts]
    content: OpportunitiesNodesEvaluatorsInfluenceContent | None


class OpportunitiesNodesEvaluators(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop it."""

    evaluator: OpportunitiesNodesEvaluatorsEvaluator | None
    influence: OpportunitiesNodesEvaluatorsInfluence | None


class OpportunitiesNodesAlternativesFavouredByFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunitiesNodesAlternativesFavouredByFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind


class OpportunitiesNodesAlternativesFavouredByFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class OpportunitiesNodesAlternativesFavouredByFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    told_by: OpportunitiesNodesAlternativesFavouredByFactsToldBy | None
    provenance: OpportunitiesNodesAlternativesFavouredByFactsProvenance
    learned: OpportunitiesNodesAlternativesFavouredByFactsLearned


class OpportunitiesNodesAlternativesFavouredByContent(Answer, frozen=True, kw_only=True):
    """Which alternative one evaluator favours."""

    evaluator_id: UUID
    strength: float | None


class OpportunitiesNodesAlternativesFavouredBy(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Which alternative one evaluator favours."""

    contested: bool
    credence: float | None
    facts: list[OpportunitiesNodesAlternativesFavouredByFacts]
    content: OpportunitiesNodesAlternativesFavouredByContent | None


class OpportunitiesNodesAlternatives(Answer, frozen=True, kw_only=True):
    """A course open to the customer. US and DO_NOTHING are there from the start."""

    kind: AlternativeKind
    name: str
    favoured_by: list[OpportunitiesNodesAlternativesFavouredBy]


class OpportunitiesNodesIssuesIssueFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunitiesNodesIssuesIssueFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind


class OpportunitiesNodesIssuesIssueFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class OpportunitiesNodesIssuesIssueFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    told_by: OpportunitiesNodesIssuesIssueFactsToldBy | None
    provenance: OpportunitiesNodesIssuesIssueFactsProvenance
    learned: OpportunitiesNodesIssuesIssueFactsLearned


class OpportunitiesNodesIssuesIssueContent(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk of the customer that this purchase could affect."""

    text: str
    severity: int | None
    our_effect: OurEffect | None


class OpportunitiesNodesIssuesIssue(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A goal, pressure, problem or risk of the customer that
    this purchase could affect.
    """

    contested: bool
    credence: float | None
    facts: list[OpportunitiesNodesIssuesIssueFacts]
    content: OpportunitiesNodesIssuesIssueContent | None


class OpportunitiesNodesIssues(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk, with what depends on it."""

    issue: OpportunitiesNodesIssuesIssue | None


class OpportunitiesNodesCriteriaCriterionFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunitiesNodesCriteriaCriterionFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind


class OpportunitiesNodesCriteriaCriterionFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class OpportunitiesNodesCriteriaCriterionFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    told_by: OpportunitiesNodesCriteriaCriterionFactsToldBy | None
    provenance: OpportunitiesNodesCriteriaCriterionFactsProvenance
    learned: OpportunitiesNodesCriteriaCriterionFactsLearned


class OpportunitiesNodesCriteriaCriterionContent(Answer, frozen=True, kw_only=True):
    """A standard by which the customer will choose."""

    text: str
    mandatory: bool | None


class OpportunitiesNodesCriteriaCriterion(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A standard by which the customer will choose."""

    contested: bool
    credence: float | None
    facts: list[OpportunitiesNodesCriteriaCriterionFacts]
    content: OpportunitiesNodesCriteriaCriterionContent | None


class OpportunitiesNodesCriteriaWeightFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunitiesNodesCriteriaWeightFactsProvenance(Answer, frozen=True, kw_only=True):
    """Where a fact comes from."""

    source: SourceKind


class OpportunitiesNodesCriteriaWeightFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    latest: datetime | None
    precision: Precision


class OpportunitiesNodesCriteriaWeightFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    told_by: OpportunitiesNodesCriteriaWeightFactsToldBy | None
    provenance: OpportunitiesNodesCriteriaWeightFactsProvenance
    learned: OpportunitiesNodesCriteriaWeightFactsLearned


class OpportunitiesNodesCriteriaWeightContent(Answer, frozen=True, kw_only=True):
    """How much one criterion weighs in the choice."""

    weight: float


class OpportunitiesNodesCriteriaWeight(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. How much one criterion weighs in the choice."""

    contested: bool
    credence: float | None
    facts: list[OpportunitiesNodesCriteriaWeightFacts]
    content: OpportunitiesNodesCriteriaWeightContent | None


class OpportunitiesNodesCriteria(Answer, frozen=True, kw_only=True):
    """A standard by which the customer will choose."""

    criterion: OpportunitiesNodesCriteriaCriterion | None
    weight: OpportunitiesNodesCriteriaWeight | None


class OpportunitiesNodesUnknowns(Answer, frozen=True, kw_only=True):
    """What the five questions find unanswered. Words that contradict each other are no answer;
    evaluators who left and issues that were denied do not count.
    """

    evaluators_without_influence: int
    evaluators_without_leaning: int
    evaluators_without_preference: int
    alternatives_nobody_favours: int
    issues_without_our_effect: int
    criteria_without_weight: int
    criteria_without_our_rating: int
    contested: int
    open_questions: int
    objectives_unexamined: list[Objective]


class OpportunitiesNodes(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    account: OpportunitiesNodesAccount | None
    amount: OpportunitiesNodesAmount | None
    score: OpportunitiesNodesScore
    evaluators: list[OpportunitiesNodesEvaluators]
    alternatives: list[OpportunitiesNodesAlternatives]
    issues: list[OpportunitiesNodesIssues]
    criteria: list[OpportunitiesNodesCriteria]
    unknowns: OpportunitiesNodesUnknowns


class Opportunities(Answer, frozen=True, kw_only=True):
    """One page of opportunities."""

    nodes: list[OpportunitiesNodes]


class LargestOpportunitiesQuery(Answer, frozen=True, kw_only=True):
    """The five-question test in one query, of the 20 largest open opportunities: the win
    probability and what it rests on, the evaluators with their influence, the alternatives
    and who favours which, the business issues that we can affect, and the decision criteria;
    each with who said so and when we learned it, and how much of it nobody knows.
    """

    opportunities: Opportunities


LARGEST_OPPORTUNITIES = Operation(
    "LargestOpportunities",
    """# The five-question test in one query, of the 20 largest open opportunities: the win probability and what it rests on, the
# evaluators with their influence, the alternatives and who favours which, the business issues that we can affect, and the
# decision criteria; each with who said so and when we learned it, and how much of it nobody knows.
query LargestOpportunities {
  opportunities(first: 20, filter: { status: [OPEN] }, orderBy: { field: AMOUNT }) {
    nodes {
      id
      title
      account { id name }
      amount { amount currency }
      score { p low high decidability points contributions { topic happen win } }
      evaluators {
        evaluator { ...BehindFact content { title roles } }
        influence { ...BehindFact content { level veto } }
      }
      alternatives {
        kind
        name
        favouredBy { ...BehindFact content { evaluatorId strength } }
      }
      issues {
        issue { ...BehindFact content { text severity ourEffect } }
      }
      criteria {
        criterion { ...BehindFact content { text mandatory } }
        weight { ...BehindFact content { weight } }
      }
      unknowns {
        evaluatorsWithoutInfluence
        evaluatorsWithoutLeaning
        evaluatorsWithoutPreference
        alternativesNobodyFavours
        issuesWithoutOurEffect
        criteriaWithoutWeight
        criteriaWithoutOurRating
        contested
        openQuestions
        objectivesUnexamined
      }
    }
  }
}

fragment BehindFact on Stated {
  contested
  credence
  facts {
    toldBy { title }
    provenance { source }
    learned { latest precision }
  }
}
""",
    LargestOpportunitiesQuery,
)
