"""Mutations of an organisation as a whole, such as its thresholds: no id to give, no version."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry
from msgspec import Struct

from opps.api.context import Info
from opps.api.derive import parts, sentence_of
from opps.api.errors import REFUSED, user_error
from opps.api.inputs import COMMAND_ID, input_field, made_input, member_of
from opps.api.payload import Payload
from opps.api.values import struct_of
from opps.application import Request
from opps.telemetry.asking import correlation_now
from opps.telemetry.observing import carrying_out


def organisation_mutation(
    command: type[Struct],
    payload: type[Payload],
    carry_out: Callable[[Info, Any, Request], Awaitable[Payload]],
    **refused: Any,
) -> Any:
    """Return the mutation of a command; `refused` are the payload's own fields when it is not."""

    async def resolve(info: Info, input: Any) -> Any:
        viewer = info.context.viewer
        try:
            asked = struct_of(input, ("input",))
            request = Request(
                tenant=viewer.tenant,
                actor=viewer.actor,
                command_id=input.command_id,
                correlation_id=correlation_now(),
            )
            with carrying_out(command.__name__, request.command_id) as became:
                answer = await carry_out(info, asked, request)
                became("replayed" if answer.replayed else "stored")
            return answer
        except REFUSED as reason:
            return payload(
                version=None,
                position=None,
                replayed=False,
                user_errors=[user_error(reason)],
                **refused,
            )

    argument = strawberry.argument(description="What is wanted, under an id of its own.")
    resolve.__annotations__ |= {"input": Annotated[_input(command), argument], "return": payload}
    return strawberry.mutation(resolver=resolve, description=sentence_of(command))


def _input(command: type[Struct]) -> type:
    members = {part.name: member_of(part) for part in parts(command)}
    members["command_id"] = (UUID, input_field(COMMAND_ID))
    return made_input(f"{command.__name__}Input", command, members)
