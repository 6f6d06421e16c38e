"""Danger zones open and close in the rows as in a fold, whoever or whatever moves them."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opps.domain.danger_zones.zones import zones
from opps.domain.events import (
    DangerZoneJudged,
    DangerZoneSuppressed,
    Event,
    RuleSetPublished,
    RuleSetting,
    RuleSuppressed,
    StageSet,
)
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Recorded
from opps.domain.setting import DAY_ONE, SURROUNDING, Setting, rules_stream, surround
from opps.eventstore import Log, register_tenant
from opps.projections import books
from opps.projections.danger_zones import DANGER_ZONES, PROMISES
from opps.projections.projector import catch_up
from opps.projections.promises import first_broken
from opps.projections.rebuild import rebuild
from opps.recording.codec import tag_of
from tests.domain.build import JUNE_1
from tests.domain.danger import promised_for
from tests.domain.given import FRIDAY, MONDAY, TUESDAY, at, lost, opened
from tests.domain.test_zone_promises import events
from tests.projections import support
from tests.projections.conftest import Show
from tests.projections.support import Teller, rows
from tests.projections.test_fold_and_rows import events as more_events

DEALS = tuple(UUID(int=number) for number in (3, 1, 2))
near_june = st.integers(-90, 20).map(lambda days: JUNE_1 + timedelta(days=days))
rule_numbers = st.integers(1, 26).map("DZ{:02d}".format)
published = st.builds(
    RuleSetPublished,
    number=st.integers(2, 9),
    rules=st.lists(
        st.builds(RuleSetting, rule=rule_numbers, enabled=st.booleans()), max_size=4
    ).map(tuple),
    reason=st.just("To see what it does"),
)
silenced = st.builds(RuleSuppressed, rule=rule_numbers, until=near_june, reason=st.just("Noise"))
Told = tuple[UUID, list[Event]]
stories = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(DEALS), st.lists(events, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(DEALS), st.lists(more_events, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(DEALS), st.just([lost])),
        st.integers(1, 20),
        published,
        silenced,
    ),
    min_size=1,
    max_size=25,
)


class Item(NamedTuple):
    """A zone that opened or closed."""

    position: int
    opportunity_id: UUID
    zone: str
    opened: bool
    cause: str


class Fold:
    """What the rows should say, by brute force: every rule looks at everything at every event."""

    def __init__(self, history: list[Recorded[Event]]) -> None:
        self.states: dict[UUID, Opportunity] = {}
        self.items: list[Item] = []
        setting = DAY_ONE
        for recorded in history:
            setting = surround(setting, recorded.event)
            everybody = isinstance(recorded.event, SURROUNDING)
            for stream in sorted(self.states) if everybody else [recorded.stream]:
                self._step(stream, recorded, setting)

    def _step(self, stream: UUID, recorded: Recorded[Event], setting: Setting) -> None:
        before = self.states.get(stream)
        after = evolve(before, recorded, setting)
        if after is None:
            return
        self.states[stream] = after
        was = set() if before is None else {one.zone for one in zones(before)}
        now = {one.zone for one in zones(after)}
        self.items += [
            Item(recorded.position, stream, zone, zone in now, tag_of(recorded.event))
            for zone in sorted(was ^ now)
        ]


def shown(database: str, tenant: UUID) -> list[Item]:
    """Return what opened and closed as the read model says it."""
    found = sorted(
        rows(database, "danger_zones", tenant), key=lambda row: (row["position"], row["ordinal"])
    )
    return [Item(**{name: row[name] for name in Item._fields}) for row in found]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=stories, batch=st.integers(1, 9))
def test_rows_open_and_close_zones_where_a_fold_does(
    database: str,
    log: Log,
    story: list[Told | int | RuleSetPublished | RuleSuppressed],
    batch: int,
) -> None:
    tenant = register_tenant(database, uuid4(), f"t{uuid4().hex}")
    teller = Teller(log, tenant)
    for deal in DEALS:
        teller.tell(deal, opened)
    today = MONDAY.date()
    for number, one in enumerate(story):
        if isinstance(one, int):
            today += timedelta(days=one)
            teller.turn(today)
        elif isinstance(one, RuleSetPublished | RuleSuppressed):
            teller.tell(rules_stream(tenant), one)
        else:
            teller.tell(one[0], *one[1])
        if number % 5 == 0:
            catch_up(log, support.settings(database), batch=batch)
    catch_up(log, support.settings(database), batch=batch)

    fold = Fold(teller.history())
    assert shown(database, tenant) == fold.items
    with psycopg.connect(database) as connection:
        books.enter_tenant(connection, tenant)
        assert [one.name for one in PROMISES if first_broken(connection, one)] == []
    now = {row["opportunity_id"]: row for row in rows(database, "danger_zones_now", tenant)}
    for stream, state in fold.states.items():
        assert now[stream]["zones"] == [one.zone for one in zones(state)]


def test_a_date_that_comes_near_opens_a_zone_by_itself(teller: Teller, show: Show) -> None:
    deal = uuid4()
    teller.tell(deal, opened, promised_for(JUNE_1))
    teller.turn(JUNE_1 - timedelta(days=46))
    before = {row["zone"] for row in show("danger_zones") if row["opened"]}
    tick = teller.turn(JUNE_1 - timedelta(days=45))
    [trap] = [row for row in show("danger_zones") if row["zone"] == "DZ14"]

    assert "DZ14" not in before
    assert (trap["position"], trap["cause"], trap["severity"]) == (tick, "DayTurned", "HIGH")


def test_other_rules_look_at_every_open_deal_and_move_no_score(teller: Teller, show: Show) -> None:
    deals = [uuid4() for _ in range(3)]
    for deal in deals:
        teller.tell(deal, opened, promised_for(JUNE_1))
    teller.tell(deals[0], lost)
    scored = show("score_trend")
    off = RuleSetting(rule="DZ15", enabled=False)
    position = teller.tell(
        rules_stream(teller.tenant), RuleSetPublished(number=2, rules=(off,), reason="No dates")
    )

    closed = [row for row in show("danger_zones") if row["position"] == position]
    assert {row["opportunity_id"] for row in closed} == set(deals[1:])
    assert {(row["zone"], row["opened"], row["rules"]) for row in closed} == {
        ("DZ15", False, "zones-2")
    }
    assert show("score_trend") == scored


def test_a_zone_put_aside_closes_and_comes_back_by_itself(teller: Teller, show: Show) -> None:
    deal, friday = uuid4(), FRIDAY.date()
    teller.tell(deal, opened, promised_for(JUNE_1))
    aside = DangerZoneSuppressed(learned=at(TUESDAY), zone="DZ15", until=friday, reason="Known")
    teller.tell(deal, aside)
    for days in range(3):
        teller.turn(friday + timedelta(days=days))

    told = [(row["cause"], row["opened"]) for row in show("danger_zones") if row["zone"] == "DZ15"]
    assert told == [("CommitDateSet", True), ("DangerZoneSuppressed", False), ("DayTurned", True)]


def test_the_last_judgement_of_a_zone_counts(teller: Teller, show: Show) -> None:
    deal = uuid4()
    teller.tell(deal, opened)
    for useful in (True, False):
        teller.tell(deal, DangerZoneJudged(learned=at(TUESDAY), zone="DZ09", useful=useful))

    [judged] = show("danger_zones_judged")
    assert (judged["zone"], judged["useful"]) == ("DZ09", False)


def test_a_rebuild_gives_the_same_rows(teller: Teller, show: Show, database: str, log: Log) -> None:
    deal = uuid4()
    teller.tell(deal, opened, promised_for(date(2026, 4, 1)))
    for number in range(40):
        teller.turn(MONDAY.date() + timedelta(days=number))
    teller.tell(deal, StageSet(learned=at(TUESDAY), stage="Late"), lost)
    before = show("danger_zones"), show("danger_zones_now")
    rebuild(log, support.settings(database), DANGER_ZONES)

    assert (show("danger_zones"), show("danger_zones_now")) == before
    assert len(before[0]) > 10
