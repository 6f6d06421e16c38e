"""What a closed opportunity teaches, and that nothing from after a moment is seen at it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.events import (
    DayTurned,
    Event,
    LossKind,
    NoDecisionReason,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    Outcome,
    OutcomeCorrected,
    ProposalSent,
)
from opps.domain.events.vocabulary import CustomerKind
from opps.domain.facts import Attribute
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.domain.score import score
from opps.domain.times import UNKNOWN, Learned, Precision
from opps.learning.moments import AT_THE_END, CLOSES, MID_LIFE, Silent, TrainingRow, lesson, rows
from tests.domain.build import often
from tests.domain.given import (
    CFO,
    DEAL,
    MONDAY,
    OTHER_DEAL,
    SELLER,
    at,
    budget,
    cfo_known,
    changed,
    learned,
    opened,
    rival_known,
    said_by,
)
from tests.examples.events import ALL_EVENTS

ALL_MOMENTS = ["MID_LIFE", "90_DAYS_BEFORE", "60_DAYS_BEFORE", "30_DAYS_BEFORE", "14_DAYS_BEFORE"]
BY_SELLER = Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL)
BY_IMPORT = Actor(principal=SELLER, role="SELLER", via=Via.IMPORT)
TODAY = MONDAY + timedelta(days=2000)

Entry = tuple[float, Event]
# What happens while an opportunity is open: its end, and another one, move the moments themselves.
WHILE_OPEN = [
    event
    for event in ALL_EVENTS
    if isinstance(event, OpportunityEvent)
    and not isinstance(event, (*CLOSES, OpportunityReopened, OutcomeCorrected, OpportunityOpened))
]


def day(number: float) -> datetime:
    return MONDAY + timedelta(days=number)


def on(number: float, event: Event, place: float = 0) -> Recorded[Event]:
    """Return an event as it was recorded that many days after Monday."""
    position = round(1000 * number + place) + 1
    if isinstance(event, OpportunityEvent):
        event = replace(event, learned=at(min(day(number), event.learned.latest or day(number))))
    return Recorded(
        event=event,
        stream=DEAL,
        position=position,
        version=position,
        recorded_at=day(number),
        event_id=uuid5(DEAL, f"event {position}"),
        command_id=uuid5(DEAL, f"command {position}"),
        metadata=Metadata(actor=BY_SELLER),
    )


def imported(one: Recorded[Event], *, times: bool = True) -> Recorded[Event]:
    """Return an event as an import brings it today, with the times of its source or without."""
    source = one.recorded_at if times else None
    event = one.event
    if not times and isinstance(event, OpportunityEvent):
        event = replace(event, learned=UNKNOWN)
    return replace(
        one,
        event=event,
        recorded_at=TODAY,
        metadata=Metadata(actor=BY_IMPORT, source_recorded_at=source),
    )


won, lost = (
    OpportunityWon(learned=at(TODAY)),
    OpportunityLost(learned=at(TODAY), loss_kind=LossKind.UNSPECIFIED),
)
funded = learned(budget(80_000), source=said_by(CFO))
BEGIN = [on(0, opened), on(1, cfo_known)]
LONG_WON = [*BEGIN, on(175, funded), on(200, won)]


def moments(history: Sequence[Recorded[Event]]) -> list[str]:
    return [row.moment for row in rows(history)]


def knows_money(row: TrainingRow) -> bool:
    return any(key.startswith("funding") for key in row.known.standings)


def test_a_long_deal_teaches_at_five_moments_and_counts_once() -> None:
    taught = rows(LONG_WON)

    assert [row.moment for row in taught] == sorted(
        ALL_MOMENTS, key=lambda name: -100 if name == MID_LIFE else -int(name[:2])
    )
    assert sum(row.weight for row in taught) == pytest.approx(1)
    assert {(row.won, row.decided, row.closed_at) for row in taught} == {(True, True, day(200))}
    assert {row.opportunity_id for row in taught} == {DEAL}


def test_a_short_deal_teaches_at_the_moments_it_had() -> None:
    assert moments([*BEGIN, on(20, won)]) == ["14_DAYS_BEFORE", MID_LIFE]
    assert moments([*BEGIN, on(3, won)]) == [MID_LIFE]


def test_what_was_learned_late_is_seen_only_at_late_moments() -> None:
    by_moment = {row.moment: knows_money(row) for row in rows(LONG_WON)}

    assert by_moment["14_DAYS_BEFORE"]
    assert not by_moment["30_DAYS_BEFORE"]


def test_what_is_said_to_have_been_learned_long_ago_counts_from_when_it_was_recorded() -> None:
    remembered = replace(on(199, funded), event=replace(funded, learned=at(day(5))))
    history = [*BEGIN, remembered, on(200, won)]

    assert not any(knows_money(row) for row in rows(history))


def test_time_stands_where_the_moment_is() -> None:
    history = [*BEGIN, on(100, ProposalSent(learned=at(TODAY), proposal="P1")), on(200, won)]

    clocks = {row.moment: row.known.clock for row in rows(history)}
    assert clocks["30_DAYS_BEFORE"] == day(170)
    assert clocks[MID_LIFE] == day(100)


@pytest.mark.parametrize(
    ("closing", "is_won", "decided"),
    [
        (won, True, True),
        (lost, False, None),
        (replace(lost, loss_kind=LossKind.RIVAL), False, True),
        (
            OpportunityClosedWithoutDecision(learned=at(TODAY), reason=NoDecisionReason.INDECISION),
            False,
            False,
        ),
    ],
)
def test_each_end_teaches_what_it_tells(closing: Event, is_won: bool, decided: bool | None) -> None:
    taught = rows([*BEGIN, on(40, rival_known), on(200, closing)])

    assert {(row.won, row.decided) for row in taught} == {(is_won, decided)}


def test_what_we_walked_away_from_or_merged_or_still_hope_for_teaches_nothing() -> None:
    walked = OpportunityDisqualified(learned=at(TODAY), reason="Too small")
    merged = OpportunitiesMerged(learned=at(TODAY), into=OTHER_DEAL, reason="The same")

    assert lesson([*BEGIN, on(200, walked)]) is Silent.DISQUALIFIED
    assert lesson([*BEGIN, on(200, merged)]) is Silent.MERGED
    assert lesson(BEGIN) is Silent.OPEN
    assert lesson([]) is Silent.OPEN


def test_a_corrected_outcome_teaches_what_it_was_corrected_to() -> None:
    corrected = OutcomeCorrected(
        learned=at(TODAY), outcome=Outcome.LOST, reason="Typo", loss_kind=LossKind.UNSPECIFIED
    )
    walked = OpportunityDisqualified(learned=at(TODAY), reason="Too small")

    taught = rows([*LONG_WON, on(210, corrected)])
    assert {(row.won, row.decided, row.closed_at) for row in taught} == {(False, None, day(200))}
    assert moments([*BEGIN, on(20, walked), on(21, corrected)]) == ["14_DAYS_BEFORE", MID_LIFE]


def test_a_reopened_deal_counts_by_its_last_close_and_not_while_it_was_closed() -> None:
    again = OpportunityReopened(learned=at(TODAY), reason="They called")
    history = [*BEGIN, on(100, lost), on(150, again), on(160, funded), on(200, won)]

    taught = {row.moment: row for row in rows(history)}
    assert set(taught) == {"30_DAYS_BEFORE", "14_DAYS_BEFORE"}
    assert all(row.won and row.closed_at == day(200) for row in taught.values())


def test_what_is_learned_after_the_close_teaches_nothing() -> None:
    backdated = replace(
        on(205, funded), metadata=Metadata(actor=BY_IMPORT, source_recorded_at=day(5))
    )

    assert rows([*BEGIN, on(200, won), backdated]) == rows([*BEGIN, on(200, won)])


def test_a_deal_that_was_entered_when_it_was_over_teaches_nothing() -> None:
    closed_before = replace(on(10, won), event=replace(won, learned=at(day(-5))))

    assert lesson([on(9, opened), on(9, cfo_known, 1), closed_before]) is (
        Silent.KNOWN_ONLY_AFTERWARDS
    )


def test_a_decision_known_to_the_month_counts_from_the_first_of_it() -> None:
    in_a_month = Learned(earliest=day(170), latest=day(200), precision=Precision.MONTH, zone="UTC")
    closing = replace(on(200, won), event=replace(won, learned=in_a_month))

    clocks = {row.moment: row.known.clock for row in rows([*BEGIN, closing])}
    assert clocks["30_DAYS_BEFORE"] == day(140)


def test_an_import_with_times_teaches_as_if_it_had_been_kept_here() -> None:
    kept = rows(LONG_WON)
    brought = rows([imported(one) for one in LONG_WON])

    assert [(row.moment, row.weight, row.closed_at) for row in brought] == [
        (row.moment, row.weight, row.closed_at) for row in kept
    ]
    assert [score(row.known) for row in brought] == [score(row.known) for row in kept]


def test_an_import_without_times_teaches_once_just_before_the_close() -> None:
    told = learned(Attribute(attribute="budget", facet=Facet.FUNDING_STATUS, value="Yes"))
    history = [imported(one, times=False) for one in (*BEGIN, on(5, told), on(200, lost))]
    (row,) = rows(history)

    assert (row.moment, row.weight, row.closed_at) == (AT_THE_END, 1, None)
    assert "attribute:budget" in row.known.standings
    assert row.known.clock is None


def test_what_was_told_at_the_opening_is_known_at_every_moment() -> None:
    told = changed(opened, customer_kind=CustomerKind.NEW, context={"size": "LARGE"})

    for row in rows([on(0, told), on(200, won)]):
        assert row.known.context == {"size": "LARGE", "customer_kind": "NEW"}


def test_ticks_of_the_clock_teach_nothing_themselves() -> None:
    tick = replace(on(50, DayTurned(day=MONDAY.date(), zone="UTC")), stream=OTHER_DEAL)

    assert rows([*LONG_WON[:2], tick, *LONG_WON[2:]]) == rows(LONG_WON)


happened: st.SearchStrategy[list[Entry]] = st.lists(
    st.tuples(st.integers(1, 199), st.sampled_from(WHILE_OPEN)), max_size=12
)


def told_of(entries: Sequence[Entry]) -> list[Recorded[Event]]:
    return [
        on(0, opened),
        *(on(number, event, place) for place, (number, event) in enumerate(entries, start=1)),
    ]


@often
@given(happened, st.integers(1, 260), st.sampled_from(WHILE_OPEN), st.booleans())
def test_nothing_recorded_after_a_moment_changes_what_is_seen_at_it(
    entries: list[Entry], later: int, event: Event, claims_to_be_old: bool
) -> None:
    history = sorted([*told_of(entries), on(200, won)], key=lambda one: one.position)
    more = on(later, event, 500)
    if claims_to_be_old and isinstance(more.event, OpportunityEvent):
        more = replace(more, event=replace(more.event, learned=at(day(0))))
    with_more = sorted([*history, more], key=lambda one: one.position)

    seen = {row.moment: row for row in rows(history)}
    seen_with_more = {row.moment: row for row in rows(with_more)}
    assert seen.keys() == seen_with_more.keys()
    for moment, row in seen.items():
        assert row.known.clock is not None
        if day(later) > row.known.clock:
            assert seen_with_more[moment] == row
