"""Which deals a model may learn from, and on which it is then tried: never on the same."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from opps.domain.facts import Attribute
from opps.domain.knowledge import Known
from opps.domain.oks_1 import OKS_1
from opps.domain.score import score
from opps.learning.metrics import SEED
from opps.learning.moments import TrainingRow

ORIGINS = 5
GROUPED_FOLDS = 10


class Fold(Struct, frozen=True):
    """The rows to learn from, and the rows to be tried on."""

    learn: list[TrainingRow]
    tried: list[TrainingRow]


def folds(rows: Sequence[TrainingRow]) -> list[Fold]:
    """Return the rolling origins of the rows; seeded folds where nobody says when deals ended.

    With times, each of five later periods is foretold from all deals that ended before it, and
    deals without a time are left out. Without any, deals of which the same is known stay together
    in one of ten folds.
    """
    timed = [row for row in rows if row.closed_at is not None]
    return list(_rolling(timed) if timed else _grouped(rows))


def held_out(rows: Sequence[TrainingRow]) -> list[Fold]:
    """Return folds of which every one may learn from about as many deals.

    With times it is one: the last third of the deals, and those that ended before it. Without any
    it is all ten.
    """
    made = folds(rows)
    if not made or made[0].tried[0].closed_at is None:
        return made
    return [Fold(made[-2:][0].learn, [row for fold in made[-2:] for row in fold.tried])]


def latest(rows: Sequence[TrainingRow], deals: int) -> list[TrainingRow]:
    """Return the rows of so many deals: the last to end; drawn with a seed where nobody says."""
    ended = {row.opportunity_id: row.closed_at for row in rows}
    ids = sorted(ended)
    drawn = [ids[place] for place in np.random.default_rng(SEED).permutation(len(ids))]
    times = {one: at for one, at in ended.items() if at is not None}
    if len(times) == len(ended):
        drawn.sort(key=times.__getitem__, reverse=True)
    chosen = set(drawn[:deals])
    return [row for row in rows if row.opportunity_id in chosen]


def _rolling(rows: Sequence[TrainingRow]) -> Iterator[Fold]:
    ended = {row.opportunity_id: row.closed_at for row in rows if row.closed_at is not None}
    instants = sorted(ended.values())
    starts = [instants[len(instants) * block // (ORIGINS + 1)] for block in range(1, ORIGINS + 1)]
    for start, end in pairwise([*dict.fromkeys(starts), None]):
        assert start is not None
        learn = [row for row in rows if ended[row.opportunity_id] < start]
        tried = [
            row
            for row in rows
            if ended[row.opportunity_id] >= start
            and (end is None or ended[row.opportunity_id] < end)
        ]
        if learn and tried:
            yield Fold(learn, tried)


def _grouped(rows: Sequence[TrainingRow]) -> Iterator[Fold]:
    """Yield folds of whole deals, and whole groups of deals of which the same is known."""
    heard = defaultdict(list)
    for row in rows:
        heard[row.opportunity_id].append(_heard(row.known))
    groups: dict[Hashable, list[UUID]] = defaultdict(list)
    for opportunity_id in sorted(heard):
        groups[tuple(heard[opportunity_id])].append(opportunity_id)
    alike = list(groups.values())
    shuffled = np.random.default_rng(SEED).permutation(len(alike))
    for some in np.array_split(shuffled, max(1, min(GROUPED_FOLDS, len(alike)))):
        chosen = {one for place in some for one in alike[place]}
        learn = [row for row in rows if row.opportunity_id not in chosen]
        if learn:
            yield Fold(learn, [row for row in rows if row.opportunity_id in chosen])


def _heard(known: Known) -> Hashable:
    """Return what a model can hear of a deal."""
    attributes = [
        (fact.attribute, fact.value)
        for standing in known.standings.values()
        if (belief := standing.belief) and isinstance(fact := belief.fact, Attribute)
    ]
    by_rule = score(replace(known, model=OKS_1)).contributions
    return tuple(sorted(known.context.items())), tuple(sorted(attributes, key=str)), by_rule
