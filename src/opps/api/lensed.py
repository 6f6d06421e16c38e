"""Through which lens an opportunity is looked at, and the position at which to ask again."""

from enum import StrEnum

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.diffs import DiffType, From, To, diff_of
from opps.api.scalars import Position
from opps.api.zoned import Zoned
from opps.domain.opportunity.lenses import AsKnown


class LensKind(StrEnum):
    """Which knowledge is shown.

    NOW: all that the system holds. SCREEN: what the system showed at a position. KNOWN: what our
    side knew at an instant, late entries too. HINDSIGHT: what was true at an instant, as believed
    now.
    """

    NOW = "NOW"
    SCREEN = "SCREEN"
    KNOWN = "KNOWN"
    HINDSIGHT = "HINDSIGHT"


enum_of(LensKind)


@strawberry.type(description="Which knowledge of an opportunity is shown.")
class Lensed(Zoned):
    @strawberry.field(description="The lens.")
    def lens(self) -> LensKind:
        if self.moment.lens is not None:
            known = isinstance(self.moment.lens, AsKnown)
            return LensKind.KNOWN if known else LensKind.HINDSIGHT
        return LensKind.NOW if self.moment.position is None else LensKind.SCREEN

    @strawberry.field(
        description="The position of the log that the answer is told by: ask again at it, as "
        "`position` or `toldBy`, and the answer is the same to the last byte, whatever is "
        "recorded since. What a person's key can no longer open is redacted at every position. "
        "Of what is shown now it is the last position that the facts and the score rest on."
    )
    async def as_of_position(self, info: Info) -> Position:
        if self.moment.position is not None:
            return Position(self.moment.position)
        return Position((await self.picture(info)).position)

    @strawberry.field(
        description="What changed between two looks at it, fact by fact, and what each did to the "
        "score; null where it had not been opened by one of them."
    )
    async def diff(self, info: Info, from_: From, to: To = None) -> DiffType | None:
        return await diff_of(info, self.headline.opportunity_id, from_, to)
