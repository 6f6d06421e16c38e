"""What a handover brief holds: all that is known, unknown, promised and dangerous about a deal."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.account_map.looks import MapMember, MapOutcome
from opps.domain.blind_spots import Suspicion
from opps.domain.briefs.told import ToldFact
from opps.domain.catalogue import Facet, Objective
from opps.domain.danger_zones.rule import Severity
from opps.domain.describe import doc
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.lifecycle import ExceptionStatus
from opps.domain.facet_state import FacetState
from opps.domain.money import Money
from opps.domain.opportunity.state import Status


class KnownObjective(Struct, frozen=True, kw_only=True):
    """What is known of one objective, fact by fact."""

    objective: Annotated[Objective, doc("The information objective.")]
    state: Annotated[FacetState, doc("How well it is known.")]
    coverage: Annotated[float, doc("Share of its required facets that are evidenced, 0 to 1.")]
    facts: Annotated[tuple[ToldFact, ...], doc("What is believed, the best known first.")]
    more: Annotated[int, doc("How many more facts there are than are shown.")]
    unexamined: Annotated[tuple[Facet, ...], doc("The facets that nobody has looked at.")]


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    question_id: Annotated[UUID, doc("The question.")]
    facet: Annotated[Facet, doc("The facet that it belongs to.")]
    text: Annotated[str, doc("The question.")]
    asked: Annotated[bool, doc("It was put to the buyer, who has not answered.")]
    since: Annotated[datetime, doc("Since when it waits.")]
    whom: Annotated[str | None, doc("Who was asked, or is to be.")]
    due: Annotated[date | None, doc("By when it is to be asked.")]


class SuspectedGap(Struct, frozen=True, kw_only=True):
    """Something that nobody has looked at, and the reason to look."""

    suspicion: Annotated[Suspicion, doc("Why it is suspected.")]
    facet: Annotated[Facet, doc("The facet that it belongs to.")]
    because: Annotated[str, doc("What gives the reason.")]
    words: Annotated[str, doc("In which words to ask about it.")]


class Promised(StrEnum):
    """What sort of commitment somebody takes over."""

    GATE = "GATE"
    MILESTONE = "MILESTONE"
    ACTION = "ACTION"
    PROPOSAL = "PROPOSAL"
    NEXT_STEP = "NEXT_STEP"


class Commitment(Struct, frozen=True, kw_only=True):
    """Something that somebody waits for: of ours, or of the customer."""

    promised: Annotated[Promised, doc("What sort it is.")]
    what: Annotated[str, doc("What is to be done.")]
    due: Annotated[date | None, doc("By when.")]
    overdue_days: Annotated[int, doc("How many days late it is.")]
    our_owner: Annotated[UUID | None, doc("Who answers for it on our side.")]
    their_owner: Annotated[UUID | None, doc("The evaluator who does on theirs.")]
    who: Annotated[str, doc("Who answers for it, in words.")]


class DangerAhead(Struct, frozen=True, kw_only=True):
    """A danger zone that the deal is in, and what to do first."""

    zone: Annotated[str, doc("The number of its rule, such as DZ16.")]
    name: Annotated[str, doc("What it is called.")]
    severity: Annotated[Severity, doc("How much it can cost.")]
    because: Annotated[str, doc("Why it is in it.")]
    move: Annotated[str, doc("What to do first.")]
    since: Annotated[datetime | None, doc("Since when, where the facts tell.")]


class OpenException(Struct, frozen=True, kw_only=True):
    """A deviation that somebody still has to do something about."""

    exception_id: Annotated[UUID, doc("The exception.")]
    cause: Annotated[ExceptionCause, doc("Why it was raised.")]
    summary: Annotated[str, doc("What deviates.")]
    status: Annotated[ExceptionStatus, doc("How far somebody has come with it.")]
    plan: Annotated[str | None, doc("What is to be done.")]
    raised_at: Annotated[datetime, doc("When it was raised.")]


class Handover(Struct, frozen=True, kw_only=True):
    """All that somebody needs who takes an opportunity over."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    title: Annotated[str, doc("What is to be decided.")]
    status: Annotated[Status, doc("Open, or how it ended.")]
    owner: Annotated[UUID, doc("The seller who owns it.")]
    team: Annotated[tuple[MapMember, ...], doc("Our team beside the owner.")]
    amount: Annotated[Money | None, doc("What it is worth.")]
    commit_date: Annotated[date | None, doc("The date promised for the decision.")]
    pushes: Annotated[int, doc("How often that date was moved to a later one.")]
    p: Annotated[float, doc("The win probability, 0 to 1.")]
    low: Annotated[float, doc("Lower end of its 80 % interval.")]
    high: Annotated[float, doc("Upper end of its 80 % interval.")]
    outcome: Annotated[MapOutcome | None, doc("The desired outcome; null before it is stated.")]
    objectives: Annotated[tuple[KnownObjective, ...], doc("What is known, by objective.")]
    questions: Annotated[tuple[OpenQuestion, ...], doc("What we know we do not know.")]
    suspected: Annotated[tuple[SuspectedGap, ...], doc("What nobody has looked at, and should.")]
    commitments: Annotated[tuple[Commitment, ...], doc("What somebody waits for, by date.")]
    dangers: Annotated[tuple[DangerAhead, ...], doc("The danger zones, with their moves.")]
    exceptions: Annotated[tuple[OpenException, ...], doc("The exceptions that are open.")]
