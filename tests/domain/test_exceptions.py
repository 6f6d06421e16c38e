"""Exceptions: raised, taken on, given time, and ended once."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from opps.domain.errors import AlreadyExists, Blank, RoleNeeded
from opps.domain.events import (
    Event,
    ExceptionAcknowledged,
    ExceptionCause,
    ExceptionDismissed,
    ExceptionRaised,
    ExceptionResolved,
    ExceptionResourced,
    ExceptionRiskAccepted,
    GatePassed,
    PlannedGate,
    ProposalSent,
    SalesProcessStarted,
)
from opps.domain.exceptions import thresholds
from opps.domain.exceptions.causes import exception_id
from opps.domain.exceptions.commands import (
    AcceptExceptionRisk,
    AcknowledgeException,
    AnyExceptionCommand,
    DismissException,
    RaiseByRule,
    RaiseException,
    ResolveException,
    ResourceException,
)
from opps.domain.exceptions.errors import (
    ExceptionIsClosed,
    NotAcknowledged,
    NothingGiven,
    OtherMoney,
    TooMuchMoney,
    UnknownException,
)
from opps.domain.exceptions.inbox import in_words, urgency
from opps.domain.exceptions.lifecycle import (
    ExceptionStatus,
    ManagedException,
    decide,
    evolve,
)
from opps.domain.exceptions.thresholds import SetExceptionThresholds
from opps.domain.exceptions.walking_away import may_walk_away
from opps.domain.money import Money
from opps.domain.opportunity.evolve import fold
from opps.domain.recorded import Actor, Context, Via
from tests.domain.given import DEAL, MONDAY, at, named, opened, recorded, won

SLIDING = named("sliding date")
ANNA, BORIS = named("Anna"), named("Boris")

proposal = ProposalSent(learned=at(MONDAY), proposal="P-1")
raised = ExceptionRaised(
    opportunity_id=DEAL, cause=ExceptionCause.BY_HAND, summary="The buyer moved the date again."
)
acknowledged = ExceptionAcknowledged(plan="Anna plans backwards with the buyer on Thursday.")
resourced = ExceptionResourced(people=(BORIS,), hours=8.0, money=Money(Decimal(500), "EUR"))
resolved = ExceptionResolved(how="The buyer confirmed the steps in writing.")
accepted = ExceptionRiskAccepted(reason="The reference is worth it.")
dismissed = ExceptionDismissed(reason="The date was a typing error.")

raise_it = RaiseException(exception_id=SLIDING, opportunity_id=DEAL, summary=raised.summary)
acknowledge = AcknowledgeException(exception_id=SLIDING, plan=acknowledged.plan)
resource = ResourceException(
    exception_id=SLIDING, people=(BORIS,), hours=8.0, money=Money(Decimal(500), "EUR")
)
resolve = ResolveException(exception_id=SLIDING, how=resolved.how)
accept = AcceptExceptionRisk(exception_id=SLIDING, reason=accepted.reason)
dismiss = DismissException(exception_id=SLIDING, reason=dismissed.reason)


def exception(*past: Event) -> ManagedException | None:
    """Return the exception after what has happened."""
    state: ManagedException | None = None
    for one in recorded(past):
        state = evolve(state, one)
    return state


def asked(
    command: AnyExceptionCommand, *past: Event, role: str = "MANAGER", via: Via = Via.GRAPHQL
) -> list[Event]:
    """Return what a command leads to after what has happened."""
    actor = Actor(principal=ANNA, role=role, via=via)
    context = Context(now=MONDAY, actor=actor, command_id=named("command"))
    return [*decide(exception(*past), command, context)]


@pytest.mark.parametrize(
    ("past", "command", "event"),
    [
        ((), raise_it, raised),
        ((raised,), acknowledge, acknowledged),
        ((raised, acknowledged), resource, resourced),
        ((raised, acknowledged), resolve, resolved),
        ((raised, acknowledged, resourced), resolve, resolved),
        ((raised,), accept, accepted),
        ((raised,), dismiss, dismissed),
    ],
)
def test_an_exception_is_raised_taken_on_given_time_and_ended(
    past: tuple[Event, ...], command: AnyExceptionCommand, event: Event
) -> None:
    assert asked(command, *past) == [event]


def test_what_an_exception_was_given_adds_up() -> None:
    more = ExceptionResourced(people=(BORIS, ANNA), hours=4.0, money=Money(Decimal(250), "EUR"))
    worked_on = exception(raised, acknowledged, resourced, more)

    assert worked_on is not None
    assert (worked_on.people, worked_on.hours) == ((BORIS, ANNA), 12.0)
    assert worked_on.money == Money(Decimal(750), "EUR")


def test_a_new_plan_leaves_what_was_given_in_place() -> None:
    again = exception(raised, acknowledged, resourced, ExceptionAcknowledged(plan="Plan B."))

    assert again is not None
    assert (again.status, again.plan) == (ExceptionStatus.RESOURCED, "Plan B.")


def test_the_same_plan_again_changes_nothing() -> None:
    assert asked(acknowledge, raised, acknowledged) == []


@pytest.mark.parametrize("end", [resolved, accepted, dismissed])
@pytest.mark.parametrize("command", [acknowledge, resource, resolve, accept, dismiss])
def test_an_exception_ends_once(end: Event, command: AnyExceptionCommand) -> None:
    with pytest.raises(ExceptionIsClosed):
        asked(command, raised, acknowledged, end)


def test_an_exception_is_raised_once() -> None:
    with pytest.raises(AlreadyExists):
        asked(raise_it, raised)


@pytest.mark.parametrize("command", [acknowledge, resource, resolve, accept, dismiss])
def test_what_nobody_raised_is_not_worked_on(command: AnyExceptionCommand) -> None:
    with pytest.raises(UnknownException):
        asked(command)


@pytest.mark.parametrize("command", [resource, resolve])
def test_nobody_gives_time_to_or_resolves_what_nobody_took_on(
    command: AnyExceptionCommand,
) -> None:
    with pytest.raises(NotAcknowledged):
        asked(command, raised)


def test_opps_itself_ends_an_exception_whose_opportunity_is_closed() -> None:
    assert asked(resolve, raised, via=Via.SYSTEM) == [resolved]


@pytest.mark.parametrize("money", [None, Money(Decimal(0), "EUR"), Money(Decimal(-1), "EUR")])
def test_giving_nothing_is_refused(money: Money | None) -> None:
    with pytest.raises(NothingGiven):
        asked(ResourceException(exception_id=SLIDING, money=money), raised, acknowledged)


def test_money_of_two_currencies_is_never_added() -> None:
    dollars = ResourceException(exception_id=SLIDING, money=Money(Decimal(1), "USD"))
    with pytest.raises(OtherMoney):
        asked(dollars, raised, acknowledged, resourced)


def test_no_exception_is_given_more_money_than_can_be_written_down() -> None:
    all_there_is = Money(Decimal(10**15 - 500), "EUR")
    with pytest.raises(TooMuchMoney):
        asked(replace(resource, money=all_there_is), raised, acknowledged, resourced)

    nearly = Money(Decimal(10**15 - 501), "EUR")
    [given] = asked(replace(resource, money=nearly), raised, acknowledged, resourced)
    held = exception(raised, acknowledged, resourced, given)
    assert held is not None
    assert held.money == Money(Decimal(10**15 - 1), "EUR")


@pytest.mark.parametrize(
    ("command", "past"),
    [
        (RaiseException(exception_id=SLIDING, opportunity_id=DEAL, summary=" "), ()),
        (AcknowledgeException(exception_id=SLIDING, plan=" "), (raised,)),
        (ResolveException(exception_id=SLIDING, how=" "), (raised, acknowledged)),
        (AcceptExceptionRisk(exception_id=SLIDING, reason=" "), (raised,)),
        (DismissException(exception_id=SLIDING, reason=" "), (raised,)),
    ],
)
def test_a_text_about_an_exception_says_something(
    command: AnyExceptionCommand, past: tuple[Event, ...]
) -> None:
    with pytest.raises(Blank):
        asked(command, *past)


@pytest.mark.parametrize("command", [raise_it, acknowledge, resolve])
def test_a_seller_raises_takes_on_and_resolves(command: AnyExceptionCommand) -> None:
    past = () if command is raise_it else (raised, ExceptionAcknowledged(plan="Another plan."))

    assert len(asked(command, *past, role="SELLER")) == 1


@pytest.mark.parametrize("command", [resource, accept, dismiss])
def test_a_manager_decides_what_an_exception_gets_and_whether_it_is_one(
    command: AnyExceptionCommand,
) -> None:
    with pytest.raises(RoleNeeded):
        asked(command, raised, acknowledged, role="SELLER")


@pytest.mark.parametrize("role", ["AUDITOR", "INTEGRATOR", "DPO"])
def test_nobody_else_works_on_exceptions(role: str) -> None:
    with pytest.raises(RoleNeeded):
        asked(raise_it, role=role)


def test_a_rule_says_what_it_found() -> None:
    found = RaiseByRule(
        exception_id=SLIDING,
        opportunity_id=DEAL,
        cause=ExceptionCause.DANGER_ZONE,
        about="DZ16",
        since=12,
        summary="The commit date was pushed twice.",
        again=named("the first time"),
    )

    assert asked(found, via=Via.SYSTEM) == [
        ExceptionRaised(
            opportunity_id=DEAL,
            cause=ExceptionCause.DANGER_ZONE,
            about="DZ16",
            since=12,
            summary="The commit date was pushed twice.",
            again=named("the first time"),
        )
    ]


def test_an_exception_ignores_what_is_no_business_of_its_own() -> None:
    assert exception(raised, won) == exception(raised)
    assert exception(acknowledged) is None


def test_one_cause_is_one_exception_and_its_return_another() -> None:
    first = exception_id(DEAL, ExceptionCause.DANGER_ZONE, "DZ16", 12)

    assert first == exception_id(DEAL, ExceptionCause.DANGER_ZONE, "DZ16", 12)
    others: set[UUID] = {
        exception_id(DEAL, ExceptionCause.DANGER_ZONE, "DZ16", 40),
        exception_id(DEAL, ExceptionCause.DANGER_ZONE, "DZ17", 12),
        exception_id(DEAL, ExceptionCause.GATE_OVERDUE, "DZ16", 12),
        exception_id(named("another deal"), ExceptionCause.DANGER_ZONE, "DZ16", 12),
    }
    assert len(others - {first}) == 4


TODAY = date(2026, 3, 2)
LARGE, USUAL = Decimal(300_000), Decimal(100_000)


def test_the_inbox_weighs_value_by_openness_by_time_left() -> None:
    parts = urgency(LARGE, USUAL, 0.4, date(2026, 6, 1), TODAY)

    assert (parts.value, parts.width, parts.time) == (3.0, 0.4, 1.0)
    assert parts.score == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("commit_date", "time"),
    [
        (date(2026, 6, 1), 1.0),
        (date(2026, 12, 1), 1.0),
        (date(2026, 5, 31), 90 / 91),
        (date(2026, 3, 3), 1 / 91),
        (date(2026, 3, 2), 1 / 91),
        (date(2025, 3, 2), 1 / 91),
        (None, 0.5),
    ],
)
def test_time_left_is_a_share_of_a_quarter(commit_date: date | None, time: float) -> None:
    assert urgency(USUAL, USUAL, 1.0, commit_date, TODAY).time == pytest.approx(time)


def test_an_exception_without_an_amount_counts_as_a_usual_one() -> None:
    assert urgency(None, USUAL, 0.4, None, TODAY).value == 1.0
    assert urgency(LARGE, None, 0.4, None, TODAY).value == 1.0


def test_the_inbox_says_why_an_exception_stands_where_it_stands() -> None:
    parts = urgency(LARGE, USUAL, 0.4, date(2026, 4, 16), TODAY)

    assert in_words(parts, "EUR 300k", date(2026, 4, 16), "EUR 100k") == (
        "EUR 300k, 3.0 times the usual EUR 100k; an interval 40 % wide; "
        "49 % of a quarter left until 2026-04-16."
    )
    assert in_words(urgency(None, None, 0.4, None, TODAY), None, None, None) == (
        "no amount, taken as a usual one; an interval 40 % wide; "
        "no commit date, taken as half a quarter."
    )


def test_the_inbox_does_not_take_an_amount_for_none_where_nothing_compares_with_it() -> None:
    parts = urgency(LARGE, None, 0.4, None, TODAY)

    assert in_words(parts, "EUR 300k", None, None).startswith(
        "EUR 300k, taken as usual: nothing open to compare it with; "
    )


def test_the_inbox_does_not_promise_time_up_to_a_day_that_has_passed() -> None:
    passed = date(2026, 2, 1)
    told = in_words(urgency(None, None, 0.4, passed, TODAY), None, passed, None)

    assert told.endswith("; the commit date, 2026-02-01, is due or has passed.")


def test_only_a_manager_sets_thresholds_and_the_same_ones_again_change_nothing() -> None:
    command = SetExceptionThresholds(
        score_move=0.15,
        decision_threshold=0.35,
        walk_away_below=0.2,
        walk_away_days=7,
        reason="Walk away sooner.",
    )
    [event] = thresholds.decide(None, command, _acting_as("MANAGER"))
    set_ = thresholds.evolve(None, recorded([event])[0])

    assert set_ is not None
    assert (set_.walk_away_below, set_.version) == (0.2, 0)
    assert thresholds.decide(set_, command, _acting_as("MANAGER")) == []
    with pytest.raises(RoleNeeded):
        thresholds.decide(None, command, _acting_as("SELLER"))


def _acting_as(role: str) -> Context:
    actor = Actor(principal=ANNA, role=role, via=Via.GRAPHQL)
    return Context(now=MONDAY, actor=actor, command_id=named("command"))


def test_walking_away_is_no_question_before_we_have_proposed() -> None:
    early, proposed_ = fold(recorded([opened])), fold(recorded([opened, proposal]))
    assert early is not None
    assert proposed_ is not None

    assert not may_walk_away(early)
    assert may_walk_away(proposed_)


def test_walking_away_is_no_question_once_it_is_over() -> None:
    over = fold(recorded([opened, proposal, won]))
    assert over is not None

    assert not may_walk_away(over)


@pytest.mark.parametrize(("gates", "asked_"), [(0, False), (1, False), (2, True)])
def test_with_a_sales_process_walking_away_is_a_question_behind_its_second_gate(
    gates: int, asked_: bool
) -> None:
    planned = tuple(PlannedGate(gate=f"G{number}", name="A gate") for number in (1, 2, 3))
    started = SalesProcessStarted(learned=at(MONDAY), process="standard", number=1, gates=planned)
    passed = [GatePassed(learned=at(MONDAY), gate=one.gate) for one in planned[:gates]]
    deal = fold(recorded([opened, proposal, started, *passed]))
    assert deal is not None

    assert may_walk_away(deal) is asked_
