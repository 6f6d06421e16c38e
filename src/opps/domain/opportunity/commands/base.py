"""What every command on an opportunity has."""

from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import doc
from opps.domain.times import Learned


class OpportunityCommand(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something asked of one opportunity."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    learned: Annotated[Learned | None, doc("When our side came to know; now when absent.")] = None
