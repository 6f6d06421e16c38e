"""How often an organisation's opportunities were decided at all, and how often it won them."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.model import NO_NATS, Model, Signal
from opps.learning.base_rate import smoothed
from opps.learning.design import sample, unheard, unspoken
from opps.learning.moments import TrainingRow
from opps.learning.settings import DEFAULT

_CLOSE_ENOUGH = 1e-10
_MOST_STEPS = 100_000


class Rates(Struct, frozen=True):
    """How often a deal is decided, and how often it is won once decided."""

    happen: float
    win: float


class _Counts(Struct):
    """How many deals ended how, counted by their weights."""

    won: float = 0.0
    to_a_rival: float = 0.0
    undecided: float = 0.0
    lost_somehow: float = 0.0


def own_rates(prior: Model, rows: Sequence[TrainingRow]) -> Rates:
    """Return the organisation's own rates, smoothed towards those of the prior.

    The likeliest rates: where nobody says whether a lost deal was decided, it counts for both ways
    of losing it.
    """
    counts = _counted(rows)
    rates = Rates(prior.prior_happen, prior.prior_win)
    for _ in range(_MOST_STEPS):
        before, rates = rates, _better(rates, counts, prior)
        if abs(rates.happen - before.happen) + abs(rates.win - before.win) < _CLOSE_ENOUGH:
            break
    return rates


def base_rate_model(prior: Model, rows: Sequence[TrainingRow], name: str) -> Model:
    """Return the model that answers with the organisation's own rates, whatever those deals told.

    What none of them spoke of keeps the weight that the expert gave it: nothing was learned of it.
    """
    rates = own_rates(prior, rows)
    said = sample(prior, [row.known for row in rows])
    untold = unspoken(said)
    return replace(
        prior,
        name=name,
        prior_happen=rates.happen,
        prior_win=rates.win,
        weights={
            objective: weight if objective in untold else NO_NATS
            for objective, weight in prior.weights.items()
        },
        unheard=unheard(prior, said, deals=len({row.opportunity_id for row in rows})),
        signals=tuple(
            _silenced(signal) if number in said.heard else signal
            for number, signal in enumerate(prior.signals)
        ),
        precedents=None,
    )


def is_base_rate(model: Model, prior: Model) -> bool:
    """Tell whether a model is one of the base rate, made from a prior: nothing but zeros is new."""
    pairs = [(model.weights[one], prior.weights[one]) for one in prior.weights]
    before = {signal.name: signal for signal in prior.signals}
    for signal in model.signals:
        expert = before[signal.name]
        pairs.append((signal.weight, expert.weight))
        pairs += [
            (signal.values[one].deviation, expert.values[one].deviation) for one in signal.values
        ]
    return all(after in (NO_NATS, old) for after, old in pairs) and any(
        after != old for after, old in pairs
    )


def _counted(rows: Sequence[TrainingRow]) -> _Counts:
    counts = _Counts()
    for row in rows:
        if row.won:
            counts.won += row.weight
        elif row.decided is None:
            counts.lost_somehow += row.weight
        elif row.decided:
            counts.to_a_rival += row.weight
        else:
            counts.undecided += row.weight
    return counts


def _better(rates: Rates, counts: _Counts, prior: Model) -> Rates:
    """Return likelier rates: what was lost somehow is shared out by those that were there."""
    lost = 1 - rates.happen * rates.win
    to_a_rival = counts.to_a_rival + counts.lost_somehow * rates.happen * (1 - rates.win) / lost
    undecided = counts.undecided + counts.lost_somehow * (1 - rates.happen) / lost
    decided = counts.won + to_a_rival
    return Rates(
        smoothed(decided, decided + undecided, prior.prior_happen, DEFAULT.pseudo_deals_alone),
        smoothed(counts.won, decided, prior.prior_win, DEFAULT.pseudo_deals_alone),
    )


def _silenced(signal: Signal) -> Signal:
    values = {value: replace(one, deviation=NO_NATS) for value, one in signal.values.items()}
    return replace(signal, weight=NO_NATS, values=values, spread=NO_NATS)
