"""What changed between two looks at a deal, fact by fact, and what each did to its score."""

from hypothesis import given as generated
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.diff import Diff, DiffKind, Look, diff
from opps.domain.events import (
    ContradictionResolved,
    Event,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    RetractionReason,
    Supersedes,
    Supersession,
)
from opps.domain.facts.purchase import FundingStatus
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.lenses import AsKnown, InHindsight, through
from opps.domain.opportunity.state import known
from opps.domain.personal import Redacted
from opps.domain.privacy.redacted import Erasing
from opps.domain.provenance import Evidence
from opps.domain.score import score
from tests.domain.build import often
from tests.domain.given import OBSERVED, at, budget, learned, named
from tests.domain.test_curves import Told, happenings, on, tick, told
from tests.domain.test_lenses import as_learned_on, money, opening


def screen(day: float, *entries: Told) -> Look:
    """Return what the screen showed at the end of a day."""
    history = [one for one in told((0, opening), *entries) if one.recorded_at <= on(day)]
    state = fold(history)
    assert state is not None
    return Look(state, history[-1].position, on(day))


def between(first: float, second: float, *entries: Told) -> Diff:
    return diff(screen(first, *entries), screen(second, *entries))


def kinds(of: Diff) -> list[DiffKind]:
    return [one.kind for one in of.lines if one.fact_id is not None]


def replaced(because: Supersession) -> list[DiffKind]:
    supersedes = Supersedes(named("budget"), because)
    entries = ((2, money(100, 2)), (6, money(80, 6, "cut", supersedes=supersedes)))
    return kinds(between(3, 7, *entries))


def taken_back(day: float) -> FactRetracted:
    return FactRetracted(
        learned=at(on(day)), fact_id=named("budget"), reason=RetractionReason.MISHEARD
    )


def test_what_we_were_told_in_between_was_learned() -> None:
    [line] = between(1, 5, (3, money(60, 3))).lines

    assert (line.kind, line.fact_id, line.positions) == (DiffKind.LEARNED, named("budget"), (2,))
    assert line.milli_points > 0


def test_what_had_been_learned_before_and_was_told_after_arrived_late() -> None:
    assert kinds(between(5, 10, (9, money(60, 3)))) == [DiffKind.LATE_ARRIVAL]


def test_a_fact_that_replaces_another_says_whether_the_world_changed() -> None:
    assert replaced(Supersession.WORLD_CHANGED) == [DiffKind.WORLD_CHANGED]
    assert replaced(Supersession.WE_LEARNED_BETTER) == [DiffKind.CORRECTED]


def test_what_was_taken_back_is_retracted_and_takes_its_points_along() -> None:
    found = between(4, 7, (3, money(60, 3)), (6, taken_back(6)))

    assert kinds(found) == [DiffKind.RETRACTED]
    assert found.lines[0].milli_points < 0


def test_what_was_learned_at_another_time_is_redated() -> None:
    redated = FactRedated(learned=at(on(9)), fact_id=named("budget"), learned_on=at(on(2)))

    assert kinds(between(5, 10, (4, money(60, 4)), (9, redated))) == [DiffKind.REDATED]


def test_what_was_said_again_was_learned_again() -> None:
    again = FactReconfirmed(learned=at(on(9)), fact_id=named("budget"), provenance=OBSERVED)

    assert kinds(between(5, 10, (4, money(60, 4)), (9, again))) == [DiffKind.LEARNED]


def test_looking_back_what_is_not_reached_says_so() -> None:
    assert kinds(between(5, 2, (3, money(60, 3)))) == [DiffKind.NOT_YET]


def test_looking_back_behind_a_confirmation_it_is_the_confirmation_that_is_not_reached() -> None:
    again = FactReconfirmed(learned=at(on(9)), fact_id=named("budget"), provenance=OBSERVED)
    found = between(10, 5, (4, money(60, 4)), (9, again))

    [line] = [one for one in found.lines if one.fact_id is not None]
    assert (line.kind, line.positions) == (DiffKind.NOT_YET, (3,))


def test_what_was_learned_at_the_instant_of_the_first_look_and_told_after_arrived_late() -> None:
    assert kinds(between(5, 10, (9, money(60, 5)))) == [DiffKind.LATE_ARRIVAL]


def test_the_lines_are_in_the_order_in_which_we_learned_by_the_last_word_on_it() -> None:
    words = [
        FactRedated(learned=at(on(8 + said)), fact_id=named("budget"), learned_on=at(on(day)))
        for said, day in enumerate((2, 6))
    ]
    told_twice = ((7, money(60, 4)), (7, money(80, 5, "other")), (8, words[0]), (9, words[1]))
    found = between(1, 10, *told_twice)

    facts = [one.fact_id for one in found.lines if one.fact_id is not None]
    assert facts == [named("other"), named("budget")]


def test_what_the_team_chose_in_between_is_corrected_and_told_once() -> None:
    chosen = ContradictionResolved(
        learned=at(on(6)),
        chosen=named("budget"),
        rejected=(named("other"),),
        rationale="The board decides",
    )
    denied = learned(budget(80, FundingStatus.NONE), "other", on=on(3))
    entries = ((2, money(100, 2)), (3, denied), (6, chosen))
    found = between(4, 7, *entries)
    [line] = [one for one in found.lines if one.fact_id is not None]

    assert DiffKind.CLOSING not in [one.kind for one in found.lines]
    assert (line.kind, line.fact_id, line.positions) == (
        DiffKind.CORRECTED,
        named("budget"),
        (4,),
    )
    assert kinds(between(7, 8, *entries)) == []
    assert found.after == score(known(screen(7, *entries).state))


def test_what_the_team_chose_counts_where_only_that_was_known() -> None:
    chosen = ContradictionResolved(
        learned=at(on(6)),
        chosen=named("budget"),
        rejected=(named("other"),),
        rationale="The board decides",
    )
    entries = ((2, money(100, 2)), (20, money(80, 19, "other")), (21, chosen))

    assert kinds(diff(known_on(4, *entries), known_on(7, *entries))) == [DiffKind.CORRECTED]


def test_what_came_true_in_between_had_not_been_told_late() -> None:
    history = told((0, opening), (1, money(60, 1, true_from=on(5).date())))

    def true_on(day: float) -> Look:
        state = through(InHindsight(on(day)), history)
        assert state is not None
        return Look(state, history[-1].position, on(day))

    assert kinds(diff(true_on(2), true_on(6))) == [DiffKind.LEARNED]


def test_nothing_changes_between_a_look_and_itself() -> None:
    assert between(5, 5, (3, money(60, 3))).lines == ()


looks = st.tuples(st.integers(1, 40), st.integers(1, 40), st.booleans(), st.booleans())


@often
@generated(
    st.lists(st.tuples(st.integers(2, 30), st.integers(0, 9), happenings), max_size=8), looks
)
def test_the_points_of_all_lines_are_those_between_both_scores(
    story: list[tuple[int, int, Event]], asked: tuple[int, int, bool, bool]
) -> None:
    entries = [
        (day + lag + 0.3 + number / 100, as_learned_on(one, day + number / 100))
        for number, (day, lag, one) in enumerate(story)
    ]
    ticks = [tick(one) for one in range(1, 41)]
    history = sorted([*ticks, *entries], key=lambda one: one[0])
    first, second = (
        known_on(day, *history) if lens else screen(day, *history)
        for day, lens in ((asked[0], asked[2]), (asked[1], asked[3]))
    )
    found = diff(first, second)

    assert found.before == score(known(first.state))
    assert found.after == score(known(second.state))
    assert sum(one.milli_points for one in found.lines) == found.milli_points
    for line in found.lines:
        assert sum(one.milli_points for one in line.effects) == line.milli_points


def known_on(day: float, *entries: Told) -> Look:
    history = told((0, opening), *entries)
    state = through(AsKnown(on(day)), history)
    assert state is not None
    return Look(replace(state), history[-1].position, on(day))


def test_an_erasure_in_between_shows_and_moves_nothing() -> None:
    gone = Redacted(named("dana"), on(4), "OBJECTION")
    quoted = replace(OBSERVED, evidence=Evidence(quote=gone))
    entries = ((2, replace(money(100, 2), provenance=quoted)),)
    before, after = screen(3, *entries), screen(5, *entries)
    of_dana = Erasing(named("dana"), on(4), 7)
    of_another = Erasing(named("kim"), on(4), 8)
    found = diff(before, after, [of_dana, of_another])

    [line] = [one for one in found.lines if one.kind is DiffKind.ERASED]
    assert (line.fact_id, line.positions) == (named("budget"), (7,))
    assert (line.milli_points, line.effects) == (0, ())
    assert found.milli_points == diff(before, after).milli_points
