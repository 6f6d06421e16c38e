"""A performance gap in the schema: for its seller first, then for those who lead the seller."""

from datetime import date, datetime
from typing import Annotated, Any, Optional
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.learning_activities import CauseSheetType, LearningActivity, cause_of, shown
from opps.api.outputs import PersonalText, output_of, personal_text
from opps.api.parties import Person, node_id, read_person
from opps.api.scalars import Position
from opps.application.coaching import today
from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import CURED_BY_LEARNING, ORDER, GapCause
from opps.domain.coaching.gap import Assignment, AssignmentStatus, Gap, GapStatus
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.success import GapMeasure
from opps.domain.events import AppliedFact, CoachingImpactMeasured, GapEnd, GapSource
from opps.domain.personal import Personal

for _enum in (GapCause, GapStatus, GapSource, GapEnd, AssignmentStatus, Indicator):
    enum_of(_enum)

_Measure: Any = Optional[output_of(GapMeasure)]  # noqa: UP045 - a derived type
_Impact: Any = Optional[output_of(CoachingImpactMeasured, "CoachingImpact")]  # noqa: UP045 - as above
_Facts: Any = list[output_of(AppliedFact)]  # type: ignore[misc]  # a derived type


@strawberry.type(description="What a seller said when asked about a cause.")
class CauseAnswer:
    cause: GapCause = strawberry.field(description="The cause that was asked about.")
    text: PersonalText = strawberry.field(description="What the seller said.")


@strawberry.type(description="Why a gap is there, as it was last said.")
class GapDiagnosis:
    cause: GapCause = strawberry.field(description="Why the gap is there.")
    ruled_out: list[GapCause] = strawberry.field(description="Which causes were ruled out.")
    answers: list[CauseAnswer] = strawberry.field(description="What the seller said.")
    at: datetime = strawberry.field(description="When that was recorded.")
    by: strawberry.ID = strawberry.field(description="By whom.")


@strawberry.type(description="What somebody does about a cause that learning does not cure.")
class CorrectiveAction:
    action: PersonalText = strawberry.field(description="What will be done.")
    owner: strawberry.ID = strawberry.field(description="Who does it.")
    due: date = strawberry.field(description="By which day.")
    at: datetime = strawberry.field(description="When it was agreed.")
    by: strawberry.ID = strawberry.field(description="Who recorded that.")


@strawberry.type(description="A learning activity that was assigned, and what came of it.")
class LearningAssignment:
    held: strawberry.Private[Assignment]

    @strawberry.field(description="Its id.")
    def assignment_id(self) -> UUID:
        return self.held.assignment_id

    @strawberry.field(description="The activity, as it is offered now or was last.")
    async def activity(self, info: Info) -> LearningActivity:
        catalogue = await info.context.services.application.learning_catalogue(
            info.context.viewer.tenant
        )
        return shown(catalogue, self.held.activity)

    @strawberry.field(description="By which day.")
    def due(self) -> date:
        return self.held.due

    @strawberry.field(
        description="How far it has come; overdue from the day on that turns after its last one."
    )
    async def status(self, info: Info) -> AssignmentStatus:
        services, tenant = info.context.services, info.context.viewer.tenant
        return self.held.status(await today(services.application, tenant))

    @strawberry.field(description="By which leading indicator it will be seen that it helped.")
    def indicator(self) -> Indicator:
        return Indicator(self.held.success.indicator)

    @strawberry.field(description="What the indicator should reach.")
    def target(self) -> float:
        return self.held.success.target

    @strawberry.field(description="When it was assigned.")
    def assigned_at(self) -> datetime:
        return self.held.at

    @strawberry.field(description="Who assigned it.")
    def assigned_by(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.held.by)

    @strawberry.field(description="When the seller completed it.")
    def completed_at(self) -> datetime | None:
        return self.held.completed_at

    @strawberry.field(description="The later facts that show it at work.", graphql_type=_Facts)
    def applied(self) -> Any:
        return list(self.held.facts)

    @strawberry.field(
        description="What became of the indicator, beside peers who were assigned nothing; null "
        "before it was measured.",
        graphql_type=_Impact,
    )
    def impact(self) -> Any:
        return self.held.impact


@strawberry.type(description="That a gap was closed.")
class GapClosing:
    reason: GapEnd = strawberry.field(description="Why.")
    note: PersonalText | None = strawberry.field(description="What came of it.")
    at: datetime = strawberry.field(description="When.")
    by: strawberry.ID = strawberry.field(description="By whom.")


@strawberry.type(
    description="A performance gap of one seller: found before results suffer, never beside others."
)
class PerformanceGap:
    gap: strawberry.Private[Gap]

    @strawberry.field(description="Its id.")
    def gap_id(self) -> UUID:
        return self.gap.gap_id

    @strawberry.field(description="Whose it is.")
    def seller_id(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.gap.seller)

    @strawberry.field(description="Whose it is, if registered as a person.")
    async def seller(self, info: Info) -> Person | None:
        return await read_person(info, self.gap.seller)

    @strawberry.field(description="Whether a rule named it, or somebody.")
    def named_by(self) -> GapSource:
        return self.gap.by

    @strawberry.field(description="The leading indicator that shows it.")
    def indicator(self) -> Indicator | None:
        return self.gap.indicator

    @strawberry.field(description="The information objective that it is about.")
    def objective(self) -> Objective | None:
        return self.gap.about

    @strawberry.field(description="What was measured then.", graphql_type=_Measure)
    def observed(self) -> Any:
        return self.gap.observed

    @strawberry.field(description="What somebody saw.")
    def note(self) -> PersonalText | None:
        return _text(self.gap.note)

    @strawberry.field(description="When it was named.")
    def identified_at(self) -> datetime:
        return self.gap.identified_at

    @strawberry.field(description="Who named it; opps itself where a rule did.")
    def identified_by(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.gap.identified_by)

    @strawberry.field(description="From when on those who lead the seller see it.")
    def shown_from(self) -> datetime:
        return self.gap.shown_from

    @strawberry.field(description="How far it has come.")
    def status(self) -> GapStatus:
        return self.gap.status

    @strawberry.field(description="It is not closed.")
    def open(self) -> bool:
        return self.gap.open

    @strawberry.field(description="The next day by which something is to be done about it.")
    def due(self) -> date | None:
        return self.gap.due

    @strawberry.field(description="Why it is there; null before that was said.")
    def diagnosis(self) -> GapDiagnosis | None:
        held = self.gap.diagnosis
        if held is None:
            return None
        return GapDiagnosis(
            cause=held.cause,
            ruled_out=list(held.ruled_out),
            answers=[
                CauseAnswer(cause=one.cause, text=personal_text(one.text)) for one in held.answers
            ],
            at=held.at,
            by=node_id(NodeType.PERSON, held.by),
        )

    @strawberry.field(
        description="The causes with what to ask, in their order; up to the one that was found."
    )
    def to_ask(self) -> list[CauseSheetType]:
        found = self.gap.diagnosis
        upto = len(ORDER) if found is None else ORDER.index(found.cause) + 1
        return [cause_of(one) for one in ORDER[:upto]]

    @strawberry.field(
        description="Activities on offer for its cause and for what it is about; empty before the "
        "diagnosis, and for causes that learning does not cure."
    )
    async def activities(self, info: Info) -> list[LearningActivity]:
        found = self.gap.diagnosis
        if found is None or found.cause not in CURED_BY_LEARNING:
            return []
        catalogue = await info.context.services.application.learning_catalogue(
            info.context.viewer.tenant
        )
        offered = catalogue.on_offer(self.gap.about, found.cause)
        return [shown(catalogue, one.activity) for one in offered]

    @strawberry.field(description="What was agreed on where learning is not the cure.")
    def action(self) -> CorrectiveAction | None:
        held = self.gap.action
        if held is None:
            return None
        return CorrectiveAction(
            action=personal_text(held.action),
            owner=node_id(NodeType.PERSON, held.owner),
            due=held.due,
            at=held.at,
            by=node_id(NodeType.PERSON, held.by),
        )

    @strawberry.field(description="What was assigned, in that order.")
    def assignments(self) -> list[LearningAssignment]:
        return [LearningAssignment(held=one) for one in self.gap.assignments.values()]

    @strawberry.field(description="How it was closed; null while it is open.")
    def closed(self) -> GapClosing | None:
        held = self.gap.closed
        if held is None:
            return None
        return GapClosing(
            reason=held.reason,
            note=_text(held.note),
            at=held.at,
            by=node_id(NodeType.PERSON, held.by),
        )

    @strawberry.field(description="How often it has changed, from 0 on.")
    def version(self) -> int:
        return self.gap.version

    @strawberry.field(description="Place in the log of its last change.")
    def position(self) -> Position:
        return Position(self.gap.position)


def _text(held: Personal | None) -> PersonalText | None:
    return None if held is None else personal_text(held)


GapId = Annotated[UUID, strawberry.argument(description="The gap.")]
