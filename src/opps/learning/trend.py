"""How good probabilities are while time goes by: learned from earlier deals, asked of later ones.

Source: docs/score.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict, replace

from opps.domain.activity import (
    DONE_BEFORE_PROPOSAL_VALUES,
    LAST_DONE_VALUES,
    PROPOSED_AFTER,
    PROPOSED_AFTER_VALUES,
    done_before_proposal,
    last_done,
)
from opps.domain.behaviour import PROPOSAL_ANSWER, STEPS, Wait, behaviours
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.events import Interval
from opps.domain.knowledge import Known
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.score import score
from opps.domain.size import AMOUNT_SIZE, amount_size
from opps.learning.asked import Followed
from opps.learning.fit import fit
from opps.learning.metrics import Metrics, NullEce, bootstrap, metrics, null_ece

# No signal of a model has a longer name.
_LONGEST = 100
_SEEN = datetime(2026, 1, 1, tzinfo=UTC)


class AtAge(Struct, frozen=True, kw_only=True):
    """How it went with the deals that were open at one age."""

    age_days: float
    n: int
    won: float
    p: float
    brier: float
    auc: float


class Protocol(Struct, frozen=True, kw_only=True):
    """How good a model's probabilities were, with intervals over deals, and age by age."""

    n: int
    deals: int
    base_rate: float
    accuracy: float
    auc: float
    brier: float
    skill: float
    log_loss: float
    ece: float
    null_ece: NullEce
    intervals: dict[str, Interval]
    by_age: list[AtAge]
    signals: list[str]


class Silence(Struct, frozen=True, kw_only=True):
    """What a model says of one wait, and what became of the deals that were seen in it."""

    wait: Wait
    days: int
    p: float
    train_n: int
    train_won: float | None
    test_n: int
    test_won: float | None


def protocol(model: Model, test: Sequence[Followed]) -> Protocol:
    """Return how good the probabilities of a model were, asked at each age of each deal."""
    asked = [(one, at) for one in test for at in one.asked]
    won = np.array([float(one.won) for one, _ in asked])
    p = np.array([_p(model, at.known) for _, at in asked])
    deal = [one.external_id for one, _ in asked]
    age = np.array([at.age_days for _, at in asked])
    found = metrics(won, p)
    return Protocol(
        **asdict(found),
        deals=len(set(deal)),
        null_ece=null_ece(p, clusters=deal),
        intervals=bootstrap(won, p, clusters=deal),
        by_age=[
            _at_age(at, metrics(won[age == at], p[age == at]), p[age == at])
            for at in sorted(set(age.tolist()))
        ],
        signals=[one.name for one in model.signals],
    )


def learned(prior: Model, train: Sequence[Followed], name: str) -> Model:
    """Return the model that deals teach: at each age every deal that is open counts alike.

    All rows together weigh as much as there are deals.
    """
    rows = sum(len(one.asked) for one in train)
    weight = sum(1 for one in train if one.asked) / max(rows, 1)
    return fit(prior, [row for one in train for row in one.rows(weight)], name=name)


def with_activity(prior: Model, train: Iterable[Followed], name: str) -> Model:
    """Return a model that listens besides to what our side did in these deals, and their size.

    The signals say nothing until closed deals teach them.
    """
    knowns = [at.known for one in train for at in one.asked]
    done = {name for one in knowns for name in one.conduct.activities}
    names = sorted(name for name in done if len(done_before_proposal(name)) <= _LONGEST)
    sizes = sorted({amount_size(one.amount) for one in knowns if one.amount is not None})
    activities: list[tuple[str, Sequence[str]]] = [(PROPOSED_AFTER, PROPOSED_AFTER_VALUES)]
    activities += [(last_done(one), LAST_DONE_VALUES) for one in names]
    activities += [(done_before_proposal(one), DONE_BEFORE_PROPOSAL_VALUES) for one in names]
    more = [_blank(one, SignalSource.ACTIVITY, values) for one, values in activities]
    size = [_blank(AMOUNT_SIZE, SignalSource.CONTEXT, sizes)] if sizes else []
    return replace(prior, name=name, signals=(*prior.signals, *more, *size))


def silences(model: Model, train: Sequence[Followed], test: Sequence[Followed]) -> list[Silence]:
    """Return what a model says of each wait for an answer, with nothing else known."""
    seen, won = _seen(train)
    seen_later, won_later = _seen(test)
    return [
        Silence(
            wait=wait,
            days=days,
            p=_p(model, _waiting(wait, days)),
            train_n=seen[value],
            train_won=won[value] / seen[value] if seen[value] else None,
            test_n=seen_later[value],
            test_won=won_later[value] / seen_later[value] if seen_later[value] else None,
        )
        for wait in Wait
        for days, value in zip(STEPS, wait.values, strict=True)
    ]


def _blank(name: str, source: SignalSource, values: Iterable[str]) -> Signal:
    return Signal(
        name=name,
        source=source,
        topic=Topic(source.value),
        weight=Nats(),
        values={value: Graded() for value in values},
    )


def _p(model: Model, known: Known) -> float:
    return score(replace(known, model=model)).p


def _at_age(age: float, found: Metrics, p: np.ndarray) -> AtAge:
    return AtAge(
        age_days=age,
        n=found.n,
        won=found.base_rate,
        p=float(p.mean()),
        brier=found.brier,
        auc=found.auc,
    )


def _seen(deals: Sequence[Followed]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return how often each wait was seen, and how often it ended in a win."""
    seen: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for one in deals:
        for at in one.asked:
            said = behaviours(at.known.conduct, {}, at.known.clock)
            if (value := said.get(PROPOSAL_ANSWER)) is not None:
                seen[value] += 1
                won[value] += one.won
    return seen, won


def _waiting(wait: Wait, days: int) -> Known:
    """Return an opportunity of which nothing is known but that wait."""
    nobody = UUID(int=0)
    return Known(
        us=nobody,
        do_nothing=nobody,
        standings={},
        conduct=_conduct(wait),
        clock=_SEEN + timedelta(days=days),
    )


def _conduct(wait: Wait) -> Conduct:
    match wait:
        case Wait.AWAITED:
            return NO_CONDUCT.proposed(_SEEN)
        case Wait.ANSWERED:
            return NO_CONDUCT.proposed(_SEEN).answered(_SEEN)
        case Wait.REQUOTED:
            earlier = NO_CONDUCT.proposed(_SEEN - timedelta(days=2))
            return earlier.answered(_SEEN - timedelta(days=1)).proposed(_SEEN)
