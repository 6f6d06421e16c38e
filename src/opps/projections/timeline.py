"""The timeline: what we learned when, from whom, what it replaced, and what it did to the score."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from opps.domain.beliefs import Belief, Standing, Verdict
from opps.domain.catalogue import Facet
from opps.domain.credence import credence
from opps.domain.events import (
    BuyerResponded,
    ContradictionResolved,
    FactLearned,
    OpportunityEvent,
    QuestionAsked,
)
from opps.domain.facts import Evaluator, Fact, references
from opps.domain.opportunity.state import Opportunity, known
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Table
from opps.projections.timeline_row import WRITTEN_BY_ANOTHER, TimelineRow, of_event

EVALUATOR = Evaluator.kind()


def _rows(step: Step) -> Iterator[TimelineRow]:
    recorded, opportunity = step.recorded, step.after
    event = recorded.event
    assert isinstance(event, OpportunityEvent)
    said = {**of_event(recorded), **_fact(event, step.before, opportunity), **_moved(step)}
    if isinstance(event, BuyerResponded):
        said["told_by"] = event.evaluator_id
    yield TimelineRow(
        account_id=opportunity.account_id,
        opportunity_id=opportunity.opportunity_id,
        after_close=step.before is not None and not step.before.open and not opportunity.open,
        **said,
    )


def _moved(step: Step) -> dict[str, Any]:
    """Return the score before and after, where it can have moved."""
    if (scored := step.scored) is None:
        return {}
    before, after, change = scored.before, scored.after, scored.change
    return {
        "milli_points": change.milli_points if change else None,
        "p_before": before.p if before else None,
        "low_before": before.low if before else None,
        "high_before": before.high if before else None,
        "p": after.p,
        "low": after.low,
        "high": after.high,
    }


def _fact(
    event: OpportunityEvent, before: Opportunity | None, after: Opportunity
) -> dict[str, Any]:
    """Return which fact or facet an event is about, and which facts it stopped from standing."""
    fact_id = _fact_id(event)
    key = after.fact_keys.get(fact_id) if fact_id is not None else None
    fact = _content(event, after, key)
    stood, stands = _standing(before, key), _standing(after, key)
    facet: Facet | None = getattr(event, "facet", None)
    supersedes = event.supersedes if isinstance(event, FactLearned) else None
    contradicted = stands is not None and stands.verdict is Verdict.CONTRADICTED
    replaced = sorted(_ids(stood) - _ids(stands))
    return {
        "fact_id": fact_id,
        "key": key,
        "kind": fact.kind() if fact else None,
        "facet": facet,
        "objective": fact.objective if fact else facet.objective if facet else None,
        "about": sorted(_evaluators(event, fact, after)),
        "fact_told_by": sorted(_tellers(event, fact_id, replaced, contradicted, stands, after)),
        "replaced": replaced,
        "replaced_because": supersedes.because if supersedes else None,
        "contradicted": contradicted,
        "credence": credence(stands, known(after)) if stands and stands.beliefs else None,
    }


def _fact_id(event: OpportunityEvent) -> UUID | None:
    if isinstance(event, ContradictionResolved):
        return event.chosen
    fact_id: UUID | None = getattr(event, "fact_id", None)
    return fact_id


def _content(event: OpportunityEvent, state: Opportunity, key: str | None) -> Fact | None:
    if isinstance(event, FactLearned):
        return event.fact
    history = state.histories.get(key) if key is not None else None
    return history.beliefs[0].fact if history and history.beliefs else None


def _standing(state: Opportunity | None, key: str | None) -> Standing | None:
    return state.standings.get(key) if state is not None and key is not None else None


def _ids(standing: Standing | None) -> set[UUID]:
    return {belief.fact_id for belief in standing.beliefs} if standing is not None else set()


def _evaluators(event: OpportunityEvent, fact: Fact | None, state: Opportunity) -> set[UUID]:
    """Return the evaluators whom an event says something about, or who were asked."""
    found: set[UUID] = set()
    if fact is not None:
        found.update(one for kind, one in references(fact) if kind == EVALUATOR)
        introduced = fact.introduces()
        if introduced is not None and introduced[0] == EVALUATOR:
            found.add(introduced[1])
    if isinstance(event, QuestionAsked):
        found.add(event.evaluator_id)
    question = state.questions.get(getattr(event, "question_id", None))  # type: ignore[arg-type]  # most events have none
    if question is not None:
        concerned = (question.whom_to_ask, question.asked_of, question.subject_id)
        found.update(one for one in concerned if one and (EVALUATOR, one) in state.things)
    return found


def _tellers(
    event: OpportunityEvent,
    fact_id: UUID | None,
    replaced: Iterable[UUID],
    contradicted: bool,
    stands: Standing | None,
    state: Opportunity,
) -> set[UUID]:
    """Return who had said what an event confirms, takes back, replaces or contradicts."""
    concerned: list[Belief | None] = [state.belief(one) for one in replaced]
    if fact_id is not None and not isinstance(event, FactLearned):
        concerned.append(state.belief(fact_id))
    if isinstance(event, ContradictionResolved):
        concerned.extend(map(state.belief, event.rejected))
    if contradicted and stands is not None:
        concerned.extend(one for one in stands.beliefs if one.fact_id != fact_id)
    tellers = (one.provenance.told_by for one in concerned if one is not None)
    return {one for one in tellers if one is not None}


DECIDED = "rests_on <> '{}'"

TABLE = Table(
    name="timeline",
    row=TimelineRow,
    key=("position",),
    indexes=(
        "opportunity_id, position",
        "opportunity_id, learned_at, position",
        f"opportunity_id, position WHERE {DECIDED}",
        "account_id, position",
        "account_id, learned_at, position",
        "seller, position",
        "seller, learned_at, position",
        f"recorder, position WHERE {WRITTEN_BY_ANOTHER}",
        f"recorder, learned_at, position WHERE {WRITTEN_BY_ANOTHER}",
    ),
    added_only=True,
)

TIMELINE = Projection(name="timeline", version=3, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows)
