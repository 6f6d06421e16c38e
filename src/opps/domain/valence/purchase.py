"""Valence of the purchase's objectives: required solution, funding, timing.

Source: docs/knowledge.md, objectives 4 to 6; what it leaves open is decided in ADR 0006.
"""

from collections.abc import Sequence

from opps.domain.beliefs import View
from opps.domain.credence import days_past
from opps.domain.facts import CompellingEvent, DecisionDate, Fit, Funding, Need, PriceExpectation
from opps.domain.facts.purchase import Criticality
from opps.domain.knowledge import Believed, Held
from opps.domain.money import Money
from opps.domain.valence import grades
from opps.domain.valence.voice import Piece, Voice, combine


def required_solution(believed: Believed) -> tuple[Voice, Voice]:
    """Return whether what they have could do, and how well we meet what they must have."""
    musts = [
        need
        for need in believed.of(Need)
        if need.fact.criticality is Criticality.MUST and not need.fact.rejected
    ]
    wanted = {need.fact.need_id for need in musts}
    contested = len(believed.contested(Need))
    fits = [fit for fit in believed.of(Fit) if fit.fact.need_id in wanted]
    ours = [Piece(grades.FIT[fit.fact.level].win, fit.credence) for fit in fits]
    return _gap_today(musts, contested), combine(ours, len(musts) - len(fits) + contested)


def funding(believed: Believed) -> tuple[Voice, Voice]:
    """Return how far the money is, and how our price lies against what they expect."""
    money = [
        Piece(grades.FUNDING[one.fact.status].happen, one.credence) for one in believed.of(Funding)
    ]
    prices = [
        Piece(grades.PRICE[position].win, one.credence)
        for one in believed.of(PriceExpectation)
        if (position := _price_position(believed.known.amount, one.fact)) is not None
    ]
    return combine(money), combine(prices)


def timing(believed: Believed) -> tuple[Voice, Voice]:
    """Return whether a date presses them, and whether our lead time suits it better."""
    dates = [
        Piece(grades.LEAD_TIME[one.fact.our_lead_time].win, one.credence)
        for one in believed.of(DecisionDate)
        if one.fact.our_lead_time is not None
    ]
    return _reason_to_act(believed), combine(dates)


def _gap_today(musts: list[Held[Need]], contested: int) -> Voice:
    """Return +.5 where what they have today leaves one must unmet, 0 where it meets them all."""
    unmet = [need for need in musts if need.fact.met_by_status_quo is False]
    met = [need for need in musts if need.fact.met_by_status_quo is True]
    says = grades.STATUS_QUO["leaves a must unmet" if unmet else "meets the musts"].happen
    return combine([Piece(says, need.credence) for need in unmet or met], contested)


def _price_position(price: Money | None, expected: PriceExpectation) -> str | None:
    if price is None or {expected.low.currency, expected.high.currency} != {price.currency}:
        return None
    if price.amount > expected.high.amount:
        return "above what they expect"
    return "below what they expect" if price.amount < expected.low.amount else "as they expect"


def _reason_to_act(believed: Believed) -> Voice:
    """Return what the firmest statements say: a hard date, a soft one, one that was missed.

    That there is no date speaks as firmly, until one is named. A date that has passed no longer
    speaks once there is another.
    """
    said = grades.REASON_TO_ACT
    firm, soft, missed = [], [], []
    for event in _latest_word(believed.of(CompellingEvent), believed.known.view):
        if event.fact.absent:
            firm.append(Piece(said["none"].happen, event.credence))
        elif event.fact.on_date is not None and days_past(event.fact.on_date, believed.known.clock):
            missed.append(Piece(said["missed"].happen, event.credence))
        elif _hard(event.fact):
            firm.append(Piece(said["a hard date"].happen, event.credence))
        else:
            soft.append(Piece(said["a soft date"].happen, event.credence))
    return combine(firm or soft or missed, len(believed.contested(CompellingEvent)))


def _latest_word(
    events: Sequence[Held[CompellingEvent]], view: View
) -> list[Held[CompellingEvent]]:
    """Return the events without a "there is none" that came before one of them, or only that."""
    none = [one for one in events if one.fact.absent]
    some = [one for one in events if not one.fact.absent]
    if not none or not some:
        return list(events)
    later = max(events, key=lambda one: one.belief.rank(view))
    return none if later.fact.absent else some


def _hard(event: CompellingEvent) -> bool:
    return event.on_date is not None and event.consequence is not None and not event.movable
