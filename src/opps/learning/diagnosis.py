"""What a report says beside the figures: whether bands hold, and who wins with what unknown."""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.events import Interval
from opps.domain.facts import Attribute
from opps.domain.knowledge import Believed, Known
from opps.domain.model import Model
from opps.domain.score import score
from opps.learning.metrics import SEED, rate_gap
from opps.learning.moments import TrainingRow

# Enough to tell 80 % from 75 %, and few enough to score twice.
_MOST_COVERED = 500
_LEAST_BESIDE = 10
_HIDDEN_SHARE = 0.5


class Coverage(Struct, frozen=True, kw_only=True):
    """How often the 80 % band holds what p becomes when the other half is known, and of how many.

    The band of a deal of which half of what is known is hidden, by a seeded draw.
    """

    rows: int
    share: float


class Unknown(Struct, frozen=True, kw_only=True):
    """How often deals are won with nothing known of an objective, and with something.

    A diagnostic: what is unknown never counts against a deal. `difference` is the rate of unknown
    less that of known, with its 95 % interval.
    """

    objective: Objective
    known_deals: int
    unknown_deals: int
    won_known: float
    won_unknown: float
    difference: Interval


def covered(model: Model, rows: Sequence[TrainingRow]) -> Coverage | None:
    """Return how often the band holds; None where nothing is known that could be hidden."""
    generator = np.random.default_rng(SEED)
    order = [rows[place] for place in generator.permutation(len(rows))]
    telling = [row for row in order if len(row.known.standings) + len(row.known.context) > 1]
    held = [
        _holds(model, row.known, lambda: bool(generator.random() < _HIDDEN_SHARE))
        for row in telling[:_MOST_COVERED]
    ]
    return Coverage(rows=len(held), share=sum(held) / len(held)) if held else None


def unknowns(model: Model, rows: Sequence[TrainingRow]) -> list[Unknown]:
    """Return, for each objective of which some deals know nothing, how those ended.

    Objectives with fewer than ten deals on either side are left out.
    """
    heard = [_heard_of(replace(row.known, model=model)) for row in rows]
    found = (_unknown(objective, rows, heard) for objective in Objective)
    return [one for one in found if one is not None]


def _holds(model: Model, known: Known, hides: Callable[[], bool]) -> bool:
    full = replace(known, model=model)
    half = replace(
        full,
        standings={key: one for key, one in full.standings.items() if not hides()},
        context={name: value for name, value in full.context.items() if not hides()},
    )
    band = score(half)
    return band.low <= score(full).p <= band.high


def _heard_of(known: Known) -> frozenset[Objective]:
    """Return the objectives of which something is known."""
    return frozenset(
        one.fact.objective
        for one in Believed(known).held()
        if not (isinstance(one.fact, Attribute) and one.fact.value is None)
    )


def _unknown(
    objective: Objective, rows: Sequence[TrainingRow], heard: Sequence[frozenset[Objective]]
) -> Unknown | None:
    apart = np.array([objective not in one for one in heard])
    without = {row.opportunity_id for row, one in zip(rows, apart, strict=True) if one}
    beside = {row.opportunity_id for row, one in zip(rows, apart, strict=True) if not one}
    if min(len(without), len(beside)) < _LEAST_BESIDE:
        return None
    won = np.array([float(row.won) for row in rows])
    weights = np.array([row.weight for row in rows])
    return Unknown(
        objective=objective,
        known_deals=len(beside),
        unknown_deals=len(without),
        won_known=float(np.average(won[~apart], weights=weights[~apart])),
        won_unknown=float(np.average(won[apart], weights=weights[apart])),
        difference=rate_gap(won, apart, weights, clusters=[row.opportunity_id for row in rows]),
    )
