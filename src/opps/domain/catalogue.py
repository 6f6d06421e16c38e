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

    ISSUE = "BUSINESS_ISSUES.ISSUE"
    ISSUE_OWNER = "BUSINESS_ISSUES.OWNER"
    ISSUE_SEVERITY = "BUSINESS_ISSUES.SEVERITY"
    ISSUE_CONSEQUENCE = "BUSINESS_ISSUES.CONSEQUENCE"
    ISSUE_OUR_EFFECT = "BUSINESS_ISSUES.OUR_EFFECT"

    IMPACT_METRIC = "DESIRED_IMPACT.METRIC"
    IMPACT_BASELINE = "DESIRED_IMPACT.BASELINE"
    IMPACT_TARGET = "DESIRED_IMPACT.TARGET"
    IMPACT_AGREEMENT = "DESIRED_IMPACT.AGREEMENT"
    IMPACT_VALUE = "DESIRED_IMPACT.VALUE"
    IMPACT_PERSONAL_WIN = "DESIRED_IMPACT.PERSONAL_WIN"

    DECISION_MAKER = "EVALUATORS.DECISION_MAKER"
    ECONOMIC_AUTHORITY = "EVALUATORS.ECONOMIC_AUTHORITY"
    INFLUENCE = "EVALUATORS.INFLUENCE"
    LEANING = "EVALUATORS.LEANING"
    STANCE_ON_CHANGE = "EVALUATORS.STANCE_ON_CHANGE"
    RELATION = "EVALUATORS.RELATION"
    ENGAGEMENT = "EVALUATORS.ENGAGEMENT"
    CHAMPION_BEHAVIOUR = "EVALUATORS.CHAMPION_BEHAVIOUR"

    NEED = "REQUIRED_SOLUTION.NEED"
    FIT = "REQUIRED_SOLUTION.FIT"
    SCOPE = "REQUIRED_SOLUTION.SCOPE"
    WANT = "REQUIRED_SOLUTION.WANT"

    FUNDING_STATUS = "FUNDING.STATUS"
    FUNDING_AMOUNT = "FUNDING.AMOUNT"
    FUNDING_AUTHORITY = "FUNDING.AUTHORITY"
    PRICE_EXPECTATION = "FUNDING.PRICE_EXPECTATION"

    COMPELLING_EVENT = "TIMING.COMPELLING_EVENT"
    EVENT_DATE = "TIMING.EVENT_DATE"
    EVENT_CONSEQUENCE = "TIMING.CONSEQUENCE"
    DECISION_DATE = "TIMING.DECISION_DATE"

    CONSIDERED_SET = "ALTERNATIVES.CONSIDERED_SET"
    DO_NOTHING = "ALTERNATIVES.DO_NOTHING"
    PREFERENCE = "ALTERNATIVES.PREFERENCE"
    ALTERNATIVE_STRATEGY = "ALTERNATIVES.STRATEGY"

    CRITERION = "DECISION_CRITERIA.CRITERION"
    INFORMAL_CRITERION = "DECISION_CRITERIA.INFORMAL"
    CRITERION_WEIGHT = "DECISION_CRITERIA.WEIGHT"
    STANDING_OF_US = "DECISION_CRITERIA.STANDING_OF_US"
    STANDING_OF_RIVAL = "DECISION_CRITERIA.STANDING_OF_RIVAL"

    STEPS = "DECISION_PROCESS.STEPS"
    STEP_OWNER = "DECISION_PROCESS.STEP_OWNER"
    PAPER_PROCESS = "DECISION_PROCESS.PAPER_PROCESS"
    DECISION_RULE = "DECISION_PROCESS.DECISION_RULE"
    NEXT_STEP = "DECISION_PROCESS.NEXT_STEP"

    @property
    def objective(self) -> Objective:
        """The objective this facet belongs to."""
        return Objective(self.value.partition(".")[0])

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
        Facet.EVENT_DATE,
        Facet.ALTERNATIVE_STRATEGY,
        Facet.STEP_OWNER,
        Facet.DECISION_RULE,
    }
)

FACETS: dict[Objective, tuple[Facet, ...]] = {
    objective: tuple(facet for facet in Facet if facet.objective is objective)
    for objective in Objective
}

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

# The manager's question of product.md section 5, in our own short form.
QUESTION: dict[Objective, str] = {
    Objective.BUSINESS_ISSUES: "What happens to their business if they do nothing, and who says so?",
    Objective.DESIRED_IMPACT: "Whose number is that, and what will they do with it inside?",
    Objective.EVALUATORS: "Who loses if we win, and who can still say no after everyone said yes?",
    Objective.REQUIRED_SOLUTION: "Which of these would they pay for if we did nothing else?",
    Objective.FUNDING: "Who signs, up to what amount, and what else is this money for?",
    Objective.TIMING: "What breaks for them the day after this date?",
    Objective.ALTERNATIVES: "If they could not buy from us, what would they do on Monday?",
    Objective.DECISION_CRITERIA: "Which criterion would make them pick someone else?",
    Objective.DECISION_PROCESS: "Last time they bought this much, what came after the yes?",
}
