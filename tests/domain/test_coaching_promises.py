"""What holds of coaching whatever anybody asks for, in any order."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.coaching.causes import CURED_BY_LEARNING, ORDER, GapCause, before
from opps.domain.coaching.commands import AnyGapCommand, CloseGap, RecordDiagnosis
from opps.domain.coaching.decide import Around, decide
from opps.domain.coaching.evolve import evolve
from opps.domain.coaching.gap import Gap
from opps.domain.errors import Refusal
from opps.domain.events import (
    CorrectiveActionAgreed,
    DiagnosisRecorded,
    Event,
    GapClosed,
    GapEnd,
    GapShared,
    LearningApplied,
    LearningAssigned,
    LearningCompleted,
)
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from opps.recording.personal import told_of
from tests.domain.given import COMMAND, MONDAY, named
from tests.domain.test_coaching import (
    BORIS,
    CLARA,
    EVA,
    GAP,
    agree,
    apply,
    around,
    assign,
    by_rule,
    complete,
    identify,
    measure,
    share,
    shows,
)

LONG_AFTER = replace(shows, learned_at=MONDAY + timedelta(days=1_000))
BESIDE: Around = replace(around, facts={one: LONG_AFTER for one in around.facts})
DIAGNOSES = [RecordDiagnosis(gap_id=GAP, cause=one, ruled_out=before(one)) for one in ORDER]
CLOSINGS = [CloseGap(gap_id=GAP, reason=one, note="Well") for one in GapEnd]
COMMANDS: list[AnyGapCommand] = [
    replace(identify, note="A note"),
    share,
    *DIAGNOSES,
    agree,
    assign,
    complete,
    apply,
    measure,
    *CLOSINGS,
]
PEOPLE = ((BORIS, "MANAGER"), (CLARA, "SELLER"), (EVA, "MANAGER"))
DAY = timedelta(days=1)
Told = list[tuple[AnyGapCommand, tuple[UUID, str]]]
MANAGER, SELLER, _ = PEOPLE
BY_KNOWLEDGE = DIAGNOSES[ORDER.index(GapCause.KNOWLEDGE)]
BY_CAPACITY = DIAGNOSES[ORDER.index(GapCause.CAPACITY)]
LEARNING: Told = [
    (identify, MANAGER),
    (share, SELLER),
    (BY_KNOWLEDGE, MANAGER),
    (assign, MANAGER),
    (complete, SELLER),
    (apply, SELLER),
    (CLOSINGS[-1], MANAGER),
]
ACTING: Told = [(identify, MANAGER), (share, SELLER), (BY_CAPACITY, MANAGER), (agree, MANAGER)]
anything = st.lists(st.tuples(st.sampled_from(COMMANDS), st.sampled_from(PEOPLE)), max_size=3)


@st.composite
def courses(draw: st.DrawFn) -> Told:
    """Draw a course that leads somewhere, with anything in between: alone, that leads nowhere."""
    told: Told = []
    for step in draw(st.sampled_from([LEARNING, ACTING])):
        told += [*draw(anything), step]
    return told + draw(anything)


asked = courses()


class Done(NamedTuple):
    """Something that happened to a gap: by whom, when, and the gap before."""

    event: Event
    who: UUID
    at: datetime
    earlier: Gap


def happened(told: Told, state: Gap | None) -> list[Done]:
    """Return what came of commands, asked for a day apart."""
    found: list[Done] = []
    for day, (command, (who, role)) in enumerate(told, start=1):
        actor, now = Actor(principal=who, role=role, via=Via.GRAPHQL), MONDAY + day * DAY
        context = Context(now=now, actor=actor, command_id=COMMAND)
        try:
            events = decide(state, command, context, BESIDE)
        except Refusal:
            continue
        for event in events:
            after = evolve(state, _recorded(event, actor, day))
            assert after is not None
            found.append(Done(event, who, now, state or after))
            state = after
    return found


def _recorded(event: Event, actor: Actor, day: int) -> Recorded[Event]:
    return Recorded(
        event=event,
        stream=GAP,
        position=day,
        version=day,
        recorded_at=MONDAY + day * DAY,
        event_id=named(f"event {day}"),
        command_id=COMMAND,
        metadata=Metadata(actor=actor),
    )


def named_by_rule() -> Gap:
    """Return a gap that a rule named on Monday."""
    watch = Actor(principal=named("watch"), role="WATCH", via=Via.SYSTEM)
    state = evolve(None, _recorded(by_rule, watch, 0))
    assert state is not None
    return state


def test_the_courses_lead_to_what_is_promised_about_them() -> None:
    learned = [one.event for one in happened(LEARNING, named_by_rule())]
    acted = [one.event for one in happened(ACTING, named_by_rule())]

    assert [type(one) for one in learned] == [
        GapShared,
        DiagnosisRecorded,
        LearningAssigned,
        LearningCompleted,
        LearningApplied,
        GapClosed,
    ]
    assert [type(one) for one in acted] == [GapShared, DiagnosisRecorded, CorrectiveActionAgreed]


@drawn(asked)
def test_learning_is_assigned_where_it_cures_and_actions_are_agreed_where_not(told: Told) -> None:
    for event, _, _, earlier in happened(told, named_by_rule()):
        if isinstance(event, LearningAssigned | CorrectiveActionAgreed):
            assert earlier.diagnosis is not None
            learning = isinstance(event, LearningAssigned)
            assert (earlier.diagnosis.cause in CURED_BY_LEARNING) is learning


@drawn(asked)
def test_only_the_seller_completes_and_shares_and_nobody_outside_does_anything(told: Told) -> None:
    for event, who, _, _ in happened(told, named_by_rule()):
        assert who != EVA
        if isinstance(event, LearningCompleted | GapShared):
            assert who == CLARA


@drawn(asked)
def test_a_manager_does_nothing_about_a_gap_before_it_shows(told: Told) -> None:
    for one in happened(told, named_by_rule()):
        assert one.who == CLARA or one.at >= one.earlier.shown_from


@drawn(asked)
def test_every_word_belongs_to_the_seller_and_nothing_shows_before_it_was_learned(
    told: Told,
) -> None:
    for event, _, _, earlier in happened(told, None):
        assert set(told_of(event).values()) <= {CLARA}
        if isinstance(event, LearningApplied):
            assert earlier.assignments[event.assignment_id].completed_at is not None


@drawn(asked)
def test_nothing_happens_to_a_gap_that_is_closed(told: Told) -> None:
    assert all(earlier.open for _, _, _, earlier in happened(told, named_by_rule()))
