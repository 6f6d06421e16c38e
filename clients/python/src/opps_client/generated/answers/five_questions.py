"""The five-question test in one query: the win probability and what it rests on, the evaluators with their influence, the alternatives and who favours which, the business issues that we can affect, and the decision criteria; each with who said so and when we learned it, and how much is unknown.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer
from ..enums import (
    AlternativeKind,
    CriterionKind,
    FactState,
    Freshness,
    InfluenceLevel,
    LeaningLevel,
    Objective,
    OurEffect,
    Precision,
    Role,
    ScoreTopic,
    Stance,
    Status,
)


class OpportunityAccount(Answer, frozen=True, kw_only=True):
    """A buying organisation."""

    id: str
    name: str


class OpportunityAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class OpportunityScoreContributions(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, adds to the log odds of each channel, in nats;
    nothing known adds nothing.
    """

    topic: ScoreTopic
    happen: float
    win: float


class OpportunityScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float
    decidability: float
    points: float
    model: str
    contributions: list[OpportunityScoreContributions]


class OpportunityEvaluatorsEvaluatorFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityEvaluatorsEvaluatorFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityEvaluatorsEvaluatorFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityEvaluatorsEvaluatorFactsToldBy | None
    learned: OpportunityEvaluatorsEvaluatorFactsLearned


class OpportunityEvaluatorsEvaluatorContent(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    title: str
    roles: list[Role]


class OpportunityEvaluatorsEvaluator(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A person who evaluates, approves, signs, uses or can
    stop the purchase.
    """

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityEvaluatorsEvaluatorFacts]
    content: OpportunityEvaluatorsEvaluatorContent | None


class OpportunityEvaluatorsInfluenceFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityEvaluatorsInfluenceFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityEvaluatorsInfluenceFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityEvaluatorsInfluenceFactsToldBy | None
    learned: OpportunityEvaluatorsInfluenceFactsLearned


class OpportunityEvaluatorsInfluenceContent(Answer, frozen=True, kw_only=True):
    """How much one evaluator weighs in this decision."""

    level: InfluenceLevel
    veto: bool | None


class OpportunityEvaluatorsInfluence(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. How much one evaluator weighs in this decision."""

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityEvaluatorsInfluenceFacts]
    content: OpportunityEvaluatorsInfluenceContent | None


class OpportunityEvaluatorsLeaningFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityEvaluatorsLeaningFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityEvaluatorsLeaningFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityEvaluatorsLeaningFactsToldBy | None
    learned: OpportunityEvaluatorsLeaningFactsLearned


class OpportunityEvaluatorsLeaningContent(Answer, frozen=True, kw_only=True):
    """Where one evaluator leans, towards or against us."""

    level: LeaningLevel


class OpportunityEvaluatorsLeaning(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where one evaluator leans, towards or against us."""

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityEvaluatorsLeaningFacts]
    content: OpportunityEvaluatorsLeaningContent | None


class OpportunityEvaluatorsStanceFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityEvaluatorsStanceFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityEvaluatorsStanceFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityEvaluatorsStanceFactsToldBy | None
    learned: OpportunityEvaluatorsStanceFactsLearned


class OpportunityEvaluatorsStanceContent(Answer, frozen=True, kw_only=True):
    """Where one evaluator stands on changing anything at all."""

    stance: Stance


class OpportunityEvaluatorsStance(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where one evaluator stands on changing anything at all."""

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityEvaluatorsStanceFacts]
    content: OpportunityEvaluatorsStanceContent | None


class OpportunityEvaluatorsLeftFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityEvaluatorsLeftFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityEvaluatorsLeftFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityEvaluatorsLeftFactsToldBy | None
    learned: OpportunityEvaluatorsLeftFactsLearned


class OpportunityEvaluatorsLeftContent(Answer, frozen=True, kw_only=True):
    """An evaluator is gone: what rests on that person no longer holds."""

    left_on: date | None


class OpportunityEvaluatorsLeft(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. An evaluator is gone: what rests on that person no
    longer holds.
    """

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityEvaluatorsLeftFacts]
    content: OpportunityEvaluatorsLeftContent | None


class OpportunityEvaluators(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop it."""

    evaluator: OpportunityEvaluatorsEvaluator | None
    influence: OpportunityEvaluatorsInfluence | None
    leaning: OpportunityEvaluatorsLeaning | None
    stance: OpportunityEvaluatorsStance | None
    left: OpportunityEvaluatorsLeft | None


class OpportunityAlternativesFavouredByFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityAlternativesFavouredByFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityAlternativesFavouredByFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityAlternativesFavouredByFactsToldBy | None
    learned: OpportunityAlternativesFavouredByFactsLearned


class OpportunityAlternativesFavouredByContent(Answer, frozen=True, kw_only=True):
    """Which alternative one evaluator favours."""

    strength: float | None


class OpportunityAlternativesFavouredBy(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Which alternative one evaluator favours."""

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityAlternativesFavouredByFacts]
    content: OpportunityAlternativesFavouredByContent | None


class OpportunityAlternatives(Answer, frozen=True, kw_only=True):
    """A course open to the customer. US and DO_NOTHING are there from the start."""

    kind: AlternativeKind
    name: str
    favoured_by: list[OpportunityAlternativesFavouredBy]


class OpportunityIssuesIssueFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityIssuesIssueFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityIssuesIssueFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityIssuesIssueFactsToldBy | None
    learned: OpportunityIssuesIssueFactsLearned


class OpportunityIssuesIssueContent(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk of the customer that this purchase could affect."""

    text: str
    severity: int | None
    consequence: str | None
    our_effect: OurEffect | None


class OpportunityIssuesIssue(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A goal, pressure, problem or risk of the customer that
    this purchase could affect.
    """

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityIssuesIssueFacts]
    content: OpportunityIssuesIssueContent | None


class OpportunityIssues(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk, with what depends on it."""

    issue: OpportunityIssuesIssue | None


class OpportunityCriteriaCriterionFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityCriteriaCriterionFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityCriteriaCriterionFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityCriteriaCriterionFactsToldBy | None
    learned: OpportunityCriteriaCriterionFactsLearned


class OpportunityCriteriaCriterionContent(Answer, frozen=True, kw_only=True):
    """A standard by which the customer will choose."""

    text: str
    criterion_kind: CriterionKind
    mandatory: bool | None


class OpportunityCriteriaCriterion(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A standard by which the customer will choose."""

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityCriteriaCriterionFacts]
    content: OpportunityCriteriaCriterionContent | None


class OpportunityCriteriaWeightFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityCriteriaWeightFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityCriteriaWeightFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityCriteriaWeightFactsToldBy | None
    learned: OpportunityCriteriaWeightFactsLearned


class OpportunityCriteriaWeightContent(Answer, frozen=True, kw_only=True):
    """How much one criterion weighs in the choice."""

    weight: float


class OpportunityCriteriaWeight(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. How much one criterion weighs in the choice."""

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityCriteriaWeightFacts]
    content: OpportunityCriteriaWeightContent | None


class OpportunityCriteriaStandingsFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class OpportunityCriteriaStandingsFactsLearned(Answer, frozen=True, kw_only=True):
    """When our side came to know: from `earliest` on, before `latest`. An instant has `latest`
    alone.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str


class OpportunityCriteriaStandingsFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    state: FactState
    told_by: OpportunityCriteriaStandingsFactsToldBy | None
    learned: OpportunityCriteriaStandingsFactsLearned


class OpportunityCriteriaStandingsContent(Answer, frozen=True, kw_only=True):
    """How one alternative does on one criterion, in an evaluator's eyes or as our team sees it."""

    rating: int


class OpportunityCriteriaStandings(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. How one alternative does on one criterion, in an
    evaluator's eyes or as our team sees it.
    """

    contested: bool
    credence: float | None
    freshness: Freshness | None
    facts: list[OpportunityCriteriaStandingsFacts]
    content: OpportunityCriteriaStandingsContent | None


class OpportunityCriteria(Answer, frozen=True, kw_only=True):
    """A standard by which the customer will choose."""

    criterion: OpportunityCriteriaCriterion | None
    weight: OpportunityCriteriaWeight | None
    standings: list[OpportunityCriteriaStandings]


class OpportunityUnknowns(Answer, frozen=True, kw_only=True):
    """What the five questions find unanswered. Words that contradict each other are no answer;
    evaluators who left and issues that were denied do not count.
    """

    evaluators_without_influence: int
    alternatives_nobody_favours: int
    issues_without_our_effect: int
    criteria_without_weight: int
    objectives_unexamined: list[Objective]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    status: Status
    account: OpportunityAccount | None
    amount: OpportunityAmount | None
    score: OpportunityScore
    evaluators: list[OpportunityEvaluators]
    alternatives: list[OpportunityAlternatives]
    issues: list[OpportunityIssues]
    criteria: list[OpportunityCriteria]
    unknowns: OpportunityUnknowns


class FiveQuestionsQuery(Answer, frozen=True, kw_only=True):
    """The five-question test in one query: the win probability and what it rests on, the
    evaluators with their influence, the alternatives and who favours which, the business
    issues that we can affect, and the decision criteria; each with who said so and when we
    learned it, and how much is unknown.
    """

    opportunity: Opportunity | None


FIVE_QUESTIONS = Operation(
    "FiveQuestions",
    """# The five-question test in one query: the win probability and what it rests on, the evaluators with
# their influence, the alternatives and who favours which, the business issues that we can affect,
# and the decision criteria; each with who said so and when we learned it, and how much is unknown.
query FiveQuestions($id: ID!) {
  opportunity(id: $id) {
    id
    title
    status
    account { id name }
    amount { amount currency }
    score {
      p
      low
      high
      decidability
      points
      model
      contributions { topic happen win }
    }
    evaluators {
      evaluator { ...BehindAnswer content { title roles } }
      influence { ...BehindAnswer content { level veto } }
      leaning { ...BehindAnswer content { level } }
      stance { ...BehindAnswer content { stance } }
      left { ...BehindAnswer content { leftOn } }
    }
    alternatives {
      kind
      name
      favouredBy { ...BehindAnswer content { strength } }
    }
    issues {
      issue { ...BehindAnswer content { text severity consequence ourEffect } }
    }
    criteria {
      criterion { ...BehindAnswer content { text criterionKind mandatory } }
      weight { ...BehindAnswer content { weight } }
      standings { ...BehindAnswer content { rating } }
    }
    unknowns {
      evaluatorsWithoutInfluence
      alternativesNobodyFavours
      issuesWithoutOurEffect
      criteriaWithoutWeight
      objectivesUnexamined
    }
  }
}

fragment BehindAnswer on Stated {
  contested
  credence
  freshness
  facts {
    state
    toldBy { title }
    learned { earliest latest precision zone }
  }
}
""",
    FiveQuestionsQuery,
)
