"""Looking back at what has ended: what came late, what was wrong, and when it was needed."""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from msgspec.structs import replace

from opps.domain.briefs.lookback import Surprise, Surprising, WinLossReview
from opps.domain.briefs.page import html, markdown
from opps.domain.briefs.review import win_loss_review
from opps.domain.briefs.review_page import review_page
from opps.domain.danger_zones.zones import zones
from opps.domain.events import (
    DayTurned,
    Event,
    LossKind,
    OpportunityLost,
    OpportunityReopened,
    ProposalSent,
    Supersedes,
    Supersession,
    WinLossReviewed,
)
from opps.domain.recorded import Recorded
from opps.domain.wrong_beliefs import WrongHow
from tests.domain.gated import started
from tests.domain.given import (
    CFO,
    MONDAY,
    RIVAL,
    TUESDAY,
    at,
    budget,
    cfo_known,
    given,
    learned,
    named,
    opened,
    recorded,
    said_by,
    the_cto,
    the_issue,
    the_rival,
)

GOLDEN = Path(__file__).parent / "golden" / "win-loss-review.md"


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def turned(month: int, day: int) -> DayTurned:
    return DayTurned(day=date(2026, month, day), zone="UTC")


CLOSED = on(5, 20)
lost = OpportunityLost(learned=at(CLOSED), loss_kind=LossKind.RIVAL, alternative_id=RIVAL)
sent = ProposalSent(learned=at(on(4, 10)), proposal="P-1")
reviewed = WinLossReviewed(
    learned=at(on(5, 25)), summary="We came second", surprises=("A rival nobody had asked about",)
)
issue_late = learned(the_issue, "late issue", on=on(5, 10), source=said_by(CFO))
rival_late = learned(the_rival, "late rival", on=on(4, 12), source=said_by(CFO))
cto_late = learned(the_cto, "late cto", on=on(4, 12), source=said_by(CFO))
after_all = learned(budget(50_000), "after all", on=on(5, 22), source=said_by(CFO))
HISTORY: tuple[Event, ...] = (
    opened,
    cfo_known,
    learned(budget(80_000), "budget", source=said_by(CFO)),
    started,
    turned(4, 2),
    turned(4, 10),
    sent,
    rival_late,
    issue_late,
    turned(5, 20),
    lost,
    reviewed,
    after_all,
)


def review(*events: Event) -> WinLossReview:
    found = win_loss_review(ticking(*events))
    assert found is not None
    return found


def ticking(*events: Event) -> list[Recorded[Event]]:
    """Return events as they were recorded, each tick of the clock as its day began."""
    return [
        replace(one, stream=named("clock"), recorded_at=_begun(one.event))
        if isinstance(one.event, DayTurned)
        else one
        for one in recorded(events)
    ]


def _begun(of: DayTurned) -> datetime:
    return datetime.combine(of.day, time(), UTC)


def surprise(name: str, *events: Event) -> Surprise:
    [found] = [one for one in review(*events).surprises if one.fact.fact_id == named(name)]
    return found


def test_a_review_on_paper_reads_as_written_down() -> None:
    page = markdown(review_page(review(*HISTORY)))
    if os.environ.get("OPPS_WRITE_GOLDEN"):
        GOLDEN.write_text(page)

    assert page == GOLDEN.read_text()
    assert html(review_page(review(*HISTORY))).count("<h2>") == 5


def test_what_is_open_or_open_again_is_not_looked_back_at() -> None:
    again = OpportunityReopened(learned=at(on(5, 30)), reason="They call again")

    assert win_loss_review(recorded((opened,))) is None
    assert win_loss_review(recorded((opened, lost, again))) is None
    assert win_loss_review([]) is None


def test_a_fact_of_the_last_thirty_days_was_needed_at_the_first_gate_that_asks_for_it() -> None:
    late = surprise("late issue", *HISTORY)

    assert (late.surprise, late.days_before_close) == (Surprising.LATE, 10)
    assert (late.should_have_been_known_by, late.needed_for) == (date(2026, 4, 1), "DIAGNOSIS")


def test_what_is_known_before_the_last_thirty_days_is_no_surprise() -> None:
    early = learned(the_issue, "issue", on=CLOSED - timedelta(days=30, minutes=1))
    late = learned(the_issue, "issue", on=CLOSED - timedelta(days=30) + timedelta(minutes=1))

    assert review(opened, early, lost).surprises == ()
    assert [one.surprise for one in review(opened, late, lost).surprises] == [Surprising.LATE]


def test_an_alternative_that_comes_up_after_our_proposal_was_needed_by_then() -> None:
    new = surprise("late rival", *HISTORY)

    assert new.surprise is Surprising.NEW_ALTERNATIVE
    assert (new.should_have_been_known_by, new.needed_for) == (date(2026, 4, 10), "PROPOSAL")


def test_an_evaluator_who_comes_up_after_our_proposal_is_a_surprise() -> None:
    assert surprise("late cto", opened, sent, cto_late, lost).surprise is Surprising.NEW_EVALUATOR
    assert review(opened, cto_late, lost).surprises == ()


def test_what_was_learned_after_the_end_is_a_surprise() -> None:
    found = surprise("after all", *HISTORY)

    assert (found.surprise, found.days_before_close) == (Surprising.AFTER_CLOSE, -2)


def test_of_a_deal_of_few_days_only_what_came_after_its_end_is_late() -> None:
    quick = OpportunityLost(learned=at(MONDAY + timedelta(days=20)), loss_kind=LossKind.RIVAL)
    told = learned(the_issue, "issue", on=TUESDAY)

    assert review(opened, told, quick).surprises == ()


def test_hearing_the_same_again_is_no_surprise() -> None:
    early = learned(the_issue, "issue", source=said_by(CFO))

    assert review(opened, early, issue_late, lost).surprises == ()


def test_what_was_corrected_is_a_wrong_belief_with_how_long_it_was_held() -> None:
    replaces = Supersedes(fact_id=named("budget"), because=Supersession.WE_LEARNED_BETTER)
    better = learned(budget(20_000), "better", on=on(3, 13), source=said_by(CFO), replaces=replaces)

    [wrong] = review(*HISTORY[:3], better, lost).misbeliefs
    assert (wrong.fact.fact_id, wrong.how) == (named("budget"), WrongHow.CORRECTED)
    assert (wrong.held_days, wrong.found_at) == (10, on(3, 13))


def test_a_review_shows_the_danger_zones_that_were_open_at_the_end() -> None:
    before = given(*HISTORY[: HISTORY.index(lost)]).state

    assert [one.zone for one in review(*HISTORY).dangers] == [one.zone for one in zones(before)]
    assert review(*HISTORY).dangers


def test_the_win_probability_is_told_at_each_place_that_needed_something() -> None:
    chances = review(*HISTORY).chances

    assert [one.what for one in chances] == ["DIAGNOSIS", "PROPOSAL", "CLOSE"]
    assert all(one.believed == one.should_have_been for one in chances)


def test_what_was_entered_late_counts_as_it_should_have_been() -> None:
    told = learned(the_issue, "issue", on=on(3, 20), source=said_by(CFO))
    history = recorded((opened, sent, told, lost))
    late = [one if one.event is not told else replace(one, recorded_at=on(5, 1)) for one in history]

    found = win_loss_review(late)

    assert found is not None
    proposal = found.chances[0]
    assert proposal.believed != proposal.should_have_been


def test_what_people_wrote_down_looking_back_is_in_the_review() -> None:
    [written] = review(*HISTORY).reviews

    assert (written.summary, written.surprises) == (reviewed.summary, reviewed.surprises)
