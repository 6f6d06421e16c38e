"""Opinions against outcomes: as they stood before the end, each closed opportunity once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from opps.domain.calibration import Calibrated, Moment
from opps.domain.events import (
    Event,
    Gate,
    OpportunitiesMerged,
    OpportunityDisqualified,
    OpportunityEvent,
    OpportunityReopened,
    ScoringModelActivated,
    SellerEstimateRecorded,
    StageSet,
)
from opps.domain.opinions import Whose
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.score import NOTHING_KNOWN
from opps.domain.setting import activation_stream
from opps.eventstore import Append, Log, NewEvent
from opps.projections.calibrating import Group
from opps.projections.projector import catch_up
from opps.projections.verify import verify
from opps.projections.views import Views
from opps.recording import codec
from tests.domain.given import (
    COLLEAGUE,
    MANAGER,
    OTHER_DEAL,
    SELLER,
    at,
    changed,
    lost,
    opened,
    won,
)
from tests.domain.test_scoring_model import SPRING
from tests.projections.conftest import Show
from tests.projections.support import settings

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def estimate(p: float, on: float) -> SellerEstimateRecorded:
    return SellerEstimateRecorded(learned=at(day(on)), probability=p)


def stage(p: float | None, on: float) -> StageSet:
    return StageSet(learned=at(day(on)), stage=f"Stage {on}", stage_default=p)


class Historian:
    """Tells the log what another system had recorded, when it had."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self.log = log
        self.tenant = tenant
        self._versions: dict[UUID, int] = {}

    def tell(self, stream: UUID, *events: tuple[float, Event]) -> int:
        version = self._versions.get(stream, -1)
        append = Append(
            tenant=self.tenant,
            command_id=uuid4(),
            expected={stream: version},
            events=tuple(_new(stream, day(on), event) for on, event in events),
        )
        self._versions[stream] = version + len(events)
        position = self.log.append_now(append).last_position
        assert position is not None
        return position

    def deal(
        self, ended: OpportunityEvent, *told: tuple[float, Event], seller: UUID = SELLER
    ) -> UUID:
        """Tell of a deal that was opened on day 0 and ended on day 100."""
        deal = uuid4()
        begin = changed(opened, learned=at(day(0)), owner=seller)
        self.tell(deal, (0, begin), *told, (100, changed(ended, learned=at(day(100)))))
        return deal


def _new(stream: UUID, when: datetime, event: Event) -> NewEvent:
    actor = Actor(principal=SELLER, role="SELLER", via=Via.IMPORT)
    return NewEvent(
        stream=stream,
        event_id=uuid4(),
        tag=codec.tag_of(event),
        schema=1,
        payload=codec.encode(event),
        metadata=codec.encode_metadata(Metadata(actor=actor, source_recorded_at=when)),
    )


@pytest.fixture
def historian(log: Log, tenant: UUID) -> Historian:
    """Return somebody who tells the log what another system had recorded."""
    return Historian(log, tenant)


@pytest.fixture
def calibrated(database: str, log: Log, tenant: UUID) -> Callable[[], list[Group]]:
    """Return what projects everything told so far and calibrates the opinions."""

    async def ask() -> list[Group]:
        async with Views(database) as views:
            return await views.calibration(tenant)

    def run() -> list[Group]:
        catch_up(log, settings(database))
        assert verify(log, settings(database), tenant).difference is None
        return asyncio.run(ask())

    return run


Calibrate = Callable[[], list[Group]]


def overall(groups: list[Group]) -> dict[tuple[Whose, Moment], Calibrated]:
    return {
        (one.calibrated.whose, one.calibrated.moment): one.calibrated
        for one in groups
        if one.owner is None and one.model is None
    }


def test_an_opinion_counts_as_it_stood_halfway_and_thirty_days_before_the_end(
    historian: Historian, calibrated: Calibrate
) -> None:
    historian.deal(won, (10, estimate(0.4, 10)), (60, estimate(0.9, 60)), (80, estimate(1.0, 80)))
    found = overall(calibrated())

    halfway = found[Whose.SELLER, Moment.MID_LIFE]
    late = found[Whose.SELLER, Moment.DAYS_30_BEFORE]
    assert (halfway.n, halfway.won, late.n, late.won) == (1, 1, 1, 1)
    assert halfway.squares == pytest.approx(0.36)
    assert late.squares == pytest.approx(0.01)
    known = found[Whose.KNOWLEDGE, Moment.MID_LIFE]
    assert known.squares == pytest.approx((1 - NOTHING_KNOWN.p) ** 2)


def test_what_was_told_later_was_not_believed_then_whenever_it_is_said_to_be_known(
    historian: Historian, calibrated: Calibrate
) -> None:
    historian.deal(lost, (10, estimate(0.5, 10)), (71, estimate(0.0, 20)))

    found = overall(calibrated())
    assert found[Whose.SELLER, Moment.MID_LIFE].squares == 0.25
    assert found[Whose.SELLER, Moment.DAYS_30_BEFORE].squares == 0.25


def test_what_is_told_at_the_moment_counts_and_a_day_later_does_not(
    historian: Historian, calibrated: Calibrate
) -> None:
    historian.deal(won, (10, stage(0.1, 10)), (50, stage(0.5, 50)), (51, stage(0.7, 51)))

    assert overall(calibrated())[Whose.STAGE, Moment.MID_LIFE].squares == 0.25


def test_nothing_that_comes_after_the_end_counts(
    historian: Historian, calibrated: Calibrate
) -> None:
    deal = historian.deal(won, (10, stage(0.5, 10)))
    historian.tell(deal, (101, stage(1.0, 20)))

    found = overall(calibrated())
    assert {one.squares for (whose, _), one in found.items() if whose is Whose.STAGE} == {0.25}


def test_without_an_opinion_an_opportunity_does_not_count_for_it(
    historian: Historian, calibrated: Calibrate
) -> None:
    historian.deal(won)
    historian.deal(won, (10, stage(0.5, 10)), (20, stage(None, 20)))
    historian.deal(lost, (90, estimate(0.5, 90)))

    found = overall(calibrated())
    assert {whose for whose, _ in found} == {Whose.KNOWLEDGE}
    assert found[Whose.KNOWLEDGE, Moment.MID_LIFE].n == 3


def test_what_nobody_decided_is_left_out(historian: Historian, calibrated: Calibrate) -> None:
    historian.deal(OpportunityDisqualified(learned=at(day(9)), reason="No fit"))
    historian.deal(OpportunitiesMerged(learned=at(day(9)), into=OTHER_DEAL, reason="Twice"))
    historian.tell(uuid4(), (0, changed(opened, learned=at(day(0)))))
    again = historian.deal(lost)
    historian.tell(again, (120, OpportunityReopened(learned=at(day(120)), reason="They called")))

    assert calibrated() == []


def test_an_opportunity_of_less_than_thirty_days_counts_halfway_only(
    historian: Historian, calibrated: Calibrate
) -> None:
    historian.tell(
        uuid4(), (0, changed(opened, learned=at(day(0)))), (29, changed(won, learned=at(day(29))))
    )

    assert set(overall(calibrated())) == {(Whose.KNOWLEDGE, Moment.MID_LIFE)}


def test_opinions_are_calibrated_by_seller_and_scores_by_model(
    historian: Historian, calibrated: Calibrate, tenant: UUID
) -> None:
    historian.deal(won, (10, estimate(0.8, 10)))
    historian.deal(lost, (10, estimate(0.8, 10)), seller=COLLEAGUE)
    into_force = ScoringModelActivated(
        model=SPRING, approver=MANAGER, reason="Better", gate=Gate.PASSED
    )
    historian.tell(activation_stream(tenant), (0, into_force))
    historian.deal(won)
    groups = calibrated()

    sellers = {
        one.owner: one.calibrated.squares
        for one in groups
        if one.owner and one.calibrated.whose is Whose.SELLER
        if one.calibrated.moment is Moment.MID_LIFE
    }
    assert sellers == {SELLER: pytest.approx(0.04), COLLEAGUE: pytest.approx(0.64)}
    models = {
        one.model: (one.calibrated.whose, one.calibrated.n)
        for one in groups
        if one.model and one.calibrated.moment is Moment.MID_LIFE
    }
    assert models == {"oks-1": (Whose.KNOWLEDGE, 2), "spring": (Whose.KNOWLEDGE, 1)}


def test_opinions_of_sellers_and_stages_are_kept_as_they_were_told(
    historian: Historian, show: Show
) -> None:
    historian.deal(won, (10, stage(0.4, 9)), (11, stage(0.4, 11)), (12, estimate(0.6, 12)))

    assert [
        (row["whose"], row["p"], row["told_at"], row["learned_at"]) for row in show("opinions")
    ] == [
        ("STAGE", 0.4, day(10), day(9)),
        ("SELLER", 0.6, day(12), day(12)),
    ]
