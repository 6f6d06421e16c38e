"""The nine information objectives and their facets, `catalogue-1`: static, and stored for ever."""

from enum import StrEnum

CATALOGUE = "catalogue-1"


class Objective(StrEnum):
    """What a sales team must know, in the order anyone can recite."""

    BUSINESS_ISSUES = "BUSINESS_ISSUES"
    DESIRED_IMPACT = "DESIRED_IMPACT"
    EVALUATORS = "EVALUATORS"
    REQUIRED_SOLUTION = "REQUIRED_SOLUTION"
    FUNDING = "FUNDING"
    TIMING = "TIMING"
    ALTERNATIVES = "ALTERNATIVES"
    DECISION_CRITERIA = "DECISION_CRITERIA"
    DECISION_PROCESS = "DECISION_PROCESS"


class Family(StrEnum):
    """The three families of objectives."""

    CUSTOMER = "CUSTOMER"
    PURCHASE = "PURCHASE"
    DECISION = "DECISION"


class Facet(StrEnum):
    """One aspect of an objective that can be known, asked or untouched."""

    ISSUE = "ISSUE"
    ISSUE_OWNER = "ISSUE_OWNER"
    ISSUE_SEVERITY = "ISSUE_SEVERITY"
    ISSUE_CONSEQUENCE = "ISSUE_CONSEQUENCE"
    ISSUE_OUR_EFFECT = "ISSUE_OUR_EFFECT"

    IMPACT_METRIC = "IMPACT_METRIC"
    IMPACT_BASELINE = "IMPACT_BASELINE"
    IMPACT_TARGET = "IMPACT_TARGET"
    IMPACT_AGREEMENT = "IMPACT_AGREEMENT"
    IMPACT_VALUE = "IMPACT_VALUE"
    IMPACT_PERSONAL_WIN = "IMPACT_PERSONAL_WIN"

    DECISION_MAKER = "DECISION_MAKER"
    ECONOMIC_AUTHORITY = "ECONOMIC_AUTHORITY"
    INFLUENCE = "INFLUENCE"
    LEANING = "LEANING"
    STANCE_ON_CHANGE = "STANCE_ON_CHANGE"
    RELATION = "RELATION"
    ENGAGEMENT = "ENGAGEMENT"
    CHAMPION_BEHAVIOUR = "CHAMPION_BEHAVIOUR"

    NEED = "NEED"
    FIT = "FIT"
    SCOPE = "SCOPE"
    WANT = "WANT"

    FUNDING_STATUS = "FUNDING_STATUS"
    FUNDING_AMOUNT = "FUNDING_AMOUNT"
    FUNDING_AUTHORITY = "FUNDING_AUTHORITY"
    PRICE_EXPECTATION = "PRICE_EXPECTATION"

    COMPELLING_EVENT = "COMPELLING_EVENT"
    EVENT_DATE = "EVENT_DATE"
    EVENT_CONSEQUENCE = "EVENT_CONSEQUENCE"
    DECISION_DATE = "DECISION_DATE"

    CONSIDERED_SET = "CONSIDERED_SET"
    DO_NOTHING = "DO_NOTHING"
    PREFERENCE = "PREFERENCE"
    ALTERNATIVE_STRATEGY = "ALTERNATIVE_STRATEGY"

    CRITERION = "CRITERION"
    INFORMAL_CRITERION = "INFORMAL_CRITERION"
    CRITERION_WEIGHT = "CRITERION_WEIGHT"
    STANDING_OF_US = "STANDING_OF_US"
    STANDING_OF_RIVAL = "STANDING_OF_RIVAL"

    STEPS = "STEPS"
    STEP_OWNER = "STEP_OWNER"
    PAPER_PROCESS = "PAPER_PROCESS"
    DECISION_RULE = "DECISION_RULE"
    NEXT_STEP = "NEXT_STEP"

    @property
    def objective(self) -> Objective:
        """The objective this facet belongs to."""
        return OBJECTIVE_OF[self]

    @property
    def required(self) -> bool:
        """Whether the objective counts as known only with this facet."""
        return self not in OPTIONAL


OPTIONAL = frozenset(
    {
        Facet.ISSUE_OUR_EFFECT,
        Facet.IMPACT_METRIC,
        Facet.IMPACT_VALUE,
        Facet.IMPACT_PERSONAL_WIN,
        Facet.STANCE_ON_CHANGE,
        Facet.RELATION,
        Facet.ENGAGEMENT,
        Facet.CHAMPION_BEHAVIOUR,
        Facet.WANT,
        Facet.PRICE_EXPECTATION,
        Facet.ALTERNATIVE_STRATEGY,
        Facet.DECISION_RULE,
    }
)

FACETS: dict[Objective, tuple[Facet, ...]] = {
    Objective.BUSINESS_ISSUES: (
        Facet.ISSUE,
        Facet.ISSUE_OWNER,
        Facet.ISSUE_SEVERITY,
        Facet.ISSUE_CONSEQUENCE,
        Facet.ISSUE_OUR_EFFECT,
    ),
    Objective.DESIRED_IMPACT: (
        Facet.IMPACT_METRIC,
        Facet.IMPACT_BASELINE,
        Facet.IMPACT_TARGET,
        Facet.IMPACT_AGREEMENT,
        Facet.IMPACT_VALUE,
        Facet.IMPACT_PERSONAL_WIN,
    ),
    Objective.EVALUATORS: (
        Facet.DECISION_MAKER,
        Facet.ECONOMIC_AUTHORITY,
        Facet.INFLUENCE,
        Facet.LEANING,
        Facet.STANCE_ON_CHANGE,
        Facet.RELATION,
        Facet.ENGAGEMENT,
        Facet.CHAMPION_BEHAVIOUR,
    ),
    Objective.REQUIRED_SOLUTION: (
        Facet.NEED,
        Facet.FIT,
        Facet.SCOPE,
        Facet.WANT,
    ),
    Objective.FUNDING: (
        Facet.FUNDING_STATUS,
        Facet.FUNDING_AMOUNT,
        Facet.FUNDING_AUTHORITY,
        Facet.PRICE_EXPECTATION,
    ),
    Objective.TIMING: (
        Facet.COMPELLING_EVENT,
        Facet.EVENT_DATE,
        Facet.EVENT_CONSEQUENCE,
        Facet.DECISION_DATE,
    ),
    Objective.ALTERNATIVES: (
        Facet.CONSIDERED_SET,
        Facet.DO_NOTHING,
        Facet.PREFERENCE,
        Facet.ALTERNATIVE_STRATEGY,
    ),
    Objective.DECISION_CRITERIA: (
        Facet.CRITERION,
        Facet.INFORMAL_CRITERION,
        Facet.CRITERION_WEIGHT,
        Facet.STANDING_OF_US,
        Facet.STANDING_OF_RIVAL,
    ),
    Objective.DECISION_PROCESS: (
        Facet.STEPS,
        Facet.STEP_OWNER,
        Facet.PAPER_PROCESS,
        Facet.DECISION_RULE,
        Facet.NEXT_STEP,
    ),
}

OBJECTIVE_OF = {facet: objective for objective, facets in FACETS.items() for facet in facets}

FAMILY: dict[Objective, Family] = {
    Objective.BUSINESS_ISSUES: Family.CUSTOMER,
    Objective.DESIRED_IMPACT: Family.CUSTOMER,
    Objective.EVALUATORS: Family.CUSTOMER,
    Objective.REQUIRED_SOLUTION: Family.PURCHASE,
    Objective.FUNDING: Family.PURCHASE,
    Objective.TIMING: Family.PURCHASE,
    Objective.ALTERNATIVES: Family.DECISION,
    Objective.DECISION_CRITERIA: Family.DECISION,
    Objective.DECISION_PROCESS: Family.DECISION,
}

# What a manager asks of each objective, in our own short form (docs/knowledge.md).
QUESTION: dict[Objective, str] = {
    Objective.BUSINESS_ISSUES: "What happens to their business if they do nothing? Who says so?",
    Objective.DESIRED_IMPACT: "Whose number is that, and what will they do with it inside?",
    Objective.EVALUATORS: "Who loses if we win, and who can say no after everyone said yes?",
    Objective.REQUIRED_SOLUTION: "Which of these would they pay for if we did nothing else?",
    Objective.FUNDING: "Who signs, up to what amount, and what else is this money for?",
    Objective.TIMING: "What breaks for them the day after this date?",
    Objective.ALTERNATIVES: "If they could not buy from us, what would they do on Monday?",
    Objective.DECISION_CRITERIA: "Which criterion would make them pick someone else?",
    Objective.DECISION_PROCESS: "Last time they bought this much, what came after the yes?",
}
