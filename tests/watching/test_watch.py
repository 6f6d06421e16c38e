"""What rules find is raised once for each cause, and ends with its opportunity."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from opps.application import OPPORTUNITY, Application, Request
from opps.domain.events import (
    DangerZoneSuppressed,
    DesiredOutcome,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    Event,
    FactRetracted,
    Metric,
    OpportunityWithdrawn,
    OutcomeDimension,
    OutcomeProgressAssessed,
    PlannedGate,
    RetractionReason,
    SalesProcessStarted,
    Tolerance,
)
from opps.domain.exceptions.commands import (
    AcknowledgeException,
    AnyExceptionCommand,
    DismissException,
    ResolveException,
)
from opps.domain.exceptions.deviations import deviations
from opps.domain.exceptions.thresholds import ExceptionThresholds, SetExceptionThresholds
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Actor, Via
from opps.eventstore import Log, LogUnavailable, register_tenant
from opps.projections.projector import catch_up
from opps.watching import Watch
from opps.watching.candidates import Candidate, Look, candidates
from tests.domain.build import CFO, an_evaluator, an_event
from tests.domain.danger import promised_for, proposed, told
from tests.domain.given import MONDAY, at, lost, opened
from tests.projections.support import KEYRING, Teller, rows, settings

DEAL = uuid4()
MARCH_2, JUNE_1 = MONDAY.date(), date(2026, 6, 1)
MANAGER = Actor(principal=uuid4(), role="MANAGER", via=Via.GRAPHQL)
the_audit = told(an_event(consequence="A fine"), by=CFO)


class Office:
    """A tenant whose log is told what happened, and whose watch goes round when it is asked."""

    def __init__(self, database: str, log: Log) -> None:
        self.database = database
        self.log = log
        self.tenant = register_tenant(database, uuid4(), "acme")
        self.application = Application(log, lambda _: KEYRING)
        self._teller = Teller(log, self.tenant)

    def told(self, *events: Event, of: UUID = DEAL) -> None:
        """Write down what happened to an opportunity."""
        self._teller.tell(of, *events)

    def turns(self, day: date) -> None:
        """Let a day turn."""
        self._teller.turn(day)

    def rounds_on(self, day: date) -> int:
        """Let a day turn, and the watch go round; return how much it did."""
        self.turns(day)
        return self.rounds()

    def rounds(self) -> int:
        """Let the watch go round, as another process would; return how much it did."""
        catch_up(self.log, settings(self.database))
        application = Application(self.log, lambda _: KEYRING)
        return Watch(application, self.database, lambda: [self.tenant]).visit(self.tenant)

    def does(self, command: AnyExceptionCommand) -> None:
        """Carry out a command of a manager."""
        asyncio.run(self.application.exception(command, self._request()))

    def sets(self, command: SetExceptionThresholds) -> None:
        """Set thresholds, as a manager."""
        asyncio.run(self.application.exception_thresholds(command, self._request()))

    def state(self) -> Opportunity:
        """Return the opportunity as it stands."""
        found = asyncio.run(self.application.load(OPPORTUNITY, self.tenant, DEAL))
        assert found is not None
        return found

    def limits(self) -> ExceptionThresholds:
        """Return the thresholds in force."""
        return asyncio.run(self.application.thresholds(self.tenant))

    def _request(self) -> Request:
        return Request(tenant=self.tenant, actor=MANAGER, command_id=uuid4())

    def exceptions(self, cause: str | None = None) -> list[dict[str, Any]]:
        """Return what was raised, oldest first."""
        catch_up(self.log, settings(self.database))
        found = sorted(rows(self.database, "exceptions", self.tenant), key=_raised)
        return [one for one in found if cause in (None, one["cause"])]


def _raised(row: dict[str, Any]) -> Any:
    return row["raised_at"]


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    """Yield a tenant with one opportunity, which we promised for June without a reason."""
    with Log(settings(database)) as log:
        office = Office(database, log)
        office.told(opened, promised_for(JUNE_1))
        yield office


def no_reason(office: Office) -> list[dict[str, Any]]:
    """Return what was raised because there is no reason to act now."""
    return [one for one in office.exceptions("DANGER_ZONE") if one["about"] == "DZ15"]


def test_a_high_danger_zone_is_raised_once_its_grace_is_over(office: Office) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=7))
    assert no_reason(office) == []

    office.rounds_on(MARCH_2 + timedelta(days=8))

    [raised] = no_reason(office)
    assert raised["summary"].startswith("No reason to act now: ")
    assert raised["status"] == "RAISED"


def test_no_exception_is_raised_twice_for_one_cause(office: Office) -> None:
    first = office.rounds_on(MARCH_2 + timedelta(days=30))

    assert first > 0
    assert (office.rounds(), office.rounds_on(MARCH_2 + timedelta(days=31))) == (0, 0)


def test_two_watches_that_look_at_the_same_time_raise_one_exception(office: Office) -> None:
    office.turns(MARCH_2)
    catch_up(office.log, settings(office.database))
    second = Watch(office.application, office.database, lambda: [office.tenant])
    assert second.visit(office.tenant) == 0
    raised = office.rounds_on(MARCH_2 + timedelta(days=30))

    # Nobody has caught up: the second one reads rows from before the first one wrote.
    assert second.visit(office.tenant) == 0
    assert len(office.exceptions()) == raised > 0


def test_nothing_is_raised_from_rows_that_show_what_was_long_ago(office: Office) -> None:
    office.turns(MARCH_2 + timedelta(days=30))
    catch_up(office.log, settings(office.database))
    office.told(the_audit)
    watch = Watch(office.application, office.database, lambda: [office.tenant])

    assert watch.visit(office.tenant) == 0
    assert no_reason(office) == []


def test_what_comes_back_is_raised_again_and_names_the_one_before(office: Office) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=10))
    [first] = no_reason(office)
    office.does(DismissException(exception_id=first["exception_id"], reason="They will tell."))
    office.told(the_audit)
    office.rounds_on(MARCH_2 + timedelta(days=11))
    assert len(no_reason(office)) == 1

    office.told(
        FactRetracted(
            learned=at(MONDAY), fact_id=the_audit.fact_id, reason=RetractionReason.MISHEARD
        )
    )
    office.rounds_on(MARCH_2 + timedelta(days=30))

    _, second = no_reason(office)
    assert second["again"] == first["exception_id"]


def the_zone_closes_and_opens_again(office: Office) -> None:
    office.told(the_audit)
    office.told(
        FactRetracted(
            learned=at(MONDAY), fact_id=the_audit.fact_id, reason=RetractionReason.MISHEARD
        )
    )


def test_what_goes_and_comes_while_somebody_has_it_on_the_table_is_raised_once(
    office: Office,
) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=10))
    [first] = no_reason(office)
    the_zone_closes_and_opens_again(office)
    office.rounds_on(MARCH_2 + timedelta(days=30))
    assert len(no_reason(office)) == 1

    office.does(DismissException(exception_id=first["exception_id"], reason="It comes and goes."))
    office.rounds_on(MARCH_2 + timedelta(days=31))
    assert [one["status"] for one in no_reason(office)] == ["DISMISSED"]


def test_what_is_there_still_when_it_was_resolved_after_it_came_back_is_raised_again(
    office: Office,
) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=10))
    [first] = no_reason(office)
    the_zone_closes_and_opens_again(office)
    of = first["exception_id"]
    office.does(AcknowledgeException(exception_id=of, plan="Ask them."))
    office.does(ResolveException(exception_id=of, how="The audit, says the CFO."))
    office.rounds_on(MARCH_2 + timedelta(days=30))

    _, second = no_reason(office)
    assert second["again"] == of


def test_a_watch_that_says_the_same_in_other_words_changes_nothing_and_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.turns(MARCH_2 + timedelta(days=30))
    seen: list[Candidate] = []

    def looked(connection: psycopg.Connection, look: Look) -> list[Candidate]:
        seen.extend(candidates(connection, look))
        return seen

    monkeypatch.setattr("opps.watching.watch.candidates", looked)
    assert office.rounds() == len(seen) > 0
    missing = replace(seen[0], about="DZ14", since=1)
    others = [replace(one, summary="In other words") for one in seen]
    monkeypatch.setattr("opps.watching.watch.candidates", lambda *_: [*others, missing])

    assert office.rounds() == 1
    assert len(office.exceptions()) == len(seen) + 1


def test_what_was_dismissed_stays_so_as_long_as_its_cause_lasts(office: Office) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=10))
    [first] = no_reason(office)
    office.does(DismissException(exception_id=first["exception_id"], reason="We know."))
    office.rounds_on(MARCH_2 + timedelta(days=40))

    assert [one["status"] for one in no_reason(office)] == ["DISMISSED"]


def test_a_suppressed_danger_zone_is_not_raised(office: Office) -> None:
    office.told(
        DangerZoneSuppressed(
            learned=at(MONDAY), zone="DZ15", until=MARCH_2 + timedelta(days=60), reason="Agreed"
        )
    )
    office.rounds_on(MARCH_2 + timedelta(days=30))

    assert no_reason(office) == []


def test_an_exception_of_what_never_was_ours_ends(office: Office) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=10))
    office.told(OpportunityWithdrawn(learned=at(MONDAY), import_id=uuid4(), reason="Wrong file"))
    office.rounds()
    office.rounds_on(MARCH_2 + timedelta(days=60))

    assert {(one["status"], one["conclusion"]) for one in office.exceptions()} == {
        ("RESOLVED", "The opportunity has ended: WITHDRAWN.")
    }


def test_an_exception_ends_with_its_opportunity(office: Office) -> None:
    office.rounds_on(MARCH_2 + timedelta(days=10))
    office.told(lost)
    office.rounds()

    assert {(one["status"], one["conclusion"]) for one in office.exceptions()} == {
        ("RESOLVED", "The opportunity has ended: LOST.")
    }


def test_what_drifts_in_many_figures_with_long_names_is_raised_all_the_same(
    office: Office,
) -> None:
    figures = [
        Metric(metric_id=uuid4(), name=f"{one} {'scrap ' * 32}", unit="percent",
               baseline=Decimal(8), target=Decimal(3))
        for one in range(20)
    ]  # fmt: skip
    outcome = DesiredOutcome(statement="Less scrap", performance=tuple(figures))
    office.told(DesiredOutcomeStated(learned=at(MONDAY), outcome=outcome))
    office.told(
        *(
            OutcomeProgressAssessed(
                learned=at(MONDAY),
                dimension=OutcomeDimension.PERFORMANCE,
                metric_id=one.metric_id,
                projected_value=Decimal("3.4"),
            )
            for one in figures
        )
    )
    stricter = replace(outcome, tolerance=Tolerance(performance_percent=0))
    office.told(DesiredOutcomeRevised(learned=at(MONDAY), outcome=stricter, reason="No slack"))
    office.rounds_on(MARCH_2 + timedelta(days=1))

    [drifting] = office.exceptions("DRIFT")
    assert drifting["summary"].startswith("Outcome drift: behind its target: 0 scrap")
    assert len(drifting["summary"]) == 2000


def test_one_event_that_moves_the_score_far_is_raised(office: Office) -> None:
    office.sets(thresholds(score_move=0.02))
    office.told(told(an_evaluator(CFO)), the_audit)
    office.rounds_on(MARCH_2)

    moves = office.exceptions("SCORE_MOVE")
    assert moves
    assert all("The win probability moved from" in one["summary"] for one in moves)
    assert moves[-1]["facts"] == [the_audit.fact_id]


def test_a_small_move_of_the_score_is_no_exception(office: Office) -> None:
    office.sets(thresholds(score_move=0.9))
    office.told(the_audit)
    office.rounds_on(MARCH_2)

    assert office.exceptions("SCORE_MOVE") == []


def test_an_interval_that_falls_below_the_decision_threshold_is_raised_once(
    office: Office,
) -> None:
    office.sets(thresholds(decision_threshold=0.72, score_move=0.9))
    office.told(told(an_event(absent=True, on_date=None)))
    office.rounds_on(MARCH_2)
    office.rounds_on(MARCH_2 + timedelta(days=1))

    [fallen] = office.exceptions("BAND_CROSSING")
    assert fallen["summary"].startswith("Even the high end of the interval fell below 72 %")


def test_walking_away_is_asked_for_once_we_have_proposed_and_it_stays_low(
    office: Office,
) -> None:
    office.sets(thresholds(walk_away_below=0.95, walk_away_days=3, score_move=0.98))
    # How long it stays low counts from when it was written down: later than the story.
    written = datetime.now(UTC).date()
    office.rounds_on(written + timedelta(days=4))
    assert office.exceptions("WALK_AWAY") == []

    office.told(proposed())
    office.rounds_on(written + timedelta(days=5))
    office.rounds_on(written + timedelta(days=6))

    [asked] = office.exceptions("WALK_AWAY")
    assert asked["summary"].endswith("has stayed below 95 %: is it worth going on?")


def test_those_who_have_not_come_far_enough_do_not_keep_others_from_being_asked(
    office: Office,
) -> None:
    office.sets(thresholds(walk_away_below=0.95, walk_away_days=3, score_move=0.98))
    gate = PlannedGate(gate="G1", name="Qualified")
    begun = SalesProcessStarted(learned=at(MONDAY), process="P", number=1, gates=(gate,))
    office.told(proposed(), begun)
    other = uuid4()
    office.told(opened, proposed(), of=other)
    office.turns(datetime.now(UTC).date() + timedelta(days=4))
    catch_up(office.log, settings(office.database))
    watch = Watch(office.application, office.database, lambda: [office.tenant], at_once=1)
    for _ in range(2):
        watch.visit(office.tenant)

    [asked] = office.exceptions("WALK_AWAY")
    assert asked["opportunity_id"] == other
    assert asked["summary"].endswith("is it worth going on?")


def test_nobody_is_asked_to_walk_away_before_it_stayed_low_for_long_enough(
    office: Office,
) -> None:
    office.sets(thresholds(walk_away_below=0.95, walk_away_days=3, score_move=0.98))
    office.told(proposed())
    office.rounds_on(datetime.now(UTC).date() + timedelta(days=2))

    assert office.exceptions("WALK_AWAY") == []


def thresholds(**more: Any) -> SetExceptionThresholds:
    """Return thresholds that nothing reaches, but for some."""
    given = {
        "score_move": 0.99,
        "decision_threshold": 0.001,
        "walk_away_below": 0.001,
        "walk_away_days": 7,
        "reason": "A test",
    }
    return SetExceptionThresholds(**{**given, **more})


def test_a_watch_that_cannot_look_says_that_the_database_is_away(office: Office) -> None:
    nowhere = "host=/nowhere dbname=none connect_timeout=1"
    watch = Watch(office.application, nowhere, lambda: [office.tenant])

    with pytest.raises(LogUnavailable):
        watch.visit(office.tenant)


def test_a_change_foretells_what_the_watch_raises_then(office: Office) -> None:
    limits = thresholds(score_move=0.02, decision_threshold=0.72)
    office.sets(limits)
    office.rounds_on(MARCH_2)
    was = {one["exception_id"] for one in office.exceptions()}
    before = office.state()
    office.told(told(an_event(absent=True, on_date=None)))
    foretold = list(deviations(before, office.state(), office.limits()))

    office.rounds()

    raised = [one for one in office.exceptions() if one["exception_id"] not in was]
    by_it = {(one["cause"], one["about"]): one["summary"] for one in raised}
    assert {one.cause for one in foretold} == {"SCORE_MOVE", "BAND_CROSSING"}
    for one in foretold:
        assert by_it[one.cause, one.about].startswith(one.summary)
