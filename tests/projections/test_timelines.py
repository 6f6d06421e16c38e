"""Timelines of accounts, evaluators and sellers: no line is lost, whichever way one looks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from msgspec.structs import replace

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    AccountRenamed,
    ContradictionResolved,
    DecisionKind,
    DecisionTaken,
    FactCorroborated,
    FactRedated,
    FactRetracted,
    QuestionAsked,
    RetractionReason,
    Supersedes,
    Supersession,
)
from opps.domain.facts import Leaning
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.provenance import Evidence
from opps.domain.times import Reading
from opps.domain.wrong_beliefs import WrongHow
from opps.eventstore import Log
from opps.projections import found_wrong
from opps.projections.projector import catch_up
from opps.projections.scopes import (
    LineFilter,
    Said,
    Scope,
    Until,
    of_account,
    of_evaluator,
    of_opportunity,
    of_seller,
)
from opps.projections.timelines import (
    Asked,
    GroupBy,
    count,
    decisions,
    groups,
    lines,
    lines_of_groups,
)
from opps.projections.views import Axis, Views
from tests.domain.given import (
    ACCOUNT,
    CFO,
    COLLEAGUE,
    CTO,
    DEAL,
    FRIDAY,
    MONDAY,
    OTHER_DEAL,
    SELLER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    learned,
    named,
    opened,
    raised,
    said_by,
)
from tests.projections.conftest import Show
from tests.projections.support import Teller, account_registered, settings

ALL = Until(position=2**62)
GROUPINGS = [*GroupBy]
SCOPES = {
    "opportunity": of_opportunity(DEAL),
    "evaluator": of_evaluator(DEAL, CFO),
    "account": of_account(ACCOUNT),
    "seller": of_seller(SELLER),
}

approved = learned(budget(100), "approved", source=said_by(CFO))
denied = learned(budget(10), "denied", on=WEDNESDAY, source=said_by(CTO, learned_by=COLLEAGUE))


def leaning(level: LeaningLevel, name: str, **more: Any) -> Any:
    return learned(Leaning(evaluator_id=CFO, level=level), name, **more)


cut = learned(
    budget(60),
    "cut",
    on=THURSDAY,
    source=said_by(CFO),
    replaces=Supersedes(named("approved"), Supersession.WE_LEARNED_BETTER),
)


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Views]:
    """Yield the read side of the test's database."""
    async with Views(database, connections=2) as opened_views:
        yield opened_views


@pytest.fixture
def told(database: str, log: Log, teller: Teller) -> Teller:
    """Tell two deals of one account: what was said of the money, late, twice and wrongly."""
    teller.tell(ACCOUNT, account_registered("Halden Foods"))
    teller.tell(DEAL, opened, cfo_known, cto_known)
    teller.tell(DEAL, raised(Facet.FUNDING_STATUS), approved)
    teller.tell(DEAL, leaning(LeaningLevel.SCEPTIC, "leaning", on=MONDAY, source=said_by(CTO)))
    teller.tell(DEAL, denied)
    chosen = ContradictionResolved(
        learned=at(THURSDAY),
        chosen=named("denied"),
        rejected=(named("approved"),),
        rationale="The CTO saw the order",
    )
    decided = DecisionTaken(
        learned=at(THURSDAY),
        decision=DecisionKind.DISCOUNT,
        summary="Ten percent off",
        based_on=(named("denied"),),
    )
    teller.tell(DEAL, chosen, decided)
    teller.tell(OTHER_DEAL, replace(opened, learned=at(FRIDAY)))
    soon = replace(opened, learned=at(datetime.now(UTC)))
    teller.tell(named("third deal"), soon)
    teller.tell(ACCOUNT, AccountRenamed(name="Halden"))
    catch_up(log, settings(database))
    return teller


def asked(scope: Scope, axis: Axis = Axis.RECORDED, **more: Any) -> Asked:
    return Asked(scope=scope, axis=axis, **{"until": ALL, **more})


async def paged(views: Views, tenant: UUID, of: Asked, size: int = 3) -> list[int]:
    """Return the positions of all lines, read in small pages."""
    found: list[int] = []
    after = None
    while rows := await lines(views.reading, tenant, of, after, size):
        found += [one.position for one in rows]
        after = found[-1]
    return found


async def grouped(views: Views, tenant: UUID, of: Asked, by: GroupBy) -> list[list[int]]:
    """Return the positions of all lines of each group, both read in small pages."""
    found: list[list[int]] = []
    after = None
    while some := await groups(views.reading, tenant, of, by, after, 2):
        first = await lines_of_groups(views.reading, tenant, of, by, some, None, 2)
        for group in some:
            rows = first[group.key]
            while len(rows) < group.lines:
                last = rows[-1].position
                more = await lines_of_groups(views.reading, tenant, of, by, [group], last, 2)
                assert more[group.key]
                rows += more[group.key]
            assert sum(one.milli_points or 0 for one in rows) == group.milli_points
            assert sum(one.late for one in rows) == group.late
            found.append([one.position for one in rows])
        after = some[-1].place
    return found


@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize("whose", SCOPES)
async def test_grouping_shows_every_line_once_in_its_order(
    views: Views, tenant: UUID, told: Teller, whose: str, axis: Axis
) -> None:
    of = asked(SCOPES[whose], axis)
    every = await paged(views, tenant, of)
    for by in GROUPINGS:
        shown = await grouped(views, tenant, of, by)

        assert sorted(chain.from_iterable(shown)) == sorted(every)
        assert all(group == [one for one in every if one in group] for group in shown)
    assert len(set(every)) == len(every) == await count(views.reading, tenant, of)


@pytest.mark.parametrize("whose", SCOPES)
async def test_both_axes_show_the_same_lines(
    views: Views, tenant: UUID, told: Teller, whose: str
) -> None:
    recorded, known = [
        await paged(views, tenant, asked(SCOPES[whose], axis))
        for axis in (Axis.RECORDED, Axis.LEARNED)
    ]

    assert recorded == sorted(known)
    assert recorded != known or whose == "evaluator"


async def test_the_days_of_the_two_axes_are_days_of_a_zone(
    views: Views, tenant: UUID, told: Teller
) -> None:
    async def days(zone: str) -> list[str]:
        of = asked(SCOPES["opportunity"], Axis.LEARNED, zone=zone)
        return [one.key for one in await groups(views.reading, tenant, of, GroupBy.DAY, None, 9)]

    assert await days("UTC") == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert (await days("Pacific/Kiritimati"))[0] == "2026-03-02"
    assert (await days("Etc/GMT+12"))[0] == "2026-03-01"


async def test_an_account_has_its_own_events_and_those_of_all_its_deals(
    views: Views, tenant: UUID, told: Teller
) -> None:
    found = await lines(views.reading, tenant, asked(SCOPES["account"]), None, 100)

    assert {one.opportunity_id for one in found} == {
        None,
        DEAL,
        OTHER_DEAL,
        named("third deal"),
    }
    assert [one.tag for one in found if one.opportunity_id is None] == [
        "AccountRegistered",
        "AccountRenamed",
    ]
    assert [one.late for one in found if one.opportunity_id is None] == [False, False]


async def test_an_evaluator_said_something_is_spoken_of_or_is_contradicted(
    views: Views, tenant: UUID, told: Teller
) -> None:
    async def shown(*parts: Said) -> list[str | UUID | None]:
        of = asked(of_evaluator(DEAL, CFO, parts))
        return [one.fact_id for one in await lines(views.reading, tenant, of, None, 100)]

    assert await shown(Said.SAID) == [named("approved")]
    assert await shown(Said.ABOUT) == [named("cfo fact"), named("leaning")]
    assert await shown(Said.THEIR_FACTS) == [named("denied"), named("denied")]
    assert len(await shown()) == 5


async def test_a_colleague_learned_it_and_the_seller_wrote_it_down(
    views: Views, tenant: UUID, told: Teller
) -> None:
    async def position(seller: UUID) -> list[int]:
        found = await lines(views.reading, tenant, asked(of_seller(seller)), None, 100)
        return [one.position for one in found if one.fact_id == named("denied")]

    [of_colleague] = await position(COLLEAGUE)

    assert of_colleague in await position(SELLER)
    assert not await position(named("a stranger"))


async def test_a_timeline_can_be_narrowed_down(views: Views, tenant: UUID, told: Teller) -> None:
    async def keys(**wanted: Any) -> list[str | None]:
        of = asked(SCOPES["account"], Axis.LEARNED, wanted=LineFilter(**wanted))
        return [one.key or one.tag for one in await lines(views.reading, tenant, of, None, 100)]

    assert await keys(kinds=["leaning"]) == [f"leaning:{CFO}"]
    assert await keys(tags=["DecisionTaken"]) == ["DecisionTaken"]
    assert set(await keys(objectives=[Objective.FUNDING])) == {"QuestionRaised", "funding"}
    assert set(await keys(since=THURSDAY, before=FRIDAY)) == {"funding", "DecisionTaken"}
    assert set(await keys(late=False)) == {
        "AccountRegistered",
        "AccountRenamed",
        "OpportunityOpened",
    }


async def test_a_timeline_ends_where_the_log_is_read_to_and_at_what_was_known(
    views: Views, tenant: UUID, told: Teller
) -> None:
    of = asked(SCOPES["opportunity"])
    every = await lines(views.reading, tenant, of, None, 100)
    ends = [
        Until(position=every[3].position),
        Until(position=every[-1].position, known_at=TUESDAY),
        Until(position=every[-1].position, known_at=TUESDAY, reading=Reading.POSSIBLE),
        Until(
            position=every[-1].position,
            known_at=TUESDAY,
            redated={named("approved"): False, named("denied"): True},
        ),
    ]
    for until in ends:
        shown = await lines(views.reading, tenant, replace(of, until=until), None, 100)

        assert shown == [one for one in every if until.lets_through(one)]
        assert len(shown) < len(every)
    assert named("denied") in [one.fact_id for one in shown]


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
