"""Deviations: what deserves an exception, by which rule, after how many days, in which words."""

from collections.abc import Iterator
from uuid import UUID

from msgspec import Struct

from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule import Severity
from opps.domain.danger_zones.zones import look
from opps.domain.events.exceptions import ExceptionCause
from opps.domain.exceptions.thresholds import ExceptionThresholds
from opps.domain.exceptions.walking_away import may_walk_away
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.score import Score, score
from opps.domain.telling.forms import percent

# Two danger zones have a cause of their own, whatever their severity.
_OWN_CAUSES = {"DZ22": ExceptionCause.DRIFT, "DZ23": ExceptionCause.GATE_OVERDUE}


class Deviation(Struct, frozen=True, kw_only=True):
    """What deserves an exception if it is still so after some days; 0 is at once."""

    cause: ExceptionCause
    about: str | None
    summary: str
    facts: tuple[UUID, ...]
    grace_days: int


def watched_zones() -> dict[str, ExceptionCause]:
    """Return the danger zones that deserve an exception, each with its cause."""
    return {
        rule: _OWN_CAUSES.get(rule, ExceptionCause.DANGER_ZONE)
        for rule, one in RULES.items()
        if rule in _OWN_CAUSES or one.severity is Severity.HIGH
    }


def deviations(
    before: Opportunity | None, after: Opportunity, thresholds: ExceptionThresholds
) -> Iterator[Deviation]:
    """Yield what a change of an opportunity, or its opening, leads to; nothing once it has ended.

    A command may be several events: its score moves once here, and with each of them in the log.
    """
    if not after.open:
        return
    was = set() if before is None else {one.zone for one in look(before).zones}
    for zone in look(after).zones:
        cause = watched_zones().get(zone.zone)
        if cause is not None and zone.zone not in was:
            yield Deviation(
                cause=cause,
                about=zone.zone,
                summary=in_zone(zone.zone, zone.because),
                facts=zone.facts,
                grace_days=after.setting.rules.grace_days(zone.zone),
            )
    if before is not None:
        yield from _of_score(score(known(before)), score(known(after)), after, thresholds)


def _of_score(
    before: Score, after: Score, opportunity: Opportunity, thresholds: ExceptionThresholds
) -> Iterator[Deviation]:
    if abs(after.p - before.p) >= thresholds.score_move:
        yield _told(ExceptionCause.SCORE_MOVE, moved(before.p, after.p))
    if before.high >= thresholds.decision_threshold > after.high:
        bar = thresholds.decision_threshold
        yield _told(ExceptionCause.BAND_CROSSING, fell_below(bar, after.high))
    low = thresholds.walk_away_below
    if before.high >= low > after.high and may_walk_away(opportunity):
        yield _told(
            ExceptionCause.WALK_AWAY, stayed_below(low, after.high), thresholds.walk_away_days
        )


def _told(cause: ExceptionCause, summary: str, grace_days: int = 0) -> Deviation:
    return Deviation(cause=cause, about=None, summary=summary, facts=(), grace_days=grace_days)


def in_zone(rule: str, because: str) -> str:
    """Return the summary of an exception for a danger zone."""
    return f"{RULES[rule].name}: {because}"


def moved(before: float, after: float) -> str:
    """Return the summary of an exception for a score that moved at once."""
    return f"The win probability moved from {percent(before)} to {percent(after)} % at once"


def fell_below(bar: float, high: float) -> str:
    """Return the summary of an exception for an interval that fell below a decision."""
    return (
        f"Even the high end of the interval fell below {percent(bar)} %: it is {percent(high)} %."
    )


def stayed_below(bar: float, high: float) -> str:
    """Return the summary of an exception that asks whether to walk away."""
    return (
        f"Even the high end of the interval, {percent(high)} %, has stayed below "
        f"{percent(bar)} %: is it worth going on?"
    )
