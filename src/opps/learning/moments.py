"""What a closed opportunity teaches: what was known of it at fixed moments, and how it ended."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from opps.domain.knowledge import Known


class TrainingRow(Struct, frozen=True, kw_only=True):
    """What was known of a closed opportunity at one moment, and how it ended.

    `decided` is None where nobody says whether the customer decided at all. The weights of the
    rows of one opportunity add up to 1. The model of `known` is that of the moment, and means
    nothing here. Without `closed_at` nobody knows when it ended.
    """

    known: Known
    won: bool
    decided: bool | None
    opportunity_id: UUID
    weight: float = 1.0
    closed_at: datetime | None = None
    moment: str = ""
