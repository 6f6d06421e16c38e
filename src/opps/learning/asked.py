"""What was known of an opportunity so many days after its first proposal, while it was open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import Event, ProposalSent
from opps.domain.knowledge import Known
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, Status, known
from opps.domain.recorded import Recorded
from opps.domain.setting import Setting
from opps.learning.moments import TrainingRow, recorded_by

# A seller who turns the customer down has decided for both: it was not the customer who let it be.
_DECIDED = {
    Status.WON: True,
    Status.LOST: True,
    Status.DISQUALIFIED: True,
    Status.NO_DECISION: False,
}


class Asked(Struct, frozen=True):
    """What was known at one age, in days since the first proposal."""

    age_days: float
    known: Known


class Followed(Struct, frozen=True, kw_only=True):
    """One opportunity from its first proposal on; without `closed_at` nobody knows how it ended."""

    external_id: str
    opportunity_id: UUID
    proposed_at: datetime
    closed_at: datetime | None
    won: bool
    decided: bool
    asked: tuple[Asked, ...]

    def rows(self, weight: float) -> list[TrainingRow]:
        """Return what it teaches: a row for each age, each of that weight."""
        return [
            TrainingRow(
                known=one.known,
                won=self.won,
                decided=self.decided,
                opportunity_id=self.opportunity_id,
                weight=weight,
                closed_at=self.closed_at,
                moment=f"{one.age_days:g}_DAYS_AFTER_PROPOSAL",
            )
            for one in self.asked
        ]


def follow(
    external_id: str, history: Sequence[Recorded[Event]], ages_days: Sequence[float]
) -> Followed | None:
    """Return an opportunity asked about at ages, as long as it was open; None without a proposal.

    At each age only what had been recorded by then is seen, and the clock stands there.
    """
    events = sorted(history, key=recorded_by)
    sent = next((one for one in events if isinstance(one.event, ProposalSent)), None)
    if sent is None:
        return None
    proposed_at = recorded_by(sent)
    asked: list[Asked] = []
    state: Opportunity | None = None
    left = iter(events)
    coming = next(left, None)
    for age in sorted(ages_days):
        moment = proposed_at + timedelta(days=age)
        while coming is not None and recorded_by(coming) <= moment:
            state = _after(state, coming)
            coming = next(left, None)
        if state is not None and state.open:
            asked.append(Asked(age, known(replace(state, setting=Setting(clock=moment)))))
    while coming is not None:
        state = _after(state, coming)
        coming = next(left, None)
    if state is None:
        return None
    return Followed(
        external_id=external_id,
        opportunity_id=state.opportunity_id,
        proposed_at=proposed_at,
        closed_at=state.closed_at,
        won=state.status is Status.WON,
        decided=_DECIDED.get(state.status, False),
        asked=tuple(asked),
    )


def _after(state: Opportunity | None, one: Recorded[Event]) -> Opportunity | None:
    return evolve(state, replace(one, recorded_at=recorded_by(one)))
