"""Closed opportunities drawn from a model that is known, to see what a fit makes of them."""

from collections.abc import Sequence
from datetime import timedelta
from math import exp

import numpy as np
from msgspec.structs import replace

from opps.domain.behaviour import STEPS, Wait
from opps.domain.catalogue import Facet
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.facts import Attribute
from opps.domain.knowledge import Known
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.provenance import SourceKind
from opps.domain.score import score
from opps.learning.moments import TrainingRow
from tests.domain.build import DEAL, MONDAY, belief, known

DAY = timedelta(days=1)
NEED = ("VAGUE", "CLEAR", "URGENT")
KINDS = ("NEW", "EXISTING")

NEED_SIGNAL = Signal(
    name="need",
    source=SignalSource.ATTRIBUTE,
    topic=Topic.BUSINESS_ISSUES,
    weight=Nats(0.8, 0.4),
    values={
        value: Graded(grade=grade, because=f"{value} need")
        for value, grade in zip(NEED, (-1.0, 0.0, 1.0), strict=True)
    },
)
KIND_SIGNAL = Signal(
    name="kind",
    source=SignalSource.CONTEXT,
    topic=Topic.CONTEXT,
    weight=Nats(),
    values={value: Graded() for value in KINDS},
)
EXPERT = replace(OKS_1, name="expert", signals=(*OKS_1.signals, NEED_SIGNAL, KIND_SIGNAL))


def waited(wait: Wait, days: int) -> Conduct:
    """Return the conduct that is of a wait after so many days, by the clock of Monday."""
    since = MONDAY - days * DAY
    match wait:
        case Wait.AWAITED:
            return NO_CONDUCT.proposed(since)
        case Wait.ANSWERED:
            return NO_CONDUCT.proposed(since).answered(since)
        case Wait.REQUOTED:
            return NO_CONDUCT.proposed(since - 2 * DAY).answered(since - DAY).proposed(since)


def a_deal(
    need: str | None = None, kind: str | None = None, conduct: Conduct = NO_CONDUCT
) -> Known:
    said = Attribute(attribute="need", facet=Facet.ISSUE, value=need)
    facts = [] if need is None else [belief(said, source=SourceKind.BUYER_SAID)]
    context = {} if kind is None else {"kind": kind}
    return replace(known(*facts, clock=MONDAY), context=context, conduct=conduct)


def deals(number: int, seed: int = 7) -> list[Known]:
    """Return opportunities of which some things are known and others are not."""
    draw = np.random.default_rng(seed)
    return [
        a_deal(
            (*NEED, None)[draw.integers(4)],
            (*KINDS, None)[draw.integers(3)],
            NO_CONDUCT
            if draw.random() < 0.2
            else waited(tuple(Wait)[draw.integers(3)], STEPS[draw.integers(len(STEPS))]),
        )
        for _ in range(number)
    ]


def closed(
    model: Model, knowns: Sequence[Known], seed: int = 8, *, told: bool = True
) -> list[TrainingRow]:
    """Return how opportunities end when a model is the truth; `told` why they were lost."""
    draw = np.random.default_rng(seed)
    rows = []
    for one in knowns:
        truth = score(replace(one, model=model))
        decided = bool(draw.random() < _chance(truth.log_odds_happen))
        won = decided and bool(draw.random() < _chance(truth.log_odds_win))
        rows.append(
            TrainingRow(
                known=one, won=won, decided=decided if told or won else None, opportunity_id=DEAL
            )
        )
    return rows


def _chance(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
