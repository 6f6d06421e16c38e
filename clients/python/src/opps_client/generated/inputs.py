"""What operations are sent; what is UNSET is left out.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import UNSET, UnsetType

from ..parts import Input, OneOf
from .enums import (
    AlternativeKind,
    AlternativeStatus,
    BoardOrder,
    Certainty,
    Channel,
    CriterionKind,
    CriterionOrigin,
    Criticality,
    CrossingDirection,
    CustomerKind,
    DateBasis,
    EngagementDepth,
    ExceptionCause,
    ExceptionStatus,
    Facet,
    FactKind,
    FactState,
    FitLevel,
    ForecastCategory,
    FundingStatus,
    GapCause,
    ImpactMethod,
    InfluenceLevel,
    IssueKind,
    LeadTime,
    LeaningLevel,
    LossKind,
    MinimumState,
    ModelOf,
    Objective,
    OurEffect,
    Proof,
    RelationKind,
    RetractionReason,
    Role,
    Rule,
    SourceKind,
    Stance,
    Status,
    StepKind,
    StepStatus,
    Supersession,
    ZoneNumber,
)


class AcknowledgeExceptionInput(Input, frozen=True, kw_only=True):
    """Take an exception on, with a plan; a later plan takes the place of an earlier one."""

    command_id: UUID
    exception_id: UUID
    expected_version: int | UnsetType | None = UNSET
    plan: str


class ActivateScoringModelInput(Input, frozen=True, kw_only=True):
    """Bring a scoring model into force: from here on it scores every open opportunity."""

    command_id: UUID
    name: str
    override: bool | UnsetType = UNSET
    reason: str


class AlternativeFactInput(Input, frozen=True, kw_only=True):
    """A course open to the customer, doing nothing included."""

    alternative_id: UUID
    alternative_kind: AlternativeKind
    name: str
    status: AlternativeStatus
    strengths: str | UnsetType | None = UNSET
    their_strategy: str | UnsetType | None = UNSET
    weaknesses: str | UnsetType | None = UNSET


class LearnedPeriodInput(Input, frozen=True, kw_only=True):
    """A calendar period of a zone."""

    period: str
    zone: str


class LearnedInput(OneOf, frozen=True, kw_only=True):
    """When our side came to know: one instant, or a period of a calendar."""

    at: datetime | UnsetType | None = UNSET
    period: LearnedPeriodInput | UnsetType | None = UNSET


class AnswerQuestionInput(Input, frozen=True, kw_only=True):
    """Close a question with its answer, naming the facts that it brought."""

    answer: str | UnsetType | None = UNSET
    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    fact_ids: list[UUID] | UnsetType = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    question_id: UUID


class LocalDay(Input, frozen=True, kw_only=True):
    """A day of a zone's calendar: it stands for its end."""

    day: date
    zone: str


class ToldBy(OneOf, frozen=True, kw_only=True):
    """Up to where the log is believed; give exactly one field."""

    at: datetime | UnsetType | None = UNSET
    day: LocalDay | UnsetType | None = UNSET
    position: int | UnsetType | None = UNSET


class HindsightAt(Input, frozen=True, kw_only=True):
    """What was true at an instant. Give either `at` or `day`."""

    at: datetime | UnsetType | None = UNSET
    day: LocalDay | UnsetType | None = UNSET
    told_by: ToldBy | UnsetType | None = UNSET


class KnownAt(Input, frozen=True, kw_only=True):
    """What our side knew at an instant of learned time. Give either `at` or `day`."""

    at: datetime | UnsetType | None = UNSET
    certainty: Certainty | UnsetType = UNSET
    day: LocalDay | UnsetType | None = UNSET
    model: ModelOf | UnsetType = UNSET
    told_by: ToldBy | UnsetType | None = UNSET


class AsOf(OneOf, frozen=True, kw_only=True):
    """Which knowledge to look at: give exactly one field. Ask again with the `asOfPosition` of
    an answer, as `position` or in `toldBy`, and it is the same to the last byte.
    """

    hindsight: datetime | UnsetType | None = UNSET
    in_hindsight: HindsightAt | UnsetType | None = UNSET
    known: KnownAt | UnsetType | None = UNSET
    position: int | UnsetType | None = UNSET
    screen: datetime | UnsetType | None = UNSET
    screen_day: LocalDay | UnsetType | None = UNSET


class AskQuestionInput(Input, frozen=True, kw_only=True):
    """Note that a question was put to somebody of the buyer."""

    asked_on: date | UnsetType | None = UNSET
    channel: Channel | UnsetType | None = UNSET
    command_id: UUID
    evaluator_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    question_id: UUID


class AttributeFactInput(Input, frozen=True, kw_only=True):
    """A qualitative attribute in the words of its source, and the facet that it speaks to."""

    attribute: str
    facet: Facet
    value: str | UnsetType | None = UNSET


class BusinessIssueFactInput(Input, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk of the customer that this purchase could affect."""

    consequence: str | UnsetType | None = UNSET
    denied: bool | UnsetType = UNSET
    issue_id: UUID
    issue_kind: IssueKind
    our_effect: OurEffect | UnsetType | None = UNSET
    owner_id: UUID | UnsetType | None = UNSET
    priority_rank: int | UnsetType | None = UNSET
    root_of: list[UUID] | UnsetType = UNSET
    severity: int | UnsetType | None = UNSET
    text: str


class CompellingEventFactInput(Input, frozen=True, kw_only=True):
    """A dated reason of the customer's to act, with what follows if it is missed."""

    absent: bool | UnsetType = UNSET
    consequence: str | UnsetType | None = UNSET
    event_id: UUID | UnsetType | None = UNSET
    movable: bool | UnsetType | None = UNSET
    on_date: date | UnsetType | None = UNSET
    owner_id: UUID | UnsetType | None = UNSET
    text: str


class CriterionFactInput(Input, frozen=True, kw_only=True):
    """A standard by which the customer will choose."""

    criterion_id: UUID
    criterion_kind: CriterionKind
    issue_id: UUID | UnsetType | None = UNSET
    mandatory: bool | UnsetType | None = UNSET
    origin: CriterionOrigin | UnsetType | None = UNSET
    owner_ids: list[UUID] | UnsetType = UNSET
    text: str


class CriterionWeightFactInput(Input, frozen=True, kw_only=True):
    """How much one criterion weighs in the choice."""

    criterion_id: UUID
    weight: float


class Crossing(Input, frozen=True, kw_only=True):
    """A probability that a score crosses."""

    direction: CrossingDirection | UnsetType = UNSET
    probability: float


class DecisionDateFactInput(Input, frozen=True, kw_only=True):
    """When the customer will decide."""

    basis: DateBasis
    needed_by: date | UnsetType | None = UNSET
    on_date: date
    our_lead_time: LeadTime | UnsetType | None = UNSET


class DecisionRuleFactInput(Input, frozen=True, kw_only=True):
    """How the evaluators come to one decision."""

    favours_us: bool | UnsetType | None = UNSET
    rule: Rule


class DecisionStepFactInput(Input, frozen=True, kw_only=True):
    """One step on the customer's way to a signature."""

    buyer_confirmed: bool | UnsetType | None = UNSET
    depends_on: list[UUID] | UnsetType = UNSET
    name: str
    owner_id: UUID | UnsetType | None = UNSET
    planned_on: date | UnsetType | None = UNSET
    status: StepStatus | UnsetType | None = UNSET
    step_id: UUID
    step_kind: StepKind


class MetricInput(Input, frozen=True, kw_only=True):
    """A figure of the customer by which it will be seen that it worked."""

    baseline: Decimal | UnsetType | None = UNSET
    metric_id: UUID
    name: str
    target: Decimal | UnsetType | None = UNSET
    unit: str


class MoneyInput(Input, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class SaleTargetInput(Input, frozen=True, kw_only=True):
    """What is to be sold."""

    amount: MoneyInput
    product: str
    quantity: int | UnsetType | None = UNSET


class ToleranceInput(Input, frozen=True, kw_only=True):
    """How far a projection may lie behind its target before it counts as drift."""

    days: int | UnsetType = UNSET
    performance_percent: int | UnsetType = UNSET
    sale_percent: int | UnsetType = UNSET


class DesiredOutcomeInput(Input, frozen=True, kw_only=True):
    """What a deal is to come to, in about 30 words, measured in three dimensions."""

    by: date | UnsetType | None = UNSET
    performance: list[MetricInput] | UnsetType = UNSET
    sale: SaleTargetInput | UnsetType | None = UNSET
    statement: str
    tolerance: ToleranceInput | UnsetType | None = UNSET


class EngagementFactInput(Input, frozen=True, kw_only=True):
    """The last real contact with one evaluator."""

    depth: EngagementDepth
    engaged_on: date
    evaluator_id: UUID


class PersonalInput(Input, frozen=True, kw_only=True):
    """Text about a person, stored under that person's key: erasing the key erases it."""

    subject: str | UnsetType | None = UNSET
    text: str


class EvaluatorFactInput(Input, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    evaluator_id: UUID
    person: PersonalInput | UnsetType | None = UNSET
    roles: list[Role] | UnsetType = UNSET
    title: str


class EvaluatorLeftFactInput(Input, frozen=True, kw_only=True):
    """An evaluator is gone: what rests on that person no longer holds."""

    evaluator_id: UUID
    left_on: date | UnsetType | None = UNSET
    successor_id: UUID | UnsetType | None = UNSET


class EventFilter(Input, frozen=True, kw_only=True):
    """Which events to show; what is absent does not matter."""

    opportunity_id: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType | None = UNSET


class EventNewsFilter(Input, frozen=True, kw_only=True):
    """Which events to send; what is absent does not matter."""

    opportunity_ids: list[str] | UnsetType | None = UNSET
    tags: list[str] | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET


class EvidenceInput(Input, frozen=True, kw_only=True):
    """What can be shown for a fact."""

    document: str | UnsetType | None = UNSET
    link: str | UnsetType | None = UNSET
    quote: PersonalInput | UnsetType | None = UNSET


class ExceptionFilter(Input, frozen=True, kw_only=True):
    """Which exceptions to show; what is absent does not matter."""

    about: list[str] | UnsetType | None = UNSET
    account_ids: list[str] | UnsetType | None = UNSET
    causes: list[ExceptionCause] | UnsetType | None = UNSET
    open: bool | UnsetType | None = UNSET
    opportunity_ids: list[str] | UnsetType | None = UNSET
    owner_ids: list[str] | UnsetType | None = UNSET
    status: list[ExceptionStatus] | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET


class ExchangeRate(Input, frozen=True, kw_only=True):
    """What one unit of a currency is worth in the currency asked for."""

    currency: str
    rate: Decimal


class ExitEvidenceInput(Input, frozen=True, kw_only=True):
    """What must be known, and how well, before a gate is passed."""

    facet: Facet | UnsetType | None = UNSET
    minimum: MinimumState
    objective: Objective


class FactFilter(Input, frozen=True, kw_only=True):
    """Which facts to show; what is absent does not matter."""

    kinds: list[FactKind] | UnsetType | None = UNSET
    objectives: list[Objective] | UnsetType | None = UNSET
    states: list[FactState] | UnsetType | None = UNSET


class FitFactInput(Input, frozen=True, kw_only=True):
    """How well we meet one need, and what shows it."""

    gap_plan: str | UnsetType | None = UNSET
    level: FitLevel
    need_id: UUID
    proof: Proof


class FundingFactInput(Input, frozen=True, kw_only=True):
    """Where the money comes from, how much it is, and who can release it."""

    amount: MoneyInput | UnsetType | None = UNSET
    authority_id: UUID | UnsetType | None = UNSET
    competing_uses: list[str] | UnsetType = UNSET
    fiscal_period: str | UnsetType | None = UNSET
    origin: str | UnsetType | None = UNSET
    status: FundingStatus


class ImpactFactInput(Input, frozen=True, kw_only=True):
    """A measurable change that the customer expects."""

    agreed_by: list[UUID] | UnsetType = UNSET
    baseline: float | UnsetType | None = UNSET
    by_date: date | UnsetType | None = UNSET
    impact_id: UUID
    issue_id: UUID | UnsetType | None = UNSET
    method: ImpactMethod
    metric: str
    personal_win: PersonalInput | UnsetType | None = UNSET
    rejected: bool | UnsetType = UNSET
    target: float | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET
    value_per_year: MoneyInput | UnsetType | None = UNSET


class InfluenceFactInput(Input, frozen=True, kw_only=True):
    """How much one evaluator weighs in this decision."""

    evaluator_id: UUID
    level: InfluenceLevel
    veto: bool | UnsetType | None = UNSET


class LeaningFactInput(Input, frozen=True, kw_only=True):
    """Where one evaluator leans, towards or against us."""

    behaviour: PersonalInput | UnsetType | None = UNSET
    evaluator_id: UUID
    level: LeaningLevel


class NeedFactInput(Input, frozen=True, kw_only=True):
    """A capability that is required because of a business issue."""

    criticality: Criticality
    issue_id: UUID
    met_by_status_quo: bool | UnsetType | None = UNSET
    need_id: UUID
    rejected: bool | UnsetType = UNSET
    text: str


class NextStepFactInput(Input, frozen=True, kw_only=True):
    """What happens next, who does it, and by when."""

    buyer_committed: bool | UnsetType | None = UNSET
    evaluator_id: UUID | UnsetType | None = UNSET
    on_date: date
    text: str


class PreferenceFactInput(Input, frozen=True, kw_only=True):
    """Which alternative one evaluator favours."""

    alternative_id: UUID | UnsetType | None = UNSET
    evaluator_id: UUID
    indecision: bool | UnsetType | None = UNSET
    strength: float | UnsetType | None = UNSET


class PriceExpectationFactInput(Input, frozen=True, kw_only=True):
    """What the customer expects to pay."""

    basis: str | UnsetType | None = UNSET
    high: MoneyInput
    low: MoneyInput


class RelationFactInput(Input, frozen=True, kw_only=True):
    """How one evaluator relates to another."""

    ended: bool | UnsetType = UNSET
    from_id: UUID
    relation: RelationKind
    strength: float | UnsetType | None = UNSET
    to_id: UUID


class ScopeFactInput(Input, frozen=True, kw_only=True):
    """What is to be bought: product, quantity, sites, start."""

    product: str
    quantity: int | UnsetType | None = UNSET
    sites: int | UnsetType | None = UNSET
    start_date: date | UnsetType | None = UNSET


class StanceOnChangeFactInput(Input, frozen=True, kw_only=True):
    """Where one evaluator stands on changing anything at all."""

    evaluator_id: UUID
    stance: Stance


class StandingFactInput(Input, frozen=True, kw_only=True):
    """How one alternative does on one criterion, in an evaluator's eyes or as our team sees it."""

    alternative_id: UUID
    criterion_id: UUID
    evaluator_id: UUID | UnsetType | None = UNSET
    proof: Proof | UnsetType | None = UNSET
    rating: int


class WantFactInput(Input, frozen=True, kw_only=True):
    """A stated wish that no business issue asks for yet."""

    text: str
    want_id: UUID


class FactInput(OneOf, frozen=True, kw_only=True):
    """A fact of one kind: give exactly one field."""

    alternative: AlternativeFactInput | UnsetType | None = UNSET
    attribute: AttributeFactInput | UnsetType | None = UNSET
    business_issue: BusinessIssueFactInput | UnsetType | None = UNSET
    compelling_event: CompellingEventFactInput | UnsetType | None = UNSET
    criterion: CriterionFactInput | UnsetType | None = UNSET
    criterion_weight: CriterionWeightFactInput | UnsetType | None = UNSET
    decision_date: DecisionDateFactInput | UnsetType | None = UNSET
    decision_rule: DecisionRuleFactInput | UnsetType | None = UNSET
    decision_step: DecisionStepFactInput | UnsetType | None = UNSET
    engagement: EngagementFactInput | UnsetType | None = UNSET
    evaluator: EvaluatorFactInput | UnsetType | None = UNSET
    evaluator_left: EvaluatorLeftFactInput | UnsetType | None = UNSET
    fit: FitFactInput | UnsetType | None = UNSET
    funding: FundingFactInput | UnsetType | None = UNSET
    impact: ImpactFactInput | UnsetType | None = UNSET
    influence: InfluenceFactInput | UnsetType | None = UNSET
    leaning: LeaningFactInput | UnsetType | None = UNSET
    need: NeedFactInput | UnsetType | None = UNSET
    next_step: NextStepFactInput | UnsetType | None = UNSET
    preference: PreferenceFactInput | UnsetType | None = UNSET
    price_expectation: PriceExpectationFactInput | UnsetType | None = UNSET
    relation: RelationFactInput | UnsetType | None = UNSET
    scope: ScopeFactInput | UnsetType | None = UNSET
    stance: StanceOnChangeFactInput | UnsetType | None = UNSET
    standing: StandingFactInput | UnsetType | None = UNSET
    want: WantFactInput | UnsetType | None = UNSET


class ProvenanceInput(Input, frozen=True, kw_only=True):
    """Where a fact comes from."""

    channel: Channel
    evidence: EvidenceInput | UnsetType | None = UNSET
    learned_by: str | UnsetType | None = UNSET
    source: SourceKind
    source_id: UUID | UnsetType | None = UNSET
    told_by: UUID | UnsetType | None = UNSET


class SupersedesInput(Input, frozen=True, kw_only=True):
    """The fact that another replaces, and why."""

    because: Supersession
    fact_id: UUID


class FactStatedInput(Input, frozen=True, kw_only=True):
    """One fact with where it comes from."""

    fact: FactInput
    fact_id: UUID | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    provenance: ProvenanceInput
    supersedes: SupersedesInput | UnsetType | None = UNSET
    true_from: date | UnsetType | None = UNSET
    true_until: date | UnsetType | None = UNSET


class FormTeamInput(Input, frozen=True, kw_only=True):
    """Form a team, with nobody in it yet."""

    command_id: UUID
    name: str
    parent: UUID | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET


class GateDueInput(Input, frozen=True, kw_only=True):
    """When one gate is due."""

    due: date
    gate: str


class GateTemplateInput(Input, frozen=True, kw_only=True):
    """A gate of a sales process."""

    due_after_days: int | UnsetType | None = UNSET
    evidence: list[ExitEvidenceInput] | UnsetType = UNSET
    gate: str
    name: str


class IdentifyGapInput(Input, frozen=True, kw_only=True):
    """Name a gap of a seller: of one's own, or of somebody whom one leads."""

    command_id: UUID
    gap_id: UUID | UnsetType | None = UNSET
    indicator: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    objective: Objective | UnsetType | None = UNSET
    seller: str


class LabelInput(Input, frozen=True, kw_only=True):
    """A name with a value."""

    name: str
    value: str


class LearnFactInput(Input, frozen=True, kw_only=True):
    """Record one fact that somebody told us or that we observed."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    stated: FactStatedInput


class LoseOpportunityInput(Input, frozen=True, kw_only=True):
    """Close an opportunity as lost to another alternative."""

    alternative_id: UUID | UnsetType | None = UNSET
    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    loss_kind: LossKind
    opportunity_id: str
    reasons: list[str] | UnsetType = UNSET


class OfferLearningActivityInput(Input, frozen=True, kw_only=True):
    """Offer a learning activity; under a code that exists, in a new form."""

    activity: str
    causes: list[GapCause]
    command_id: UUID
    description: str
    hours: float
    objectives: list[Objective]
    title: str


class OpenOpportunityInput(Input, frozen=True, kw_only=True):
    """Open an opportunity: one potential decision of one customer."""

    account_id: str
    command_id: UUID
    context: list[LabelInput] | UnsetType = UNSET
    currency: str
    customer_kind: CustomerKind | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str | UnsetType | None = UNSET
    origin: str | UnsetType | None = UNSET
    owner: str | UnsetType | None = UNSET
    title: str


class OpportunityFilter(Input, frozen=True, kw_only=True):
    """Which opportunities to show; what is absent does not matter."""

    account_ids: list[str] | UnsetType | None = UNSET
    category: list[ForecastCategory] | UnsetType | None = UNSET
    commit_from: date | UnsetType | None = UNSET
    commit_until: date | UnsetType | None = UNSET
    contradicted: bool | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    disagreeing: bool | UnsetType | None = UNSET
    in_danger_zone: list[ZoneNumber] | UnsetType | None = UNSET
    max_amount: Decimal | UnsetType | None = UNSET
    max_probability: float | UnsetType | None = UNSET
    min_amount: Decimal | UnsetType | None = UNSET
    min_probability: float | UnsetType | None = UNSET
    owner_ids: list[str] | UnsetType | None = UNSET
    search: str | UnsetType | None = UNSET
    status: list[Status] | UnsetType | None = UNSET
    unanswered: bool | UnsetType | None = UNSET


class OpportunityOrder(Input, frozen=True, kw_only=True):
    """In which order to show opportunities."""

    descending: bool | UnsetType = UNSET
    field: BoardOrder


class WaiverStatedInput(Input, frozen=True, kw_only=True):
    """What may be missing when a gate is passed, and why."""

    facet: Facet | UnsetType | None = UNSET
    objective: Objective
    reason: str


class PassGateInput(Input, frozen=True, kw_only=True):
    """Pass a gate: opps looks for its exit evidence itself."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    gate: str
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    reason: str | UnsetType | None = UNSET
    waivers: list[WaiverStatedInput] | UnsetType = UNSET


class PublishSalesProcessInput(Input, frozen=True, kw_only=True):
    """Publish a sales process: deals that start from here on go by it."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    gates: list[GateTemplateInput]
    name: str
    process: str
    reason: str | UnsetType | None = UNSET


class RaiseExceptionInput(Input, frozen=True, kw_only=True):
    """Say that a deviation of an opportunity calls for time or resources."""

    command_id: UUID
    exception_id: UUID | UnsetType | None = UNSET
    facts: list[UUID] | UnsetType = UNSET
    opportunity_id: str
    summary: str


class RaiseQuestionInput(Input, frozen=True, kw_only=True):
    """Write down what we do not know; it never changes the probability."""

    command_id: UUID
    due: date | UnsetType | None = UNSET
    expected_version: int | UnsetType | None = UNSET
    facet: Facet
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    question_id: UUID | UnsetType | None = UNSET
    subject_id: UUID | UnsetType | None = UNSET
    text: str
    whom_to_ask: UUID | UnsetType | None = UNSET
    why: str | UnsetType | None = UNSET


class RecordFactsInput(Input, frozen=True, kw_only=True):
    """Record many facts in one command: all of them, or none."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    facts: list[FactStatedInput]
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str


class RegisterAccountInput(Input, frozen=True, kw_only=True):
    """Make a buying organisation known."""

    account_id: str | UnsetType | None = UNSET
    command_id: UUID
    external_id: str | UnsetType | None = UNSET
    name: str


class RegisterPersonInput(Input, frozen=True, kw_only=True):
    """Make a person known; name and contact data are stored under that person's key."""

    account_id: str | UnsetType | None = UNSET
    command_id: UUID
    email: str | UnsetType | None = UNSET
    name: str
    person_id: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET


class ReopenOpportunityInput(Input, frozen=True, kw_only=True):
    """Open a closed opportunity again."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    reason: str


class ResolveContradictionInput(Input, frozen=True, kw_only=True):
    """Choose between facts that cannot both hold; the others stay visible."""

    chosen: UUID
    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    rationale: str


class RetractFactInput(Input, frozen=True, kw_only=True):
    """Take a fact back that never was knowledge; views of the past keep it."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    fact_id: UUID
    learned: LearnedInput | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    opportunity_id: str
    reason: RetractionReason


class RevertImportInput(Input, frozen=True, kw_only=True):
    """Take an import back: what it opened is withdrawn, what it added is put back."""

    command_id: UUID
    import_id: UUID
    reason: str


class ScoreFilter(Input, frozen=True, kw_only=True):
    """Which changes to send; what is absent does not matter."""

    causes: list[str] | UnsetType | None = UNSET
    crossing: Crossing | UnsetType | None = UNSET
    min_points: float | UnsetType | None = UNSET
    opportunity_ids: list[str] | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET


class StartSalesProcessInput(Input, frozen=True, kw_only=True):
    """Let a deal go by a sales process, as it is published now."""

    command_id: UUID
    due: list[GateDueInput] | UnsetType = UNSET
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    process: str
    starts: date | UnsetType | None = UNSET


class StateDesiredOutcomeInput(Input, frozen=True, kw_only=True):
    """Write down what a deal is to come to, in about 30 words."""

    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    outcome: DesiredOutcomeInput


class WinOpportunityInput(Input, frozen=True, kw_only=True):
    """Close an opportunity as won."""

    amount: MoneyInput | UnsetType | None = UNSET
    command_id: UUID
    expected_version: int | UnsetType | None = UNSET
    learned: LearnedInput | UnsetType | None = UNSET
    opportunity_id: str
    reasons: list[str] | UnsetType = UNSET
