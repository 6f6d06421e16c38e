"""The enumerations; a value that is newer than this client is taken as it comes.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ..parts import Open


class AlternativeKind(Open):
    """What sort of course is open to the customer."""

    COMPETITOR = "COMPETITOR"
    DO_NOTHING = "DO_NOTHING"
    INCUMBENT = "INCUMBENT"
    IN_HOUSE = "IN_HOUSE"
    OTHER_PROJECT = "OTHER_PROJECT"
    US = "US"


class AlternativeStatus(Open):
    """Where an alternative stands with the customer."""

    CONSIDERED = "CONSIDERED"
    ELIMINATED = "ELIMINATED"
    PREFERRED = "PREFERRED"
    SHORTLISTED = "SHORTLISTED"


class Asking(Open):
    """Whether the buyer was asked."""

    ASKED_UNANSWERED = "ASKED_UNANSWERED"
    KNOWN = "KNOWN"
    NOT_ASKED = "NOT_ASKED"


class AssignmentStatus(Open):
    """How far an assignment has come."""

    APPLIED = "APPLIED"
    ASSIGNED = "ASSIGNED"
    COMPLETED = "COMPLETED"
    MEASURED = "MEASURED"
    OVERDUE = "OVERDUE"


class Axis(Open):
    """Which time orders a timeline: when it was recorded, or when we learned it."""

    LEARNED = "LEARNED"
    RECORDED = "RECORDED"


class BoardOrder(Open):
    """What a list is ordered by."""

    ACCOUNT = "ACCOUNT"
    AMOUNT = "AMOUNT"
    CHANGED = "CHANGED"
    COMMIT_DATE = "COMMIT_DATE"
    OPENED = "OPENED"
    PROBABILITY = "PROBABILITY"
    TITLE = "TITLE"


class CauseKind(Open):
    """What sort of cause moved a score."""

    CONDUCT = "CONDUCT"
    CONTEXT = "CONTEXT"
    DEADLINE = "DEADLINE"
    KNOWLEDGE = "KNOWLEDGE"
    MODEL = "MODEL"
    OPENING = "OPENING"
    OTHER = "OTHER"
    OUTCOME = "OUTCOME"
    QUESTION = "QUESTION"
    RETRACTION = "RETRACTION"
    SILENCE = "SILENCE"
    STALENESS = "STALENESS"


class Certainty(Open):
    """Which end of an imprecise learned time counts."""

    CERTAIN = "CERTAIN"
    POSSIBLE = "POSSIBLE"


class Channel(Open):
    """How a fact reached us."""

    CALL = "CALL"
    CHAT = "CHAT"
    DOCUMENT = "DOCUMENT"
    EMAIL = "EMAIL"
    IMPORT = "IMPORT"
    INFERENCE = "INFERENCE"
    MEETING = "MEETING"
    OBSERVED = "OBSERVED"


class CriterionKind(Open):
    """Whether a criterion is written down."""

    FORMAL = "FORMAL"
    INFORMAL = "INFORMAL"


class CriterionOrigin(Open):
    """Whose idea a criterion was."""

    CUSTOMER = "CUSTOMER"
    RIVAL = "RIVAL"
    US = "US"


class Criticality(Open):
    """Whether the customer can do without a need."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class CrossingDirection(Open):
    """Which way a probability is crossed."""

    DOWN = "DOWN"
    EITHER = "EITHER"
    UP = "UP"


class CustomerKind(Open):
    """Whether the account had bought before the opportunity opened."""

    EXISTING = "EXISTING"
    NEW = "NEW"


class DateBasis(Open):
    """What a decision date rests on."""

    BUYER_STATED = "BUYER_STATED"
    DERIVED_FROM_PROCESS = "DERIVED_FROM_PROCESS"
    OUR_GUESS = "OUR_GUESS"


class DecisionKind(Open):
    """What our side decided."""

    DISCOUNT = "DISCOUNT"
    FORECAST = "FORECAST"
    GATE = "GATE"


class DiffKind(Open):
    """Why a fact counts otherwise than before."""

    CLOSING = "CLOSING"
    CONDUCT = "CONDUCT"
    CORRECTED = "CORRECTED"
    ERASED = "ERASED"
    LATE_ARRIVAL = "LATE_ARRIVAL"
    LEARNED = "LEARNED"
    MODEL = "MODEL"
    NOT_YET = "NOT_YET"
    REDATED = "REDATED"
    RETRACTED = "RETRACTED"
    TIME = "TIME"
    WORLD_CHANGED = "WORLD_CHANGED"


class Effort(Open):
    """What it takes to get an answer."""

    CONVERSATION = "CONVERSATION"
    QUESTION = "QUESTION"
    WORK = "WORK"


class EngagementDepth(Open):
    """How deep the contact with an evaluator went."""

    INTRODUCED = "INTRODUCED"
    TALKED = "TALKED"
    WORKED_WITH_US = "WORKED_WITH_US"


class ExceptionCause(Open):
    """Why an exception was raised."""

    BAND_CROSSING = "BAND_CROSSING"
    BY_HAND = "BY_HAND"
    DANGER_ZONE = "DANGER_ZONE"
    DRIFT = "DRIFT"
    GATE_OVERDUE = "GATE_OVERDUE"
    SCORE_MOVE = "SCORE_MOVE"
    WALK_AWAY = "WALK_AWAY"


class ExceptionStatus(Open):
    """How far an exception has come."""

    ACCEPTED_RISK = "ACCEPTED_RISK"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    DISMISSED = "DISMISSED"
    RAISED = "RAISED"
    RESOLVED = "RESOLVED"
    RESOURCED = "RESOURCED"


class Facet(Open):
    """One aspect of an objective that can be known, asked or untouched."""

    ALTERNATIVE_STRATEGY = "ALTERNATIVE_STRATEGY"
    CHAMPION_BEHAVIOUR = "CHAMPION_BEHAVIOUR"
    COMPELLING_EVENT = "COMPELLING_EVENT"
    CONSIDERED_SET = "CONSIDERED_SET"
    CRITERION = "CRITERION"
    CRITERION_WEIGHT = "CRITERION_WEIGHT"
    DECISION_DATE = "DECISION_DATE"
    DECISION_MAKER = "DECISION_MAKER"
    DECISION_RULE = "DECISION_RULE"
    DO_NOTHING = "DO_NOTHING"
    ECONOMIC_AUTHORITY = "ECONOMIC_AUTHORITY"
    ENGAGEMENT = "ENGAGEMENT"
    EVENT_CONSEQUENCE = "EVENT_CONSEQUENCE"
    EVENT_DATE = "EVENT_DATE"
    FIT = "FIT"
    FUNDING_AMOUNT = "FUNDING_AMOUNT"
    FUNDING_AUTHORITY = "FUNDING_AUTHORITY"
    FUNDING_STATUS = "FUNDING_STATUS"
    IMPACT_AGREEMENT = "IMPACT_AGREEMENT"
    IMPACT_BASELINE = "IMPACT_BASELINE"
    IMPACT_METRIC = "IMPACT_METRIC"
    IMPACT_PERSONAL_WIN = "IMPACT_PERSONAL_WIN"
    IMPACT_TARGET = "IMPACT_TARGET"
    IMPACT_VALUE = "IMPACT_VALUE"
    INFLUENCE = "INFLUENCE"
    INFORMAL_CRITERION = "INFORMAL_CRITERION"
    ISSUE = "ISSUE"
    ISSUE_CONSEQUENCE = "ISSUE_CONSEQUENCE"
    ISSUE_OUR_EFFECT = "ISSUE_OUR_EFFECT"
    ISSUE_OWNER = "ISSUE_OWNER"
    ISSUE_SEVERITY = "ISSUE_SEVERITY"
    LEANING = "LEANING"
    NEED = "NEED"
    NEXT_STEP = "NEXT_STEP"
    PAPER_PROCESS = "PAPER_PROCESS"
    PREFERENCE = "PREFERENCE"
    PRICE_EXPECTATION = "PRICE_EXPECTATION"
    RELATION = "RELATION"
    SCOPE = "SCOPE"
    STANCE_ON_CHANGE = "STANCE_ON_CHANGE"
    STANDING_OF_RIVAL = "STANDING_OF_RIVAL"
    STANDING_OF_US = "STANDING_OF_US"
    STEPS = "STEPS"
    STEP_OWNER = "STEP_OWNER"
    WANT = "WANT"


class FacetState(Open):
    """How well a facet is known; the first that matches wins."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    CLAIMED = "CLAIMED"
    CONTRADICTED = "CONTRADICTED"
    CORROBORATED = "CORROBORATED"
    EVIDENCED = "EVIDENCED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    STALE = "STALE"
    UNEXAMINED = "UNEXAMINED"


class FactKind(Open):
    """Each kind of fact."""

    ALTERNATIVE = "ALTERNATIVE"
    ATTRIBUTE = "ATTRIBUTE"
    BUSINESS_ISSUE = "BUSINESS_ISSUE"
    COMPELLING_EVENT = "COMPELLING_EVENT"
    CRITERION = "CRITERION"
    CRITERION_WEIGHT = "CRITERION_WEIGHT"
    DECISION_DATE = "DECISION_DATE"
    DECISION_RULE = "DECISION_RULE"
    DECISION_STEP = "DECISION_STEP"
    ENGAGEMENT = "ENGAGEMENT"
    EVALUATOR = "EVALUATOR"
    EVALUATOR_LEFT = "EVALUATOR_LEFT"
    FIT = "FIT"
    FUNDING = "FUNDING"
    IMPACT = "IMPACT"
    INFLUENCE = "INFLUENCE"
    LEANING = "LEANING"
    NEED = "NEED"
    NEXT_STEP = "NEXT_STEP"
    PREFERENCE = "PREFERENCE"
    PRICE_EXPECTATION = "PRICE_EXPECTATION"
    RELATION = "RELATION"
    SCOPE = "SCOPE"
    STANCE = "STANCE"
    STANDING = "STANDING"
    WANT = "WANT"


class FactState(Open):
    """What became of a fact: whether it stands, and if not, why."""

    AGREES = "AGREES"
    CONTRADICTED = "CONTRADICTED"
    RECLASSIFIED = "RECLASSIFIED"
    REJECTED = "REJECTED"
    RETRACTED = "RETRACTED"
    STANDS = "STANDS"
    SUPERSEDED = "SUPERSEDED"


class Family(Open):
    """The three families of objectives."""

    CUSTOMER = "CUSTOMER"
    DECISION = "DECISION"
    PURCHASE = "PURCHASE"


class FitLevel(Open):
    """How well we meet a need."""

    GAP = "GAP"
    MEETS = "MEETS"
    PARTIAL = "PARTIAL"


class ForecastBy(Open):
    """What a forecast is told apart by."""

    CATEGORY = "CATEGORY"
    MONTH = "MONTH"
    OWNER = "OWNER"


class ForecastCategory(Open):
    """What the seller promises of an opportunity."""

    BEST_CASE = "BEST_CASE"
    COMMIT = "COMMIT"
    OMITTED = "OMITTED"
    PIPELINE = "PIPELINE"


class ForecastStepKind(Open):
    """Why a forecast changed."""

    AMOUNT = "AMOUNT"
    CLOSED = "CLOSED"
    HANDED_OVER = "HANDED_OVER"
    KNOWLEDGE = "KNOWLEDGE"
    OPENED = "OPENED"
    PULLED_IN = "PULLED_IN"
    PUSHED_OUT = "PUSHED_OUT"
    REOPENED = "REOPENED"
    WON = "WON"


class Freshness(Open):
    """How long ago a fact was last said, against the horizon of its kind."""

    AGEING = "AGEING"
    FRESH = "FRESH"
    STALE = "STALE"


class FundingStatus(Open):
    """How far the money is."""

    APPROVED = "APPROVED"
    IDENTIFIED = "IDENTIFIED"
    NONE = "NONE"
    REQUESTED = "REQUESTED"


class Gap(Open):
    """What is known without what it calls for."""

    APPROVAL_WITHOUT_DECISION_MAKER = "APPROVAL_WITHOUT_DECISION_MAKER"
    CRITERION_WITHOUT_OWNER = "CRITERION_WITHOUT_OWNER"
    DATE_GUESSED = "DATE_GUESSED"
    IMPACT_WITHOUT_BASELINE = "IMPACT_WITHOUT_BASELINE"
    ISSUE_WITHOUT_CONSEQUENCE = "ISSUE_WITHOUT_CONSEQUENCE"
    LEFT_WITHOUT_SUCCESSOR = "LEFT_WITHOUT_SUCCESSOR"
    NEED_WITHOUT_FIT = "NEED_WITHOUT_FIT"
    NOBODY_AGAINST_US = "NOBODY_AGAINST_US"
    PREFERENCE_WITHOUT_DESCRIPTION = "PREFERENCE_WITHOUT_DESCRIPTION"
    RIVAL_CRITERION_WITHOUT_RIVAL = "RIVAL_CRITERION_WITHOUT_RIVAL"
    STEP_WITHOUT_EVALUATOR = "STEP_WITHOUT_EVALUATOR"
    STEP_WITHOUT_OWNER = "STEP_WITHOUT_OWNER"


class GapCause(Open):
    """Why a gap is there, in the order in which it is asked."""

    CAPACITY = "CAPACITY"
    COMMITMENT = "COMMITMENT"
    ENVIRONMENT = "ENVIRONMENT"
    KNOWLEDGE = "KNOWLEDGE"
    SKILL = "SKILL"


class GapSource(Open):
    """Who named a gap: a rule that looks at a leading indicator, or somebody."""

    HAND = "HAND"
    RULE = "RULE"


class GapStatus(Open):
    """How far a gap has come."""

    ACTING = "ACTING"
    CLOSED = "CLOSED"
    DIAGNOSED = "DIAGNOSED"
    LEARNING = "LEARNING"
    NAMED = "NAMED"


class Gate(Open):
    """Why a scoring model could come into force."""

    DAY_ONE = "DAY_ONE"
    OVERRIDDEN = "OVERRIDDEN"
    PASSED = "PASSED"


class GroupBy(Open):
    """What lines are put together by."""

    COMMAND = "COMMAND"
    DAY = "DAY"
    NONE = "NONE"
    OBJECTIVE = "OBJECTIVE"


class ImpactMethod(Open):
    """How an impact was worked out."""

    CUSTOMER_STATED = "CUSTOMER_STATED"
    JOINTLY_MODELLED = "JOINTLY_MODELLED"
    OUR_ESTIMATE = "OUR_ESTIMATE"


class ImportStatus(Open):
    """How far an import is: BEGUN also of one that broke off, and goes on when it is run again."""

    BEGUN = "BEGUN"
    COMPLETE = "COMPLETE"
    REVERTED = "REVERTED"


class Indicator(Open):
    """What is looked at; the names are stored."""

    BUYER_SHARE = "BUYER_SHARE"
    CRITERIA_BEFORE_PROPOSAL = "CRITERIA_BEFORE_PROPOSAL"
    DO_NOTHING_ASSESSED = "DO_NOTHING_ASSESSED"
    ESTIMATE_BRIER = "ESTIMATE_BRIER"
    LATE_DISCOVERY = "LATE_DISCOVERY"
    QUESTIONS_ANSWERED = "QUESTIONS_ANSWERED"
    QUESTION_AGE = "QUESTION_AGE"
    RECORDING_LAG = "RECORDING_LAG"
    RETRACTIONS = "RETRACTIONS"
    SINGLE_THREAD = "SINGLE_THREAD"


class InfluenceLevel(Open):
    """How much an evaluator weighs in this decision."""

    DECISIVE = "DECISIVE"
    MINOR = "MINOR"
    NONE = "NONE"
    SIGNIFICANT = "SIGNIFICANT"


class IssueKind(Open):
    """What a business issue is to its owner."""

    GOAL = "GOAL"
    PRESSURE = "PRESSURE"
    PROBLEM = "PROBLEM"
    RISK = "RISK"


class LeadTime(Open):
    """How our lead time compares with that of the alternatives."""

    BETTER = "BETTER"
    SAME = "SAME"
    WORSE = "WORSE"


class LeaningLevel(Open):
    """Where an evaluator leans, towards or against us."""

    CHAMPION = "CHAMPION"
    NEUTRAL = "NEUTRAL"
    OPPONENT = "OPPONENT"
    SCEPTIC = "SCEPTIC"
    SUPPORTER = "SUPPORTER"


class LeftOut(Open):
    """Why a fact is not in a proposal."""

    ABOUT_PEOPLE = "ABOUT_PEOPLE"
    CONTRADICTED = "CONTRADICTED"
    DENIED = "DENIED"
    GROWN_OLD = "GROWN_OLD"
    NOT_FOR_CUSTOMERS = "NOT_FOR_CUSTOMERS"
    NOT_KNOWN_WELL = "NOT_KNOWN_WELL"
    OUR_OWN = "OUR_OWN"
    WITHOUT_ITS_SUBJECT = "WITHOUT_ITS_SUBJECT"


class LensKind(Open):
    """Which knowledge is shown."""

    HINDSIGHT = "HINDSIGHT"
    KNOWN = "KNOWN"
    NOW = "NOW"
    SCREEN = "SCREEN"


class LossKind(Open):
    """To whom an opportunity was lost."""

    RIVAL = "RIVAL"
    UNSPECIFIED = "UNSPECIFIED"


class MinimumState(Open):
    """How well something must be known at least: each is the state of a facet."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    CLAIMED = "CLAIMED"
    CORROBORATED = "CORROBORATED"
    EVIDENCED = "EVIDENCED"


class ModelOf(Open):
    """By which scoring model to work a score out anew."""

    AS_THEN = "AS_THEN"
    CURRENT = "CURRENT"


class Moment(Open):
    """When an opinion is looked at: as it stood then, by what had been told by then."""

    DAYS_30_BEFORE = "DAYS_30_BEFORE"
    MID_LIFE = "MID_LIFE"


class NoDecisionReason(Open):
    """Why a customer decided nothing."""

    CANCELLED = "CANCELLED"
    DEFERRED = "DEFERRED"
    FUNDING = "FUNDING"
    INDECISION = "INDECISION"
    STATUS_QUO = "STATUS_QUO"


class Objective(Open):
    """What a sales team must know, in the order anyone can recite."""

    ALTERNATIVES = "ALTERNATIVES"
    BUSINESS_ISSUES = "BUSINESS_ISSUES"
    DECISION_CRITERIA = "DECISION_CRITERIA"
    DECISION_PROCESS = "DECISION_PROCESS"
    DESIRED_IMPACT = "DESIRED_IMPACT"
    EVALUATORS = "EVALUATORS"
    FUNDING = "FUNDING"
    REQUIRED_SOLUTION = "REQUIRED_SOLUTION"
    TIMING = "TIMING"


class OurEffect(Open):
    """What we can do about a business issue, compared with the others."""

    AS_OTHERS = "AS_OTHERS"
    NO = "NO"
    UNIQUELY = "UNIQUELY"


class OutcomeDimension(Open):
    """In what a desired outcome is measured: what is sold, by when, and what it achieves."""

    PERFORMANCE = "PERFORMANCE"
    SALE = "SALE"
    TIMELINE = "TIMELINE"


class Planned(Open):
    """What became of something planned."""

    DONE = "DONE"
    DROPPED = "DROPPED"
    OPEN = "OPEN"


class Precision(Open):
    """How exactly a learned time is known."""

    DAY = "DAY"
    INSTANT = "INSTANT"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    UNKNOWN = "UNKNOWN"
    YEAR = "YEAR"


class Promised(Open):
    """What sort of commitment somebody takes over."""

    ACTION = "ACTION"
    GATE = "GATE"
    MILESTONE = "MILESTONE"
    NEXT_STEP = "NEXT_STEP"
    PROPOSAL = "PROPOSAL"


class Proof(Open):
    """What our fit or standing has been shown with."""

    CLAIM = "CLAIM"
    DEMO = "DEMO"
    NONE = "NONE"
    PILOT = "PILOT"
    REFERENCE = "REFERENCE"


class QuestionStatus(Open):
    """Where a question stands: not asked, asked without an answer, answered, or dropped."""

    ANSWERED = "ANSWERED"
    ASKED = "ASKED"
    DROPPED = "DROPPED"
    RAISED = "RAISED"


class RelationKind(Open):
    """How one evaluator relates to another."""

    CONFLICTS_WITH = "CONFLICTS_WITH"
    INFLUENCES = "INFLUENCES"
    REPORTS_TO = "REPORTS_TO"


class RetractionReason(Open):
    """Why a fact never was knowledge; IMPORT_REVERTED: what brought it was taken back."""

    DUPLICATE = "DUPLICATE"
    ENTRY_ERROR = "ENTRY_ERROR"
    IMPORT_REVERTED = "IMPORT_REVERTED"
    MISHEARD = "MISHEARD"
    SOURCE_WITHDREW = "SOURCE_WITHDREW"
    WRONG_OPPORTUNITY = "WRONG_OPPORTUNITY"


class Role(Open):
    """What an evaluator does in the decision."""

    APPROVER = "APPROVER"
    COACH = "COACH"
    DECISION_MAKER = "DECISION_MAKER"
    ECONOMIC = "ECONOMIC"
    INFLUENCER = "INFLUENCER"
    LEGAL = "LEGAL"
    PROCUREMENT = "PROCUREMENT"
    SECURITY = "SECURITY"
    TECHNICAL = "TECHNICAL"
    USER = "USER"


class Rule(Open):
    """How the evaluators come to one decision."""

    AUTOCRATIC = "AUTOCRATIC"
    CONSENSUS = "CONSENSUS"
    VOTE = "VOTE"
    WEIGHTED = "WEIGHTED"


class ScoreChannel(Open):
    """The two questions behind a win: will it happen at all, and will we win it."""

    HAPPEN = "HAPPEN"
    WIN = "WIN"


class ScoreCurve(Open):
    """Which time orders a trend. RECORDED: as was believed then, by when it was recorded.
    LEARNED: as it should have been, each thing from when it was learned; it changes when
    something is told late.
    """

    LEARNED = "LEARNED"
    RECORDED = "RECORDED"


class ScoreTopic(Open):
    """What an explanation speaks of: the nine objectives, then what is labelled apart from
    them.
    """

    ACTIVITY = "ACTIVITY"
    ALTERNATIVES = "ALTERNATIVES"
    BUSINESS_ISSUES = "BUSINESS_ISSUES"
    CONTEXT = "CONTEXT"
    DECISION_CRITERIA = "DECISION_CRITERIA"
    DECISION_PROCESS = "DECISION_PROCESS"
    DESIRED_IMPACT = "DESIRED_IMPACT"
    EVALUATORS = "EVALUATORS"
    FUNDING = "FUNDING"
    MODEL = "MODEL"
    PRECEDENTS = "PRECEDENTS"
    PRODUCT_AND_SELLER = "PRODUCT_AND_SELLER"
    REQUIRED_SOLUTION = "REQUIRED_SOLUTION"
    TIMING = "TIMING"


class Severity(Open):
    """How much a danger zone can cost."""

    HIGH = "HIGH"
    LOW = "LOW"
    MEDIUM = "MEDIUM"


class Side(Open):
    """On which side of the table something lies."""

    CUSTOMER = "CUSTOMER"
    US = "US"


class SignalSource(Open):
    """Where a signal is heard."""

    ACTIVITY = "ACTIVITY"
    ATTRIBUTE = "ATTRIBUTE"
    BEHAVIOUR = "BEHAVIOUR"
    CONTEXT = "CONTEXT"


class SourceKind(Open):
    """What kind of source a fact comes from: each has a grade."""

    AI_EXTRACTION = "AI_EXTRACTION"
    BUYER_IN_WRITING = "BUYER_IN_WRITING"
    BUYER_SAID = "BUYER_SAID"
    IMPORTED = "IMPORTED"
    INSIDE_PERSON = "INSIDE_PERSON"
    PUBLIC_DOCUMENT = "PUBLIC_DOCUMENT"
    SELLER_OBSERVATION = "SELLER_OBSERVATION"
    THIRD_PARTY = "THIRD_PARTY"


class Stance(Open):
    """Where an evaluator stands on changing anything at all."""

    AGAINST = "AGAINST"
    FOR = "FOR"
    INDIFFERENT = "INDIFFERENT"


class Status(Open):
    """Whether an opportunity is open, and how it ended if it is not."""

    DISQUALIFIED = "DISQUALIFIED"
    LOST = "LOST"
    MERGED = "MERGED"
    NO_DECISION = "NO_DECISION"
    OPEN = "OPEN"
    WITHDRAWN = "WITHDRAWN"
    WON = "WON"


class StepKind(Open):
    """What a decision step is for."""

    APPROVAL = "APPROVAL"
    EVALUATION = "EVALUATION"
    LEGAL = "LEGAL"
    PROCUREMENT = "PROCUREMENT"
    SECURITY = "SECURITY"
    SIGNATURE = "SIGNATURE"


class StepStatus(Open):
    """How far a decision step is."""

    DONE = "DONE"
    DROPPED = "DROPPED"
    PLANNED = "PLANNED"
    RUNNING = "RUNNING"
    SLIPPED = "SLIPPED"


class Supersession(Open):
    """Why one fact replaces another: the world changed, or we learned better."""

    WE_LEARNED_BETTER = "WE_LEARNED_BETTER"
    WORLD_CHANGED = "WORLD_CHANGED"


class Surprising(Open):
    """Why something came as a surprise."""

    AFTER_CLOSE = "AFTER_CLOSE"
    LATE = "LATE"
    NEW_ALTERNATIVE = "NEW_ALTERNATIVE"
    NEW_EVALUATOR = "NEW_EVALUATOR"


class Suspicion(Open):
    """Why something is suspected."""

    COMPARABLE = "COMPARABLE"
    LATE_DISCOVERY = "LATE_DISCOVERY"
    STRUCTURAL = "STRUCTURAL"
    UNTOUCHED = "UNTOUCHED"


class TeamFunction(Open):
    """What a member does on our team."""

    ANALYST = "ANALYST"
    ENGINEERING = "ENGINEERING"
    EXECUTIVE = "EXECUTIVE"
    FINANCE = "FINANCE"
    MANAGER = "MANAGER"
    PRODUCT = "PRODUCT"
    SELLER = "SELLER"


class TensionRule(Open):
    """Which facts do not fit together."""

    DECIDED_BEFORE_THE_LAST_STEP = "DECIDED_BEFORE_THE_LAST_STEP"
    DECIDED_TOO_LATE = "DECIDED_TOO_LATE"
    FUNDED_TOO_LITTLE = "FUNDED_TOO_LITTLE"
    PREFERRED_THOUGH_ELIMINATED = "PREFERRED_THOUGH_ELIMINATED"
    RATED_TOO_WELL = "RATED_TOO_WELL"
    WORTH_TOO_LITTLE = "WORTH_TOO_LITTLE"


class Whose(Open):
    """Who says how likely a win is."""

    KNOWLEDGE = "KNOWLEDGE"
    SELLER = "SELLER"
    STAGE = "STAGE"


class WrongHow(Open):
    """How a belief turned out wrong."""

    CORRECTED = "CORRECTED"
    DECIDED_AGAINST = "DECIDED_AGAINST"
    REDATED = "REDATED"
    RETRACTED = "RETRACTED"


class XOfY(Open):
    """What to ask of a quantity times a unit price."""

    CUSTOMER = "CUSTOMER"
    EXPIRY = "EXPIRY"
    LEVEL = "LEVEL"
    ORIGIN = "ORIGIN"


class ZoneNumber(Open):
    """The number of each danger zone, for ever."""

    DZ01 = "DZ01"
    DZ02 = "DZ02"
    DZ03 = "DZ03"
    DZ04 = "DZ04"
    DZ05 = "DZ05"
    DZ06 = "DZ06"
    DZ07 = "DZ07"
    DZ08 = "DZ08"
    DZ09 = "DZ09"
    DZ10 = "DZ10"
    DZ11 = "DZ11"
    DZ12 = "DZ12"
    DZ13 = "DZ13"
    DZ14 = "DZ14"
    DZ15 = "DZ15"
    DZ16 = "DZ16"
    DZ17 = "DZ17"
    DZ18 = "DZ18"
    DZ19 = "DZ19"
    DZ20 = "DZ20"
    DZ21 = "DZ21"
    DZ22 = "DZ22"
    DZ23 = "DZ23"
    DZ24 = "DZ24"
    DZ25 = "DZ25"
    DZ26 = "DZ26"
