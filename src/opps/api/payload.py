"""What every command answers."""

import strawberry

from opps.api.errors import UserError
from opps.api.scalars import Position


@strawberry.type(description="What every command answers.")
class Payload:
    version: int | None = strawberry.field(
        description="The object's version now: expect it in the next command. Null when refused."
    )
    position: Position | None = strawberry.field(
        description="Place in the log that shows what was done: give it as `atLeast` to a query. "
        "Null when refused."
    )
    replayed: bool = strawberry.field(
        description="The command had been carried out before; this is its answer again."
    )
    user_errors: list[UserError] = strawberry.field(
        description="Why it was not carried out; empty when it was."
    )
