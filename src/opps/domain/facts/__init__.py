"""The closed union of fact kinds, grouped under the nine objectives."""

from typing import get_args

from opps.domain.facts.attributes import Attribute
from opps.domain.facts.base import Fact, references
from opps.domain.facts.customer import BusinessIssue, CustomerFact, Impact
from opps.domain.facts.decision import (
    Alternative,
    Criterion,
    CriterionWeight,
    DecisionFact,
    DecisionRule,
    DecisionStep,
    NextStep,
    Preference,
    Standing,
)
from opps.domain.facts.evaluators import (
    Engagement,
    Evaluator,
    EvaluatorLeft,
    Influence,
    Leaning,
    Relation,
    StanceOnChange,
)
from opps.domain.facts.purchase import (
    CompellingEvent,
    DecisionDate,
    Fit,
    Funding,
    Need,
    PriceExpectation,
    PurchaseFact,
    Scope,
    Want,
)

AnyFact = CustomerFact | PurchaseFact | DecisionFact | Attribute

KINDS: dict[str, type[Fact]] = {kind.kind(): kind for kind in get_args(AnyFact)}

__all__ = [
    "KINDS",
    "Alternative",
    "AnyFact",
    "Attribute",
    "BusinessIssue",
    "CompellingEvent",
    "Criterion",
    "CriterionWeight",
    "DecisionDate",
    "DecisionRule",
    "DecisionStep",
    "Engagement",
    "Evaluator",
    "EvaluatorLeft",
    "Fact",
    "Fit",
    "Funding",
    "Impact",
    "Influence",
    "Leaning",
    "Need",
    "NextStep",
    "Preference",
    "PriceExpectation",
    "Relation",
    "Scope",
    "StanceOnChange",
    "Standing",
    "Want",
    "references",
]
