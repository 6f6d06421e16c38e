"""What the database holds the score ledger to: that it adds up, line by line and all along."""

from opps.domain.score import HIGHEST, LOWEST, MILLI_POINTS_A_NAT
from opps.projections.promises import Promise

# The ends of an interval are read off a grid: they may miss p in the last digits.
_NEARLY = 1e-9
CHECKS = (
    (
        "points_add_up",
        "milli_points = coalesce(milli_points_before, milli_points) + milli_points_change",
    ),
    ("effects_add_up", "opps_views.milli_points_of(effects) = milli_points_change"),
    ("p_adds_up", "p_change = p - coalesce(p_before, p)"),
    (
        "log_odds_add_up",
        "abs(log_odds_change - (ln(p / (1 - p))"
        f" - ln(coalesce(p_before, p) / (1 - coalesce(p_before, p))))) < {_NEARLY}",
    ),
    (
        "points_are_those_of_p",
        f"abs(milli_points - {MILLI_POINTS_A_NAT!r} * ln(p / (1 - p))) < 0.5 + {_NEARLY}",
    ),
    ("p_in_range", f"p BETWEEN {LOWEST} AND {HIGHEST}"),
    ("p_in_interval", f"low <= p + {_NEARLY} AND p <= high + {_NEARLY}"),
    ("before_whole", "num_nulls(p_before, low_before, high_before, milli_points_before) IN (0, 4)"),
)
_IN_ORDER = "WINDOW one AS (PARTITION BY opportunity_id ORDER BY position, ordinal)"
PROMISES = (
    Promise(
        "the score before each move is the score after the last one",
        f"""
        SELECT position, opportunity_id AS stream,
               ROW(milli_points_before, p_before, low_before, high_before) AS stored,
               ROW(milli_points_last, p_last, low_last, high_last) AS expected
        FROM (SELECT *, lag(milli_points) OVER one AS milli_points_last, lag(p) OVER one AS p_last,
                     lag(low) OVER one AS low_last, lag(high) OVER one AS high_last
              FROM opps_views.score_trend WHERE tenant = opps.current_tenant() {_IN_ORDER}) t
        WHERE (milli_points_before, p_before, low_before, high_before)
              IS DISTINCT FROM (milli_points_last, p_last, low_last, high_last)""",
    ),
    Promise(
        "all moves of a score add up to the score now",
        """
        SELECT s.position, s.opportunity_id AS stream, s.milli_points AS stored,
               t.milli_points AS expected
        FROM opps_views.score_current s LEFT JOIN
             (SELECT opportunity_id, sum(milli_points_change)
                + sum(milli_points) FILTER (WHERE p_before IS NULL) AS milli_points
              FROM opps_views.score_trend WHERE tenant = opps.current_tenant()
              GROUP BY opportunity_id) t USING (opportunity_id)
        WHERE s.tenant = opps.current_tenant()
              AND s.milli_points IS DISTINCT FROM t.milli_points""",
    ),
)
