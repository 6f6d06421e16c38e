"""Contradictions: facts of one key that cannot all hold, open or settled by the team's choice."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

from msgspec import Struct

from opps.domain.beliefs import NOW, Belief, History, Resolution, Verdict
from opps.domain.opportunity.state import Opportunity


class Contradiction(Struct, frozen=True):
    """Facts of one key that cannot all hold, since when, and how the team settled it if it did."""

    key: str
    beliefs: tuple[Belief, ...]
    since: datetime
    resolution: Resolution | None = None


def contradictions(state: Opportunity) -> tuple[Contradiction, ...]:
    """Return what is contradicted and not settled, in the order of the log."""
    return tuple(
        Contradiction(key, _in_order(standing.beliefs), _since(standing.beliefs))
        for key, standing in state.standings.items()
        if standing.verdict is Verdict.CONTRADICTED
    )


def settled(state: Opportunity) -> tuple[Contradiction, ...]:
    """Return what was contradicted, and what the team chose and put aside."""
    return tuple(
        one
        for key, history in state.histories.items()
        if state.standing(key).verdict is not Verdict.CONTRADICTED
        for one in _settled(key, history)
    )


def told_at(belief: Belief) -> datetime:
    """Return when we learned a fact, as the latest redating says."""
    return belief.learned_for(NOW).effective(belief.recorded_at)


def _settled(key: str, history: History) -> Iterator[Contradiction]:
    """Yield the last choice, as long as what was chosen has not been taken back."""
    for resolution in history.resolutions[-1:]:
        named = {resolution.chosen, *resolution.rejected}
        beliefs = [one for one in history.beliefs if one.fact_id in named]
        if not any(one.fact_id == resolution.chosen and one.withdrawn(NOW) for one in beliefs):
            yield Contradiction(key, _in_order(beliefs), _since(beliefs), resolution)


def _in_order(beliefs: Sequence[Belief]) -> tuple[Belief, ...]:
    return tuple(sorted(beliefs, key=lambda one: (one.position, one.fact_id)))


def _since(beliefs: Sequence[Belief]) -> datetime:
    """Return when we first knew two facts that cannot both hold."""
    met = (
        max(told_at(one), told_at(other))
        for one, other in combinations(beliefs, 2)
        if one.fact.contradicts(other.fact)
    )
    return min(met, default=max(map(told_at, beliefs)))
