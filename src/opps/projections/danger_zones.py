"""Danger zones: what opened and closed each, which are open, and whether they helped."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule import Severity
from opps.domain.danger_zones.zones import Zone
from opps.domain.events import DangerZoneJudged, DayTurned, OpportunityEvent
from opps.domain.setting import SURROUNDING, turned_at
from opps.projections.looks import Looks
from opps.projections.projection import Projection
from opps.projections.promises import Promise
from opps.projections.score_trend import ScoreCursor
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table
from opps.projections.timeline_row import TimelineRow, of_event
from opps.recording.codec import tag_of

# One event changes several zones of an opportunity: each has a place of its own behind it.
_PLACES = 100


class ZoneItem(Row, frozen=True, kw_only=True):
    """A danger zone of an opportunity opened or closed.

    `because` is why it opened, or was open, and `facts` what that rests on. `since` is when it came
    to be, where the facts tell. `cause` is the event that opened or closed it, `happened_at` when
    that happened as far as our side knows, `rules` the rule set in force.
    """

    id: UUID
    opportunity_id: UUID
    position: int
    ordinal: int
    zone: str
    opened: bool
    severity: Severity
    because: str
    facts: list[UUID]
    since: datetime | None
    event_id: UUID
    cause: str
    recorded_at: datetime
    happened_at: datetime
    rules: str

    @property
    def cursor(self) -> ScoreCursor:
        """Its place among all changes of danger zones."""
        return ScoreCursor(self.position, self.ordinal)


class ZonesRow(Row, frozen=True, kw_only=True):
    """The danger zones that an opportunity is in, and when time alone can next change them."""

    opportunity_id: UUID
    position: int
    ordinal: int
    zones: list[str]
    open: bool
    next_step_at: datetime | None


class JudgementRow(Row, frozen=True, kw_only=True):
    """What was last said of a danger zone: whether it helped to be told of it."""

    opportunity_id: UUID
    zone: str
    useful: bool
    judged_at: datetime
    position: int


_LOOKS = Looks()


def _rows(step: Step) -> Iterator[Row]:
    before, after = _LOOKS.of(step.before), _LOOKS.of(step.after)
    was, now = _by_rule(before.zones), _by_rule(after.zones)
    moved = [
        _item(step, now.get(rule) or was[rule], opened=rule in now)
        for rule in sorted(was.keys() ^ now.keys())
    ]
    yield from moved
    if moved and isinstance(step.recorded.event, SURROUNDING):
        yield _line(step, moved)
    yield ZonesRow(
        opportunity_id=step.after.opportunity_id,
        position=step.recorded.position,
        ordinal=step.ordinal,
        zones=list(now),
        open=step.after.open,
        next_step_at=after.next_change_at,
    )
    event = step.recorded.event
    if isinstance(event, DangerZoneJudged):
        yield JudgementRow(
            opportunity_id=step.after.opportunity_id,
            zone=event.zone,
            useful=event.useful,
            judged_at=step.recorded.recorded_at,
            position=step.recorded.position,
        )


def _by_rule(zones: Iterable[Zone]) -> dict[str, Zone]:
    return {one.zone: one for one in zones}


def _item(step: Step, zone: Zone, *, opened: bool) -> ZoneItem:
    recorded, opportunity_id = step.recorded, step.after.opportunity_id
    return ZoneItem(
        id=uuid5(opportunity_id, f"{recorded.position}:{zone.zone}"),
        opportunity_id=opportunity_id,
        position=recorded.position,
        ordinal=step.ordinal * _PLACES + int(zone.zone[2:]),
        zone=zone.zone,
        opened=opened,
        severity=zone.severity,
        because=zone.because,
        facts=list(zone.facts),
        since=zone.since,
        event_id=recorded.event_id,
        cause=tag_of(recorded.event),
        recorded_at=recorded.recorded_at,
        happened_at=_happened_at(step),
        rules=step.after.setting.rules.name,
    )


def _line(step: Step, moved: Sequence[ZoneItem]) -> TimelineRow:
    """Return the line of what time, a model or other rules did: no event of its own tells it."""
    told = [f"{RULES[one.zone].name} {'opened' if one.opened else 'closed'}" for one in moved]
    own = {
        "version": step.after.version,
        "learned_at": _happened_at(step),
        "lag_s": 0.0,
        "late": False,
        "summary": "; ".join(told),
    }
    return TimelineRow(
        account_id=step.after.account_id,
        opportunity_id=step.after.opportunity_id,
        **{**of_event(step.recorded), **own},
    )


def _happened_at(step: Step) -> datetime:
    """Return when our side came to know of the cause; a day turns for everybody at once."""
    event = step.recorded.event
    if isinstance(event, DayTurned):
        return turned_at(event)
    if isinstance(event, OpportunityEvent):
        return event.learned.effective(step.recorded.recorded_at)
    return step.recorded.recorded_at


ITEMS = Table(
    name="danger_zones",
    row=ZoneItem,
    key=("position", "ordinal"),
    indexes=("opportunity_id, position, ordinal",),
    added_only=True,
)
NOW = Table(
    name="danger_zones_now",
    row=ZonesRow,
    key=("opportunity_id",),
    indexes=("next_step_at",),
)
LINES = Table(
    name="zone_lines",
    row=TimelineRow,
    key=("opportunity_id", "position"),
    indexes=("opportunity_id, learned_at, position", "position"),
    added_only=True,
)
JUDGED = Table(
    name="danger_zones_judged", row=JudgementRow, key=("opportunity_id", "zone"), indexes=("zone",)
)
_ONE_ZONE = "WINDOW one AS (PARTITION BY opportunity_id, zone ORDER BY position, ordinal)"
PROMISES = (
    Promise(
        "a danger zone opens and closes in turn",
        f"""
        SELECT position, opportunity_id AS stream, opened AS stored, NOT was AS expected
        FROM (SELECT *, coalesce(lag(opened) OVER one, false) AS was
              FROM opps_views.danger_zones WHERE tenant = opps.current_tenant() {_ONE_ZONE}) t
        WHERE opened = was""",
    ),
    Promise(
        "the zones that opened and have not closed are those that are open",
        """
        SELECT n.position, n.opportunity_id AS stream, n.zones AS stored,
               coalesce(t.zones, '[]') AS expected
        FROM opps_views.danger_zones_now n LEFT JOIN
             (SELECT opportunity_id, jsonb_agg(zone ORDER BY zone) AS zones
              FROM (SELECT DISTINCT ON (opportunity_id, zone) opportunity_id, zone, opened
                    FROM opps_views.danger_zones WHERE tenant = opps.current_tenant()
                    ORDER BY opportunity_id, zone, position DESC, ordinal DESC) last
              WHERE opened GROUP BY opportunity_id) t USING (opportunity_id)
        WHERE n.tenant = opps.current_tenant() AND n.zones <> coalesce(t.zones, '[]')""",
    ),
)

DANGER_ZONES = Projection(
    name="danger_zones",
    version=2,
    kind=OPPORTUNITY,
    tables=(ITEMS, NOW, JUDGED, LINES),
    rows=_rows,
    due=NOW,
    moved_by=SURROUNDING,
    promises=PROMISES,
)
