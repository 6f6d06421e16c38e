"""What the read models show that deserves an exception and has none yet."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import dict_row

from opps.domain.danger_zones.rule_set import Rules
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.deviations import (
    fell_below,
    in_zone,
    moved,
    stayed_below,
    watched_zones,
)
from opps.domain.exceptions.inbox import IMPORTED_AT_ONCE
from opps.domain.exceptions.thresholds import ExceptionThresholds
from opps.domain.recorded import Via
from opps.projections.board import BOARD
from opps.projections.danger_zones import DANGER_ZONES
from opps.projections.exceptions import EXCEPTIONS
from opps.projections.inbox import URGENCY, USUAL
from opps.projections.score_trend import SCORE_TREND
from opps.projections.timeline import TIMELINE

# A move of a score is news for so long; what was imported of an older one is history.
NEWS = timedelta(days=7)

_LOOKED_AT = (BOARD, DANGER_ZONES, EXCEPTIONS, SCORE_TREND, TIMELINE)


class Candidate(Struct, frozen=True, kw_only=True):
    """A deviation that nobody raised: `since` is the position at which its cause began."""

    opportunity_id: UUID
    cause: ExceptionCause
    since: int
    summary: str
    about: str | None = None
    facts: tuple[UUID, ...] = ()
    again: UUID | None = None


_NOT_RAISED = (
    " AND NOT EXISTS (SELECT 1 FROM opps_views.exceptions e WHERE e.tenant = {of}.tenant"
    " AND e.opportunity_id = {of}.opportunity_id AND e.cause = {cause}"
    " AND e.about IS NOT DISTINCT FROM {about} AND {seen})"
)
# Each move of a score is news. What lasts is none as long as somebody has it on the table, nor
# once somebody lives with it; what was resolved and came back is.
_ONCE = "e.since = {since}"
_AS_LONG_AS_IT_LASTS = (
    "(e.since = {since} OR e.open OR (e.position > {since} AND e.status <> 'RESOLVED'))"
)
_AGAIN = (
    "(SELECT e.exception_id FROM opps_views.exceptions e WHERE e.tenant = {of}.tenant"
    " AND e.opportunity_id = {of}.opportunity_id AND e.cause = {cause}"
    " AND e.about IS NOT DISTINCT FROM {about} AND NOT e.open"
    " ORDER BY e.position DESC LIMIT 1) AS again"
)
_ZONE = {"of": "z", "cause": "r.cause", "about": "z.zone", "since": "z.position"}
_ZONE |= {"seen": _AS_LONG_AS_IT_LASTS.format(since=_ZONE["since"])}
# What nobody has worked on here: all that is told of it was imported.
_IMPORTED_ONLY = (
    "NOT EXISTS (SELECT FROM opps_views.timeline l WHERE l.tenant = t.tenant"
    f" AND l.opportunity_id = t.opportunity_id AND l.via <> '{Via.IMPORT}')"
)
_ON_THE_TABLE = (
    "SELECT DISTINCT t.owner, t.opportunity_id FROM opps_views.exceptions e"
    " JOIN opps_views.board t ON t.tenant = e.tenant AND t.opportunity_id = e.opportunity_id"
    " WHERE e.tenant = opps.current_tenant() AND e.open AND e.cause = 'DANGER_ZONE'"
    f" AND t.status = 'OPEN' AND {_IMPORTED_ONLY}"
)
_FOUND = (
    f"SELECT z.opportunity_id, r.cause, z.zone AS about, z.position AS since, z.ordinal, z.because,"
    f" z.facts, {_AGAIN.format(**_ZONE)}, t.owner, {URGENCY} AS urgency,"
    f" r.cause = 'DANGER_ZONE' AND {_IMPORTED_ONLY} AS in_line"
    " FROM unnest(%(zones)s::text[], %(causes)s::text[], %(days)s::int[]) r(zone, cause, days)"
    " JOIN (SELECT DISTINCT ON (i.opportunity_id, i.zone) i.* FROM opps_views.danger_zones_now n"
    "   JOIN opps_views.danger_zones i ON i.tenant = n.tenant"
    "   AND i.opportunity_id = n.opportunity_id AND n.zones ? i.zone"
    "   WHERE n.tenant = opps.current_tenant() AND n.open AND i.zone = ANY (%(zones)s)"
    "   ORDER BY i.opportunity_id, i.zone, i.position DESC, i.ordinal DESC) z"
    " ON z.zone = r.zone AND z.opened"
    " JOIN opps_views.board t ON t.tenant = z.tenant AND t.opportunity_id = z.opportunity_id"
    " LEFT JOIN opps_views.score_current s"
    " ON s.tenant = t.tenant AND s.opportunity_id = t.opportunity_id"
    " LEFT JOIN usual u ON u.currency = t.currency"
    " WHERE t.status = 'OPEN' AND z.happened_at + r.days * interval '1 day' <= %(now)s"
    f"{_NOT_RAISED.format(**_ZONE)}"
)
# Of each opportunity in line the zone that the fewest others share: what all of a pipeline lack
# says little of one. Of each seller the most urgent.
_ZONES = (
    f"WITH {USUAL}, found AS MATERIALIZED ({_FOUND}), held AS MATERIALIZED ({_ON_THE_TABLE}),"
    " taken AS (SELECT h.owner, count(*) AS deals FROM held h GROUP BY h.owner),"
    " line AS (SELECT f.*, count(*) OVER (PARTITION BY f.about) AS shared FROM found f"
    "  WHERE f.in_line AND f.opportunity_id NOT IN (SELECT h.opportunity_id FROM held h)),"
    " one AS (SELECT DISTINCT ON (l.opportunity_id) l.* FROM line l"
    "  ORDER BY l.opportunity_id, l.shared, cardinality(l.facts) = 0, l.about),"
    " placed AS (SELECT o.*, row_number() OVER"
    "  (PARTITION BY o.owner ORDER BY o.urgency DESC, o.opportunity_id) AS place FROM one o),"
    " due AS (SELECT f.*, 0 AS shared, 0 AS place FROM found f WHERE NOT f.in_line"
    "  UNION ALL SELECT p.* FROM placed p LEFT JOIN taken k ON k.owner = p.owner"
    "  WHERE p.place + coalesce(k.deals, 0) <= %(at_once)s)"
    " SELECT * FROM due ORDER BY since, ordinal LIMIT %(limit)s"
)
_MOVE = {"of": "i", "cause": "'SCORE_MOVE'", "about": "NULL", "since": "i.position"}
_MOVE |= {"seen": _ONCE.format(since=_MOVE["since"])}
_MOVES = (
    f"SELECT i.opportunity_id, i.position AS since, i.facts, i.sentence, i.p_before, i.p,"
    f" {_AGAIN.format(**_MOVE)} FROM opps_views.score_trend i"
    " JOIN opps_views.board b ON b.tenant = i.tenant AND b.opportunity_id = i.opportunity_id"
    " WHERE i.tenant = opps.current_tenant() AND b.status = 'OPEN' AND i.p_before IS NOT NULL"
    " AND i.kind <> 'MODEL' AND abs(i.p - i.p_before) >= %(move)s AND i.told_at >= %(news)s"
    f"{_NOT_RAISED.format(**_MOVE)} ORDER BY i.position, i.ordinal LIMIT %(limit)s"
)
_FALL = {"of": "i", "cause": "'BAND_CROSSING'", "about": "NULL", "since": "i.position"}
_FALL |= {"seen": _AS_LONG_AS_IT_LASTS.format(since=_FALL["since"])}
_FALLS = (
    f"SELECT i.opportunity_id, i.position AS since, i.facts, i.high_before, i.high,"
    f" {_AGAIN.format(**_FALL)} FROM opps_views.score_trend i"
    " JOIN opps_views.score_current s ON s.tenant = i.tenant"
    " AND s.opportunity_id = i.opportunity_id"
    " WHERE i.tenant = opps.current_tenant() AND s.open AND s.high < %(decision)s"
    " AND i.high_before >= %(decision)s AND i.high < %(decision)s AND i.told_at >= %(news)s"
    f"{_NOT_RAISED.format(**_FALL)} ORDER BY i.position, i.ordinal LIMIT %(limit)s"
)
_LOW = {"of": "l", "cause": "'WALK_AWAY'", "about": "NULL", "since": "l.since"}
_LOW |= {"seen": _AS_LONG_AS_IT_LASTS.format(since=_LOW["since"])}
# Nobody is asked before a proposal or a gate; whether that is far enough, the domain tells.
_LOWS = (
    f"SELECT l.opportunity_id, l.since, l.facts, l.p, l.high, {_AGAIN.format(**_LOW)} FROM ("
    " SELECT s.tenant, s.opportunity_id, s.p, s.high, f.since, f.facts, f.told_at"
    " FROM opps_views.score_current s JOIN opps_views.board b"
    " ON b.tenant = s.tenant AND b.opportunity_id = s.opportunity_id CROSS JOIN LATERAL ("
    "  SELECT i.position AS since, i.facts, i.told_at FROM opps_views.score_trend i"
    "  WHERE i.tenant = s.tenant AND i.opportunity_id = s.opportunity_id"
    "  AND (i.high_before IS NULL OR i.high_before >= %(low)s) AND i.high < %(low)s"
    "  ORDER BY i.position DESC, i.ordinal DESC LIMIT 1) f"
    " WHERE s.tenant = opps.current_tenant() AND s.open AND s.high < %(low)s"
    " AND (b.proposal_sent_at IS NOT NULL OR EXISTS (SELECT 1 FROM opps_views.timeline t"
    "  WHERE t.tenant = s.tenant AND t.opportunity_id = s.opportunity_id"
    "  AND t.tag = 'GatePassed'))) l"
    " WHERE l.told_at + %(low_days)s * interval '1 day' <= %(now)s "
    " AND (l.since, l.opportunity_id) > (%(low_after)s, %(low_after_id)s)"
    f"{_NOT_RAISED.format(**_LOW)} ORDER BY l.since, l.opportunity_id LIMIT %(limit)s"
)
_OVER = (
    "SELECT e.exception_id, b.status FROM opps_views.exceptions e"
    " JOIN opps_views.board b ON b.tenant = e.tenant AND b.opportunity_id = e.opportunity_id"
    " WHERE e.tenant = opps.current_tenant() AND e.open AND b.status <> 'OPEN'"
    " ORDER BY e.position LIMIT %(limit)s"
)


class LowPlace(NamedTuple):
    """Where an opportunity is among those that are low: since when, and its id."""

    since: int
    opportunity_id: UUID


FIRST_LOW = LowPlace(0, UUID(int=0))


class Look(Struct, frozen=True):
    """When and by which rules the read models are looked at, and how much at once.

    What is low is looked at from behind a place on: not all of it is to be raised.
    """

    now: datetime
    rules: Rules
    thresholds: ExceptionThresholds
    low_after: LowPlace
    limit: int

    @property
    def values(self) -> dict[str, Any]:
        """The values of the statements."""
        watched = watched_zones()
        return {
            "zones": list(watched),
            "causes": [cause.value for cause in watched.values()],
            "days": [self.rules.grace_days(one) for one in watched],
            "now": self.now,
            "news": self.now - NEWS,
            "move": self.thresholds.score_move,
            "decision": self.thresholds.decision_threshold,
            "low": self.thresholds.walk_away_below,
            "low_days": self.thresholds.walk_away_days,
            "low_after": self.low_after.since,
            "low_after_id": self.low_after.opportunity_id,
            "today": self.now.date(),
            "at_once": IMPORTED_AT_ONCE,
            "limit": self.limit,
        }


def candidates(connection: psycopg.Connection, look: Look) -> Iterator[Candidate]:
    """Yield what deserves an exception and has none, as the session's tenant sees it.

    Walking away is asked before the second gate too: whoever raises it looks at the map.
    """
    for one in _rows(connection, _ZONES, look):
        yield Candidate(
            opportunity_id=one["opportunity_id"],
            cause=ExceptionCause(one["cause"]),
            about=one["about"],
            since=one["since"],
            summary=in_zone(one["about"], one["because"]),
            facts=tuple(one["facts"]),
            again=one["again"],
        )
    for one in _rows(connection, _MOVES, look):
        told = f"{moved(one['p_before'], one['p'])}: {one['sentence']}"
        yield _of_score(one, ExceptionCause.SCORE_MOVE, told)
    for one in _rows(connection, _FALLS, look):
        told = fell_below(look.thresholds.decision_threshold, one["high"])
        yield _of_score(one, ExceptionCause.BAND_CROSSING, told)
    for one in _rows(connection, _LOWS, look):
        told = stayed_below(look.thresholds.walk_away_below, one["high"])
        yield _of_score(one, ExceptionCause.WALK_AWAY, told)


def shown(connection: psycopg.Connection) -> int:
    """Return up to where all rows that are looked at show the log; 0 where some are missing."""
    names = [one.name for one in _LOOKED_AT]
    found = connection.execute(
        "SELECT count(*), min(position) FROM opps_views.positions"
        " WHERE tenant = opps.current_tenant() AND projection = ANY (%s)",
        [names],
    ).fetchone()
    assert found is not None, "it counts"
    return int(found[1]) if found[0] == len(names) else 0


def over(connection: psycopg.Connection, look: Look) -> list[tuple[UUID, str]]:
    """Return the open exceptions whose opportunity has ended, and how it ended."""
    return [(one["exception_id"], one["status"]) for one in _rows(connection, _OVER, look)]


def _of_score(one: dict[str, Any], cause: ExceptionCause, summary: str) -> Candidate:
    return Candidate(
        opportunity_id=one["opportunity_id"],
        cause=cause,
        since=one["since"],
        summary=summary,
        facts=tuple(one["facts"]),
        again=one["again"],
    )


def _rows(connection: psycopg.Connection, query: str, look: Look) -> Sequence[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        # The statements are written above; only their values come from elsewhere.
        return cursor.execute(query.encode(), look.values).fetchall()
