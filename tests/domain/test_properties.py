"""What holds for every opportunity, whatever happened to it and in whatever order."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid5

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from opps.domain.beliefs import View
from opps.domain.change import change
from opps.domain.errors import Refusal
from opps.domain.events import (
    TAGS,
    ContradictionResolved,
    DayTurned,
    Event,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    ImportTakenBack,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityLost,
    OpportunityReopened,
    OpportunityWithdrawn,
    OpportunityWon,
    OutcomeCorrected,
    RetractionReason,
)
from opps.domain.facts import KINDS
from opps.domain.opportunity.commands import COMMANDS as KINDS_OF_COMMAND
from opps.domain.opportunity.commands import AnyOpportunityCommand
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import evolve, fold
from opps.domain.opportunity.state import Opportunity, known, known_at
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from opps.domain.score import score
from opps.domain.times import Learned
from tests.examples.commands import ASKING, COMMANDS, SETTLING
from tests.examples.events import ALL_EVENTS, FACT_EVENTS, OPENED, REPLACEMENT
from tests.examples.facts import CFO, CTO, FACTS, MARCH_1, STREAM, named

ACTOR = Actor(principal=named("judge"), role="MANAGER", via=Via.GRAPHQL)
sometimes = settings(max_examples=60, deadline=None)
LATER = MARCH_1 + timedelta(days=300)


def test_there_is_an_example_of_every_event_fact_and_command() -> None:
    assert {type(event).__name__ for event in ALL_EVENTS} == set(TAGS)
    assert {fact.kind() for fact in FACTS} == set(KINDS)
    assert {type(command) for command in COMMANDS} == set(KINDS_OF_COMMAND)


def test_the_examples_fill_every_field() -> None:
    filled: dict[type[Struct], set[str]] = {}
    for event in ALL_EVENTS:
        _note_filled(event, filled)
    # A fact is told of or denied, learned by somebody or not: these have no example of their own.
    untold = {"after_close", "rejected", "denied", "absent", "no_decision", "erased_at", "basis"}
    untold |= {"exception_id", "attempt", "also"}  # added later: as it was first stored

    for kind, names in filled.items():
        assert set(kind.__struct_fields__) - names <= untold, kind


def _note_filled(value: object, filled: dict[type[Struct], set[str]]) -> None:
    if isinstance(value, tuple):
        for one in value:
            _note_filled(one, filled)
    if not isinstance(value, Struct):
        return
    for name in value.__struct_fields__:
        held = getattr(value, name)
        if held not in (None, (), {}):
            filled.setdefault(type(value), set()).add(name)
            _note_filled(held, filled)


@st.composite
def histories(draw: st.DrawFn, *, of: tuple[Event, ...] = ALL_EVENTS) -> list[Event]:
    """Return any events in any order, each learned at any time, with days that turn between."""
    events = draw(st.lists(st.sampled_from(of), max_size=12))
    return [_at_some_time(draw, event) for event in events]


def _at_some_time(draw: st.DrawFn, event: Event) -> Event:
    moment = MARCH_1 + timedelta(days=draw(st.integers(0, 200)))
    if isinstance(event, DayTurned):
        return DayTurned(day=moment.date(), zone="UTC")
    if not hasattr(event, "learned"):
        return event
    changes: dict[str, Any] = {"learned": Learned(latest=moment)}
    if isinstance(event, FactLearned):
        told_by = draw(st.sampled_from([CFO, CTO, None]))
        changes["provenance"] = replace(event.provenance, told_by=told_by)
        changes["fact_id"] = named(f"{event.fact.kind()} {draw(st.integers(0, 2))}")
    return replace(event, **changes)


def recorded(events: Sequence[Event]) -> list[Recorded[Event]]:
    """Return the events at positions 1, 2, 3 of one stream."""
    return [
        Recorded(
            event=event,
            stream=STREAM,
            position=index + 1,
            version=index,
            recorded_at=LATER + timedelta(minutes=index),
            event_id=uuid5(STREAM, f"event {index}"),
            command_id=uuid5(STREAM, f"command {index}"),
            metadata=Metadata(actor=ACTOR),
        )
        for index, event in enumerate(events)
    ]


def opened(history: list[Event], *more: Event) -> Opportunity:
    """Return the opportunity after its opening, the history and more."""
    state = fold(recorded([OPENED, *history, *more]))
    assert state is not None
    return state


def decided(
    state: Opportunity | None, command: AnyOpportunityCommand, name: str = "command"
) -> list[Event] | None:
    """Return what a command leads to, None when it is refused."""
    try:
        return list(decide(state, command, Context(now=LATER, actor=ACTOR, command_id=named(name))))
    except Refusal:
        return None


# Only what is said about facts can move a score, beside the opening and the end.
ABOUT_FACTS = (
    *FACT_EVENTS,
    REPLACEMENT,
    *(
        event
        for event in ALL_EVENTS
        if isinstance(
            event,
            FactCorroborated
            | FactReconfirmed
            | FactRetracted
            | FactRedated
            | ContradictionResolved
            | DayTurned,
        )
    ),
)


# The passing of their date says something by itself.
DATED = ("next_step", "compelling_event", "decision_step", "decision_date")
ABOUT_UNDATED_FACTS = tuple(
    event
    for event in ABOUT_FACTS
    if not isinstance(event, DayTurned)
    and not (isinstance(event, FactLearned) and event.fact.kind() in DATED)
)
ENDS = tuple(
    event
    for event in ALL_EVENTS
    if isinstance(
        event,
        OpportunityWon
        | OpportunityLost
        | OpportunityClosedWithoutDecision
        | OpportunityDisqualified
        | OpportunitiesMerged
        | OutcomeCorrected
        | OpportunityWithdrawn,
    )
)
EVERYTHING_BUT_REOPENING = tuple(
    event for event in ALL_EVENTS if not isinstance(event, OpportunityReopened | ImportTakenBack)
)


@sometimes
@given(histories())
def test_whatever_happened_an_opportunity_has_a_state(history: list[Event]) -> None:
    state: Opportunity | None = None

    for one in recorded(history):
        state = evolve(state, one)

    assert state is None or 0.01 <= score(known(state)).p <= 0.99


@sometimes
@given(histories(), st.sampled_from(COMMANDS))
def test_a_command_is_refused_or_leads_to_events_that_can_happen(
    history: list[Event], command: AnyOpportunityCommand
) -> None:
    for state in (None, opened(history)):
        events = decided(state, command)
        assert events is None or fold(recorded(events), state) is not None


@sometimes
@given(histories(), st.sampled_from(SETTLING))
def test_saying_twice_where_something_stands_changes_nothing_the_second_time(
    history: list[Event], command: AnyOpportunityCommand
) -> None:
    events = decided(opened(history), command, "first")

    if events is not None:
        assert decided(opened(history, *events), command, "second") == []


@sometimes
@given(histories(), st.sampled_from(ASKING))
def test_a_question_never_moves_the_probability(
    history: list[Event], command: AnyOpportunityCommand
) -> None:
    before = opened(history)
    after = opened(history, *(decided(before, command, "ask") or ()))

    assert score(known(after)).p == score(known(before)).p


@sometimes
@given(histories(of=ABOUT_FACTS), st.sampled_from(FACT_EVENTS))
def test_what_was_learned_and_taken_back_counts_as_never_learned(
    history: list[Event], event: FactLearned
) -> None:
    misheard = replace(event, fact_id=named("misheard"), learned=Learned(latest=MARCH_1))
    taken_back = FactRetracted(
        learned=Learned(latest=LATER),
        fact_id=misheard.fact_id,
        reason=RetractionReason.MISHEARD,
    )

    assert score(known(opened(history, misheard, taken_back))) == score(known(opened(history)))


@sometimes
@given(histories())
def test_what_each_event_did_adds_up_to_the_score(history: list[Event]) -> None:
    states = [opened([])]
    for one in recorded(history):
        state = evolve(states[-1], one)
        assert state is not None
        states.append(state)
    scores = [score(known(state)) for state in states]
    changes = [change(before, after) for before, after in pairwise(scores)]

    assert sum(made.milli_points for made in changes) == (
        scores[-1].milli_points - scores[0].milli_points
    )
    for made in changes:
        assert sum(effect.milli_points for effect in made.effects) == made.milli_points


@sometimes
@given(histories(), st.sampled_from(ENDS), histories(of=EVERYTHING_BUT_REOPENING))
def test_nothing_but_opening_again_moves_the_score_of_a_closed_opportunity(
    before: list[Event], end: Event, after: list[Event]
) -> None:
    closed = opened([*before, end])
    later = opened([*before, end, *after])

    assert not closed.open
    assert score(known(later)) == score(known(closed))


@sometimes
@given(histories(), st.integers(0, 13))
def test_looking_back_at_a_position_shows_what_stood_there(
    history: list[Event], position: int
) -> None:
    then = opened(history[: max(position - 1, 0)])
    back = known_at(opened(history), View(position=max(position, 1)), then.clock)

    assert _spoken(back.standings) == _spoken(then.standings)


def _spoken(standings: Any) -> dict[str, Any]:
    """Return for each key what is said of it, without what nobody has said anything of."""
    return {
        key: (standing.verdict, [belief.fact_id for belief in standing.beliefs])
        for key, standing in standings.items()
        if standing.beliefs
    }


@sometimes
@given(histories(of=ABOUT_UNDATED_FACTS), st.integers(1, 400), st.integers(0, 400))
def test_time_alone_moves_every_contribution_towards_nothing(
    history: list[Event], days: int, more: int
) -> None:
    early, late = (
        score(known(opened(history, DayTurned(day=day, zone="UTC"))))
        for day in (
            date(2026, 9, 20) + timedelta(days=days),
            date(2026, 9, 20) + timedelta(days=days + more),
        )
    )

    for before, after in zip(early.contributions, late.contributions, strict=True):
        assert abs(after.happen) <= abs(before.happen) + 1e-12
        assert before.happen * after.happen >= 0
