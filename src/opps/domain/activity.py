"""What our side did, as values for a model that asks for them under their own label.

It is context, not knowledge: no model looks at it unless its signals name it. The names and values
here are stored in models, and stay. Source: docs/knowledge.md.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from opps.domain.behaviour import STEPS, days_since, turn_since
from opps.domain.conduct import Conduct

LAST_DONE = "last_done"
DONE_BEFORE_PROPOSAL = "done_before_proposal"
PROPOSED_AFTER = "proposed_after"

NEVER = "NEVER"
DONE, NOT_DONE = "DONE", "NOT_DONE"

_PACES = (
    (timedelta(), "WITHIN_1_HOUR"),
    (timedelta(hours=1), "1_HOUR"),
    (timedelta(hours=12), "12_HOURS"),
    (timedelta(days=1), "1_DAY"),
    (timedelta(days=2), "2_DAYS"),
    (timedelta(days=7), "7_DAYS"),
)
_PACE_EDGES = tuple(edge for edge, _ in _PACES)

LAST_DONE_VALUES = (*(f"{days:03d}_DAYS" for days in STEPS), NEVER)
DONE_BEFORE_PROPOSAL_VALUES = (DONE, NOT_DONE)
PROPOSED_AFTER_VALUES = tuple(value for _, value in _PACES)


def last_done(activity: str) -> str:
    """Return the name of the signal that says how long ago we last did something."""
    return f"{LAST_DONE}:{activity}"


def done_before_proposal(activity: str) -> str:
    """Return the name of the signal that says whether we did something before we proposed."""
    return f"{DONE_BEFORE_PROPOSAL}:{activity}"


def activities(names: Iterable[str], conduct: Conduct, clock: datetime | None) -> dict[str, str]:
    """Return what the signals of these names say; those that cannot say anything yet are absent."""
    said = {name: _said(name, conduct, clock) for name in names}
    return {name: value for name, value in said.items() if value is not None}


def activity_turns(
    names: Iterable[str], conduct: Conduct, clock: datetime | None
) -> Iterator[datetime]:
    """Yield when time alone next changes what each signal of these names says."""
    for name in names:
        kind, _, activity = name.partition(":")
        done = conduct.activities.get(activity)
        turn = turn_since(done.last_at, clock) if kind == LAST_DONE and done is not None else None
        if turn is not None:
            yield turn


def _said(name: str, conduct: Conduct, clock: datetime | None) -> str | None:
    kind, _, activity = name.partition(":")
    proposed, done = conduct.first_proposal_at, conduct.activities.get(activity)
    if kind == LAST_DONE:
        return NEVER if done is None else f"{days_since(done.last_at, clock):03d}_DAYS"
    if proposed is None:
        return None
    if kind == DONE_BEFORE_PROPOSAL:
        return DONE if done is not None and done.first_at <= proposed else NOT_DONE
    if name == PROPOSED_AFTER and conduct.opened_at is not None:
        passed = max(timedelta(), proposed - conduct.opened_at)
        return PROPOSED_AFTER_VALUES[bisect_right(_PACE_EDGES, passed) - 1]
    return None
