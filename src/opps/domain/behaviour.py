"""What the buyer did or left undone, as values that a model can grade.

Silence is an observation, not an unknown: it grows in steps, at ticks of the clock. The names and
values here are stored in models, and stay. Source: docs/knowledge.md.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from opps.domain.catalogue import Facet, Objective
from opps.domain.conduct import Conduct

PROPOSAL_ANSWER = "proposal_answer"
QUESTION_ANSWER = "question_answer"

# Days of silence at which it becomes a different observation.
STEPS = (0, 1, 3, 5, 8, 12, 16, 20, 25, 30, 45, 60, 90)
_EDGES = tuple(timedelta(days=days) for days in STEPS)
_NO_TIME = timedelta()


class Wait(StrEnum):
    """What the days of a value are counted from.

    AWAITED: since we asked, with no answer so far; asking the same again starts no new count.
    ANSWERED: since the buyer last answered, and nothing newer waits. REQUOTED: since a newer
    proposal than the one that they answered.
    """

    AWAITED = "AWAITED"
    ANSWERED = "ANSWERED"
    REQUOTED = "REQUOTED"

    def at(self, days: int) -> str:
        """Return the value from so many days on."""
        return f"{self}_{days:03d}_DAYS"

    @property
    def values(self) -> tuple[str, ...]:
        """The values in the order of their days."""
        return tuple(self.at(days) for days in STEPS)


def behaviours(
    conduct: Conduct, unanswered: Mapping[Facet, datetime], clock: datetime | None
) -> dict[str, str]:
    """Return what the buyer's conduct says by the clock; nothing where nothing is expected."""
    return {
        name: wait.at(days_since(since, clock))
        for name, (wait, since) in _waits(conduct, unanswered).items()
    }


def turns(
    conduct: Conduct, unanswered: Mapping[Facet, datetime], clock: datetime | None
) -> Iterator[datetime]:
    """Yield when each silence next becomes a different observation, after the clock."""
    for _, since in _waits(conduct, unanswered).values():
        if (turn := turn_since(since, clock)) is not None:
            yield turn


def proposal_wait(conduct: Conduct) -> tuple[Wait, datetime] | None:
    """Return how the newest proposal stands, None where nothing was asked or said.

    What the buyer said before any proposal answers none.
    """
    if not conduct.sent:
        return None
    first, answered, since = conduct.first_proposal_at, conduct.responded_at, conduct.awaited_since
    spoke = first is not None and answered is not None and answered >= first
    if since is not None:
        return (Wait.REQUOTED if spoke else Wait.AWAITED), since
    return (Wait.ANSWERED, answered) if spoke and answered is not None else None


def question_answer(objective: Objective) -> str:
    """Return the name of the signal of questions about an objective that wait for an answer."""
    return f"{QUESTION_ANSWER}:{objective.value}"


def days_since(since: datetime, clock: datetime | None) -> int:
    """Return the last of the steps that has been reached by the clock; none has without a clock."""
    passed = _NO_TIME if clock is None else max(_NO_TIME, clock - since)
    return STEPS[bisect_right(_EDGES, passed) - 1]


def turn_since(since: datetime, clock: datetime | None) -> datetime | None:
    """Return when the first of the steps is reached after the clock, if any is left."""
    reached = 1 if clock is None else max(1, bisect_right(_EDGES, clock - since))
    return since + _EDGES[reached] if reached < len(_EDGES) else None


def _waits(
    conduct: Conduct, unanswered: Mapping[Facet, datetime]
) -> dict[str, tuple[Wait, datetime]]:
    """Return what each signal waits for, and since when."""
    waits: dict[str, tuple[Wait, datetime]] = {}
    if (proposal := proposal_wait(conduct)) is not None:
        waits[PROPOSAL_ANSWER] = proposal
    for facet, since in unanswered.items():
        name = question_answer(facet.objective)
        _, longest = waits.get(name, (Wait.AWAITED, since))
        waits[name] = Wait.AWAITED, min(since, longest)
    return waits
