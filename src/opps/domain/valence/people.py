"""The evaluators who are still there, and how much each weighs in this decision."""

from collections.abc import Iterable
from uuid import UUID

from opps.domain.facts import Evaluator, Influence
from opps.domain.facts.evaluators import InfluenceLevel, Role
from opps.domain.knowledge import Believed
from opps.domain.valence.grades import MASS, UNSEEN_MASS

_DECIDING = frozenset({Role.DECISION_MAKER, Role.ECONOMIC})


class People:
    """The influence of every evaluator who has been named and has not left."""

    def __init__(self, believed: Believed) -> None:
        self.gone = believed.gone
        self._levels = {held.fact.evaluator_id: held.fact.level for held in believed.of(Influence)}
        deciding = {
            held.fact.evaluator_id
            for held in believed.of(Evaluator)
            if _DECIDING.intersection(held.fact.roles)
        }
        self._deciding = deciding
        self.named = {held.fact.evaluator_id for held in believed.of(Evaluator)} - self.gone

    def mass(self, evaluator_id: UUID) -> float:
        """Return how much an evaluator weighs: nothing once they have left."""
        return 0.0 if evaluator_id in self.gone else MASS[self._level(evaluator_id)]

    def decisive(self, evaluator_id: UUID) -> bool:
        """Tell whether an evaluator who is still there decides."""
        return evaluator_id not in self.gone and (
            self._level(evaluator_id) is InfluenceLevel.DECISIVE
        )

    def unseen(self, heard: Iterable[UUID]) -> float:
        """Return the influence of those not heard: at least one whom nobody has named.

        Naming somebody who was allowed for changes nothing by itself.
        """
        silent = self.named.difference(heard)
        return max(UNSEEN_MASS, sum(sorted(self.mass(one) for one in silent)))

    def _level(self, evaluator_id: UUID) -> InfluenceLevel:
        """Return the influence as told; till then, the role's, or a significant one."""
        told = self._levels.get(evaluator_id)
        if told is not None:
            return told
        decides = evaluator_id in self._deciding
        return InfluenceLevel.DECISIVE if decides else InfluenceLevel.SIGNIFICANT
