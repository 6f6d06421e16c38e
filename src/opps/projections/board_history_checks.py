"""What the database holds the ranges of past rows to: they neither overlap nor leave a hole."""

from opps.projections.promises import Promise

SHOWN_CHECKS = (("ends_behind_begin", "(recorded_until > recorded_from) IS TRUE"),)
KNOWN_CHECKS = (
    ("known_in_order", "(known_until >= known_from) IS TRUE"),
    ("told_in_order", "(told_until >= recorded_from) IS TRUE"),
    ("recorded_in_order", "(recorded_until > recorded_from) IS TRUE"),
    ("exact_somewhere", "exact_until > known_from"),
)
_OPEN = 2**63 - 1
_SHOWN = "opps_views.board_history WHERE tenant = opps.current_tenant()"
_KNOWN = "opps_views.known_history WHERE tenant = opps.current_tenant()"

# Each retelling is a cut through the line: what it shows must hang together at every cut.
PROMISES = (
    Promise(
        "what was shown ends where the next begins",
        f"""
        SELECT position, opportunity_id AS stream, recorded_until AS stored, next AS expected
        FROM (SELECT *, coalesce(lead(recorded_from) OVER one, {_OPEN}) AS next FROM {_SHOWN}
              WINDOW one AS (PARTITION BY opportunity_id ORDER BY recorded_from)) t
        WHERE recorded_until <> next""",
    ),
    Promise(
        "what was known ends where the next begins, at every retelling",
        f"""
        SELECT t.position, t.opportunity_id AS stream, t.known_until AS stored, t.next AS expected
        FROM (SELECT h.*, lead(h.known_from, 1, 'infinity') OVER one AS next
              FROM (SELECT * FROM {_KNOWN}) h
              JOIN (SELECT DISTINCT opportunity_id, at FROM (
                      SELECT opportunity_id, recorded_until - 1 AS at FROM {_KNOWN}) ends) c
              ON c.opportunity_id = h.opportunity_id
                 AND h.recorded_from <= c.at AND c.at < h.recorded_until
              WINDOW one AS (PARTITION BY h.opportunity_id, c.at
                             ORDER BY h.known_from, h.recorded_from)) t
        WHERE t.known_until <> t.next""",
    ),
    Promise(
        "what was told anew took the place of all that it tells of",
        f"""
        SELECT t.position, t.opportunity_id AS stream, t.recorded_until AS stored,
               (SELECT coalesce(min(c.recorded_from), {_OPEN}) FROM (SELECT * FROM {_KNOWN}) c
                WHERE c.opportunity_id = t.opportunity_id AND c.anew
                  AND c.known_from <= t.known_from AND c.recorded_from > t.recorded_from)
               AS expected
        FROM (SELECT * FROM {_KNOWN}) t
        WHERE t.recorded_until IS DISTINCT FROM (
                SELECT coalesce(min(c.recorded_from), {_OPEN}) FROM (SELECT * FROM {_KNOWN}) c
                WHERE c.opportunity_id = t.opportunity_id AND c.anew
                  AND c.known_from <= t.known_from AND c.recorded_from > t.recorded_from)""",
    ),
)
