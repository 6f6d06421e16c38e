"""What both sides did around the knowledge: proposals, answers, and our own activity."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

_NOTHING: Mapping[str, "Activity"] = MappingProxyType({})


class Activity(Struct, frozen=True, gc=False):
    """How often our side did something, and when first and last."""

    count: int
    first_at: datetime
    last_at: datetime


class Conduct(Struct, frozen=True, gc=False, kw_only=True):
    """What the buyer and we did: an answer of the buyer's is awaited since the last proposal.

    First and last are by the time that it happened, whenever it was recorded. `opened_at` is when
    the opportunity was opened. The activities of our side are kept apart: only a model that asks
    for them, under their own label, looks at them.
    """

    opened_at: datetime | None = None
    proposals: int = 0
    first_proposal_at: datetime | None = None
    proposal_sent_at: datetime | None = None
    responses: int = 0
    responded_at: datetime | None = None
    activities: Mapping[str, Activity] = _NOTHING

    def proposed(self, at: datetime) -> "Conduct":
        """Return the conduct after a proposal was sent."""
        return replace(
            self,
            proposals=self.proposals + 1,
            first_proposal_at=min(at, self.first_proposal_at or at),
            proposal_sent_at=max(at, self.proposal_sent_at or at),
        )

    def answered(self, at: datetime) -> "Conduct":
        """Return the conduct after the buyer answered."""
        return replace(
            self,
            responses=self.responses + 1,
            responded_at=max(at, self.responded_at or at),
        )

    def acted(self, name: str, at: datetime) -> "Conduct":
        """Return the conduct after our side did something."""
        before = self.activities.get(name)
        after = (
            Activity(1, at, at)
            if before is None
            else Activity(before.count + 1, min(at, before.first_at), max(at, before.last_at))
        )
        return replace(self, activities={**self.activities, name: after})


NO_CONDUCT = Conduct()
