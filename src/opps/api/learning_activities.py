"""The catalogue of learning activities in the schema, and the causes that they may cure."""

from collections.abc import Sequence
from typing import Annotated, Any, get_args

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.catalogue import Objective
from opps.domain.coaching.catalogue import LearningCatalogue
from opps.domain.coaching.causes import CAUSES, ORDER, GapCause
from opps.domain.coaching.commands import AnyLearningCatalogueCommand

enum_of(GapCause)
enum_of(Objective)


@strawberry.type(name="CoachingCause", description="A cause of gaps, and how to find it.")
class CauseSheetType:
    cause: GapCause = strawberry.field(description="The cause.")
    questions: list[str] = strawberry.field(description="What to ask, to find or rule it out.")
    learning_cures: bool = strawberry.field(
        description="Whether learning cures it; if not, somebody agrees to do something."
    )
    cure: str = strawberry.field(description="What cures it.")


@strawberry.type(description="A learning activity of the organisation.")
class LearningActivity:
    activity: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="What it is called.")
    description: str = strawberry.field(description="What somebody does in it.")
    objectives: list[Objective] = strawberry.field(
        description="Which information objectives it is about."
    )
    causes: list[GapCause] = strawberry.field(description="Which causes it cures.")
    hours: float = strawberry.field(description="How many working hours it takes.")
    offered: bool = strawberry.field(description="It can be assigned.")


@strawberry.type(description="What a command on the learning activities answers.")
class LearningActivitiesPayload(Payload):
    activities: list[LearningActivity] = strawberry.field(
        description="What is on offer now, by code; empty when refused."
    )


@strawberry.type
class LearningAsked:
    @strawberry.field(
        description="The learning activities on offer, by code: about an objective and for a cause "
        "where you name one."
    )
    async def learning_activities(
        self,
        info: Info,
        objective: Annotated[
            Objective | None, strawberry.argument(description="Only those about this objective.")
        ] = None,
        cause: Annotated[
            GapCause | None, strawberry.argument(description="Only those that cure this cause.")
        ] = None,
    ) -> list[LearningActivity]:
        tenant = info.context.viewer.tenant
        catalogue = await info.context.services.application.learning_catalogue(tenant)
        return [shown(catalogue, one.activity) for one in catalogue.on_offer(objective, cause)]

    @strawberry.field(description="The five causes of gaps with what to ask, in their order.")
    def coaching_causes(self) -> list[CauseSheetType]:
        return [cause_of(one) for one in ORDER]


def cause_of(cause: GapCause) -> CauseSheetType:
    """Return a cause for the schema."""
    sheet = CAUSES[cause]
    return CauseSheetType(
        cause=cause,
        questions=list(sheet.questions),
        learning_cures=sheet.learning_cures,
        cure=sheet.cure,
    )


def shown(catalogue: LearningCatalogue, activity: str) -> LearningActivity:
    """Return an activity for the schema, on offer or not any more."""
    held = catalogue.known[activity]
    return LearningActivity(
        activity=held.activity,
        title=held.title,
        description=held.description,
        objectives=list(held.objectives),
        causes=list(held.causes),
        hours=held.hours,
        offered=activity not in catalogue.withdrawn,
    )


def learning_mutations() -> dict[str, Any]:
    """Return the mutations on the learning activities, by their names."""
    commands: Sequence[type] = get_args(AnyLearningCatalogueCommand)
    return {
        one.__name__[0].lower() + one.__name__[1:]: organisation_mutation(
            one, LearningActivitiesPayload, _carry_out, activities=[]
        )
        for one in commands
    }


async def _carry_out(
    info: Info, command: AnyLearningCatalogueCommand, request: Request
) -> LearningActivitiesPayload:
    done = await info.context.services.application.learning_activity(command, request)
    return LearningActivitiesPayload(
        version=done.after.version,
        position=Position(done.position),
        replayed=done.replayed,
        user_errors=[],
        activities=[shown(done.after, one.activity) for one in done.after.on_offer()],
    )
