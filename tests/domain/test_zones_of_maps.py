"""Danger zones of the account map, and of gates where a deal goes by a process."""

from datetime import date, timedelta

from opps.domain.catalogue import Objective
from opps.domain.events import (
    DesiredOutcome,
    DesiredOutcomeStated,
    GatePassed,
    OutcomeDimension,
    OutcomeProgressAssessed,
    PlannedGate,
    SalesProcessStarted,
    SaleTarget,
    Waiver,
)
from opps.domain.facet_state import FacetState, MinimumState
from tests.domain.build import JUNE_1, a_criterion, an_alternative
from tests.domain.danger import deal, euros, fires, promised_for, proposed, told, zone
from tests.domain.given import COLLEAGUE, FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, at

MARCH_2 = MONDAY.date()
FRIDAY_13 = date(2026, 3, 13)
GATES = ("qualified", "proposed", "agreed")


def by_process(due: date | None = None) -> SalesProcessStarted:
    gates = tuple(PlannedGate(gate=name, name=name.title(), due=due) for name in GATES)
    return SalesProcessStarted(learned=at(MONDAY), process="direct", number=1, gates=gates)


def through(gate: str, when: object = TUESDAY, *waivers: Waiver) -> GatePassed:
    return GatePassed(learned=at(when), gate=gate, waivers=waivers)  # type: ignore[arg-type]  # a day


def waived() -> Waiver:
    return Waiver(
        objective=Objective.FUNDING,
        minimum=MinimumState.EVIDENCED,
        found=FacetState.UNEXAMINED,
        reason="The CFO is on holiday",
        approver=COLLEAGUE,
    )


OUTCOME = DesiredOutcomeStated(
    learned=at(MONDAY),
    outcome=DesiredOutcome(
        statement="Widgets for line 3",
        sale=SaleTarget(product="Widgets", amount=euros(1000)),
        by=JUNE_1,
    ),
)


def heading_for(amount: int | None = None, day: date | None = None) -> OutcomeProgressAssessed:
    if amount is None:
        dimension = OutcomeDimension.TIMELINE
        return OutcomeProgressAssessed(learned=at(FRIDAY), dimension=dimension, projected_on=day)
    return OutcomeProgressAssessed(
        learned=at(FRIDAY), dimension=OutcomeDimension.SALE, projected_amount=euros(amount)
    )


def test_a_sale_that_falls_more_than_a_tenth_short_drifts() -> None:
    assert fires("DZ22", OUTCOME, heading_for(899))
    assert not fires("DZ22", OUTCOME, heading_for(900))
    assert not fires("DZ22", OUTCOME)
    assert not fires("DZ22", heading_for(1))


def test_a_date_more_than_two_weeks_late_drifts() -> None:
    assert fires("DZ22", OUTCOME, heading_for(day=JUNE_1 + timedelta(days=15)))
    assert not fires("DZ22", OUTCOME, heading_for(day=JUNE_1 + timedelta(days=14)))


def test_a_gate_is_overdue_the_day_after_it_was_due() -> None:
    process, all_gates = by_process(FRIDAY_13), [through(gate) for gate in GATES]

    assert not fires("DZ23", process, today=FRIDAY_13)
    assert fires("DZ23", process, today=FRIDAY_13 + timedelta(days=1))
    assert not fires("DZ23", process, *all_gates, today=FRIDAY_13 + timedelta(days=1))
    assert not fires("DZ23", by_process(), today=JUNE_1)


def test_a_gate_passed_on_a_waiver_is_reviewed_until_one_is_passed_without() -> None:
    on_a_waiver = through("qualified", TUESDAY, waived())
    found = zone("DZ23", deal(by_process(), on_a_waiver))

    assert found is not None
    assert found.because == "“Qualified” was passed without: funding"
    assert not fires("DZ23", by_process(), on_a_waiver, through("proposed", WEDNESDAY))
    assert not fires("DZ23", by_process(), through("qualified"))


def test_where_a_deal_goes_by_a_process_its_gates_count_not_the_proposal() -> None:
    criterion = told(a_criterion())
    first, second = through("qualified"), through("proposed")

    assert not fires("DZ11", by_process(), criterion, proposed(), first)
    assert fires("DZ11", by_process(), criterion, first, second)
    assert not fires("DZ01", by_process(), promised_for(JUNE_1))
    assert fires("DZ01", by_process(), first)


def test_what_comes_up_after_gate_three_is_a_late_surprise() -> None:
    passed = [by_process(), *(through(gate, WEDNESDAY) for gate in GATES)]
    late, before = (told(an_alternative(), when=day) for day in (THURSDAY, TUESDAY))

    assert fires("DZ24", *passed, late, today=FRIDAY_13)
    assert not fires("DZ24", *passed, before, today=FRIDAY_13)
    assert not fires("DZ24", *passed[:-1], late, today=FRIDAY_13)


def test_a_deal_past_gate_three_is_quiet_after_two_weeks() -> None:
    passed = [by_process(), *(through(gate, MONDAY) for gate in GATES)]

    assert fires("DZ21", *passed, today=MARCH_2 + timedelta(days=15))
    assert not fires("DZ21", *passed[:2], today=MARCH_2 + timedelta(days=15))
