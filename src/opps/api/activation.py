"""The mutation that brings a scoring model into force."""

from typing import Any

import strawberry

from opps.api.context import Info
from opps.api.models import ScoringModelType, model_of
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.scoring_model import ActivateScoringModel


@strawberry.type(description="What a command on a scoring model answers.")
class ScoringModelPayload(Payload):
    scoring_model: ScoringModelType | None = strawberry.field(
        description="The model as it is now; null when refused."
    )


def activation() -> Any:
    """Return the mutation that brings a model into force."""
    return organisation_mutation(
        ActivateScoringModel, ScoringModelPayload, _carry_out, scoring_model=None
    )


async def _carry_out(
    info: Info, command: ActivateScoringModel, request: Request
) -> ScoringModelPayload:
    done = await info.context.services.application.scoring_model(command, request)
    return ScoringModelPayload(
        version=done.model.version,
        position=Position(done.position),
        replayed=done.replayed,
        user_errors=[],
        scoring_model=model_of(done.models, done.model),
    )
