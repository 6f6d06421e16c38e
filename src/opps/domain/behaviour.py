"""What the buyer did or left undone, and what our side did, as values that a model can grade.

Silence is an observation, not an unknown: it grows in steps, at ticks of the clock.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from opps.domain.catalogue import Facet, Objective
from opps.domain.conduct import Conduct

PROPOSAL_ANSWER = "proposal_answer"
QUESTION_ANSWER = "question_answer"

# Days of silence at which it becomes a different observation.
# Acts of our side are counted up to here.
MANY = 5
STEPS = (0, 1, 3, 5, 8, 12, 16, 20, 25, 30, 45, 60, 90)


def behaviours(
    conduct: Conduct, unanswered: Mapping[Facet, datetime], clock: datetime | None
) -> dict[str, str]:
    """Return what the buyer's conduct says by the clock; nothing where nothing is expected."""
    said: dict[str, str] = {}
    if (answer := proposal_answer(conduct, clock)) is not None:
        said[PROPOSAL_ANSWER] = answer
    for facet, since in unanswered.items():
        name = question_answer(facet.objective)
        said[name] = max(said.get(name, ""), _waited("AWAITED", since, clock))
    return said


def activities(conduct: Conduct, clock: datetime | None) -> dict[str, str]:
    """Return how often our side did each thing."""
    return {name: _often(one.count) for name, one in conduct.activities.items()}


def proposal_answer(conduct: Conduct, clock: datetime | None) -> str | None:
    """Return whether the last proposal was answered, and for how long that has been so."""
    if conduct.proposal_sent_at is None:
        return None
    if conduct.responded_at is not None and conduct.responded_at >= conduct.proposal_sent_at:
        return _waited("ANSWERED", conduct.responded_at, clock)
    return _waited("AWAITED", conduct.proposal_sent_at, clock)


def question_answer(objective: Objective) -> str:
    """Return the name of the signal of questions about an objective that wait for an answer."""
    return f"{QUESTION_ANSWER}:{objective.value}"


def turns(conduct: Conduct, unanswered: Mapping[Facet, datetime]) -> Iterator[datetime]:
    """Yield each instant at which silence becomes a different observation."""
    since = [*unanswered.values()]
    if conduct.proposal_sent_at is not None:
        sent = conduct.proposal_sent_at
        since.append(max(sent, conduct.responded_at or sent))
    for start in since:
        yield from (start + timedelta(days=days) for days in STEPS if days)


def _often(count: int) -> str:
    return str(count) if count < MANY else f"{MANY}_OR_MORE"


def _waited(what: str, since: datetime, clock: datetime | None) -> str:
    days = 0.0 if clock is None else max(0.0, (clock - since) / timedelta(days=1))
    return f"{what}_{STEPS[bisect_right(STEPS, days) - 1]:03d}_DAYS"
