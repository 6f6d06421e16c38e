"""The account map in words: a page of Markdown, and a line of the score ledger for each event."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from opps.domain.account_map.markdown import markdown
from opps.domain.cause import cause
from opps.domain.events import (
    AmountEstimated,
    AnyMapEvent,
    DayTurned,
    DesiredOutcome,
    DesiredOutcomeStated,
    GateSlipped,
    MilestoneSlipped,
    OpportunityRenamed,
    Side,
    TeamFunction,
    TeamMemberJoined,
)
from opps.domain.opportunity.evolve import fold
from tests.domain.gated import APRIL_1, APRIL_15, diagnosed, started
from tests.domain.given import (
    APRIL_30,
    COLLEAGUE,
    MARCH_31,
    TUESDAY,
    WEDNESDAY,
    at,
    cfo_known,
    euros,
    given,
    learned,
    named,
    opened,
    recorded,
    the_issue,
)
from tests.domain.outcomes import agreed, stated
from tests.domain.test_account_map_drift import assessed
from tests.domain.test_account_map_plans import (
    TRIAL,
    by_the_piece,
    call,
    call_done,
    call_dropped,
    reclassify,
    trial,
    trial_dropped,
    trial_met,
    wished,
)
from tests.examples.account_map import MAP_EVENTS
from tests.examples.events import OPENED

GOLDEN = Path(__file__).parent / "golden" / "account-map.md"
issue_known = learned(the_issue, "issue fact")
gate_slipped = GateSlipped(
    learned=at(WEDNESDAY),
    gate="DIAGNOSIS",
    from_due=APRIL_1,
    to_due=APRIL_15,
    side=Side.US,
    reason="We asked late",
)
trial_slipped = MilestoneSlipped(
    learned=at(WEDNESDAY),
    milestone_id=TRIAL,
    from_due=MARCH_31,
    to_due=APRIL_30,
    side=Side.CUSTOMER,
    reason="Their audit",
)
HISTORY = (
    opened,
    cfo_known,
    issue_known,
    wished,
    TeamMemberJoined(learned=at(TUESDAY), member=COLLEAGUE, function=TeamFunction.FINANCE),
    stated,
    agreed,
    assessed(amount=60_000),
    assessed(on=date(2026, 3, 28)),
    assessed(value="3"),
    started,
    gate_slipped,
    diagnosed,
    trial,
    trial_slipped,
    call,
    by_the_piece,
    DayTurned(day=date(2026, 5, 4), zone="UTC"),
)


def test_the_map_on_paper_reads_as_written_down() -> None:
    became = given(*HISTORY).when(reclassify).events

    assert markdown(given(*HISTORY, *became).state) == GOLDEN.read_text()


def test_an_empty_map_still_says_what_is_known() -> None:
    page = markdown(given(opened).state)

    assert "Not stated yet." in page
    assert page.count("| unexamined |") == 9
    assert "## Gates" not in page


def test_a_statement_that_is_too_long_is_told_so() -> None:
    long = DesiredOutcome(statement=" ".join(["word"] * 31))
    fits = DesiredOutcome(statement=" ".join(["word"] * 30))
    pages = [
        markdown(given(opened, DesiredOutcomeStated(learned=at(TUESDAY), outcome=one)).state)
        for one in (long, fits)
    ]

    assert ["- Too long: 31 words: cut it to 30" in page for page in pages] == [True, False]


@pytest.mark.parametrize("title", ["# Not a title", "- no item", "a|b", "*loud*", "<b>"])
def test_nothing_that_somebody_wrote_is_markup(title: str) -> None:
    renamed = OpportunityRenamed(learned=at(TUESDAY), title=title)
    first = markdown(given(opened, renamed).state).splitlines()[0]

    assert first.startswith("# \\") or "\\" in first


def test_what_is_waived_and_what_is_late_is_on_paper() -> None:
    page = markdown(given(*HISTORY).state)

    assert "- [ ] Trial on line 3, due 30 Apr 2026, 4 days late, with the CFO" in page
    assert "Moved from 31 Mar 2026 to 30 Apr 2026, by the customer: Their audit" in page
    assert "  - Missing: funding status, evidenced at least, is unexamined" in page


WORDS = {
    "DesiredOutcomeStated": 'desired outcome "Sell Line 3 to Muster by June and bring their scrap',
    "DesiredOutcomeRevised": "They want it sooner",
    "DesiredOutcomeAgreed": "an evaluator agreed to the desired outcome",
    "OutcomeProgressAssessed": "the sale is heading for 75,000 EUR",
    "SalesProcessStarted": "goes by the sales process STANDARD 2, 1 gate",
    "GatePassed": 'gate "Diagnosis" passed, 1 waived',
    "GateSlipped": 'gate "Diagnosis" due 15 Jul 2026, cause on the customer\'s side',
    "MilestonePlanned": 'milestone "Trial on line 3" planned for 30 Jun 2026',
    "MilestoneSlipped": 'milestone "Trial on line 3" due 15 Jul 2026, not 30 Jun 2026',
    "MilestoneMet": 'milestone "Trial on line 3" met',
    "MilestoneDropped": 'milestone "Trial on line 3" dropped: No trial needed',
    "ActionPlanned": 'to do "Ask the CFO who signs", due 30 Jun 2026',
    "ActionCompleted": 'done "Ask the CFO who signs": The board signs',
    "ActionDropped": 'not to be done "Ask the CFO who signs": She told us before',
    "WantReclassified": "the wish is a need, a need: An audit asks for it",
}


@pytest.mark.parametrize("event", MAP_EVENTS, ids=lambda event: type(event).__name__)
def test_each_event_of_the_map_is_told_in_words(event: AnyMapEvent) -> None:
    history = recorded((OPENED, *MAP_EVENTS, event))
    before, after = fold(history[:-1]), fold(history)
    assert after is not None

    assert WORDS[type(event).__name__] in cause(history[-1], before, after).words


def test_what_was_done_is_told_of_things_that_nobody_planned() -> None:
    for event in (trial_met, trial_dropped, call_done, call_dropped):
        history = recorded((opened, event))
        after = fold(history)
        assert after is not None
        assert cause(history[-1], after, after).words


def test_an_amount_of_no_quantity_is_worth_what_it_is() -> None:
    plain = AmountEstimated(learned=at(TUESDAY), amount=euros(80_000))
    page = markdown(given(replace(opened, title="Widgets"), plain).state)

    assert "80,000 EUR" in page
    assert str(named("nobody")) not in page
