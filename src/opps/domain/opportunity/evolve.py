"""How each event changes an opportunity: it never fails and never judges."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never, cast

from msgspec.structs import replace

from opps.domain.account_map.evolve import estimated, evolve_map
from opps.domain.beliefs import Note, Resolution
from opps.domain.conduct import Conduct
from opps.domain.events import (
    AmountEstimated,
    AnyOpportunityEvent,
    BuyerResponded,
    CommitDateSet,
    ContradictionResolved,
    DangerZoneJudged,
    DangerZoneSuppressed,
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
    Outcome,
    OutcomeCorrected,
    OwnershipTransferred,
    ProposalPrepared,
    ProposalSent,
    ProposalWithdrawn,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    QuestionRaised,
    SellerActed,
    SellerEstimateRecorded,
    SourceEventImported,
    StageSet,
    TeamMemberJoined,
    TeamMemberLeft,
    WantReclassified,
    WinLossReviewed,
)
from opps.domain.opportunity.putting_back import put_back
from opps.domain.opportunity.questions import ask_question, close_question, raise_question
from opps.domain.opportunity.remembering import (
    annotate,
    learn_fact,
    note_of,
    reclassify,
    revise,
)
from opps.domain.opportunity.state import (
    Opportunity,
    QuestionStatus,
    Status,
    do_nothing,
    drop,
    known,
    put,
    us,
)
from opps.domain.recorded import Recorded
from opps.domain.setting import DAY_ONE, Setting, surround

ENDED: dict[Outcome, Status] = {outcome: Status(outcome.value) for outcome in Outcome}


def fold(
    history: Iterable[Recorded[Event]], state: Opportunity | None = None
) -> Opportunity | None:
    """Return the opportunity after its history, given oldest first.

    The history holds the events that surround every opportunity, those before its opening too.
    """
    setting = DAY_ONE if state is None else state.setting
    for recorded in history:
        setting = surround(setting, recorded.event)
        state = evolve(state, recorded, setting)
    return state


def evolve(
    state: Opportunity | None, recorded: Recorded[Event], setting: Setting = DAY_ONE
) -> Opportunity | None:
    """Return the opportunity after one more event, in the setting of that place of the log."""
    event = recorded.event
    if isinstance(event, OpportunityOpened):
        return state or _opened(event, recorded, setting)
    if state is None:
        return None
    state = under(state, setting)
    if not isinstance(event, OpportunityEvent):
        return state
    state = replace(state, version=recorded.version, position=recorded.position)
    return _apply(state, cast(AnyOpportunityEvent, event), recorded)


def under(state: Opportunity, setting: Setting) -> Opportunity:
    """Return the opportunity in another setting."""
    return state if setting is state.setting else replace(state, setting=setting)


def _apply(
    state: Opportunity, event: AnyOpportunityEvent, recorded: Recorded[Event]
) -> Opportunity:
    at = event.learned.effective(recorded.recorded_at)
    match event:
        # A match tries one case after the other: what histories hold most of comes first.
        case FactLearned():
            return learn_fact(state, event, recorded)
        case StageSet():
            return replace(state, stage=event.stage, stage_default=event.stage_default)
        case SourceEventImported():
            return state
        case SellerActed():
            return replace(state, conduct=state.conduct.acted(event.activity, at))
        case FactCorroborated():
            return annotate(
                state,
                event.fact_id,
                "corroborated",
                Note(
                    learned=event.learned,
                    recorded_at=recorded.recorded_at,
                    position=recorded.position,
                    provenance=event.provenance,
                    independent=not event.repeats_first,
                ),
            )
        case FactReconfirmed():
            return annotate(state, event.fact_id, "reconfirmed", note_of(event.learned, recorded))
        case FactRetracted():
            return annotate(state, event.fact_id, "retracted", note_of(event.learned, recorded))
        case FactRedated():
            return annotate(state, event.fact_id, "redated", note_of(event.learned_on, recorded))
        case ContradictionResolved():
            resolution = Resolution(
                note=note_of(event.learned, recorded),
                chosen=event.chosen,
                rejected=event.rejected,
                rationale=event.rationale,
            )
            key = state.fact_keys.get(event.chosen)
            if key is None:
                return state
            return revise(state, key, lambda history: history.resolve(resolution))
        case QuestionRaised():
            return raise_question(state, event, at, recorded.position)
        case QuestionAsked():
            return ask_question(state, event, at)
        case QuestionAnswered():
            return close_question(
                state, event.question_id, QuestionStatus.ANSWERED, at, event.fact_ids, event.answer
            )
        case QuestionDropped():
            return close_question(
                state, event.question_id, QuestionStatus.DROPPED, at, (), event.reason
            )
        case FacetMarkedNotApplicable():
            return replace(state, not_applicable=state.not_applicable | {event.facet})
        case OpportunityRenamed():
            return replace(state, title=event.title)
        case OwnershipTransferred():
            return replace(state, owner=event.to_owner)
        case TeamMemberJoined():
            return replace(state, team=put(state.team, event.member, event.function))
        case TeamMemberLeft():
            return replace(state, team=drop(state.team, event.member))
        case AmountEstimated():
            worth = estimated(state.map, event, at)
            return replace(state, amount=event.amount, map=worth)
        case CommitDateSet():
            pushed = (event.commit_date - (state.commit_date or event.commit_date)).days
            return replace(
                state,
                commit_date=event.commit_date,
                commit_basis=event.basis,
                pushes=state.pushes + (pushed > 0),
                longest_push_days=max(state.longest_push_days, pushed),
            )
        case ForecastCategorySet():
            return replace(state, category=event.category)
        case SellerEstimateRecorded():
            return replace(
                state,
                seller_estimate=event.probability,
                seller_estimated_at=at,
                seller_rationale=event.rationale,
            )
        case ProposalSent():
            sent = state.conduct.proposed(at, event.proposal, event.amount)
            return replace(state, conduct=sent)
        case ProposalWithdrawn():
            return replace(state, conduct=state.conduct.took_back(at, event.proposal))
        case BuyerResponded():
            return replace(state, conduct=state.conduct.answered(at))
        case OpportunityWon():
            return _close(replace(state, amount=event.amount or state.amount), Status.WON, at)
        case OpportunityLost():
            return _close(
                replace(state, loss_kind=event.loss_kind, lost_to=event.alternative_id),
                Status.LOST,
                at,
            )
        case OpportunityClosedWithoutDecision():
            return _close(replace(state, no_decision=event.reason), Status.NO_DECISION, at)
        case OpportunityDisqualified():
            return _close(state, Status.DISQUALIFIED, at)
        case OpportunitiesMerged():
            return _close(replace(state, merged_into=event.into), Status.MERGED, at)
        case OutcomeCorrected():
            return replace(
                _close(state, ENDED[event.outcome], state.closed_at or at),
                loss_kind=event.loss_kind,
                lost_to=event.alternative_id,
                no_decision=event.no_decision,
                merged_into=None,
            )
        case OpportunityReopened():
            return replace(
                state,
                status=Status.OPEN,
                closed_at=None,
                loss_kind=None,
                lost_to=None,
                no_decision=None,
                merged_into=None,
                frozen=None,
            )
        case ImportTakenBack():
            return put_back(state, event)
        case OpportunityWithdrawn():
            return _close(state, Status.WITHDRAWN, at)
        case DangerZoneSuppressed():
            return replace(state, put_aside=put(state.put_aside, event.zone, event.until))
        case DangerZoneJudged():
            return replace(state, judged=put(state.judged, event.zone, event.useful))
        case WantReclassified():
            mapped = replace(state, map=evolve_map(state.map, event, at, recorded))
            return reclassify(mapped, event, recorded)
        case MapEvent():
            return replace(state, map=evolve_map(state.map, event, at, recorded))
        case OpportunityOpened() | ProposalPrepared() | WinLossReviewed() | DecisionTaken():
            return state
        case _:
            assert_never(event)


def _opened(event: OpportunityOpened, recorded: Recorded[Event], setting: Setting) -> Opportunity:
    stream = recorded.stream
    opened_at = event.learned.effective(recorded.recorded_at)
    return Opportunity(
        opportunity_id=stream,
        account_id=event.account_id,
        title=event.title,
        currency=event.currency,
        owner=event.owner,
        opened_at=opened_at,
        recorded_at=recorded.recorded_at,
        version=recorded.version,
        position=recorded.position,
        customer_kind=event.customer_kind,
        origin=event.origin,
        context=event.context,
        things=frozenset({("alternative", us(stream)), ("alternative", do_nothing(stream))}),
        conduct=Conduct(opened_at=opened_at),
        setting=setting,
    )


def _close(state: Opportunity, status: Status, at: datetime) -> Opportunity:
    return replace(state, frozen=known(state), status=status, closed_at=at)
