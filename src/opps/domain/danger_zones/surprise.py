"""Danger zones of what comes up late: an alternative or an evaluator of weight, near the end."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from opps.domain.contradictions import told_at
from opps.domain.danger_zones.progress import passed_at
from opps.domain.danger_zones.sight import Firing, Sight, ids
from opps.domain.facts import Alternative, Evaluator
from opps.domain.facts.decision import AlternativeKind
from opps.domain.facts.evaluators import InfluenceLevel
from opps.domain.knowledge import Held
from opps.domain.valence.grades import MASS

_GIVEN = frozenset({AlternativeKind.US, AlternativeKind.DO_NOTHING})


def late_surprise(sight: Sight) -> Firing | None:
    """DZ24: since gate 3 somebody or something of weight came up; it counts for thirty days."""
    late_since = passed_at(sight, sight.days("DZ24", "gate"))
    if late_since is None:
        return None
    days = sight.days("DZ24")
    late = [
        (one, first)
        for one in _weighty(sight)
        if (first := _first_told(sight, one)) > late_since and not sight.longer_than(days, first)
    ]
    if not late:
        return None
    since = min(first for _, first in late)
    return Firing(
        "somebody or something of weight came up late", ids(one for one, _ in late), since
    )


def _weighty(sight: Sight) -> Iterator[Held[Any]]:
    people = sight.people
    for evaluator in sight.believed.of(Evaluator):
        if people.mass(evaluator.fact.evaluator_id) >= MASS[InfluenceLevel.SIGNIFICANT]:
            yield evaluator
    for alternative in sight.believed.of(Alternative):
        if alternative.fact.alternative_kind not in _GIVEN:
            yield alternative


def _first_told(sight: Sight, held: Held[Any]) -> datetime:
    """Return when we first knew of it, whatever was said of it since."""
    return min(told_at(one) for one in sight.state.histories[held.fact.key].beliefs)
