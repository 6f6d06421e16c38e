"""A score as it should have been: late entries count from when they were learned."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.cause import CauseKind
from opps.domain.curves import CurvePoint, as_learned
from opps.domain.events import (
    BuyerResponded,
    DayTurned,
    Event,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    Gate,
    OpportunityReopened,
    ProposalSent,
    ProposalWithdrawn,
    QuestionAnswered,
    QuestionAsked,
    RetractionReason,
    ScoringModelActivated,
    TeamMemberLeft,
)
from opps.domain.facts.purchase import FundingStatus
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.provenance import SourceKind
from opps.domain.recorded import Recorded
from opps.domain.score import NOTHING_KNOWN, Score, score
from opps.domain.setting import DAY_ONE, SURROUNDING, surround
from tests.domain.deals import facts, sources
from tests.domain.given import (
    CFO,
    DEAL,
    MANAGER,
    OBSERVED,
    SELLER,
    at,
    budget,
    cfo_known,
    learned,
    lost,
    named,
    opened,
    raised,
    recorded,
    said_by,
    won,
)

MARCH_1 = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)

Told = tuple[float, Event]


def on(day: float) -> datetime:
    """Return an instant that many days after 1 March."""
    return MARCH_1 + day * DAY


def told(*entries: Told) -> list[Recorded[Event]]:
    """Return events as recorded so many days after 1 March; ticks have a stream of their own."""
    events = recorded([event for _, event in entries])
    return [
        replace(
            one,
            recorded_at=on(day),
            stream=named("surrounding") if isinstance(one.event, SURROUNDING) else DEAL,
        )
        for one, (day, _) in zip(events, entries, strict=True)
    ]


def tick(day: int) -> Told:
    return day, DayTurned(day=on(day).date(), zone="UTC")


def starts(day: float = 1.25) -> Told:
    return day, replace(opened, learned=at(on(day)))


def said(amount: int, day: float, name: str) -> Event:
    return learned(budget(amount), name, on=on(day), source=said_by(CFO))


def days(points: Sequence[CurvePoint]) -> list[float]:
    return [(point.at - MARCH_1) / DAY for point in points]


def as_recorded(history: Sequence[Recorded[Event]]) -> list[Score]:
    """Return the scores by recorded time, wherever they differ: everything scored at each event."""
    scores: list[Score] = []
    state: Opportunity | None = None
    setting = DAY_ONE
    for one in history:
        setting = surround(setting, one.event)
        state = evolve(state, one, setting)
        if state is not None and (not scores or score(known(state)) != scores[-1]):
            scores.append(score(known(state)))
    return scores


def test_what_is_recorded_late_counts_from_when_it_was_learned() -> None:
    history = told(starts(), (9.5, said(60_000, 2.5, "late")))
    points = as_learned(history)

    assert days(points) == [1.25, 2.5]
    assert points[0].score == NOTHING_KNOWN
    assert points[-1].score == as_recorded(history)[-1]
    assert points[-1].recorded == (history[-1],)
    assert points[-1].cause.words.startswith("3 Mar, call with an evaluator: funding approved")


def test_a_fact_that_was_taken_back_counts_until_that_was_learned() -> None:
    back = FactRetracted(learned=at(on(5)), fact_id=named("told"), reason=RetractionReason.MISHEARD)
    points = as_learned(told(starts(), (2, said(60_000, 2, "told")), (6, back)))

    assert days(points) == [1.25, 2, 5]
    assert points[1].score.p > points[0].score.p
    assert points[2].score == points[0].score
    assert points[2].cause.kind is CauseKind.RETRACTION


def test_a_fact_that_was_redated_counts_from_its_right_day() -> None:
    redated = FactRedated(learned=at(on(9)), fact_id=named("told"), learned_on=at(on(3)))
    points = as_learned(told(starts(), (7, said(60_000, 7, "told")), (9, redated)))

    assert days(points) == [1.25, 3]


def test_what_was_learned_before_the_opening_counts_from_the_opening_on() -> None:
    points = as_learned(told(starts(), (2, said(60_000, 0.5, "early"))))

    assert days(points) == [1.25]
    assert points[0].score.p > NOTHING_KNOWN.p
    assert points[0].cause.words == "2 Mar 2026, opened; and 1 more"


def test_what_moved_nothing_is_not_counted_among_what_did() -> None:
    left = TeamMemberLeft(learned=at(on(2)), member=SELLER)
    points = as_learned(told(starts(), (2, left), (2, said(60_000, 2, "told"))))

    assert points[-1].cause.words == ("3 Mar, call with an evaluator: funding approved, 60,000 EUR")


def test_time_alone_moves_it_at_the_beginnings_of_days_whether_a_tick_was_recorded_or_not() -> None:
    history = told(starts(), (2.5, said(60_000, 2.5, "told")), tick(100))
    points = as_learned(history)

    # 60 days of freshness: it ages after 30 days and is stale after 60.
    assert days(points) == [1.25, 2.5, 33, 63]
    assert [point.cause.kind for point in points[2:]] == [CauseKind.STALENESS] * 2
    assert points[2].recorded == ()
    assert points[-1].score == as_recorded(history)[-1]


def test_time_moves_nothing_beyond_the_last_tick() -> None:
    story = starts(), (2.5, said(60_000, 2.5, "told"))

    assert days(as_learned(told(*story, tick(32)))) == [1.25, 2.5]
    assert days(as_learned(told(*story, tick(33)))) == [1.25, 2.5, 33]
    assert days(as_learned(told(*story))) == [1.25, 2.5]


def test_days_begin_where_the_clock_of_the_organisation_stands() -> None:
    turned = DayTurned(day=on(40).date(), zone="Europe/Madrid")
    points = as_learned(told(starts(), (2.5, said(60_000, 2.5, "told")), (40, turned)))

    assert points[-1].at == on(33) - timedelta(hours=2)  # summer time has begun


def test_the_curve_ends_with_the_deal_and_goes_on_when_it_is_opened_again() -> None:
    ended = replace(lost, learned=at(on(4)))
    again = OpportunityReopened(learned=at(on(8)), reason="They called back")
    after = said(70_000, 6, "after")
    story = starts(), (2, said(60_000, 2, "told")), (4, ended), (6, after)

    assert days(as_learned(told(*story, tick(90)))) == [1.25, 2]
    points = as_learned(told(*story, (8, again), tick(90)))
    assert days(points)[:2] == [1.25, 2]
    assert days(points)[2:] == [36, 66]


def test_what_was_learned_before_the_end_and_told_after_it_is_hindsight() -> None:
    ended = replace(won, learned=at(on(4)))
    points = as_learned(told(starts(), (4, ended), (9, said(60_000, 3, "hindsight"))))

    assert days(points) == [1.25, 3]


def test_a_proposal_does_not_speak_before_it_was_sent() -> None:
    sent = ProposalSent(learned=at(on(11)), proposal="P-1")
    points = as_learned(told(starts(), (4, said(60_000, 3, "budget")), (11, sent), tick(20)))

    assert days(points) == [1.25, 3, 14, 16, 19]
    assert all(p.cause.kind is CauseKind.SILENCE for p in points[2:])


def test_a_question_that_was_written_down_after_it_was_put_waits_since_it_was_put() -> None:
    question = replace(raised(Facet.FUNDING_STATUS), learned=at(on(9)))
    put = QuestionAsked(learned=at(on(3)), question_id=question.question_id, evaluator_id=CFO)
    history = told(starts(), (1.5, cfo_known), (9, question), (9, put), tick(20))

    assert as_learned(history)[-1].score == as_recorded(history)[-1]
    assert 3 in days(as_learned(history))


def test_a_question_answered_before_it_was_put_by_the_dates_told_waits_for_nothing() -> None:
    question = replace(raised(Facet.FUNDING_STATUS), learned=at(on(2)))
    put = QuestionAsked(learned=at(on(5)), question_id=question.question_id, evaluator_id=CFO)
    answer = QuestionAnswered(learned=at(on(4)), question_id=question.question_id, answer="Yes")
    history = told(starts(), (1.5, cfo_known), (2, question), (5, put), (5, answer), tick(30))

    assert as_learned(history)[-1].score == as_recorded(history)[-1]


def test_a_deal_opened_again_goes_on_whatever_dates_were_told() -> None:
    again = OpportunityReopened(learned=at(on(4)), reason="They called back")
    end = replace(lost, learned=at(on(5)))
    history = told(starts(), (5, end), (6, again), (7, said(60_000, 7, "budget")))

    assert as_learned(history)[-1].score == as_recorded(history)[-1]


def test_what_opened_a_deal_again_is_the_cause_and_what_was_learned_meanwhile_is_counted() -> None:
    again = OpportunityReopened(learned=at(on(9)), reason="They called back")
    end = replace(lost, learned=at(on(5)))
    history = told(starts(), (5, end), (7, said(60_000, 7, "budget")), (9, again))
    last = as_learned(history)[-1]

    assert last.cause.kind is CauseKind.OUTCOME
    assert last.cause.words == "10 Mar, opportunity reopened; and 1 more"
    assert last.recorded[-1] == history[-1]


def test_each_model_scores_while_it_is_in_force() -> None:
    bolder = replace(OKS_1, name="bolder", prior_happen=0.65)
    activated = ScoringModelActivated(
        model=bolder, approver=MANAGER, reason="Backtest", gate=Gate.PASSED
    )
    points = as_learned(told(starts(), (5, activated), (9, said(60_000, 2, "late"))))

    assert [(point.score.model, (point.at - MARCH_1) / DAY) for point in points] == [
        ("oks-1", 1.25),
        ("oks-1", 2),
        ("bolder", 5),
    ]
    assert points[-1].cause.kind is CauseKind.MODEL
    assert as_learned(told((1, activated), starts()))[0].score.model == "bolder"


def test_nothing_was_learned_of_a_deal_that_was_never_opened() -> None:
    assert as_learned(told(tick(1))) == []


names = st.sampled_from(["a", "b"])
happenings: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        lambda fact, source: learned(fact, source=replace(OBSERVED, source=source)), facts, sources
    ),
    st.builds(
        lambda name, status: learned(budget(100, status), name),
        names,
        st.sampled_from(FundingStatus),
    ),
    st.builds(
        lambda name: FactRetracted(
            learned=at(on(0)), fact_id=named(name), reason=RetractionReason.MISHEARD
        ),
        names,
    ),
    st.builds(
        lambda name: FactReconfirmed(
            learned=at(on(0)),
            fact_id=named(name),
            provenance=replace(OBSERVED, source=SourceKind.BUYER_SAID),
        ),
        names,
    ),
    st.just(raised(Facet.PAPER_PROCESS)),
    st.just(QuestionAsked(learned=at(on(0)), question_id=named("question"), evaluator_id=CFO)),
    st.just(ProposalSent(learned=at(on(0)), proposal="P")),
    st.just(lost),
    st.just(OpportunityReopened(learned=at(on(0)), reason="They called back")),
)


@settings(max_examples=60, deadline=None)
@generated(st.lists(st.tuples(st.integers(2, 60), happenings), max_size=12), st.integers(0, 100))
def test_where_everything_is_told_when_it_is_learned_both_curves_are_one(
    story: list[tuple[int, Event]], more: int
) -> None:
    entries = [(day + number / 100 + 0.3, one) for number, (day, one) in enumerate(story)]
    last = int(max((day for day, _ in entries), default=2)) + more
    happened = [(day, _learned(one, day, number)) for number, (day, one) in enumerate(entries)]
    ticks = [tick(day) for day in range(1, last + 1)]
    history = told(
        *sorted([*ticks, starts(), (1.26, _learned(cfo_known, 1.26, 99)), *happened], key=_day)
    )

    shown = [point.score for point in as_learned(history)]
    assert shown == as_recorded(history)


questions = [raised(Facet.PAPER_PROCESS, "steps"), raised(Facet.FUNDING_STATUS, "money")]
moves: st.SearchStrategy[Event] = st.sampled_from(
    [
        *questions,
        *(
            QuestionAsked(learned=at(on(0)), question_id=one.question_id, evaluator_id=CFO)
            for one in questions
        ),
        *(
            QuestionAnswered(learned=at(on(0)), question_id=one.question_id, answer="Soon")
            for one in questions
        ),
        ProposalSent(learned=at(on(0)), proposal="P-1"),
        ProposalSent(learned=at(on(0)), proposal="P-2"),
        ProposalWithdrawn(learned=at(on(0)), proposal="P-1"),
        BuyerResponded(learned=at(on(0)), response="We will think about it"),
    ]
)


@settings(max_examples=60, deadline=None)
@generated(st.lists(st.tuples(st.integers(2, 60), moves), max_size=8))
def test_whatever_dates_are_told_both_curves_end_with_the_same_silence(
    story: list[tuple[int, Event]],
) -> None:
    moved = [(61 + number / 100, _learned(one, day, 0)) for number, (day, one) in enumerate(story)]
    history = told(starts(), (1.26, cfo_known), *moved, tick(200))

    assert as_learned(history)[-1].score == as_recorded(history)[-1]


def _day(entry: Told) -> float:
    return entry[0]


def _learned(event: Event, day: float, number: int) -> Event:
    """Return the event as learned on a day; a fact that has no name of its own gets one."""
    fact_id: UUID | None = getattr(event, "fact_id", None)
    if fact_id == named("fact"):
        return replace(event, learned=at(on(day)), fact_id=named(f"fact {number}"))
    return replace(event, learned=at(on(day)))
