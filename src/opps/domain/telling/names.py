"""What the things of an opportunity are called: by function or content, never by a person."""

from typing import TypeVar
from uuid import UUID

from opps.domain.facts import (
    Alternative,
    BusinessIssue,
    Criterion,
    DecisionStep,
    Evaluator,
    Fact,
    Need,
)
from opps.domain.facts.decision import AlternativeKind
from opps.domain.opportunity.state import Opportunity, do_nothing, us
from opps.domain.telling.forms import quoted

F = TypeVar("F", bound=Fact)


class Names:
    """Names the evaluators, alternatives and other things that facts refer to by their ids."""

    def __init__(self, state: Opportunity) -> None:
        self._state = state

    def evaluator(self, evaluator_id: UUID | None) -> str:
        """Return an evaluator by title, such as the CFO."""
        told = self._last(Evaluator, f"evaluator:{evaluator_id}")
        return f"the {told.title}" if told else "an evaluator"

    def alternative(self, alternative_id: UUID) -> str:
        """Return an alternative: us, doing nothing, or its name."""
        if alternative_id == us(self._state.opportunity_id):
            return "us"
        if alternative_id == do_nothing(self._state.opportunity_id):
            return "doing nothing"
        told = self._last(Alternative, f"alternative:{alternative_id}")
        if told is None or told.alternative_kind is AlternativeKind.DO_NOTHING:
            return "an alternative" if told is None else "doing nothing"
        return told.name

    def issue(self, issue_id: UUID) -> str:
        """Return a business issue in the customer's words."""
        told = self._last(BusinessIssue, f"business_issue:{issue_id}")
        return quoted(told.text) if told else "an issue"

    def need(self, need_id: UUID) -> str:
        """Return a need in the customer's words."""
        told = self._last(Need, f"need:{need_id}")
        return quoted(told.text) if told else "a need"

    def criterion(self, criterion_id: UUID) -> str:
        """Return a criterion in the customer's words."""
        told = self._last(Criterion, f"criterion:{criterion_id}")
        return quoted(told.text) if told else "a criterion"

    def step(self, step_id: UUID) -> str:
        """Return a decision step as the customer calls it."""
        told = self._last(DecisionStep, f"decision_step:{step_id}")
        return quoted(told.name) if told else "a step"

    def _last(self, kind: type[F], key: str) -> F | None:
        """Return what stands under a key, or else what was last said under it."""
        standing = self._state.standings.get(key)
        history = self._state.histories.get(key)
        beliefs = standing.beliefs if standing else ()
        if not beliefs and history is not None:
            beliefs = history.beliefs[-1:]
        fact = beliefs[0].fact if beliefs else None
        return fact if isinstance(fact, kind) else None
