"""The cause of a score's move in words: who told us what and when, or what time alone did."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never, cast
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import Belief
from opps.domain.events import (
    AmountEstimated,
    AnyOpportunityEvent,
    BuyerResponded,
    CommitDateSet,
    ContradictionResolved,
    DangerZoneJudged,
    DangerZoneSuppressed,
    DayTurned,
    DecisionTaken,
    Event,
    FacetMarkedNotApplicable,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    ForecastCategorySet,
    ImportTakenBack,
    MapEvent,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityWithdrawn,
    OpportunityWon,
    OutcomeCorrected,
    OwnershipTransferred,
    ProposalPrepared,
    ProposalSent,
    ProposalWithdrawn,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    QuestionRaised,
    RuleSetPublished,
    RuleSuppressed,
    ScoringModelActivated,
    SellerActed,
    SellerEstimateRecorded,
    SourceEventImported,
    StageSet,
    TeamMemberJoined,
    TeamMemberLeft,
    WinLossReviewed,
)
from opps.domain.facts import AnyFact
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Recorded
from opps.domain.score import Score, score
from opps.domain.telling.account_map import mapped_in_words
from opps.domain.telling.causes import CauseKind
from opps.domain.telling.facts import in_words
from opps.domain.telling.forms import day, money, percent, plain, quoted, when
from opps.domain.telling.names import Names
from opps.domain.telling.sources import told
from opps.domain.telling.ticks import Moment, passed, spelled

__all__ = ["Cause", "CauseKind", "cause", "cause_in_time", "sentence", "together"]

MILLI = 1000


class Cause(Struct, frozen=True):
    """Why a score moved: the kind of line, its words, and the facts it is about.

    Of a retraction the fact is the one taken back; of a replacement, first the new one.
    """

    kind: CauseKind
    words: str
    fact_ids: tuple[UUID, ...] = ()


def cause(
    recorded: Recorded[Event],
    before: Opportunity | None,
    after: Opportunity,
    scores: tuple[Score, Score] | None = None,
) -> Cause:
    """Return the cause that an event is, from the opportunity and its scores around it.

    Days are of the zone in which they were told. Persons are called by what they do in the
    decision, never by name. The year is written where it is not that of the opening.
    """
    event = recorded.event
    if isinstance(event, DayTurned):
        earlier, later = known(before or after), known(after)
        was, now = scores or (score(earlier), score(later))
        return cause_in_time(event.day, Moment(earlier, was), Moment(later, now), after)
    if isinstance(event, ScoringModelActivated):
        on = day(recorded.recorded_at.date(), after.opened_at.year)
        return Cause(CauseKind.MODEL, f"{on}, another model: {event.model.name}, not your doing")
    if isinstance(event, RuleSetPublished | RuleSuppressed):
        on = day(recorded.recorded_at.date(), after.opened_at.year)
        return Cause(CauseKind.OTHER, f"{on}, other rules for danger zones")
    assert isinstance(event, OpportunityEvent), "only these move a score"
    of = _of(cast(AnyOpportunityEvent, event), after)
    year = None if isinstance(event, OpportunityOpened) else after.opened_at.year
    on = when(event.learned, recorded.recorded_at, year)
    words = f"{on}, {of.words}{_model_since(event, before, after)}"
    return Cause(of.kind, words, of.fact_ids)


def _model_since(event: Event, before: Opportunity | None, after: Opportunity) -> str:
    """Return which model scores it now, where another one came into force while it was closed."""
    if not isinstance(event, OpportunityReopened) or before is None:
        return ""
    was, now = known(before).model.name, known(after).model.name
    return "" if was == now else f", scored by another model: {now}"


def cause_in_time(on: date, earlier: Moment, later: Moment, names_of: Opportunity) -> Cause:
    """Return the cause that the passing of time is, up to the beginning of a day."""
    found = passed(earlier, later, Names(names_of))
    kind = found[0].kind if found else CauseKind.STALENESS
    ids = tuple(fact_id for one in found for fact_id in one.fact_ids)
    return Cause(kind, f"{day(on, names_of.opened_at.year)}, {spelled(found)}", ids)


def together(causes: Sequence[Cause]) -> Cause:
    """Return one cause for what became known at once: the first one's words, and how many more."""
    said = [one for one in causes if one.kind is not CauseKind.OTHER] or list(causes)
    more = f"; and {len(said) - 1} more" if len(said) > 1 else ""
    ids = tuple(fact_id for one in said for fact_id in one.fact_ids)
    return Cause(said[0].kind, said[0].words + more, ids)


def sentence(of: Cause, before: Score | None, after: Score) -> str:
    """Return the whole line: the cause, and how far it moved the score.

    Points are to one decimal, 10 of them double the odds. Where the point stays, the line tells
    how the interval moved.
    """
    if before is None:
        return f"{of.words}: {percent(after.p)} %, band {_band(after)} %"
    milli_points = after.milli_points - before.milli_points
    if milli_points == 0:
        bands = f"band {_band(before)} → {_band(after)} %"
        if _band(before) == _band(after):
            bands = f"band {_band(after)} %"
        return f"{of.words}, {percent(after.p)} % as before, {bands}"
    moved = f"{percent(before.p)} → {percent(after.p)} %"
    return f"{of.words}, {milli_points / MILLI:+.1f} points, {moved}"


def _band(of: Score) -> str:
    return f"{percent(of.low)} to {percent(of.high)}"


def _of(event: AnyOpportunityEvent, after: Opportunity) -> Cause:
    names = Names(after)
    match event:
        case OpportunityOpened():
            return Cause(CauseKind.OPENING, "opened")
        case FactLearned():
            return _learned(event, after, names)
        case FactCorroborated():
            again = "repeated" if event.repeats_first else "confirmed by another source"
            words = f"{told(event.provenance, names)}: {again}: {_fact(event.fact_id, after)}"
            return Cause(CauseKind.KNOWLEDGE, words, (event.fact_id,))
        case FactReconfirmed():
            words = f"{told(event.provenance, names)}: still holds: {_fact(event.fact_id, after)}"
            return Cause(CauseKind.KNOWLEDGE, words, (event.fact_id,))
        case FactRetracted():
            return _retracted(event, after, names)
        case FactRedated():
            return _redated(event, after)
        case ContradictionResolved():
            words = f"the team chose: {_fact(event.chosen, after)}"
            return Cause(CauseKind.KNOWLEDGE, words, (event.chosen, *event.rejected))
        case QuestionRaised():
            return _question(f"we do not know the {plain(event.facet)}")
        case QuestionAsked():
            return _question(f"asked {names.evaluator(event.evaluator_id)}", event, after)
        case QuestionAnswered():
            return _question("answered", event, after)
        case QuestionDropped():
            return _question("no longer asked", event, after)
        case FacetMarkedNotApplicable():
            return _question(f"the {plain(event.facet)} does not apply here")
        case AmountEstimated():
            return Cause(CauseKind.CONTEXT, f"worth {money(event.amount)}")
        case BuyerResponded():
            return Cause(CauseKind.CONDUCT, f"the buyer answered: {quoted(event.response)}")
        case SellerActed():
            return Cause(CauseKind.CONDUCT, f"our side: {quoted(event.activity)}")
        case MapEvent():
            return Cause(CauseKind.OTHER, mapped_in_words(event, after))
        case ProposalPrepared() | ProposalSent() | ProposalWithdrawn():
            return Cause(CauseKind.CONDUCT, _plain_name(event))
        case (
            OpportunityWon()
            | OpportunityLost()
            | OpportunityClosedWithoutDecision()
            | OpportunityDisqualified()
            | OpportunityReopened()
            | OpportunitiesMerged()
            | OutcomeCorrected()
            | OpportunityWithdrawn()
        ):
            return Cause(CauseKind.OUTCOME, _plain_name(event))
        case (
            OpportunityRenamed()
            | OwnershipTransferred()
            | TeamMemberJoined()
            | TeamMemberLeft()
            | CommitDateSet()
            | StageSet()
            | ForecastCategorySet()
            | SellerEstimateRecorded()
            | SourceEventImported()
            | WinLossReviewed()
            | DecisionTaken()
            | DangerZoneSuppressed()
            | DangerZoneJudged()
            | ImportTakenBack()
        ):
            return Cause(CauseKind.OTHER, _plain_name(event))
        case _:
            assert_never(event)


def _learned(event: FactLearned, after: Opportunity, names: Names) -> Cause:
    words = f"{told(event.provenance, names)}: {in_words(event.fact, names)}"
    if event.supersedes is None:
        return Cause(CauseKind.KNOWLEDGE, words, (event.fact_id,))
    replaced = _fact(event.supersedes.fact_id, after)
    words = f"{words} ({plain(event.supersedes.because)}; before: {replaced})"
    return Cause(CauseKind.KNOWLEDGE, words, (event.fact_id, event.supersedes.fact_id))


def _retracted(event: FactRetracted, after: Opportunity, names: Names) -> Cause:
    belief = after.belief(event.fact_id)
    words = f"taken back, {plain(event.reason)}: {_fact(event.fact_id, after)}"
    if belief is not None:
        first = when(belief.learned, belief.recorded_at, after.opened_at.year)
        words = f"{words}, first told {first}, {told(belief.provenance, names)}"
    return Cause(CauseKind.RETRACTION, words, (event.fact_id,))


def _redated(event: FactRedated, after: Opportunity) -> Cause:
    belief, year = after.belief(event.fact_id), after.opened_at.year
    words = _fact(event.fact_id, after)
    if belief is not None:
        since = when(event.learned_on, belief.recorded_at, year)
        words = f"{words}: known since {since}, not {_first(belief, year)}"
    return Cause(CauseKind.KNOWLEDGE, words, (event.fact_id,))


def _first(belief: Belief, year: int) -> str:
    return when(belief.learned, belief.recorded_at, year)


def _question(
    words: str,
    event: QuestionAsked | QuestionAnswered | QuestionDropped | None = None,
    after: Opportunity | None = None,
) -> Cause:
    question = after.questions.get(event.question_id) if event and after else None
    about = f" about the {plain(question.facet)}" if question else ""
    facts = event.fact_ids if isinstance(event, QuestionAnswered) else ()
    return Cause(CauseKind.QUESTION, words + about, facts)


def _fact(fact_id: UUID, state: Opportunity) -> str:
    belief = state.belief(fact_id)
    return "a fact" if belief is None else in_words(cast(AnyFact, belief.fact), Names(state))


def _plain_name(event: Event) -> str:
    """Return the name of an event in plain words: ProposalSent is proposal sent."""
    name = type(event).__name__
    apart = "".join(f" {letter}" if letter.isupper() else letter for letter in name)
    return apart.strip().lower()
