"""Tensions: standing facts of different keys that do not fit together.

Each may hold by itself, so none is doubted and the score stays as it is; but somebody should ask.
Source: docs/knowledge.md.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct

from opps.domain.beliefs import Belief
from opps.domain.contradictions import told_at
from opps.domain.facts import (
    Alternative,
    CompellingEvent,
    DecisionDate,
    DecisionStep,
    Funding,
    Impact,
    Preference,
    Standing,
)
from opps.domain.facts.decision import AlternativeStatus, StepStatus
from opps.domain.knowledge import Believed, Held
from opps.domain.money import Money
from opps.domain.opportunity.state import Opportunity, known

# A budget that is smaller than this share of our price does not reach.
FUNDED_SHARE = Decimal("0.8")
# Our own view lies this far above the evaluator's: we see ourselves differently than they do.
RATED_APART = 2


class TensionRule(StrEnum):
    """Which facts do not fit together.

    RATED_TOO_WELL: our team rates us two steps or more above an evaluator. DECIDED_TOO_LATE: the
    decision comes after the compelling event. FUNDED_TOO_LITTLE: the money is below .8 of our
    price. DECIDED_BEFORE_THE_LAST_STEP: a step is planned after the decision. WORTH_TOO_LITTLE:
    what the change is worth a year does not exceed our price. PREFERRED_THOUGH_ELIMINATED: an
    alternative is out, and somebody still favours it.
    """

    RATED_TOO_WELL = "RATED_TOO_WELL"
    DECIDED_TOO_LATE = "DECIDED_TOO_LATE"
    FUNDED_TOO_LITTLE = "FUNDED_TOO_LITTLE"
    DECIDED_BEFORE_THE_LAST_STEP = "DECIDED_BEFORE_THE_LAST_STEP"
    WORTH_TOO_LITTLE = "WORTH_TOO_LITTLE"
    PREFERRED_THOUGH_ELIMINATED = "PREFERRED_THOUGH_ELIMINATED"


class Tension(Struct, frozen=True):
    """Facts that do not fit together, in words, and since when we know of all of them."""

    rule: TensionRule
    because: str
    beliefs: tuple[Belief, ...]
    since: datetime


def tensions(state: Opportunity) -> tuple[Tension, ...]:
    """Return the tensions between what stands, in the order of their rules."""
    believed = Believed(known(state))
    return (
        *_rated_too_well(believed),
        *_decided_too_late(believed),
        *funded_too_little(believed),
        *_decided_before_the_last_step(believed),
        *_worth_too_little(believed),
        *_preferred_though_eliminated(believed),
    )


def _rated_too_well(believed: Believed) -> Iterator[Tension]:
    ours = [one for one in believed.of(Standing) if one.fact.alternative_id == believed.known.us]
    team = {one.fact.criterion_id: one for one in ours if one.fact.evaluator_id is None}
    for theirs in ours:
        own = team.get(theirs.fact.criterion_id)
        if own is None or theirs.fact.evaluator_id is None:
            continue
        if own.fact.rating - theirs.fact.rating >= RATED_APART:
            because = f"we rate ourselves {own.fact.rating:+}, the evaluator {theirs.fact.rating:+}"
            yield _between(TensionRule.RATED_TOO_WELL, because, own, theirs)


def _decided_too_late(believed: Believed) -> Iterator[Tension]:
    for decision in believed.of(DecisionDate):
        for event in believed.of(CompellingEvent):
            if _before(event.fact.on_date, decision.fact.on_date):
                because = f"they decide on {decision.fact.on_date}, it happens {event.fact.on_date}"
                yield _between(TensionRule.DECIDED_TOO_LATE, because, decision, event)


def funded_too_little(believed: Believed, share: Decimal = FUNDED_SHARE) -> Iterator[Tension]:
    """Yield the money that is below a share of our price."""
    for money in believed.of(Funding):
        funded, price = money.fact.amount, _price(believed, money.fact.amount)
        if funded and price and funded.amount < share * price.amount:
            because = f"{_said(funded)} are funded, our price is {_said(price)}"
            yield _between(TensionRule.FUNDED_TOO_LITTLE, because, money)


def _decided_before_the_last_step(believed: Believed) -> Iterator[Tension]:
    for decision in believed.of(DecisionDate):
        for step in believed.of(DecisionStep):
            if step.fact.status is StepStatus.DROPPED:
                continue
            if _before(decision.fact.on_date, step.fact.planned_on):
                decided, planned = decision.fact.on_date, step.fact.planned_on
                because = f"they decide on {decided}, {step.fact.name} comes on {planned}"
                rule = TensionRule.DECIDED_BEFORE_THE_LAST_STEP
                yield _between(rule, because, decision, step)


def _worth_too_little(believed: Believed) -> Iterator[Tension]:
    for impact in believed.of(Impact):
        worth, price = impact.fact.value_per_year, _price(believed, impact.fact.value_per_year)
        if worth and price and not impact.fact.rejected and worth.amount <= price.amount:
            because = f"the change is worth {_said(worth)} a year, our price is {_said(price)}"
            yield _between(TensionRule.WORTH_TOO_LITTLE, because, impact)


def _preferred_though_eliminated(believed: Believed) -> Iterator[Tension]:
    eliminated = {
        one.fact.alternative_id: one
        for one in believed.of(Alternative)
        if one.fact.status is AlternativeStatus.ELIMINATED
    }
    for preference in believed.of(Preference):
        out = preference.fact.alternative_id and eliminated.get(preference.fact.alternative_id)
        if out and preference.fact.evaluator_id not in believed.gone:
            because = f"{out.fact.name} is out, and somebody still favours it"
            yield _between(TensionRule.PREFERRED_THOUGH_ELIMINATED, because, out, preference)


def _between(rule: TensionRule, because: str, *held: Held[Any]) -> Tension:
    beliefs = tuple(one.belief for one in held)
    return Tension(rule, because, beliefs, max(map(told_at, beliefs)))


def _before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other


def _price(believed: Believed, beside: Money | None) -> Money | None:
    """Return our price, if there is one and it can be compared with an amount."""
    price = believed.known.amount
    if price is None or beside is None or price.currency != beside.currency or price.amount <= 0:
        return None
    return price


def _said(money: Money) -> str:
    return f"{money.amount:,} {money.currency}"
