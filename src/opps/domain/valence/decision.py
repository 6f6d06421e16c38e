"""Valence of the decision's objectives: alternatives, decision criteria, decision process.

Source: docs/knowledge.md, objectives 7 to 9; what it leaves open is decided in ADR 0006.
"""

from math import fsum
from uuid import UUID

from msgspec import Struct

from opps.domain.credence import SILENCE_DAYS, days_past
from opps.domain.facts import (
    Alternative,
    Criterion,
    CriterionWeight,
    DecisionRule,
    DecisionStep,
    NextStep,
    Preference,
    Standing,
)
from opps.domain.facts.decision import AlternativeKind, StepStatus
from opps.domain.knowledge import Believed, Held
from opps.domain.valence import grades
from opps.domain.valence.people import People
from opps.domain.valence.voice import SILENT, Piece, Voice, combine

_NO_PURCHASE = frozenset({AlternativeKind.DO_NOTHING, AlternativeKind.OTHER_PROJECT})


def alternatives(believed: Believed, people: People) -> tuple[Voice, Voice]:
    """Return how little they favour buying nothing, and how far they favour us over a rival."""
    preferences = [
        one for one in believed.of(Preference) if one.fact.evaluator_id not in people.gone
    ]
    if not preferences:
        return SILENT, SILENT
    unseen = people.unseen(one.fact.evaluator_id for one in preferences)
    masses = [people.mass(one.fact.evaluator_id) for one in preferences]
    heard = combine(
        (Piece(0.0, one.credence, mass) for one, mass in zip(preferences, masses, strict=True)),
        unseen,
    )
    total = fsum(masses)
    if not total:
        return SILENT, SILENT
    favour: dict[UUID, list[float]] = {}
    for one, mass in zip(preferences, masses, strict=True):
        if one.fact.alternative_id is not None:
            firmness = 1.0 if one.fact.strength is None else one.fact.strength
            favour.setdefault(one.fact.alternative_id, []).append(mass * firmness)
    shares = {alternative: fsum(parts) / total for alternative, parts in favour.items()}
    return (
        Voice(_against_nothing(shares, preferences, believed, people), heard.credence),
        Voice(_against_rivals(shares, believed), heard.credence),
    )


def decision_criteria(believed: Believed, people: People) -> tuple[Voice, Voice]:
    """Return nothing of will-it-happen, and how we stand against the strongest rival.

    Knowing the criteria settles the small doubt whether it will happen, in neither direction.
    """
    if not believed.of(Standing):
        return SILENT, SILENT
    weights = _weights(believed)
    ratings = _ratings(believed, people)
    ours = ratings.get(believed.known.us, {})
    failed = _failed(believed, ours)
    if failed is not None:
        return Voice(0.0, failed.credence), failed
    without = no_purchase(believed) | {believed.known.us}
    rivals = sorted((one for one in ratings if one not in without), key=str)
    compared = [_compare(weights, ours, ratings[rival]) for rival in rivals]
    win = min(compared or [_compare(weights, ours, {})], key=lambda one: one.valence)
    return Voice(0.0, win.credence), win


def decision_process(believed: Believed) -> tuple[Voice, Voice]:
    """Return whether the next step holds, and whether the way to the decision suits us."""
    holds = [
        Piece(_next_step(step.fact, believed), step.credence) for step in believed.of(NextStep)
    ]
    suits = [
        Piece(_suits(rule.fact.favours_us), rule.credence)
        for rule in believed.of(DecisionRule)
        if rule.fact.favours_us is not None
    ]
    return combine(holds + _slips(believed)), combine(suits)


def no_purchase(believed: Believed) -> frozenset[UUID]:
    """Return the alternatives in which nothing is bought: doing nothing, another project."""
    return frozenset(
        held.fact.alternative_id
        for held in believed.of(Alternative)
        if held.fact.alternative_kind in _NO_PURCHASE
    ) | {believed.known.do_nothing}


def _against_nothing(
    shares: dict[UUID, float],
    preferences: list[Held[Preference]],
    believed: Believed,
    people: People,
) -> float:
    nothing = fsum(shares.get(one, 0.0) for one in no_purchase(believed))
    undecided = any(
        one.fact.indecision and people.mass(one.fact.evaluator_id) for one in preferences
    )
    said = grades.ALTERNATIVES["favours doing nothing"].happen * nothing
    return max(-1.0, said + (grades.ALTERNATIVES["indecision"].happen if undecided else 0.0))


def _against_rivals(shares: dict[UUID, float], believed: Believed) -> float:
    us = believed.known.us
    apart = no_purchase(believed) | {us}
    rivals = (share for alternative, share in shares.items() if alternative not in apart)
    for_us = grades.ALTERNATIVES["favours us"].win * shares.get(us, 0.0)
    return for_us + grades.ALTERNATIVES["favours a rival"].win * max(rivals, default=0.0)


class Rating(Struct, frozen=True, gc=False):
    """How one alternative does on one criterion, and how far that is believed."""

    value: float
    credence: float


def _weights(believed: Believed) -> dict[UUID, float]:
    """Return the weight of each criterion; one that was not weighed counts as one of five."""
    told = {one.fact.criterion_id: one.fact.weight for one in believed.of(CriterionWeight)}
    unstated = grades.UNSTATED_WEIGHT
    rated = {one.fact.criterion_id for one in believed.of(Standing)}
    named = {one.fact.criterion_id for one in believed.of(Criterion)}
    disputed = {facts[0].criterion_id for facts in believed.contested(Criterion)}
    return {one: told.get(one, unstated) for one in rated | named | disputed | told.keys()}


def _ratings(believed: Believed, people: People) -> dict[UUID, dict[UUID, Rating]]:
    """Return the ratings of each alternative by criterion: as evaluators see it, else our team."""
    views: dict[tuple[UUID, UUID], list[Held[Standing]]] = {}
    for held in believed.of(Standing):
        if held.fact.evaluator_id not in people.gone:
            pair = held.fact.alternative_id, held.fact.criterion_id
            views.setdefault(pair, []).append(held)
    ratings: dict[UUID, dict[UUID, Rating]] = {}
    for (alternative, criterion), held_views in views.items():
        ratings.setdefault(alternative, {})[criterion] = _rating(held_views, people)
    return ratings


def _rating(views: list[Held[Standing]], people: People) -> Rating:
    theirs = [
        Piece(view.fact.rating, view.credence, people.mass(view.fact.evaluator_id))
        for view in views
        if view.fact.evaluator_id is not None
    ]
    team = [
        Piece(view.fact.rating, view.credence) for view in views if view.fact.evaluator_id is None
    ]
    signal = combine(theirs if any(piece.mass for piece in theirs) else team)
    return Rating(signal.valence, signal.credence)


def _failed(believed: Believed, ours: dict[UUID, Rating]) -> Voice | None:
    """Return the mandatory criterion that we fail, the best founded one, if there is one."""
    failed = [
        ours[held.fact.criterion_id].credence
        for held in believed.of(Criterion)
        if held.fact.mandatory
        and held.fact.criterion_id in ours
        and ours[held.fact.criterion_id].value < 0
    ]
    return Voice(grades.CRITERIA["fails a mandatory one"].win, max(failed)) if failed else None


def _compare(
    weights: dict[UUID, float], ours: dict[UUID, Rating], theirs: dict[UUID, Rating]
) -> Voice:
    """Return how we stand against a rival: half of each criterion's weight rests on each side.

    A side that nobody rated counts as level, and its half as unseen.
    """
    level = Rating(0.0, 0.0)
    pieces, unseen = [], []
    for criterion, weight in weights.items():
        if criterion not in ours and criterion not in theirs:
            unseen.append(weight)
            continue
        us, rival = ours.get(criterion, level), theirs.get(criterion, level)
        credence = (us.credence + rival.credence) / 2
        pieces.append(Piece((us.value - rival.value) / grades.FULL_LEAD, credence, weight))
    return combine(pieces, fsum(unseen))


def _next_step(step: NextStep, believed: Believed) -> float:
    """Return what a next step says: a promise of the buyer's on time, or long silence after it."""
    if not step.buyer_committed:
        return grades.NEXT_STEP["not promised"].happen
    late = days_past(step.on_date, believed.known.clock)
    if late > SILENCE_DAYS:
        return grades.NEXT_STEP["promised, silent since"].happen
    return grades.NEXT_STEP["promised, late" if late else "promised, on time"].happen


def _suits(us: bool) -> float:
    return grades.DECISION_RULE["favours us" if us else "does not favour us"].win


def _slips(believed: Believed) -> list[Piece]:
    """Return what two or more slips say, as far as they are believed on average."""
    slips = grades.NEXT_STEP["slips"].happen
    slipped = [
        Piece(slips, step.credence)
        for step in believed.of(DecisionStep)
        if step.fact.status is StepStatus.SLIPPED
    ]
    return [Piece(slips, combine(slipped).credence)] if len(slipped) >= grades.SLIPS else []
