"""A place of the past, as a query names it."""

from datetime import datetime
from typing import Annotated, TypeVar

import strawberry
from strawberry import UNSET

from opps.api.reading import HEAD, Moment
from opps.api.scalars import Position

T = TypeVar("T")


@strawberry.input(
    one_of=True, description="At which place of the past to look; give exactly one field."
)
class AsOf:
    position: Position | None = strawberry.field(
        description="As the system held it at this position of the log.", default=UNSET
    )
    screen: datetime | None = strawberry.field(
        description="As the system showed it at this instant of recorded time.", default=UNSET
    )


At = Annotated[
    AsOf | None,
    strawberry.argument(description="A place of the past to look at; now when absent."),
]


def moment_of(as_of: AsOf | None, otherwise: Moment = HEAD) -> Moment:
    """Return up to where the log is to be read."""
    if as_of is None:
        return otherwise
    return Moment(position=_given(as_of.position), recorded_at=_given(as_of.screen))


def _given(value: T) -> T | None:
    return None if value is UNSET else value
