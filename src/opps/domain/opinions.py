"""Three opinions of one opportunity side by side, and the question to ask where they differ.

None is the right one before the end: a difference is a question for coaching, never an error.
"""

from datetime import datetime
from enum import StrEnum
from itertools import combinations

from msgspec import Struct

from opps.domain.opportunity.state import Opportunity, known
from opps.domain.score import score

# Opinions disagree when they lie further apart than this; exactly so far they do not.
DISAGREEMENT = 0.2
# Differences of decimals are no decimals: what is less than this is nothing.
DIGITS = 9


class Whose(StrEnum):
    """Who says how likely a win is.

    KNOWLEDGE: the score of what is known. SELLER: the seller's own estimate. STAGE: what the stage
    in the source system stands for.
    """

    KNOWLEDGE = "KNOWLEDGE"
    SELLER = "SELLER"
    STAGE = "STAGE"


class Opinion(Struct, frozen=True, kw_only=True):
    """One opinion of the win probability, with what its holder said about it."""

    whose: Whose
    p: float
    since: datetime | None = None
    because: str | None = None


class Disagreement(Struct, frozen=True, kw_only=True):
    """Two opinions that lie further apart than a difference of view, the higher one first."""

    higher: Opinion
    lower: Opinion
    question: str

    @property
    def difference(self) -> float:
        """How far they lie apart, from 0 to 1."""
        return self.higher.p - self.lower.p


def opinions(state: Opportunity) -> tuple[Opinion, ...]:
    """Return every opinion that there is of an opportunity: knowledge, seller, stage."""
    held = [Opinion(whose=Whose.KNOWLEDGE, p=score(known(state)).p)]
    if state.seller_estimate is not None:
        held.append(
            Opinion(
                whose=Whose.SELLER,
                p=state.seller_estimate,
                since=state.seller_estimated_at,
                because=state.seller_rationale,
            )
        )
    if state.stage_default is not None:
        held.append(Opinion(whose=Whose.STAGE, p=state.stage_default, because=state.stage))
    return tuple(held)


def disagreements(held: tuple[Opinion, ...]) -> list[Disagreement]:
    """Return each two opinions that disagree, with a question that blames nobody."""
    return [
        _disagreement(one, other) for one, other in combinations(held, 2) if disagree(one, other)
    ]


def disagree(one: Opinion, other: Opinion) -> bool:
    """Tell whether two opinions lie further apart than 20 percentage points."""
    return round(abs(one.p - other.p), DIGITS) > DISAGREEMENT


def _disagreement(one: Opinion, other: Opinion) -> Disagreement:
    higher, lower = (one, other) if one.p > other.p else (other, one)
    asked = _QUESTIONS[higher.whose, lower.whose]
    question = asked.format(higher=f"{higher.p:.0%}", lower=f"{lower.p:.0%}")
    return Disagreement(higher=higher, lower=lower, question=question)


_QUESTIONS = {
    (Whose.SELLER, Whose.KNOWLEDGE): (
        "You see {higher}, what is written down makes {lower}: what do you know that is not "
        "written down yet?"
    ),
    (Whose.KNOWLEDGE, Whose.SELLER): (
        "What is written down makes {higher}, you see {lower}: what makes you more careful, and "
        "who told you?"
    ),
    (Whose.STAGE, Whose.KNOWLEDGE): (
        "The stage stands for {higher}, what is known makes {lower}: what did the buyer do that "
        "brought it to this stage?"
    ),
    (Whose.KNOWLEDGE, Whose.STAGE): (
        "What is known makes {higher}, the stage stands for {lower}: has the buyer gone further "
        "than the stage says?"
    ),
    (Whose.SELLER, Whose.STAGE): (
        "You see {higher}, the stage stands for {lower}: what sets this opportunity apart from "
        "others in its stage?"
    ),
    (Whose.STAGE, Whose.SELLER): (
        "The stage stands for {higher}, you see {lower}: what would have to be true for it to be "
        "like others in its stage?"
    ),
}
