"""What a win/loss review holds: what came as a surprise, and what was wrongly believed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.briefs.takeover import DangerAhead
from opps.domain.briefs.told import ToldFact
from opps.domain.describe import doc
from opps.domain.events import LossKind, NoDecisionReason
from opps.domain.opportunity.state import Status
from opps.domain.wrong_beliefs import WrongHow


class Surprising(StrEnum):
    """Why something came as a surprise.

    AFTER_CLOSE: we learned it when all was over. NEW_EVALUATOR, NEW_ALTERNATIVE: there was
    somebody, or something else to choose, whom we did not know when we proposed. LATE: we learned
    it in the last 30 days of a deal that was open for longer.
    """

    AFTER_CLOSE = "AFTER_CLOSE"
    NEW_EVALUATOR = "NEW_EVALUATOR"
    NEW_ALTERNATIVE = "NEW_ALTERNATIVE"
    LATE = "LATE"


class Surprise(Struct, frozen=True, kw_only=True):
    """A fact that came late, and by when it should have been there."""

    fact: Annotated[ToldFact, doc("The fact.")]
    surprise: Annotated[Surprising, doc("Why it came as a surprise.")]
    days_before_close: Annotated[int, doc("Days from learning it to the end; negative after it.")]
    should_have_been_known_by: Annotated[
        date | None, doc("The first day on which we needed it and had nothing; null without one.")
    ]
    needed_for: Annotated[str | None, doc("What needed it then: a gate, or PROPOSAL.")]


class Misbelief(Struct, frozen=True, kw_only=True):
    """Something that we had believed and turned out wrong."""

    fact: Annotated[ToldFact, doc("The fact.")]
    how: Annotated[WrongHow, doc("How it turned out wrong.")]
    found_at: Annotated[datetime, doc("When we came to know that.")]
    held_days: Annotated[int, doc("For how many days we had believed it.")]


class PastReview(Struct, frozen=True, kw_only=True):
    """What somebody wrote down looking back."""

    at: Annotated[datetime, doc("When.")]
    person_id: Annotated[UUID, doc("Who recorded it.")]
    summary: Annotated[str, doc("In short.")]
    surprises: Annotated[tuple[str, ...], doc("What surprised them.")]


class Chance(Struct, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: Annotated[float, doc("The probability, 0 to 1.")]
    low: Annotated[float, doc("Lower end.")]
    high: Annotated[float, doc("Upper end.")]


class ChanceThen(Struct, frozen=True, kw_only=True):
    """A win probability at one place of the way, as believed then and as it should have been."""

    what: Annotated[str, doc("A gate, PROPOSAL or CLOSE.")]
    at: Annotated[datetime, doc("When.")]
    believed: Annotated[Chance | None, doc("As it was shown then; null before the opening.")]
    should_have_been: Annotated[
        Chance | None, doc("With all that we had learned by then, late entries too.")
    ]


class WinLossReview(Struct, frozen=True, kw_only=True):
    """What the end of an opportunity teaches."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    title: Annotated[str, doc("What was to be decided.")]
    status: Annotated[Status, doc("How it ended.")]
    closed_at: Annotated[datetime, doc("When it ended.")]
    loss_kind: Annotated[LossKind | None, doc("To whom it was lost.")]
    no_decision: Annotated[NoDecisionReason | None, doc("Why the customer decided nothing.")]
    reviews: Annotated[tuple[PastReview, ...], doc("What people wrote down looking back.")]
    surprises: Annotated[tuple[Surprise, ...], doc("What we learned late, oldest first.")]
    misbeliefs: Annotated[tuple[Misbelief, ...], doc("What we had wrongly believed.")]
    dangers: Annotated[tuple[DangerAhead, ...], doc("The danger zones it was in at its end.")]
    chances: Annotated[tuple[ChanceThen, ...], doc("The win probability along the way.")]
