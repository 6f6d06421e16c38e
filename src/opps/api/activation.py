"""The mutation that brings a scoring model into force."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import parts, sentence_of
from opps.api.errors import REFUSED, user_error
from opps.api.inputs import COMMAND_ID, input_field, made_input, member_of
from opps.api.models import ScoringModelType, model_of
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.api.values import struct_of
from opps.application import Request
from opps.domain.scoring_model import ActivateScoringModel


@strawberry.type(description="What a command on a scoring model answers.")
class ScoringModelPayload(Payload):
    scoring_model: ScoringModelType | None = strawberry.field(
        description="The model as it is now; null when refused."
    )


def _activation_input() -> type:
    members = {part.name: member_of(part) for part in parts(ActivateScoringModel)}
    members["command_id"] = (UUID, input_field(COMMAND_ID))
    return made_input("ActivateScoringModelInput", ActivateScoringModel, members)


def activation() -> Any:
    """Return the mutation that brings a model into force."""

    async def resolve(info: Info, input: Any) -> ScoringModelPayload:
        context = info.context
        try:
            command = struct_of(input, ("input",))
            request = Request(
                tenant=context.viewer.tenant,
                actor=context.viewer.actor,
                command_id=input.command_id,
            )
            done = await context.services.application.scoring_model(command, request)
        except REFUSED as reason:
            return ScoringModelPayload(
                version=None,
                position=None,
                replayed=False,
                user_errors=[user_error(reason)],
                scoring_model=None,
            )
        return ScoringModelPayload(
            version=done.model.version,
            position=Position(done.position),
            replayed=done.replayed,
            user_errors=[],
            scoring_model=model_of(done.models, done.model),
        )

    argument = strawberry.argument(description="What is wanted, under an id of its own.")
    resolve.__annotations__["input"] = Annotated[_activation_input(), argument]
    return strawberry.mutation(resolver=resolve, description=sentence_of(ActivateScoringModel))
