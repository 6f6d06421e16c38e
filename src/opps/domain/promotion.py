"""What a trial must show before a scoring model may come into force. Source: docs/score.md."""

from collections.abc import Iterator
from math import isfinite

from opps.domain.events import Backtest, Interval

# By how much a Brier score may look worse at the upper end of the interval of the difference.
MARGIN = 0.003
LEAST_TRIED = 30
# Much less than this, a better smoothed base rate can do; it is a floor, and no proof of a skill.
LEAST_SKILL = 0.001


def passes(opportunities: int, difference: Interval, skill: float) -> bool:
    """Tell whether a model did well enough on enough deals."""
    return not list(_missed(opportunities, difference, skill))


def missed(tried: Backtest) -> str:
    """Return in words which conditions a trial does not meet."""
    return "; ".join(_missed(tried.opportunities, tried.difference, tried.skill))


def _missed(opportunities: int, difference: Interval, skill: float) -> Iterator[str]:
    if opportunities < LEAST_TRIED:
        yield f"{opportunities} opportunities were tried, and the gate asks for {LEAST_TRIED}"
    if not difference.high <= MARGIN:
        yield f"its Brier score may be {difference.high:+.4f} worse, at most {MARGIN:+.3f} may be"
    if not skill > LEAST_SKILL:
        yield f"its skill over the base rate is {skill:+.4f}, and must be above {LEAST_SKILL:+.3f}"


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
