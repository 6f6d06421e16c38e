"""Given closed opportunities, then what they leave for the next ones."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from opps.domain.blind_spots import Closings, Tally
from opps.domain.events import (
    CustomerKind,
    Event,
    LossKind,
    OpportunityDisqualified,
    OpportunityLost,
    OpportunityReopened,
    OpportunityWon,
    Outcome,
    OutcomeCorrected,
)
from opps.domain.facts.decision import StepKind
from opps.domain.facts.evaluators import Role
from opps.projections.closings import EVER, Until
from opps.projections.views import Views
from tests.domain.build import USER, a_step, an_alternative, an_evaluator
from tests.domain.given import DEAL, MONDAY, OBSERVED, at, learned, named, opened
from tests.projections.conftest import Show
from tests.projections.support import Teller

Tallied = Callable[..., Awaitable[Closings]]
END = MONDAY + timedelta(days=100)
won = OpportunityWon(learned=at(END))
lost = OpportunityLost(learned=at(END), loss_kind=LossKind.UNSPECIFIED)
reopened = OpportunityReopened(learned=at(END), reason="They called back")
lawyer = learned(an_evaluator(USER, roles=(Role.LEGAL,)), "lawyer", source=OBSERVED)
rival = learned(an_alternative(), "rival", source=OBSERVED)
late_step = learned(
    a_step(step_kind=StepKind.SECURITY), "step", on=END - timedelta(days=3), source=OBSERVED
)


@pytest.fixture
async def tallied(database: str, show: Show, tenant: UUID) -> Tallied:
    """Return what projects everything told so far and tallies it."""

    async def tallied(kind: CustomerKind | None = None, until: Until = EVER) -> Closings:
        show("closings")
        async with Views(database) as views:
            return await views.closings(tenant, kind, until)

    return tallied


def test_an_open_deal_leaves_nothing_yet(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, lawyer)

    assert show("closings") == []


def test_a_closed_deal_leaves_what_was_there_and_what_came_out_late(
    teller: Teller, show: Show
) -> None:
    last = teller.tell(DEAL, opened, lawyer, rival, late_step, lost)

    [row] = show("closings")

    assert (row["opportunity_id"], row["outcome"]) == (DEAL, "LOST")
    assert (row["opened_at"], row["closed_at"]) == (MONDAY, END)
    assert row["roles"] == ["LEGAL"]
    assert row["alternative_kinds"] == ["COMPETITOR"]
    assert row["step_kinds"] == ["SECURITY"]
    assert row["facets"] == ["CONSIDERED_SET", "STEPS", "PAPER_PROCESS"]
    assert row["late_facets"] == ["STEPS", "PAPER_PROCESS"]
    assert row["position"] == last


def test_what_is_learned_after_the_end_changes_nothing(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, lost)
    before = show("closings")
    teller.tell(DEAL, replace(lawyer, after_close=True))

    assert show("closings") == before


def test_a_deal_that_is_opened_again_no_longer_counts_until_it_ends(
    teller: Teller, show: Show
) -> None:
    teller.tell(DEAL, opened, lost, reopened, lawyer)
    assert [row["outcome"] for row in show("closings")] == [None]

    teller.tell(DEAL, won)

    assert [(row["outcome"], row["roles"]) for row in show("closings")] == [("WON", ["LEGAL"])]


def test_an_outcome_that_is_put_right_counts_as_it_really_was(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, lost)
    teller.tell(DEAL, OutcomeCorrected(learned=at(END), outcome=Outcome.WON, reason="Mixed up"))

    assert [row["outcome"] for row in show("closings")] == ["WON"]


def closed(
    teller: Teller, name: str, *events: Event, end: Event = lost, kind: CustomerKind | None = None
) -> int:
    """Tell of a deal from its opening to its end; return the last position."""
    return teller.tell(named(name), replace(opened, customer_kind=kind), *events, end)


async def test_deals_with_the_same_kind_of_customer_are_compared(
    teller: Teller, tallied: Tallied
) -> None:
    closed(teller, "a", lawyer, rival, kind=CustomerKind.NEW)
    closed(teller, "b", lawyer, kind=CustomerKind.NEW, end=won)
    closed(teller, "c", late_step, kind=CustomerKind.EXISTING)
    closed(teller, "d")

    new = await tallied(CustomerKind.NEW)

    assert new.roles == Tally(2, {"LEGAL": 2})
    assert new.alternative_kinds == Tally(2, {"COMPETITOR": 1})
    assert new.step_kinds == Tally(2, {})
    assert (await tallied(CustomerKind.EXISTING)).step_kinds == Tally(1, {"SECURITY": 1})
    assert (await tallied(None)).roles == Tally(1, {})


async def test_late_discoveries_are_those_of_lost_deals_that_were_open_for_long(
    teller: Teller, tallied: Tallied
) -> None:
    soon = replace(lost, learned=at(MONDAY + timedelta(days=30)))
    closed(teller, "a", late_step, kind=CustomerKind.NEW)
    closed(teller, "b", late_step, end=won)
    closed(teller, "c", rival)
    closed(teller, "d", rival, end=soon)

    found = await tallied()

    assert found.late_facets == Tally(2, {"STEPS": 1, "PAPER_PROCESS": 1})


async def test_what_we_gave_up_ourselves_is_not_compared(teller: Teller, tallied: Tallied) -> None:
    closed(teller, "a", lawyer, end=OpportunityDisqualified(learned=at(END), reason="No budget"))

    assert await tallied() == Closings()


async def test_a_view_of_the_past_counts_what_had_closed_by_then(
    teller: Teller, tallied: Tallied, show: Show
) -> None:
    first = closed(teller, "a", lawyer)
    closed(teller, "b", lawyer)
    recorded: datetime = show("closings")[0]["recorded_at"]

    assert (await tallied(until=Until(position=first))).roles == Tally(1, {"LEGAL": 1})
    assert (await tallied(until=Until(position=first - 1))) == Closings()
    assert (await tallied(until=Until(recorded_at=recorded))).roles.n == 1
    assert (await tallied()).roles.n == 2
