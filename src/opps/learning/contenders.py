"""How each scoring model would have been made at any time before: by an expert, or by learning.

A model that learned is not tried as it is, for it has seen the deals that it would be tried on.
It is made again from those that had ended by then, as it was made once.
"""

from collections.abc import Sequence

from opps.domain.model import Model
from opps.domain.scoring_model import DAY_ONE_MODEL, Models, ScoringModel
from opps.learning.gate import Contender
from opps.learning.lessons import Lessons
from opps.learning.moments import TrainingRow
from opps.learning.rates import base_rate_model, is_base_rate
from opps.learning.teaching import Fit


def expert_behind(models: Models, one: ScoringModel) -> ScoringModel:
    """Return the expert's model that one was fitted from; itself where an expert made it."""
    return one if one.prior is None else models.models[one.prior]


def newest_expert(models: Models) -> ScoringModel:
    """Return the expert's model that was defined last; that of day one where there is no other."""
    experts = [one for one in models.models.values() if one.prior is None]
    return max(experts, key=lambda one: one.position, default=DAY_ONE_MODEL)


def contender(one: ScoringModel, expert: Model, lessons: Lessons, fit: Fit) -> Contender:
    """Return how a model is made from the deals that it may know: those it once learned from."""

    def made(rows: Sequence[TrainingRow]) -> Model:
        seen = lessons.by_then(rows, one.up_to)
        if not seen:
            return expert
        if is_base_rate(one.model, expert):
            return base_rate_model(expert, seen, one.name)
        return fit(expert, seen, name=one.name)

    return made if one.prior is not None else lambda rows: one.model
