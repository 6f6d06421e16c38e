"""What a trial must show before a scoring model may come into force. Source: docs/score.md."""

from collections.abc import Iterator
from math import isfinite

from opps.domain.events import Backtest, Interval

# By how much a Brier score may look worse at the upper end of the interval of the difference.
MARGIN = 0.003
LEAST_TRIED = 30
# Less than this, smoothing a base rate can do.
LEAST_SKILL = 0.001


def passes(opportunities: int, difference: Interval, skill: float) -> bool:
    """Tell whether a model did well enough on enough deals."""
    return opportunities >= LEAST_TRIED and difference.high <= MARGIN and skill > LEAST_SKILL


def contradictions(tried: Backtest) -> Iterator[str]:
    """Yield what in the record of a trial cannot be."""
    for name, one in (("brier", tried.brier), ("difference", tried.difference)):
        if not one.low <= one.value <= one.high:
            yield f"{name} {one.value} does not lie between {one.low} and {one.high}"
    if not 0 <= tried.brier.low <= tried.brier.high <= 1:
        yield "brier is a mean of squared errors of probabilities, from 0 to 1"
    if not (isfinite(tried.skill) and tried.skill <= 1):
        yield f"skill is {tried.skill}, and not a share that is gone"
    if tried.passed != passes(tried.opportunities, tried.difference, tried.skill):
        yield f"by its own figures it did {'not ' if tried.passed else ''}pass"
