"""What the commands that learn scoring models answer, in words and for scripts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from opps.cli.output import print_table, say
from opps.domain.events import Backtest, Interval
from opps.domain.model import Model
from opps.learning.telling import Learned, evidence_of, learned, title

if TYPE_CHECKING:
    from opps.learning.lessons import Lessons
    from opps.learning.teaching import Taught


class Fitted(Struct, frozen=True, kw_only=True):
    """What `opps model fit` made; `silent` is how many closed opportunities teach nothing, why."""

    name: str
    prior: str
    opportunities: int
    moments: int
    silent: Mapping[str, int]
    evidence: bool
    answers_with_base_rate: bool
    against_base_rate: Interval | None
    against_average: Interval | None
    learned: Sequence[Learned]
    position: int


class Backtested(Struct, frozen=True, kw_only=True):
    """What `opps model backtest` found."""

    name: str
    against: str
    evidence: bool
    against_base_rate: Interval
    against_average: Interval
    backtest: Backtest


class Reported(Struct, frozen=True, kw_only=True):
    """What `opps model report` wrote."""

    name: str
    passed: bool
    files: list[str]


def origin(found: "Taught", prior: str) -> str:
    """Return in words where a model comes from."""
    deals = f"{found.deals:,} closed opportunities"
    if found.dull:
        return (
            f"The base rate of {deals}, from {prior}: there is no evidence that what is known of "
            "a deal tells more"
        )
    return f"Fitted to {deals}, from {prior}"


def fitted(found: "Taught", prior: Model, lessons: "Lessons", position: int) -> Fitted:
    trial = found.trial
    return Fitted(
        name=found.model.name,
        prior=prior.name,
        opportunities=found.deals,
        moments=len(lessons.rows),
        silent={reason.value: often for reason, often in lessons.silent.items()},
        evidence=found.evidence,
        answers_with_base_rate=found.dull,
        against_base_rate=None if trial is None else trial.against(trial.base),
        against_average=None if trial is None else trial.against(trial.average),
        learned=learned(prior, found.model),
        position=position,
    )


def tell_fit(fitted: Fitted) -> None:
    say(
        f"{fitted.name} learned from {fitted.opportunities:,} closed opportunities, seen at "
        f"{fitted.moments:,} moments, and started from {fitted.prior}."
    )
    if fitted.silent:
        say(f"Others teach nothing: {_listed(fitted.silent)}.")
    if fitted.against_base_rate is not None and fitted.against_average is not None:
        say(evidence_of(fitted.evidence, fitted.against_base_rate, fitted.against_average))
    if fitted.answers_with_base_rate:
        say("So it answers with the base rate.")
    elif fitted.learned:
        rows = [(title(one.topic), one.text, f"{one.points:+.1f}") for one in fitted.learned]
        print_table("What was learned", ("", "", "points"), rows)
    say(f"It scores nothing yet. Next: `opps model backtest {fitted.name}`.")


def tell_backtest(tried: Backtested, *, timed: bool) -> None:
    found, how = tried.backtest, "later" if timed else "other"
    rows = [
        ("Brier score", f"{found.brier.value:.4f}", _ends(found.brier)),
        (
            f"less that of {tried.against}",
            f"{found.difference.value:+.4f}",
            _ends(found.difference),
        ),
        ("skill against the base rate", f"{found.skill:+.3f}", ""),
    ]
    what = f"{tried.name} on {found.opportunities:,} {how} deals, {found.folds} folds"
    print_table(what, ("", "value", "interval"), rows)
    say(evidence_of(tried.evidence, tried.against_base_rate, tried.against_average))
    if tried.name == tried.against:
        say("It is in force, and was compared with itself.")
    elif found.passed:
        say(f"It passes the gate. Next: `opps model activate {tried.name} --reason WHY`.")
    else:
        say(f"It does not pass the gate: {tried.against} should stay in force.")


def _ends(interval: Interval) -> str:
    return f"[{interval.low:+.4f}, {interval.high:+.4f}]"


def reasons(lessons: "Lessons") -> str:
    return _listed({reason.value: often for reason, often in lessons.silent.items()})


def _listed(silent: Mapping[str, int]) -> str:
    return ", ".join(
        f"{often:,} {reason.replace('_', ' ').lower()}" for reason, often in sorted(silent.items())
    )
