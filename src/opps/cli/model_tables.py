"""What the commands on scoring models show: as tables for people, as structs for scripts."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from opps.cli.output import print_table, say
from opps.domain.catalogue import Objective
from opps.domain.model import Model, Nats, Signal
from opps.domain.scoring_model import InForce, Models, ScoringModel, Tried


class Listed(Struct, frozen=True, kw_only=True):
    """A model in the list."""

    name: str
    in_force: bool
    origin: str
    learned_from: int
    defined_at: datetime | None
    tried: Tried | None
    periods: Sequence[InForce]


class Shown(Listed, frozen=True, kw_only=True):
    """A model with all that it weighs."""

    up_to: int
    model: Model


class Activated(Struct, frozen=True, kw_only=True):
    """What `opps model activate` did; `scored` is how many scores moved, in how many seconds."""

    name: str
    before: str
    changed: bool
    position: int
    scored: int
    seconds: float


def listed(models: Models) -> list[Listed]:
    """Return every model, the oldest first."""
    return [
        Listed(
            name=one.name,
            in_force=models.in_force.name == one.name,
            origin=one.origin,
            learned_from=one.learned_from,
            defined_at=one.defined_at,
            tried=one.tried,
            periods=models.periods_of(one.name),
        )
        for one in models.models.values()
    ]


def shown(models: Models, one: ScoringModel) -> Shown:
    """Return a model whole."""
    return Shown(
        name=one.name,
        in_force=models.in_force.name == one.name,
        origin=one.origin,
        learned_from=one.learned_from,
        defined_at=one.defined_at,
        tried=one.tried,
        periods=models.periods_of(one.name),
        up_to=one.up_to,
        model=one.model,
    )


def print_list(models: Models) -> None:
    """Print every model, the oldest first."""
    print_table(
        "",
        ("model", "in force", "learned from", "Brier on later deals", "gate", "origin"),
        (
            (
                one.name,
                _scored(models.periods_of(one.name)),
                one.learned_from or "",
                _brier(one.tried),
                _gate(one.tried),
                one.origin,
            )
            for one in models.models.values()
        ),
    )


def print_model(models: Models, one: ScoringModel) -> None:
    """Print every weight and grade of a model, each with its reason."""
    model = one.model
    say(f"{one.name}: {one.origin}.")
    if one.learned_from:
        say(f"Learned from {one.learned_from:,} closed opportunities up to position {one.up_to:,}.")
    if one.tried is not None:
        say(f"Against {one.tried.against} on later deals: Brier {_brier(one.tried)}.")
    say(f"In force: {_scored(models.periods_of(one.name)) or 'never'}.")
    for period in models.periods_of(one.name):
        if period.reason is not None:
            say(f"  since {_day(period.since)}, approved by {period.approver}: {period.reason}")
    say("")
    say("With nothing known:")
    say(
        f"  it happens with {model.prior_happen:.3f}, and we win it then with {model.prior_win:.3f}"
    )
    say(
        f"  the unknown lies within {model.spread_unexamined:g} (not looked at) or "
        f"{model.spread_examined:g} (acknowledged), a standard deviation of its valence"
    )
    print_table(
        "\nWeights in nats at full credence, by the rules of docs/knowledge.md",
        ("objective", "will it happen", "will we win it"),
        ((name, *_nats(model.weights[name])) for name in Objective),
    )
    for signal in model.signals:
        _print_signal(signal)
    if model.precedents is not None:
        say(f"\n{len(model.precedents.deals):,} closed opportunities pull those like them.")


def _print_signal(signal: Signal) -> None:
    happen, win = _nats(signal.weight)
    print_table(
        f"\n{signal.name}: {signal.source.value} for {signal.topic.value}, weighs {happen} and "
        f"{win}, mean grade {signal.mean:+.2f}",
        ("value", "grade", "learned: happen", "win", "because"),
        _values(signal),
    )


def _values(signal: Signal) -> Iterator[tuple[str, str, str, str, str]]:
    for value, graded in signal.values.items():
        yield (value, f"{graded.grade:+.2f}", *_nats(graded.deviation), graded.because)


def _nats(nats: Nats) -> tuple[str, str]:
    return f"{nats.happen:+.3f}", f"{nats.win:+.3f}"


def _scored(periods: Sequence[InForce]) -> str:
    """Return when a model scored, the last time."""
    if not periods:
        return ""
    last = periods[-1]
    since = "from the start" if last.since is None else f"since {_day(last.since)}"
    return since if last.until is None else f"{since} until {_day(last.until)}"


def _brier(tried: Tried | None) -> str:
    if tried is None:
        return ""
    brier, difference = tried.backtest.brier, tried.backtest.difference
    return f"{brier.value:.4f} ({difference.low:+.4f} to {difference.high:+.4f})"


def _gate(tried: Tried | None) -> str:
    if tried is None:
        return "not tried"
    return "passed" if tried.backtest.passed else "not passed"


def _day(instant: datetime | None) -> str:
    return "the start" if instant is None else f"{instant:%Y-%m-%d}"
