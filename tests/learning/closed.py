"""Invented closed deals: some of which what is known decides, and some that end at random."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import numpy as np
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.facts import Attribute
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.score import score
from opps.learning.moments import TrainingRow
from tests.domain.build import DEAL, MONDAY, known

FACETS = {
    "budget": Facet.FUNDING_STATUS,
    "sponsor": Facet.CHAMPION_BEHAVIOUR,
    "rival": Facet.CONSIDERED_SET,
    "date": Facet.DECISION_DATE,
    "need": Facet.NEED,
}
VALUES = {"GOOD": 1.0, "MIXED": 0.0, "BAD": -1.0}
GRADES = {
    value: Graded(grade=grade, because=f"an expert's {value.lower()}")
    for value, grade in VALUES.items()
}
EXPERT = replace(
    OKS_1,
    name="expert",
    prior_happen=0.6,
    prior_win=0.6,
    signals=tuple(
        Signal(
            name=name,
            source=SignalSource.ATTRIBUTE,
            topic=Topic(facet.objective.value),
            weight=Nats(0.7, 0.8),
            values=GRADES,
            spread=Nats(0.5, 0.6),
        )
        for name, facet in FACETS.items()
    ),
)
# It believes the opposite of what the expert believes.
CONTRARY = replace(
    EXPERT,
    name="contrary",
    signals=tuple(replace(one, weight=Nats(-0.7, -0.8)) for one in EXPERT.signals),
)


def unmoved(model: Model = EXPERT) -> Model:
    """Return the model that says the same of every deal."""
    return replace(model, name="unmoved", signals=())


def closed(
    deals: int, seed: int = 1, *, rate: float | None = None, timed: bool = True
) -> list[TrainingRow]:
    """Return a row for each of some deals, one a day; at one rate whatever is known, if given."""
    generator = np.random.default_rng(seed)
    return [_ended(deal, generator, rate, timed) for deal in range(deals)]


def deal_id(number: int) -> UUID:
    return uuid5(DEAL, f"closed {number}")


def later(row: TrainingRow, days: int) -> TrainingRow:
    assert row.closed_at is not None
    return replace(row, closed_at=row.closed_at + timedelta(days=days))


def of_deals(rows: Sequence[TrainingRow]) -> set[UUID]:
    return {row.opportunity_id for row in rows}


def _ended(
    deal: int, generator: np.random.Generator, rate: float | None, timed: bool
) -> TrainingRow:
    said = generator.choice(list(VALUES), size=len(FACETS))
    facts = [
        Attribute(attribute=name, facet=facet, value=str(value))
        for (name, facet), value in zip(FACETS.items(), said, strict=True)
    ]
    what = replace(known(*facts), context={"customer_kind": ("NEW", "EXISTING")[deal % 2]})
    p = score(replace(what, model=EXPERT)).p if rate is None else rate
    won = bool(generator.random() < p)
    ended: datetime | None = MONDAY + timedelta(days=deal) if timed else None
    lost_how = (True, False, None)[int(generator.integers(3))]
    return TrainingRow(
        known=what,
        won=won,
        decided=True if won else lost_how,
        opportunity_id=deal_id(deal),
        closed_at=ended,
    )
