"""Why a gap is there: five causes, asked about in their order, and which of them learning cures.

The order matters: who lacks access, time or a word for it needs no training. Causes nearer to
skill are asked about only once the ones before are ruled out. Source: docs/coaching.md.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct


class GapCause(StrEnum):
    """Why a gap is there, in the order in which it is asked.

    ENVIRONMENT: something outside of the seller prevented it. KNOWLEDGE: the seller does not know
    what to look for. SKILL: the seller knows, and does not yet do it well. CAPACITY: there is more
    to do than one can. COMMITMENT: the seller sees no reason to.
    """

    ENVIRONMENT = "ENVIRONMENT"
    KNOWLEDGE = "KNOWLEDGE"
    SKILL = "SKILL"
    CAPACITY = "CAPACITY"
    COMMITMENT = "COMMITMENT"


ORDER: tuple[GapCause, ...] = tuple(GapCause)
CURED_BY_LEARNING = frozenset({GapCause.KNOWLEDGE, GapCause.SKILL})


class CauseSheet(Struct, frozen=True):
    """A cause, what to ask to find or rule it out, and what cures it."""

    cause: GapCause
    questions: Sequence[str]
    cure: str

    @property
    def learning_cures(self) -> bool:
        """Whether learning is the cure; else something has to be agreed and done."""
        return self.cause in CURED_BY_LEARNING


_ENVIRONMENT = CauseSheet(
    GapCause.ENVIRONMENT,
    (
        "What stood in your way that was not in your hands: access, a tool, a rule, the time?",
        "If we took that away tomorrow, would the gap be gone?",
    ),
    "Whoever can remove what is in the way agrees to do so, by a day.",
)
_KNOWLEDGE = CauseSheet(
    GapCause.KNOWLEDGE,
    (
        "In your own words, what are we trying to find out here, and why does it matter?",
        "Where in a talk with the customer would you hear it, and from whom?",
    ),
    "An activity that teaches what to look for.",
)
_SKILL = CauseSheet(
    GapCause.SKILL,
    (
        "Show me how you asked the last time: which words, to whom?",
        "What did they answer, and what did you ask next?",
    ),
    "An activity in which it is practised, on deals of the seller's own.",
)
_CAPACITY = CauseSheet(
    GapCause.CAPACITY,
    (
        "With fewer deals, or more hours, would you do it?",
        "Which of your deals would you put down to make room for it?",
    ),
    "Somebody takes something off the seller's hands, by a day.",
)
_COMMITMENT = CauseSheet(
    GapCause.COMMITMENT,
    (
        "What would have to be so that this is worth your while?",
        "What happens to you when it is not done, and what when it is?",
    ),
    "What makes it worth doing is agreed and put in place, by a day.",
)

CAUSES: Mapping[GapCause, CauseSheet] = {
    one.cause: one for one in (_ENVIRONMENT, _KNOWLEDGE, _SKILL, _CAPACITY, _COMMITMENT)
}


def before(cause: GapCause) -> tuple[GapCause, ...]:
    """Return the causes that have to be ruled out first."""
    return ORDER[: ORDER.index(cause)]
