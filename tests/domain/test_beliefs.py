"""Which facts stand: by whom, since when, retracted, superseded, contradicted, resolved."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from opps.domain.beliefs import (
    HEAD,
    NOTHING,
    NOW,
    Belief,
    History,
    Resolution,
    Standing,
    Verdict,
    View,
    stand,
    visible,
)
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.knowledge import Known, credence
from opps.domain.times import UNKNOWN, Reading, learned_in
from tests.domain.build import (
    CFO,
    CTO,
    DO_NOTHING,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    US,
    USER,
    WEDNESDAY,
    agreed_by,
    belief,
    budget,
    fact_id,
    leans,
    note,
    often,
)
from tests.domain.histories import Record, recorded_at, records, views, write

A_MOMENT = timedelta(microseconds=1)


def learned(*beliefs: Belief) -> History:
    return History(beliefs)


def ids(standing: Standing) -> tuple[UUID, ...]:
    return tuple(one.fact_id for one in standing.beliefs)


def test_nothing_stands_where_nothing_was_learned() -> None:
    assert stand(History()) == NOTHING


def test_a_fact_stands_from_the_moment_it_was_learned() -> None:
    history = learned(belief(budget(80), learned=TUESDAY))

    assert stand(history, View(TUESDAY - A_MOMENT)).verdict is Verdict.NOTHING
    assert stand(history, View(TUESDAY)).verdict is Verdict.STANDS
    assert stand(history, View(FRIDAY)).verdict is Verdict.STANDS


def test_the_screen_shows_a_fact_from_the_position_at_which_it_was_recorded() -> None:
    history = learned(belief(budget(80), learned=MONDAY, recorded=FRIDAY, position=7))

    assert stand(history, View(position=6)).verdict is Verdict.NOTHING
    assert stand(history, View(position=7)).verdict is Verdict.STANDS


def test_nobody_learned_a_fact_later_than_it_was_recorded() -> None:
    the_month = learned_in("2026-03", "UTC")
    history = learned(belief(budget(80), learned=the_month, recorded=TUESDAY))

    assert stand(history, View(TUESDAY)).verdict is Verdict.STANDS


def test_an_imprecise_time_counts_by_its_end_unless_the_possible_is_asked_for() -> None:
    the_month = learned_in("2026-03", "UTC")
    april = FRIDAY + timedelta(days=40)
    history = learned(belief(budget(80), learned=the_month, recorded=april))

    assert stand(history, View(FRIDAY)).verdict is Verdict.NOTHING
    assert stand(history, View(FRIDAY, HEAD, Reading.POSSIBLE)).verdict is Verdict.STANDS


def test_a_fact_learned_at_an_unknown_time_is_certain_only_when_it_was_recorded() -> None:
    history = learned(belief(budget(80), learned=UNKNOWN, recorded=WEDNESDAY))

    assert stand(history, View(TUESDAY)).verdict is Verdict.NOTHING
    assert stand(history, View(TUESDAY, HEAD, Reading.POSSIBLE)).verdict is Verdict.STANDS
    assert stand(history, View(WEDNESDAY)).verdict is Verdict.STANDS


def test_of_one_person_the_statement_learned_last_stands() -> None:
    history = learned(
        belief(budget(80), learned=TUESDAY, position=1),
        belief(budget(60), learned=MONDAY, recorded=FRIDAY, position=2),
    )

    assert ids(stand(history)) == (fact_id(1),)


def test_of_two_statements_learned_together_the_one_recorded_last_stands() -> None:
    history = learned(belief(budget(80), position=1), belief(budget(60), position=2))

    assert ids(stand(history)) == (fact_id(2),)


def test_two_persons_who_agree_both_stand_and_the_later_speaks() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(90), by=CTO, learned=TUESDAY, position=2),
    )

    assert stand(history).verdict is Verdict.STANDS
    assert ids(stand(history)) == (fact_id(2), fact_id(1))


def test_two_persons_who_disagree_contradict_each_other_and_nobody_is_believed() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(60), by=CTO, learned=TUESDAY, position=2),
    )

    assert stand(history).verdict is Verdict.CONTRADICTED
    assert stand(history).belief is None
    assert ids(stand(history)) == (fact_id(2), fact_id(1))


def test_a_person_who_comes_round_ends_the_contradiction() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(60), by=CTO, position=2),
        belief(budget(100), by=CTO, learned=TUESDAY, position=3),
    )

    assert stand(history, View(MONDAY)).verdict is Verdict.CONTRADICTED
    assert stand(history).verdict is Verdict.STANDS


def test_a_resolved_contradiction_stands_from_when_the_team_chose() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1), belief(budget(60), by=CTO, position=2)
    ).resolve(Resolution(note(WEDNESDAY, 3), chosen=fact_id(1), rejected=(fact_id(2),)))

    assert stand(history, View(TUESDAY)).verdict is Verdict.CONTRADICTED
    assert ids(stand(history, View(WEDNESDAY))) == (fact_id(1),)


def test_a_resolution_falls_with_the_fact_it_chose() -> None:
    history = (
        learned(belief(budget(100), by=CFO, position=1), belief(budget(60), by=CTO, position=2))
        .resolve(Resolution(note(TUESDAY, 3), chosen=fact_id(1), rejected=(fact_id(2),)))
        .annotate(fact_id(1), "retracted", note(THURSDAY, 4))
    )

    assert ids(stand(history, View(WEDNESDAY))) == (fact_id(1),)
    assert ids(stand(history)) == (fact_id(2),)


def test_a_team_that_changes_its_mind_believes_its_latest_choice() -> None:
    history = (
        learned(belief(budget(100), by=CFO, position=1), belief(budget(60), by=CTO, position=2))
        .resolve(Resolution(note(TUESDAY, 3), chosen=fact_id(1), rejected=(fact_id(2),)))
        .resolve(Resolution(note(THURSDAY, 4), chosen=fact_id(2), rejected=(fact_id(1),)))
    )

    assert ids(stand(history, View(WEDNESDAY))) == (fact_id(1),)
    assert ids(stand(history)) == (fact_id(2),)


def test_putting_aside_what_somebody_said_last_does_not_revive_what_they_said_before() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(30), by=CTO, position=2),
        belief(budget(60), by=CTO, learned=TUESDAY, position=3),
    ).resolve(Resolution(note(WEDNESDAY, 4), chosen=fact_id(1), rejected=(fact_id(3),)))

    assert ids(stand(history)) == (fact_id(1),)


def test_a_retraction_leaves_the_past_alone() -> None:
    history = learned(belief(budget(80))).annotate(
        fact_id(1), "retracted", note(WEDNESDAY, position=2)
    )

    assert stand(history, View(WEDNESDAY - A_MOMENT)).verdict is Verdict.STANDS
    assert stand(history, View(WEDNESDAY)) == NOTHING


def test_a_fact_learned_and_retracted_leaves_what_was_there_without_it() -> None:
    before = learned(belief(budget(100), position=1))
    after = before.learn(belief(budget(60), learned=TUESDAY, position=2)).annotate(
        fact_id(2), "retracted", note(WEDNESDAY, 3)
    )

    assert stand(after) == stand(before)


def test_a_fact_that_supersedes_another_replaces_it_whoever_said_it() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(60), by=CTO, learned=WEDNESDAY, position=2, supersedes=fact_id(1)),
    )

    assert ids(stand(history, View(TUESDAY))) == (fact_id(1),)
    assert ids(stand(history)) == (fact_id(2),)


def test_retracting_a_fact_that_superseded_another_revives_the_other() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(60), by=CTO, learned=TUESDAY, position=2, supersedes=fact_id(1)),
    ).annotate(fact_id(2), "retracted", note(THURSDAY, 3))

    assert ids(stand(history, View(WEDNESDAY))) == (fact_id(2),)
    assert ids(stand(history, View(THURSDAY))) == (fact_id(1),)


def test_a_superseded_fact_stays_put_aside_when_its_successor_is_superseded_too() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(80), by=CTO, learned=TUESDAY, position=2, supersedes=fact_id(1)),
        belief(budget(60), by=USER, learned=WEDNESDAY, position=3, supersedes=fact_id(2)),
    )

    assert ids(stand(history)) == (fact_id(3),)


def test_a_redated_fact_was_known_from_the_new_date_once_the_correction_is_seen() -> None:
    history = learned(belief(budget(80), learned=WEDNESDAY, position=1)).annotate(
        fact_id(1), "redated", note(MONDAY, 2, recorded=FRIDAY)
    )

    assert stand(history, View(TUESDAY)).verdict is Verdict.STANDS
    assert stand(history, View(TUESDAY, position=1)).verdict is Verdict.NOTHING


def test_of_two_redatings_the_later_one_counts() -> None:
    history = (
        learned(belief(budget(80), learned=WEDNESDAY, recorded=FRIDAY, position=1))
        .annotate(fact_id(1), "redated", note(MONDAY, 2, recorded=FRIDAY))
        .annotate(fact_id(1), "redated", note(THURSDAY, 3, recorded=FRIDAY))
    )

    assert stand(history, View(WEDNESDAY)).verdict is Verdict.NOTHING
    assert stand(history, View(WEDNESDAY, position=2)).verdict is Verdict.STANDS


def test_facts_of_which_each_could_hold_never_contradict_whatever_their_number() -> None:
    people = (CFO, CTO, USER)
    history = learned(
        *(
            belief(leans(CTO, LeaningLevel.NEUTRAL), by=person, position=place)
            for place, person in enumerate(people, start=1)
        )
    )

    assert stand(history).verdict is Verdict.STANDS


def test_one_who_disagrees_among_three_is_enough_for_a_contradiction() -> None:
    history = learned(
        belief(budget(100), by=CFO, position=1),
        belief(budget(100), by=CTO, position=2),
        belief(budget(60), by=USER, position=3),
    )

    assert stand(history).verdict is Verdict.CONTRADICTED


def seen(history: History, view: View) -> tuple[Verdict, tuple[UUID, ...], float]:
    """Return what a view answers, with the credence that it shows."""
    standing = stand(history, view)
    looked_at = Known(us=US, do_nothing=DO_NOTHING, standings={"leaning": standing}, view=view)
    return standing.verdict, ids(standing), credence(standing, looked_at)


@often
@given(records, records, views)
def test_what_was_known_at_a_time_and_position_never_changes_when_more_is_recorded(
    past: list[Record], future: list[Record], view: View
) -> None:
    view = View(view.known_at, min(view.position, len(past)), view.reading)

    assert seen(write([*past, *future]), view) == seen(write(past), view)


@often
@given(records, views)
def test_whatever_happened_something_can_be_said(past: list[Record], view: View) -> None:
    standing = stand(write(past), view)

    assert (standing.verdict is Verdict.NOTHING) == (not standing.beliefs)
    assert all(one.position <= view.position for one in standing.beliefs)
    assert len({one.person for one in standing.beliefs}) == len(standing.beliefs)


@often
@given(records, st.sampled_from([CFO, CTO]))
def test_a_fact_learned_and_retracted_never_was(past: list[Record], person: UUID) -> None:
    position = len(past) + 1
    misheard = belief(
        leans(CTO, LeaningLevel.OPPONENT),
        by=person,
        learned=recorded_at(position),
        position=position + 100,
    )
    without = write(past)
    with_it = without.learn(misheard).annotate(
        misheard.fact_id, "retracted", note(recorded_at(position + 1), position + 101)
    )

    assert seen(with_it, NOW) == seen(without, NOW)


def test_a_second_voice_counts_only_where_the_view_has_heard_it() -> None:
    history = learned(belief(budget(80))).annotate(
        fact_id(1), "corroborated", agreed_by(CTO, learned=WEDNESDAY, position=2)
    )

    assert seen(history, View(TUESDAY))[2] == 0.8
    assert seen(history, View(WEDNESDAY))[2] == 0.95


@often
@given(records, views)
def test_a_history_as_a_view_sees_it_says_now_what_the_view_says(
    entries: list[Record], view: View
) -> None:
    history = write(entries)
    then = stand(history, view)
    now = stand(visible(history, view))

    assert (now.verdict, ids(now)) == (then.verdict, ids(then))
