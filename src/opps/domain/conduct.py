"""What both sides did around the knowledge: proposals, answers, and our own activity."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.money import Money

_NOTHING: Mapping[str, "Activity"] = MappingProxyType({})


class Activity(Struct, frozen=True, gc=False):
    """How often our side did something, and when first and last."""

    count: int
    first_at: datetime
    last_at: datetime


class Sent(Struct, frozen=True, gc=False):
    """A proposal that went to the buyer; without a name it is like no other."""

    at: datetime
    proposal: str | None = None
    amount: Money | None = None

    @property
    def content(self) -> object:
        """What makes it the same proposal when it is sent again."""
        return self.at if self.proposal is None else (self.proposal, self.amount)


class Conduct(Struct, frozen=True, gc=False, kw_only=True):
    """What the buyer and we did around proposals, and our own activity.

    All is by the time that it happened, whenever it was recorded. `opened_at` is when the
    opportunity was opened. The activities of our side are kept apart: only a model that asks for
    them, under their own label, looks at them.
    """

    opened_at: datetime | None = None
    sent: frozenset[Sent] = frozenset()
    withdrawn: frozenset[tuple[str, datetime]] = frozenset()
    responded_at: datetime | None = None
    activities: Mapping[str, Activity] = _NOTHING

    @property
    def first_proposal_at(self) -> datetime | None:
        """When we first proposed."""
        return min((one.at for one in self.sent), default=None)

    @property
    def proposal_sent_at(self) -> datetime | None:
        """When we last proposed."""
        return max((one.at for one in self.sent), default=None)

    @property
    def awaited_since(self) -> datetime | None:
        """Since when an answer to the newest proposal is awaited; None where none is.

        To send the same again is no news: the buyer has been silent since it was first sent. What
        we took back awaits no answer.
        """
        return max((one.at for one in self.waiting), default=None)

    @property
    def waiting(self) -> tuple[Sent, ...]:
        """The proposals that an answer is awaited to, as each was first sent, oldest first."""
        first: dict[object, Sent] = {}
        for one in sorted(self.sent, key=lambda one: one.at):
            if not self._answered(one) and not self._withdrawn(one):
                first.setdefault(one.content, one)
        return tuple(first.values())

    def proposed(
        self, at: datetime, proposal: str | None = None, amount: Money | None = None
    ) -> "Conduct":
        """Return the conduct after a proposal was sent."""
        return replace(self, sent=self.sent | {Sent(at, proposal, amount)})

    def took_back(self, at: datetime, proposal: str) -> "Conduct":
        """Return the conduct after we took a proposal back."""
        return replace(self, withdrawn=self.withdrawn | {(proposal, at)})

    def answered(self, at: datetime) -> "Conduct":
        """Return the conduct after the buyer answered."""
        return replace(self, responded_at=max(at, self.responded_at or at))

    def acted(self, name: str, at: datetime) -> "Conduct":
        """Return the conduct after our side did something."""
        before = self.activities.get(name)
        after = (
            Activity(1, at, at)
            if before is None
            else Activity(before.count + 1, min(at, before.first_at), max(at, before.last_at))
        )
        return replace(self, activities={**self.activities, name: after})

    def _answered(self, one: Sent) -> bool:
        return self.responded_at is not None and one.at <= self.responded_at

    def _withdrawn(self, one: Sent) -> bool:
        return any(name == one.proposal and one.at <= at for name, at in self.withdrawn)


NO_CONDUCT = Conduct()
