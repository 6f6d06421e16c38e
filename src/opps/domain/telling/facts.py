"""What each kind of fact says, in a few words."""

from typing import assert_never

from opps.domain.facts import (
    Alternative,
    AnyFact,
    Attribute,
    BusinessIssue,
    CompellingEvent,
    Criterion,
    CriterionWeight,
    DecisionDate,
    DecisionRule,
    DecisionStep,
    Engagement,
    Evaluator,
    EvaluatorLeft,
    Fit,
    Funding,
    Impact,
    Influence,
    Leaning,
    Need,
    NextStep,
    Preference,
    PriceExpectation,
    Relation,
    Scope,
    StanceOnChange,
    Standing,
    Want,
)
from opps.domain.facts.decision import AlternativeKind
from opps.domain.facts.evaluators import (
    EngagementDepth,
    LeaningLevel,
    RelationKind,
    Stance,
)
from opps.domain.facts.purchase import Criticality, DateBasis, FitLevel, FundingStatus, Proof
from opps.domain.telling.forms import day, money, percent, plain, quoted
from opps.domain.telling.names import Names

_SEVERITY = {1: "minor", 2: "moderate", 3: "severe", 4: "critical"}
_LEANING = {
    LeaningLevel.OPPONENT: "is against us",
    LeaningLevel.SCEPTIC: "is sceptical of us",
    LeaningLevel.NEUTRAL: "is neutral towards us",
    LeaningLevel.SUPPORTER: "supports us",
    LeaningLevel.CHAMPION: "champions us",
}
_STANCE = {
    Stance.FOR: "is for changing",
    Stance.INDIFFERENT: "is indifferent to changing",
    Stance.AGAINST: "is against changing",
}
_RELATION = {
    RelationKind.INFLUENCES: "influences",
    RelationKind.REPORTS_TO: "reports to",
    RelationKind.CONFLICTS_WITH: "is in conflict with",
}
_ENGAGEMENT = {
    EngagementDepth.INTRODUCED: "was introduced to us",
    EngagementDepth.TALKED: "talked with us",
    EngagementDepth.WORKED_WITH_US: "worked with us",
}
_FIT = {FitLevel.MEETS: "we meet", FitLevel.PARTIAL: "we partly meet", FitLevel.GAP: "we lack"}
_BASIS = {
    DateBasis.BUYER_STATED: "as the buyer says",
    DateBasis.DERIVED_FROM_PROCESS: "by their process",
    DateBasis.OUR_GUESS: "our guess",
}


def in_words(fact: AnyFact, names: Names) -> str:
    """Return what a fact says, such as: funding approved, 80,000 EUR."""
    match fact:
        case BusinessIssue():
            return _issue(fact)
        case Impact():
            return _impact(fact)
        case Evaluator():
            return f"the {fact.title} evaluates{_among(map(plain, fact.roles))}"
        case Influence():
            veto = ", with a veto" if fact.veto else ""
            return f"{names.evaluator(fact.evaluator_id)} has {plain(fact.level)} influence{veto}"
        case Leaning():
            return f"{names.evaluator(fact.evaluator_id)} {_LEANING[fact.level]}"
        case StanceOnChange():
            return f"{names.evaluator(fact.evaluator_id)} {_STANCE[fact.stance]}"
        case Relation():
            return _relation(fact, names)
        case Engagement():
            return f"{names.evaluator(fact.evaluator_id)} {_ENGAGEMENT[fact.depth]}"
        case EvaluatorLeft():
            return f"{names.evaluator(fact.evaluator_id)} left"
        case Need():
            return _need(fact)
        case Want():
            return f"a wish, {quoted(fact.text)}"
        case Fit():
            shown = "" if fact.proof is Proof.NONE else f" ({plain(fact.proof)})"
            return f"{_FIT[fact.level]} {names.need(fact.need_id)}{shown}"
        case Scope():
            quantity = "" if fact.quantity is None else f"{fact.quantity} of "
            return f"scope {quantity}{quoted(fact.product)}"
        case Funding():
            return _funding(fact)
        case PriceExpectation():
            return f"they expect to pay {money(fact.low)} to {money(fact.high)}"
        case CompellingEvent():
            return _event(fact)
        case DecisionDate():
            return f"they decide by {day(fact.on_date)} ({_BASIS[fact.basis]})"
        case Alternative():
            return _alternative(fact)
        case Preference():
            return _preference(fact, names)
        case Criterion():
            must = ", mandatory" if fact.mandatory else ""
            return f"a criterion, {quoted(fact.text)}{must}"
        case CriterionWeight():
            return f"{names.criterion(fact.criterion_id)} weighs {percent(fact.weight)} %"
        case Standing():
            return _standing(fact, names)
        case DecisionStep():
            status = "" if fact.status is None else f" {plain(fact.status)}"
            return f"step {quoted(fact.name)}{status}"
        case DecisionRule():
            return f"their rule is {plain(fact.rule)}"
        case NextStep():
            promised = ", promised by the buyer" if fact.buyer_committed else ""
            return f"next step {quoted(fact.text)} by {day(fact.on_date)}{promised}"
        case Attribute():
            return _attribute(fact)
        case _:
            assert_never(fact)


def _issue(fact: BusinessIssue) -> str:
    if fact.denied:
        return f"{quoted(fact.text)} is no problem to them"
    severity = "" if fact.severity is None else f", {_SEVERITY[fact.severity]}"
    return f"a {plain(fact.issue_kind)}{severity}, {quoted(fact.text)}"


def _impact(fact: Impact) -> str:
    if fact.rejected:
        return f"no impact on {quoted(fact.metric)} expected"
    if fact.baseline is None or fact.target is None:
        return f"an impact on {quoted(fact.metric)}"
    unit = f" {fact.unit}" if fact.unit else ""
    return f"{quoted(fact.metric)} from {fact.baseline:g} to {fact.target:g}{unit}"


def _relation(fact: Relation, names: Names) -> str:
    ended = ", no longer" if fact.ended else ""
    one, other = names.evaluator(fact.from_id), names.evaluator(fact.to_id)
    return f"{one} {_RELATION[fact.relation]} {other}{ended}"


def _need(fact: Need) -> str:
    if fact.rejected:
        return f"{quoted(fact.text)} is not needed"
    must = "a must" if fact.criticality is Criticality.MUST else "a need"
    return f"{must}, {quoted(fact.text)}"


def _funding(fact: Funding) -> str:
    status = plain(fact.status)
    words = "no funding" if fact.status is FundingStatus.NONE else f"funding {status}"
    return words if fact.amount is None else f"{words}, {money(fact.amount)}"


def _event(fact: CompellingEvent) -> str:
    if fact.absent:
        return "nothing compels them to act by a date"
    on = "" if fact.on_date is None else f" on {day(fact.on_date)}"
    return f"compelling event {quoted(fact.text)}{on}"


def _alternative(fact: Alternative) -> str:
    named = {AlternativeKind.US: "our offer", AlternativeKind.DO_NOTHING: "doing nothing"}
    return f"{named.get(fact.alternative_kind, fact.name)} is {plain(fact.status)}"


def _preference(fact: Preference, names: Names) -> str:
    who = names.evaluator(fact.evaluator_id)
    if fact.alternative_id is None:
        return f"{who} {'cannot decide' if fact.indecision else 'favours nothing yet'}"
    return f"{who} favours {names.alternative(fact.alternative_id)}"


def _standing(fact: Standing, names: Names) -> str:
    who = names.alternative(fact.alternative_id)
    rated = "we are rated" if who == "us" else f"{who} is rated"
    rating = f"{fact.rating:+d}" if fact.rating else "0"
    return f"{rated} {rating} on {names.criterion(fact.criterion_id)}"


def _attribute(fact: Attribute) -> str:
    """Speak of the facet: what the source calls its column means nothing to a reader."""
    if fact.value is None:
        return f"asked about the {plain(fact.facet)}, and not told"
    return f"{plain(fact.facet)} as {quoted(fact.value)}"


def _among(words: "map[str]") -> str:
    listed = ", ".join(words)
    return f" ({listed})" if listed else ""
