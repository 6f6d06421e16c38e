"""What both sides did around the knowledge: proposals, answers, and our own activity."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

_NOTHING: Mapping[str, "Activity"] = MappingProxyType({})


class Activity(Struct, frozen=True, gc=False):
    """How often our side did something, and when last."""

    count: int
    last_at: datetime


class Conduct(Struct, frozen=True, gc=False, kw_only=True):
    """What the buyer and we did: an answer of the buyer's is awaited since the last proposal.

    `opened_at` is when the opportunity was opened. The activities of our side are kept apart:
    only a model that asks for them, under their own label, looks at them.
    """

    opened_at: datetime | None = None
    proposals: int = 0
    proposal_sent_at: datetime | None = None
    responses: int = 0
    responded_at: datetime | None = None
    activities: Mapping[str, Activity] = _NOTHING


NO_CONDUCT = Conduct()
