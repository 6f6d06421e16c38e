"""What would happen to the score if: the real rules on a copy, and nothing is written."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.change import Change, change
from opps.domain.errors import BeforeTheClock
from opps.domain.events import AnyOpportunityEvent, Event
from opps.domain.opportunity.commands import (
    AnswerQuestion,
    AnyOpportunityCommand,
    FactStated,
    RecordFacts,
)
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import evolve, under
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Context, Metadata, Recorded
from opps.domain.score import score


class Supposed(Struct, frozen=True, kw_only=True):
    """What is supposed of one opportunity: these facts, learned now, answer these questions.

    The clock stands at `as_of` then; where it is absent, at its last tick.
    """

    opportunity_id: UUID
    facts: tuple[FactStated, ...] = ()
    questions_answered: tuple[UUID, ...] = ()
    as_of: datetime | None = None


class Simulated(Struct, frozen=True, kw_only=True):
    """What would come of it: the opportunity before and afterwards, and what moved its score.

    What time moves and what knowledge moves add up to the whole change, exactly.
    """

    before: Opportunity
    after: Opportunity
    events: tuple[AnyOpportunityEvent, ...]
    change: Change
    by_time: Change
    by_knowledge: Change


def simulate(state: Opportunity | None, supposed: Supposed, context: Context) -> Simulated:
    """Return what would happen, decided and applied as if it were recorded.

    Raises:
        BeforeTheClock: `as_of` lies before the last tick.
        Refusal: whatever recording these facts and answers would be refused with.
    """
    after = state
    events: list[AnyOpportunityEvent] = []
    for command in _commands(supposed):
        decided = decide(after, command, context)
        for event in decided:
            assert after is not None, "what decides has a state"
            after = evolve(after, _as_recorded(event, after, context), after.setting)
        events += decided
    assert state is not None, "an unknown opportunity was refused"
    assert after is not None, "nothing that was opened goes away"
    before, idle = score(known(state)), score(known(_at(state, supposed.as_of)))
    after = _at(after, supposed.as_of)
    then = score(known(after))
    return Simulated(
        before=state,
        after=after,
        events=tuple(events),
        change=change(before, then),
        by_time=change(before, idle),
        by_knowledge=change(idle, then),
    )


def _commands(supposed: Supposed) -> Iterator[AnyOpportunityCommand]:
    """Yield the commands that would really be sent."""
    yield RecordFacts(opportunity_id=supposed.opportunity_id, facts=supposed.facts)
    for question_id in supposed.questions_answered:
        yield AnswerQuestion(opportunity_id=supposed.opportunity_id, question_id=question_id)


def _as_recorded(
    event: AnyOpportunityEvent, state: Opportunity, context: Context
) -> Recorded[Event]:
    """Return the event as the log would hold it, had it come next."""
    return Recorded(
        event=event,
        stream=state.opportunity_id,
        position=state.position + 1,
        version=state.version + 1,
        recorded_at=context.now,
        event_id=uuid5(context.command_id, f"event:{state.version + 1}"),
        command_id=context.command_id,
        metadata=Metadata(actor=context.actor),
    )


def _at(state: Opportunity, as_of: datetime | None) -> Opportunity:
    """Return the opportunity when the clock stands at an instant.

    Raises:
        BeforeTheClock: the clock has passed it.
    """
    if as_of is None:
        return state
    if state.clock is not None and as_of < state.clock:
        raise BeforeTheClock(as_of=as_of, clock=state.clock)
    return under(state, replace(state.setting, clock=as_of.astimezone(UTC)))
