"""Where a view ends: what stands right at its instant and position, and what lies behind them."""

from opps.domain.beliefs import HEAD, History, Note, View, stand, visible
from opps.domain.times import Learned
from tests.domain.build import (
    CFO,
    CTO,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    belief,
    budget,
    fact_id,
    note,
)

TOLD = History((belief(budget(80), learned=TUESDAY, position=3),))


def test_nothing_is_recorded_behind_the_head() -> None:
    assert HEAD == 2**63 - 1  # the last position that PostgreSQL counts to


def test_a_retraction_counts_from_its_own_position_and_instant_on() -> None:
    history = TOLD.annotate(fact_id(3), "retracted", note(WEDNESDAY, 5))
    seen = [
        stand(history, View(at, position)).belief is not None
        for at, position in ((WEDNESDAY, 4), (TUESDAY, 5), (WEDNESDAY, 5))
    ]

    assert seen == [True, True, False]


def test_a_redating_counts_from_its_own_position_on() -> None:
    history = TOLD.annotate(fact_id(3), "redated", note(MONDAY, 5, recorded=FRIDAY))

    assert stand(history, View(MONDAY, 4)).belief is None
    assert stand(history, View(MONDAY, 5)).belief is not None


def test_what_a_view_does_not_see_is_not_in_what_it_shows() -> None:
    history = (
        TOLD.annotate(fact_id(3), "redated", note(MONDAY, 5, recorded=FRIDAY))
        .annotate(fact_id(3), "reconfirmed", note(WEDNESDAY, 6))
        .annotate(fact_id(3), "corroborated", note(WEDNESDAY, 7))
        .annotate(fact_id(3), "retracted", note(WEDNESDAY, 8))
    )

    def shown(view: View) -> tuple[int, ...]:
        [one] = visible(history, view).beliefs
        notes = (one.redated, one.reconfirmed, one.corroborated, one.retracted)
        return tuple(map(len, notes))

    assert shown(View(WEDNESDAY, 4)) == (0, 0, 0, 0)
    assert shown(View(WEDNESDAY, 5)) == (1, 0, 0, 0)
    assert shown(View(WEDNESDAY, 7)) == (1, 1, 1, 0)
    assert shown(View(TUESDAY, 8)) == (1, 0, 0, 0)
    assert shown(View(WEDNESDAY, 8)) == (1, 1, 1, 1)


def test_of_two_who_agree_the_one_who_said_it_last_speaks() -> None:
    later = belief(budget(90), by=CTO, learned=TUESDAY, position=2)
    history = History((belief(budget(100), by=CFO, position=1), later))

    assert stand(history).belief == later


def test_a_fact_corrects_nothing_and_came_before_the_end_unless_somebody_says_so() -> None:
    [told] = TOLD.beliefs

    assert (told.corrects, told.after_close) == (False, False)
    assert not Note(Learned(latest=MONDAY), MONDAY, 1).independent
