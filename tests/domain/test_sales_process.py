"""A sales process: published by managers, and copied into the deals that start it."""

from datetime import date

import pytest
from msgspec.structs import replace

from opps.domain.account_map.errors import (
    MalformedProcess,
    ProcessUnderWay,
    UnknownGate,
    UnknownProcess,
)
from opps.domain.catalogue import Objective
from opps.domain.errors import Blank, MalformedTime, Refusal
from opps.domain.events import (
    GateTemplate,
    SalesProcessStarted,
)
from opps.domain.facet_state import MinimumState
from opps.domain.opportunity.commands import (
    GateDue,
    StartSalesProcess,
)
from opps.domain.recorded import Actor, Context, Via
from opps.domain.sales_process import PublishSalesProcess, SalesProcess, decide, evolve
from opps.domain.times import learned_in
from tests.domain.gated import (
    APRIL_1,
    APRIL_15,
    FUNDED,
    GATES,
    ISSUE_NAMED,
    diagnosed,
    published,
    started,
)
from tests.domain.given import (
    COMMAND,
    DEAL,
    FRIDAY,
    MANAGER,
    given,
    opened,
    recorded,
)

start = StartSalesProcess(opportunity_id=DEAL, process="STANDARD")


def test_a_deal_copies_the_gates_of_the_process_it_starts() -> None:
    event = given(opened).when(start, published=published).then_one(SalesProcessStarted)

    assert (event.process, event.number) == ("STANDARD", 1)
    assert [(one.gate, one.due) for one in event.gates] == [
        ("DIAGNOSIS", date(2026, 4, 5)),
        ("FUNDING", date(2026, 5, 5)),
    ]
    assert event.gates[0].evidence == (ISSUE_NAMED,)


def test_days_count_from_the_day_that_is_given() -> None:
    in_april = replace(start, starts=APRIL_1)
    event = given(opened).when(in_april, published=published).then_one(SalesProcessStarted)

    assert event.gates[0].due == date(2026, 5, 1)


def test_days_count_from_the_day_in_the_zone_where_it_was_learned() -> None:
    in_madrid = replace(start, learned=learned_in("2026-03-01", "Europe/Madrid"))
    event = given(opened).when(in_madrid, published=published).then_one(SalesProcessStarted)

    assert event.gates[0].due == date(2026, 3, 31)


def test_a_gate_may_be_due_at_a_date_of_its_own() -> None:
    due = (GateDue(gate="FUNDING", due=APRIL_15),)
    event = given(opened).when(replace(start, due=due), published=published)

    assert event.then_one(SalesProcessStarted).gates[1].due == APRIL_15


def test_a_date_for_a_gate_that_the_process_does_not_have_is_refused() -> None:
    due = replace(start, due=(GateDue(gate="NONE", due=APRIL_15),))

    given(opened).when(due, published=published).then_refused(
        UnknownGate, gate="NONE", gates="DIAGNOSIS, FUNDING"
    )


def test_a_date_beyond_all_calendars_is_refused() -> None:
    late = replace(GATES[0], due_after_days=4_000_000)

    forever = replace(published, gates=(late,))
    given(opened).when(start, published=forever).then_refused(MalformedTime)


def test_a_process_that_nobody_published_cannot_be_started() -> None:
    given(opened).when(start).then_refused(UnknownProcess, process="STANDARD")


def test_starting_the_same_process_again_changes_nothing() -> None:
    given(opened, started).when(start, published=published).then_nothing()


def test_a_process_published_anew_can_be_taken_up_before_the_first_gate() -> None:
    anew = replace(published, number=2, gates=GATES[:1])
    state = given(opened, started).when(start, published=anew).state

    assert [one.gate for one in state.map.gates] == ["DIAGNOSIS"]


def test_a_deal_stays_with_its_process_once_a_gate_is_passed() -> None:
    anew = replace(published, number=2)

    given(opened, started, diagnosed).when(start, published=anew).then_refused(
        ProcessUnderWay, process="STANDARD"
    )


def publish(
    gates: tuple[GateTemplate, ...] = GATES,
    state: SalesProcess | None = None,
    role: str = "MANAGER",
    code: str = "STANDARD",
) -> SalesProcess | Refusal | None:
    """Return the process once it is published, or why it is not."""
    command = PublishSalesProcess(process=code, name="How we sell", gates=gates)
    actor = Actor(principal=MANAGER, role=role, via=Via.GRAPHQL)
    try:
        events = decide(state, command, Context(now=FRIDAY, actor=actor, command_id=COMMAND))
    except Refusal as refusal:
        return refusal
    for one in recorded(events):
        state = evolve(state, one)
    return state


def test_a_manager_publishes_a_process_and_publishes_it_anew() -> None:
    first = publish()
    assert isinstance(first, SalesProcess)
    second = publish(GATES[:1], first)

    assert isinstance(second, SalesProcess)
    assert (second.latest.number, second.latest.gates) == (2, GATES[:1])
    assert second.versions[1].gates == GATES


def test_publishing_the_same_process_again_changes_nothing() -> None:
    first = publish()
    assert isinstance(first, SalesProcess)

    assert publish(GATES, first) is first


def test_a_seller_does_not_publish_a_process() -> None:
    assert getattr(publish(role="SELLER"), "code", None) == "ROLE_NEEDED"


@pytest.mark.parametrize(
    ("gates", "problem"),
    [
        ((), "it has 0 gates: give it 1 to 20"),
        (
            tuple(replace(GATES[0], gate=str(one)) for one in range(21)),
            "it has 21 gates: give it 1 to 20",
        ),
        ((GATES[0], GATES[0]), "two gates have the same code"),
        (
            (replace(GATES[0], evidence=(FUNDED, replace(FUNDED, minimum=MinimumState.CLAIMED))),),
            "DIAGNOSIS asks twice for the same",
        ),
        (
            (replace(GATES[0], evidence=(replace(FUNDED, objective=Objective.TIMING),)),),
            "FUNDING_STATUS belongs to FUNDING, not TIMING",
        ),
    ],
)
def test_a_process_that_does_not_hold_together_is_not_published(
    gates: tuple[GateTemplate, ...], problem: str
) -> None:
    refusal = publish(gates)

    assert isinstance(refusal, MalformedProcess)
    assert refusal.problem == problem


def test_twenty_gates_are_not_too_many() -> None:
    assert isinstance(
        publish(tuple(replace(GATES[0], gate=str(one)) for one in range(20))), SalesProcess
    )


def test_a_process_needs_a_code_that_can_be_read() -> None:
    assert isinstance(publish(code=" "), Blank)
