"""What leads to which event of a gap: only the seller and those who lead the seller take part."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum, auto
from typing import assert_never
from uuid import UUID

from msgspec import Struct, field

from opps.domain.coaching import steps
from opps.domain.coaching.catalogue import NOTHING_OFFERED, LearningCatalogue
from opps.domain.coaching.commands import (
    AgreeCorrectiveAction,
    AnyGapCommand,
    ApplyLearning,
    AssignLearning,
    CloseGap,
    CompleteLearning,
    IdentifyGap,
    IdentifyGapByRule,
    RecordDiagnosis,
    RecordImpact,
    ShareGap,
)
from opps.domain.coaching.errors import (
    GapIsClosed,
    OnlyTheSeller,
    OnlyWhoLeads,
    OutsideYourTeam,
    UnknownGap,
)
from opps.domain.coaching.gap import Gap
from opps.domain.coaching.steps import FoundFact
from opps.domain.errors import AlreadyExists
from opps.domain.events import (
    AppliedFact,
    CoachingEvent,
    GapShared,
    PerformanceGapIdentified,
)
from opps.domain.privacy.state import whoever
from opps.domain.recorded import Actor, Context, Via
from opps.domain.roles import ActorRole
from opps.domain.teams import NO_TEAMS, Teams


class Around(Struct, frozen=True, kw_only=True):
    """What a decision on coaching is taken beside: teams, catalogue, the day, and facts named."""

    today: date
    teams: Teams = NO_TEAMS
    catalogue: LearningCatalogue = NOTHING_OFFERED
    facts: Mapping[AppliedFact, FoundFact] = field(default_factory=dict)


class Part(Enum):
    """Which part somebody takes in the coaching of a seller."""

    SELLER = auto()
    LEAD = auto()
    OPPS = auto()
    NONE = auto()


def part_of(actor: Actor, seller: UUID, teams: Teams) -> Part:
    """Return which part somebody takes in the coaching of a seller."""
    if whoever(actor) == seller:
        return Part.SELLER
    if actor.role == ActorRole.ADMIN:
        return Part.LEAD
    if actor.role == ActorRole.MANAGER and teams.leads(whoever(actor), seller):
        return Part.LEAD
    return Part.OPPS if actor.via == Via.SYSTEM else Part.NONE


def may_see(gap: Gap, part: Part, now: datetime) -> bool:
    """Tell whether somebody sees a gap: its seller at once, who leads after the first look."""
    return part in (Part.SELLER, Part.OPPS) or (part is Part.LEAD and gap.shown_from <= now)


def decide(
    state: Gap | None, command: AnyGapCommand, context: Context, around: Around
) -> Sequence[CoachingEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        AlreadyExists: the gap was named already, or the assignment made.
        UnknownGap: there is none, or not yet for the one who asks.
        OutsideYourTeam: somebody asks who does not lead the seller.
        OnlyTheSeller, OnlyWhoLeads: the other of the two has to say it.
        GapIsClosed: it is over.
        NothingNamed, NotALeadingIndicator, TargetOutOfRange: it says nothing that can be coached.
        RuleOutFirst, NotDiagnosed, LearningCannotCure, LearningIsTheCure: it comes out of order.
        UnknownActivity, ActivityForSomethingElse, DueInThePast: it cannot be assigned so.
        UnknownAssignment, NotCompleted, NotApplied, UnknownFact, FactShowsNothing: nothing was
            learned there, or nothing shows it.
        NotResolvedYet: what was to cure it was not done.
        Blank: a text says nothing.
    """
    if isinstance(command, IdentifyGap | IdentifyGapByRule):
        return [_identified(state, command, context, around)]
    gap = _seen(state, command, context, around)
    part = part_of(context.actor, gap.seller, around.teams)
    match command:
        case ShareGap():
            _only_the_seller(part, gap)
            return [] if gap.shown_from <= context.now else [GapShared()]
        case RecordDiagnosis():
            return [steps.diagnosed(gap, command)]
        case AgreeCorrectiveAction():
            return [steps.agreed(gap, command, around.today)]
        case AssignLearning():
            return [steps.assigned(gap, command, around.catalogue, around.today)]
        case CompleteLearning():
            _only_the_seller(part, gap)
            return steps.completed(gap, command)
        case ApplyLearning():
            return steps.applied(gap, command, around.catalogue, around.facts)
        case RecordImpact():
            return [steps.measured(gap, command)]
        case CloseGap():
            if part is Part.SELLER:
                raise OnlyWhoLeads(seller=gap.seller)
            return [steps.closed(gap, command)]
        case _:
            assert_never(command)


def _identified(
    state: Gap | None, command: IdentifyGap | IdentifyGapByRule, context: Context, around: Around
) -> PerformanceGapIdentified:
    if isinstance(command, IdentifyGap):
        part = part_of(context.actor, command.seller, around.teams)
        if part not in (Part.SELLER, Part.LEAD):
            raise OutsideYourTeam(seller=command.seller)
    if state is not None:
        raise AlreadyExists(id=command.gap_id)
    return (
        steps.found(command)
        if isinstance(command, IdentifyGapByRule)
        else steps.identified(command)
    )


def _seen(state: Gap | None, command: AnyGapCommand, context: Context, around: Around) -> Gap:
    if state is None:
        raise UnknownGap(gap_id=command.gap_id)
    part = part_of(context.actor, state.seller, around.teams)
    if part is Part.NONE and context.actor.role == ActorRole.MANAGER:
        raise OutsideYourTeam(seller=state.seller)
    if not may_see(state, part, context.now):
        raise UnknownGap(gap_id=command.gap_id)
    if not state.open:
        raise GapIsClosed(gap_id=state.gap_id)
    return state


def _only_the_seller(part: Part, gap: Gap) -> None:
    if part is not Part.SELLER:
        raise OnlyTheSeller(seller=gap.seller)
