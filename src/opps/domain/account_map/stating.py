"""How a desired outcome is stated, revised, agreed to, and held against where it is heading."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from opps.domain.account_map.errors import (
    IncompleteAssessment,
    MalformedOutcome,
    NoDesiredOutcome,
    OutcomeAlreadyStated,
    OutcomeWithoutNumbers,
    UnknownMetric,
)
from opps.domain.account_map.outcome import missing_numbers
from opps.domain.account_map.state import Outcome
from opps.domain.events import (
    AnyMapEvent,
    DesiredOutcome,
    DesiredOutcomeAgreed,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    OutcomeDimension,
    OutcomeProgressAssessed,
    Tolerance,
)
from opps.domain.opportunity.commands import (
    AgreeDesiredOutcome,
    AssessOutcomeProgress,
    ReviseDesiredOutcome,
    StateDesiredOutcome,
)
from opps.domain.opportunity.learning import check_currency
from opps.domain.opportunity.rules import copy
from opps.domain.opportunity.state import Opportunity
from opps.domain.times import Learned
from opps.domain.words import not_blank

MOST_FIGURES = 20


def state_outcome(
    state: Opportunity, command: StateDesiredOutcome, learned: Learned
) -> Sequence[AnyMapEvent]:
    """Return that the outcome was stated, with or without its numbers.

    Raises:
        OutcomeAlreadyStated: there is another one.
        MalformedOutcome, CurrencyMix, Blank: its content is not acceptable.
    """
    outcome = _checked(state, command.outcome)
    held = state.map.outcome
    if held is not None:
        if held.desired == outcome:
            return []
        raise OutcomeAlreadyStated
    return [copy(DesiredOutcomeStated, command, learned, outcome=outcome)]


def revise_outcome(
    state: Opportunity, command: ReviseDesiredOutcome, learned: Learned
) -> Sequence[AnyMapEvent]:
    """Return that the outcome is another one; nothing when it is the same.

    Raises:
        NoDesiredOutcome: there is none to revise.
        MalformedOutcome, CurrencyMix, Blank: its content is not acceptable.
    """
    held = _stated(state)
    outcome = _checked(state, command.outcome)
    not_blank("reason", command.reason)
    if held.desired == outcome:
        return []
    return [copy(DesiredOutcomeRevised, command, learned, outcome=outcome)]


def agree(
    state: Opportunity, command: AgreeDesiredOutcome, learned: Learned
) -> Sequence[AnyMapEvent]:
    """Return that the customer agreed; nothing when the same evaluator had.

    Raises:
        NoDesiredOutcome: there is nothing to agree to.
        OutcomeWithoutNumbers: nobody could tell later whether it came true.
    """
    held = _stated(state)
    lacking = missing_numbers(held.desired)
    if lacking:
        raise OutcomeWithoutNumbers(missing="; ".join(one.what for one in lacking))
    if command.evaluator_id in {one.evaluator_id for one in held.agreements}:
        return []
    return [copy(DesiredOutcomeAgreed, command, learned)]


def assess(
    state: Opportunity, command: AssessOutcomeProgress, learned: Learned
) -> Sequence[AnyMapEvent]:
    """Return where one dimension is heading.

    Raises:
        NoDesiredOutcome: there is nothing to compare it with.
        IncompleteAssessment: the projection of that dimension is not given, or another is.
        UnknownMetric: the outcome has no such figure.
        OutcomeWithoutNumbers: the outcome has no target in that dimension.
    """
    held = _stated(state)
    _complete(command)
    figures = {one.metric_id for one in held.desired.performance}
    if command.metric_id is not None and command.metric_id not in figures:
        raise UnknownMetric(metric_id=command.metric_id)
    for one in missing_numbers(held.desired):
        if one.dimension is command.dimension and one.metric_id in (None, command.metric_id):
            raise OutcomeWithoutNumbers(missing=one.what)
    return [copy(OutcomeProgressAssessed, command, learned)]


_NEEDS = {
    OutcomeDimension.SALE: ("projected_amount",),
    OutcomeDimension.TIMELINE: ("projected_on",),
    OutcomeDimension.PERFORMANCE: ("metric_id", "projected_value"),
}
_GIVEN = tuple(name for names in _NEEDS.values() for name in names)
_CALLED = {
    "projected_amount": "projectedAmount",
    "projected_on": "projectedOn",
    "metric_id": "metricId",
    "projected_value": "projectedValue",
}


def _complete(command: AssessOutcomeProgress) -> None:
    needs = _NEEDS[command.dimension]
    for name in _GIVEN:
        given = getattr(command, name) is not None
        if name in needs and not given:
            raise IncompleteAssessment(dimension=command.dimension, missing=_CALLED[name])
        if name not in needs and given:
            missing = f"{_CALLED[name]} left out"
            raise IncompleteAssessment(dimension=command.dimension, missing=missing)


def _stated(state: Opportunity) -> Outcome:
    if state.map.outcome is None:
        raise NoDesiredOutcome
    return state.map.outcome


def _checked(state: Opportunity, outcome: DesiredOutcome) -> DesiredOutcome:
    """Return the outcome with its tolerance, once it holds together."""
    not_blank("statement", outcome.statement)
    if outcome.sale is not None:
        check_currency(outcome.sale, state.currency)
    for problem in _problems(outcome):
        raise MalformedOutcome(problem=problem)
    return replace(outcome, tolerance=outcome.tolerance or Tolerance())


def _problems(outcome: DesiredOutcome) -> Iterator[str]:
    figures = outcome.performance
    if len(figures) > MOST_FIGURES:
        yield f"it has {len(figures)} figures, more than {MOST_FIGURES}"
    if len({one.metric_id for one in figures}) < len(figures):
        yield "two figures have the same id"
