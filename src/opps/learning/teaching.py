"""Fit a model to closed opportunities, and say so where what is known of them tells nothing."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from opps.domain.model import Model
from opps.learning.fit import fit as fit_to
from opps.learning.gate import Advance, TooFewDeals, Trial, trial
from opps.learning.moments import TrainingRow
from opps.learning.rates import base_rate_model

# With fewer, the prior speaks: docs/score.md.
LEAST_TO_FIT = 10
# From here on, what still cannot be told from the base rate is no evidence, and not too few deals.
LEAST_TO_DOUBT = 200


class Fit(Protocol):
    """What makes a model of a prior one and of closed opportunities."""

    def __call__(self, prior: Model, rows: Sequence[TrainingRow], *, name: str) -> Model:
        """Return the model."""


class Taught(Struct, frozen=True, kw_only=True):
    """A model, and the trial of how it was made; None where the deals are too few for one.

    `evidence` is whether what is known of a deal tells more than one rate for all does. A `dull`
    model answers with the base rate alone: after 200 deals or more there was no evidence.
    """

    model: Model
    deals: int
    trial: Trial | None
    evidence: bool
    dull: bool


def taught(
    prior: Model,
    rows: Sequence[TrainingRow],
    *,
    name: str,
    fit: Fit = fit_to,
    advance: Advance = lambda done, total: None,
) -> Taught:
    """Return the model that closed opportunities make of the prior one.

    Raises:
        TooFewDeals: there are fewer than ten.
    """
    deals = len({row.opportunity_id for row in rows})
    if deals < LEAST_TO_FIT:
        raise TooFewDeals(
            f"{deals} closed opportunities teach too little: a fit takes {LEAST_TO_FIT}. Until "
            "then the prior model is the better one."
        )
    found = _tried(prior, rows, name, fit, advance)
    evidence = found is not None and found.evidence
    dull = not evidence and found is not None and found.tried >= LEAST_TO_DOUBT
    model = base_rate_model(prior, rows, name) if dull else fit(prior, rows, name=name)
    return Taught(model=model, deals=deals, trial=found, evidence=evidence, dull=dull)


def _tried(
    prior: Model, rows: Sequence[TrainingRow], name: str, fit: Fit, advance: Advance
) -> Trial | None:
    try:
        return trial(rows, lambda learn: fit(prior, learn, name=name), advance=advance)
    except TooFewDeals:
        return None
