"""Looking back at a deal: what was known at an instant, and what was true, as we now believe."""

from datetime import date, timedelta

from hypothesis import given as generated
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.curves import as_learned
from opps.domain.events import (
    DayTurned,
    Event,
    FactLearned,
    FactRedated,
    FactRetracted,
    Gate,
    OpportunityReopened,
    RetractionReason,
    ScoringModelActivated,
    Supersedes,
    Supersession,
)
from opps.domain.facts import Funding
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.lenses import AsKnown, InHindsight, ModelOf, through
from opps.domain.opportunity.state import Opportunity, QuestionStatus, Status, known
from opps.domain.score import score
from opps.domain.times import Learned, Precision, Reading
from tests.domain.build import often
from tests.domain.given import MANAGER, at, budget, learned, lost, named, opened, raised
from tests.domain.test_curves import Told, happenings, on, tick, told

opening = replace(opened, learned=at(on(0)))


def amount_in(state: Opportunity | None) -> int | None:
    """Return the budget that stands, in whole euros."""
    belief = None if state is None else state.standing(Funding.kind()).belief
    if belief is None or not isinstance(belief.fact, Funding) or belief.fact.amount is None:
        return None
    return int(belief.fact.amount.amount)


def money(amount: int, day: float, name: str = "budget", **more: object) -> FactLearned:
    return replace(learned(budget(amount), name, on=on(day)), **more)


def knew(day: float, *entries: Told, **lens: object) -> Opportunity | None:
    return through(AsKnown(on(day), **lens), told((0, opening), *entries))  # type: ignore[arg-type]  # fields


def was_true(day: float, *entries: Told) -> int | None:
    return amount_in(through(InHindsight(on(day)), told((0, opening), *entries)))


def test_what_was_told_late_was_known_when_it_was_learned() -> None:
    late = (9, money(60, 3))

    assert amount_in(knew(2, late)) is None
    assert amount_in(knew(3, late)) == 60


def test_nothing_was_known_of_a_deal_before_it_was_opened() -> None:
    assert knew(-1) is None
    assert knew(0) is not None


def test_a_retraction_takes_nothing_from_what_was_known_before() -> None:
    taken_back = FactRetracted(
        learned=at(on(6)), fact_id=named("budget"), reason=RetractionReason.MISHEARD
    )

    assert amount_in(knew(5, (3, money(60, 3)), (6, taken_back))) == 60
    assert amount_in(knew(6, (3, money(60, 3)), (6, taken_back))) is None


def test_what_was_redated_was_known_from_the_day_put_right() -> None:
    earlier = FactRedated(learned=at(on(9)), fact_id=named("budget"), learned_on=at(on(2)))

    assert amount_in(knew(2, (5, money(60, 5)), (9, earlier))) == 60


def test_a_question_was_not_known_to_be_open_before_it_was_raised() -> None:
    question = (4, replace(raised(Facet.PAPER_PROCESS), learned=at(on(4))))
    before, after = knew(3, question), knew(4, question)

    assert before is not None
    assert not before.questions
    assert after is not None
    assert [one.status for one in after.questions.values()] == [QuestionStatus.RAISED]


def test_an_imprecise_time_counts_from_its_end_or_possibly_from_its_start() -> None:
    march = Learned(latest=on(30), earliest=on(1), precision=Precision.MONTH)
    vague = (30, money(60, 30, learned=march))

    assert amount_in(knew(2, vague)) is None
    assert amount_in(knew(2, vague, reading=Reading.POSSIBLE)) == 60


def test_closing_froze_the_score_also_in_looking_back() -> None:
    events = ((5, replace(lost, learned=at(on(5)))), (6, money(60, 6, after_close=True)))
    open_still, closed = knew(4, *events), knew(7, *events)

    assert open_still is not None
    assert open_still.open
    assert closed is not None
    assert closed.status is Status.LOST
    assert amount_in(closed) == 60
    assert score(known(closed)) == score(known(open_still))


def test_a_score_is_worked_out_anew_by_the_model_of_then_or_by_the_current_one() -> None:
    other = ScoringModelActivated(
        model=replace(OKS_1, name="acme-2"), approver=MANAGER, reason="Backtest", gate=Gate.PASSED
    )
    then, current = knew(3, (5, other)), knew(3, (5, other), model=ModelOf.CURRENT)

    assert then is not None
    assert score(known(then)).model == OKS_1.name
    assert current is not None
    assert score(known(current)).model == "acme-2"


def test_a_model_that_came_with_the_opening_is_the_one_of_then() -> None:
    other = ScoringModelActivated(
        model=replace(OKS_1, name="acme-2"), approver=MANAGER, reason="Backtest", gate=Gate.PASSED
    )
    then = knew(3, (0, other))

    assert then is not None
    assert score(known(then)).model == "acme-2"


def test_how_fresh_something_was_is_told_at_the_instant_asked_about() -> None:
    tick = DayTurned(day=(on(300)).date(), zone="UTC")
    state = knew(10, (3, money(60, 3)), (300, tick))

    assert state is not None
    assert state.clock == on(10)


def test_what_holds_without_a_word_about_since_when_holds_since_it_was_learned() -> None:
    assert was_true(2, (3, money(60, 3))) is None
    assert was_true(3, (3, money(60, 3))) == 60


def test_what_is_said_to_hold_from_a_day_was_true_on_it_though_nobody_knew() -> None:
    said = (9, money(60, 9, true_from=date(2026, 3, 3), true_until=date(2026, 3, 5)))

    assert [was_true(day, said) for day in (1.9, 2, 4.9, 5)] == [None, 60, 60, None]


def test_a_change_of_the_world_leaves_what_was_true_before_it() -> None:
    changed = Supersedes(named("budget"), Supersession.WORLD_CHANGED)
    events = ((2, money(100, 2)), (6, money(80, 6, "cut", supersedes=changed)))

    assert [was_true(day, *events) for day in (3, 6)] == [100, 80]


def test_what_was_learned_better_had_never_been_otherwise() -> None:
    better = Supersedes(named("budget"), Supersession.WE_LEARNED_BETTER)
    events = ((2, money(100, 2)), (6, money(80, 6, "cut", supersedes=better)))

    assert [was_true(day, *events) for day in (1, 3, 6)] == [None, 80, 80]


def test_what_was_redated_again_and_again_was_true_from_the_last_word_on() -> None:
    words = [
        FactRedated(learned=at(on(10 + said)), fact_id=named("budget"), learned_on=at(on(day)))
        for said, day in enumerate((2, 6, 4))
    ]
    events = ((9, money(60, 9)), *((10 + said, one) for said, one in enumerate(words)))

    assert [was_true(day, *events) for day in (3.9, 4)] == [None, 60]


def test_what_holds_from_the_first_day_there_is_to_the_last_is_true_on_any() -> None:
    auckland = Learned(latest=on(9), zone="Pacific/Auckland")
    always = (9, money(60, 9, learned=auckland, true_from=date.min, true_until=date.max))

    assert was_true(1, always) == 60


def test_what_was_taken_back_was_never_true() -> None:
    taken_back = FactRetracted(
        learned=at(on(6)), fact_id=named("budget"), reason=RetractionReason.MISHEARD
    )

    assert was_true(4, (3, money(60, 3)), (6, taken_back)) is None


def test_a_deal_opened_again_is_open_again_in_looking_back() -> None:
    events = ((5, replace(lost, learned=at(on(5)))), (7, again(7)), (8, money(60, 8)))
    reopened = knew(8, *events)

    assert reopened is not None
    assert reopened.open
    assert amount_in(reopened) == 60


def test_a_deal_that_was_opened_and_lost_again_at_once_is_frozen_with_what_was_known_by_then() -> (
    None
):
    # Lost again on the ninth day, and learned before the news that had opened it again.
    events = (
        (2, replace(lost, learned=at(on(2)))),
        (3, money(60, 3)),
        (6, again(6)),
        (9, replace(lost, learned=at(on(5)))),
    )
    history = told((0, opening), *events)
    state = knew(9, *events)

    assert state is not None
    assert not state.open
    assert score(known(state)) == as_learned(history)[-1].score
    assert score(known(state)).p > as_learned(history)[0].score.p


def again(day: float) -> Event:
    return OpportunityReopened(learned=at(on(day)), reason="They called")


@often
@generated(
    st.lists(st.tuples(st.integers(2, 30), st.integers(0, 9), happenings), max_size=8),
    st.integers(2, 40),
)
def test_the_score_of_what_was_known_is_that_of_the_learned_curve(
    story: list[tuple[int, int, Event]], day: int
) -> None:
    entries = [
        (known_on + lag + 0.3 + number / 100, as_learned_on(one, known_on + number / 100))
        for number, (known_on, lag, one) in enumerate(story)
    ]
    ticks = [tick(one) for one in range(1, 41)]
    history = told(*sorted([(0.0, opening), *ticks, *entries], key=lambda one: one[0]))
    instant = on(day) + timedelta(minutes=1)
    state = through(AsKnown(instant), history)
    last = [point for point in as_learned(history) if point.at <= instant][-1]

    assert state is not None
    assert score(known(state)) == last.score


def as_learned_on(event: Event, day: float) -> Event:
    """Return an event learned on a day, each fact under a name of its own."""
    changed = replace(event, learned=at(on(day)))
    if isinstance(changed, FactLearned) and changed.fact_id == named("fact"):
        return replace(changed, fact_id=named(f"fact of {day}"))
    return changed
