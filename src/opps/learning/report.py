"""The report on a scoring model: how good it is on deals it has not seen, and how sure that is."""

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np
from msgspec import Struct

from opps.domain.events import Backtest, Interval
from opps.domain.model import Model
from opps.domain.opportunity.state import CUSTOMER_KIND, ORIGIN
from opps.learning.diagnosis import Coverage, Unknown, covered, unknowns
from opps.learning.folds import held_out, latest
from opps.learning.gate import Trial, judged, predicted
from opps.learning.metrics import (
    Bin,
    Metrics,
    NullEce,
    Numbers,
    bootstrap,
    metrics,
    null_ece,
    reliability,
)
from opps.learning.moments import TrainingRow
from opps.learning.teaching import LEAST_TO_FIT, Fit
from opps.learning.telling import Learned, learned

# Fewer deals make no segment: docs/score.md.
LEAST_IN_SEGMENT = 50
SEGMENTS = (CUSTOMER_KIND, ORIGIN)
SIZES = (20, 40, 80, 160, 320, 640, 1280, 2560, 5120)


class CurvePoint(Struct, frozen=True, kw_only=True):
    """How good a model is that learned from so many deals, on the same later ones."""

    deals: int
    brier: Interval
    log_loss: float
    ece: float
    auc: float | None


class Segment(Struct, frozen=True, kw_only=True):
    """How good a model is on the deals of one kind."""

    what: str
    value: str
    deals: int
    base_rate: float
    brier: Interval
    skill: float | None
    ece: float
    null_ece: NullEce


class Report(Struct, frozen=True, kw_only=True):
    """What is known of how good a scoring model is.

    All figures are of deals that the model had not learned from. `base_brier` is the Brier score of
    the base rate of those that were learned from; `against_average` compares a model with what it
    says on average.
    """

    model: str
    prior: str
    against: str
    deals: int
    rows: int
    timed: bool
    evidence: bool
    backtest: Backtest
    base_brier: float
    against_base: Interval
    against_average: Interval
    figures: Mapping[str, Interval]
    null_ece: NullEce
    reliability: Sequence[Bin]
    coverage: Coverage | None
    curve: Sequence[CurvePoint]
    segments: Sequence[Segment]
    learned: Sequence[Learned]
    unknowns: Sequence[Unknown]


class Subject(Struct, frozen=True, kw_only=True):
    """What a report is about: a model, the one it started from, and the one in force."""

    model: Model
    prior: Model
    against: str


def report(subject: Subject, rows: Sequence[TrainingRow], found: Trial, fit: Fit) -> Report:
    """Return the report on a model, from its trial on closed deals."""
    won, weights = found.won, found.weights
    return Report(
        model=subject.model.name,
        prior=subject.prior.name,
        against=subject.against,
        deals=found.tried,
        rows=len(found.rows),
        timed=found.timed,
        evidence=found.evidence,
        backtest=judged(found),
        base_brier=metrics(won, found.base, weights).brier,
        against_base=found.against(found.base),
        against_average=found.against(found.average),
        figures=bootstrap(won, found.p, weights, clusters=found.deals),
        null_ece=null_ece(found.p, weights, clusters=found.deals),
        reliability=reliability(won, found.p, weights),
        coverage=covered(subject.model, rows),
        curve=_curve(subject.prior, rows, fit),
        segments=list(_segments(found)),
        learned=learned(subject.prior, subject.model),
        unknowns=unknowns(subject.model, rows),
    )


def _curve(prior: Model, rows: Sequence[TrainingRow], fit: Fit) -> list[CurvePoint]:
    """Return how good a fit is on deals that it has not seen, by how many it learned from."""
    made = held_out(rows)
    there = min((len({row.opportunity_id for row in fold.learn}) for fold in made), default=0)
    if there < LEAST_TO_FIT:
        return []
    tried = [row for fold in made for row in fold.tried]
    sizes = [0, *(size for size in SIZES if size < there), there]
    said = {
        size: np.concatenate(
            [predicted(_after(prior, fold.learn, size, fit), fold.tried) for fold in made]
        )
        for size in sizes
    }
    return [_point(size, tried, said[size]) for size in sizes]


def _after(prior: Model, rows: Sequence[TrainingRow], deals: int, fit: Fit) -> Model:
    """Return the model that the latest so many deals make of the prior one."""
    return fit(prior, latest(rows, deals), name="learning") if deals else prior


def _point(deals: int, tried: Sequence[TrainingRow], p: Numbers) -> CurvePoint:
    won, weights = [row.won for row in tried], [row.weight for row in tried]
    found = bootstrap(won, p, weights, clusters=[row.opportunity_id for row in tried])
    return CurvePoint(
        deals=deals,
        brier=found["brier"],
        log_loss=found["log_loss"].value,
        ece=found["ece"].value,
        auc=there(found["auc"].value),
    )


def _segments(found: Trial) -> list[Segment]:
    segments = []
    for what in SEGMENTS:
        values = [row.known.context.get(what) for row in found.rows]
        for value in sorted({value for value in values if value is not None}):
            places = [place for place, one in enumerate(values) if one == value]
            if len({found.deals[place] for place in places}) >= LEAST_IN_SEGMENT:
                segments.append(_segment(found, what, value, places))
    return segments


def _segment(found: Trial, what: str, value: str, places: list[int]) -> Segment:
    won, p, weights = found.won[places], found.p[places], found.weights[places]
    clusters = [found.deals[place] for place in places]
    here: Metrics = metrics(won, p, weights)
    base = metrics(won, found.base[places], weights).brier
    return Segment(
        what=what,
        value=value,
        deals=len(set(clusters)),
        base_rate=here.base_rate,
        brier=bootstrap(won, p, weights, clusters=clusters)["brier"],
        skill=1 - here.brier / base if base > 0 else None,
        ece=here.ece,
        null_ece=null_ece(p, weights, clusters=clusters),
    )


def there(figure: float) -> float | None:
    """Return a figure, None where there is none."""
    return None if isnan(figure) else figure
