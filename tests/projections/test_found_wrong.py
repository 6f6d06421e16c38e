"""Given events, then rows: what a line holds, what turned out wrong, and what took how long."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.events import (
    FactCorroborated,
    FactRedated,
    FactRetracted,
    QuestionAsked,
    RetractionReason,
)
from opps.domain.provenance import Evidence
from opps.domain.wrong_beliefs import WrongHow
from opps.eventstore import Log
from opps.projections import found_wrong
from opps.projections.projector import catch_up
from opps.projections.scopes import (
    Until,
)
from opps.projections.timelines import (
    decisions,
    lines,
)
from opps.projections.views import Views
from tests.domain.given import (
    CFO,
    COLLEAGUE,
    CTO,
    DEAL,
    FRIDAY,
    MONDAY,
    OTHER_DEAL,
    SELLER,
    THURSDAY,
    WEDNESDAY,
    at,
    cfo_known,
    cto_known,
    named,
    opened,
    raised,
    said_by,
)
from tests.projections.conftest import Show
from tests.projections.support import Teller, settings
from tests.projections.two_deals import (
    ALL,
    SCOPES,
    approved,
    asked,
    cut,
    tell_two_deals,
)


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Views]:
    """Yield the read side of the test's database."""
    async with Views(database, connections=2) as opened_views:
        yield opened_views


@pytest.fixture
def told(database: str, log: Log, teller: Teller) -> Teller:
    """Tell two deals of one account, and show them."""
    tell_two_deals(teller)
    catch_up(log, settings(database))
    return teller


def test_a_line_holds_its_evidence_and_what_the_score_was(teller: Teller, show: Show) -> None:
    evidence = Evidence(link="https://crm.example/17", document="MAIL-17")
    shown_for = replace(approved, provenance=said_by(CFO, evidence=evidence))
    teller.tell(DEAL, opened, cfo_known, shown_for)

    row = show("timeline")[-1]

    assert (row["link"], row["document"], row["quoted"]) == (
        "https://crm.example/17",
        "MAIL-17",
        False,
    )
    assert (row["grade"], row["credence"], row["late"]) == (0.8, 0.8, True)
    assert row["low_before"] < row["p_before"] < row["p"] < row["high"]


def test_a_line_says_why_something_was_replaced(teller: Teller, show: Show) -> None:
    back = FactRetracted(
        learned=at(FRIDAY),
        fact_id=named("cut"),
        reason=RetractionReason.MISHEARD,
        note="It was sixteen",
    )
    asked_of = QuestionAsked(learned=at(FRIDAY), question_id=named("question"), evaluator_id=CTO)
    teller.tell(DEAL, opened, cfo_known, cto_known, approved, cut, back)
    teller.tell(DEAL, raised(Facet.FUNDING_STATUS), asked_of)

    *_, corrected, taken_back, _, put = show("timeline")

    assert (corrected["replaced"], corrected["replaced_because"]) == (
        [named("approved")],
        "WE_LEARNED_BETTER",
    )
    assert (taken_back["replaced"], taken_back["retracted_because"], taken_back["reason"]) == (
        [named("cut")],
        "MISHEARD",
        "It was sixteen",
    )
    assert (put["told_by"], put["about"]) == (None, [CTO])


async def test_a_wrong_belief_tells_how_long_it_was_held_and_what_it_did(
    views: Views, tenant: UUID, told: Teller
) -> None:
    [one] = await found_wrong.of_opportunity(views.reading, tenant, DEAL, ALL)
    rows = await lines(views.reading, tenant, asked(SCOPES["opportunity"]), None, 100)
    moved = [line.milli_points or 0 for line in rows if line.fact_id == named("approved")]

    assert (one.row.fact_id, one.row.how, one.row.by) == (
        named("approved"),
        WrongHow.DECIDED_AGAINST,
        named("denied"),
    )
    assert one.row.held_s == timedelta(days=2).total_seconds()
    assert (one.row.told_by, one.row.seller) == (CFO, SELLER)
    assert one.meanwhile == sum(moved)
    assert one.found == next(line.milli_points for line in rows if line.reason)
    assert await found_wrong.of_seller(views.reading, tenant, SELLER, ALL) == [one]
    assert await found_wrong.of_seller(views.reading, tenant, COLLEAGUE, ALL) == []
    assert (
        await found_wrong.of_seller(
            views.reading, tenant, SELLER, ALL, (one.row.position, one.row.fact_id)
        )
        == []
    )


async def test_a_finding_that_was_undone_counts_no_more_but_did_before(
    views: Views, database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(DEAL, opened, cfo_known, approved, cut)
    before = teller.tell(DEAL, raised(Facet.FUNDING_STATUS))
    back = FactRetracted(learned=at(FRIDAY), fact_id=named("cut"), reason=RetractionReason.MISHEARD)
    teller.tell(DEAL, back)
    catch_up(log, settings(database))

    async def wrong(until: Until) -> list[UUID]:
        found = await found_wrong.of_opportunity(views.reading, tenant, DEAL, until)
        return [one.row.fact_id for one in found]

    assert await wrong(Until(position=before)) == [named("approved")]
    assert await wrong(ALL) == [named("cut")]
    assert await wrong(Until(position=ALL.position, known_at=THURSDAY)) == [named("approved")]
    assert await wrong(Until(position=ALL.position, known_at=WEDNESDAY)) == []


async def test_decisions_are_found_with_the_facts_that_they_rest_on(
    views: Views, tenant: UUID, told: Teller
) -> None:
    [one] = await decisions(views.reading, tenant, [DEAL, OTHER_DEAL])

    assert (one.tag, one.rests_on, one.summary) == (
        "DecisionTaken",
        [named("denied")],
        "Ten percent off",
    )


async def test_lags_are_those_of_what_a_seller_learned_with_a_time_of_its_own(
    views: Views, database: str, log: Log, tenant: UUID, told: Teller
) -> None:
    told.tell(DEAL, replace(cut, learned=replace(cut.learned, defaulted=True)))
    again = FactCorroborated(
        learned=at(FRIDAY), fact_id=named("cut"), provenance=said_by(CTO), repeats_first=False
    )
    redated = FactRedated(learned=at(FRIDAY), fact_id=named("cut"), learned_on=at(MONDAY))
    told.tell(DEAL, again, redated)
    catch_up(log, settings(database))
    now = datetime.now(UTC) + timedelta(minutes=1)
    found = await found_wrong.noted(views.reading, tenant, SELLER, ALL.position, MONDAY, now)

    assert [one.lag_s is None for one in found] == [False, False, False, False, True, False]
    assert not await found_wrong.noted(views.reading, tenant, SELLER, 3, MONDAY, MONDAY)
    assert not await found_wrong.noted(views.reading, uuid4(), SELLER, 3, MONDAY, now)
