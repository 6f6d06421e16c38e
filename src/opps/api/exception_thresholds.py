"""In the schema: from which deviation of a score on an exception is raised."""

from typing import Any

import strawberry

from opps.api.context import Info
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.exceptions.thresholds import ExceptionThresholds, SetExceptionThresholds


@strawberry.type(
    name="ExceptionThresholds",
    description="From which deviation of a score on an exception is raised.",
)
class ThresholdsType:
    score_move: float = strawberry.field(
        description="One event that moves the probability this far raises one."
    )
    decision_threshold: float = strawberry.field(
        description="The high end of the interval falling below this raises one."
    )
    walk_away_below: float = strawberry.field(
        description="The high end staying below this, after the second gate, asks whether to walk "
        "away."
    )
    walk_away_days: int = strawberry.field(description="For how many days it has to stay below.")


@strawberry.type(description="What a command on the thresholds of exceptions answers.")
class ExceptionThresholdsPayload(Payload):
    thresholds: ThresholdsType | None = strawberry.field(
        description="The thresholds as they are now; null when refused."
    )


@strawberry.type
class ThresholdsAsked:
    @strawberry.field(description="From which deviation of a score on an exception is raised.")
    async def exception_thresholds(self, info: Info) -> ThresholdsType:
        tenant = info.context.viewer.tenant
        return _shown(await info.context.services.application.thresholds(tenant))


def thresholds_mutation() -> Any:
    """Return the mutation that sets thresholds."""
    return organisation_mutation(
        SetExceptionThresholds, ExceptionThresholdsPayload, _carry_out, thresholds=None
    )


async def _carry_out(
    info: Info, command: SetExceptionThresholds, request: Request
) -> ExceptionThresholdsPayload:
    done = await info.context.services.application.exception_thresholds(command, request)
    return ExceptionThresholdsPayload(
        version=done.after.version,
        position=Position(done.position),
        replayed=done.replayed,
        user_errors=[],
        thresholds=_shown(done.after),
    )


def _shown(held: ExceptionThresholds) -> ThresholdsType:
    return ThresholdsType(
        score_move=held.score_move,
        decision_threshold=held.decision_threshold,
        walk_away_below=held.walk_away_below,
        walk_away_days=held.walk_away_days,
    )
