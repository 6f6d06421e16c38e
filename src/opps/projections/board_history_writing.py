"""The statements that write past rows: each row ends where the next one begins."""

from typing import TYPE_CHECKING

from psycopg.sql import SQL, Composed, Identifier

if TYPE_CHECKING:
    from opps.projections.table import Place, Table

# A position behind every other: what is open ends there.
OPEN = 2**63 - 1

# What was written before is looked for by opportunity, whatever the planner knows of the table:
# a subquery with an offset stays a lookup, and no index answers a condition that IS TRUE.
_SHOWN = """
    WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset(%s::json) AS r({typed})),
    ended AS (
      UPDATE {table} t SET recorded_until = last.next
      FROM (SELECT h.place, g.next
            FROM (SELECT opportunity_id, min(recorded_from) AS next FROM given GROUP BY 1) g,
            LATERAL (SELECT h.ctid AS place FROM {table} h
                     WHERE h.tenant = opps.current_tenant() AND h.opportunity_id = g.opportunity_id
                       AND (h.recorded_until = {open}) IS TRUE OFFSET 0) h) last
      WHERE t.tenant = opps.current_tenant() AND t.ctid = last.place)
    INSERT INTO {table} ({columns}, recorded_until)
    SELECT {columns}, lead(recorded_from, 1, {open})
             OVER (PARTITION BY opportunity_id ORDER BY recorded_from)
    FROM given"""

# Rows follow one another in the order in which they are told; what is told anew follows nothing,
# and ends all rows that begin where it begins or later.
_KNOWN = """
    WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset(%s::json) AS r({typed})),
    told AS MATERIALIZED (
      SELECT opportunity_id,
             (array_agg(known_from ORDER BY recorded_from, known_from))[1] AS next_known,
             min(recorded_from) AS next_told,
             (array_agg(anew ORDER BY recorded_from, known_from))[1] AS next_anew,
             min(known_from) FILTER (WHERE anew) AS first_cut,
             array_agg(known_from) FILTER (WHERE anew) AS cuts_known,
             array_agg(recorded_from) FILTER (WHERE anew) AS cuts_told
      FROM given GROUP BY opportunity_id),
    ended AS (
      UPDATE {table} t SET
        known_until = CASE WHEN last.follows THEN last.next_known ELSE t.known_until END,
        told_until = CASE WHEN last.follows THEN last.next_told ELSE t.told_until END,
        recorded_until = coalesce((SELECT min(c.told)
                                   FROM unnest(last.cuts_known, last.cuts_told) c(known, told)
                                   WHERE c.known <= t.known_from), {open})
      FROM (SELECT h.place, h.known_until = 'infinity' AND NOT f.next_anew AS follows, f.*
            FROM told f,
            LATERAL (SELECT h.ctid AS place, h.known_until FROM {table} h
                     WHERE h.tenant = opps.current_tenant() AND h.opportunity_id = f.opportunity_id
                       AND (h.recorded_until = {open}) IS TRUE
                       AND (h.known_until = 'infinity' OR h.known_from >= f.first_cut) IS TRUE
                     OFFSET 0) h) last
      WHERE t.tenant = opps.current_tenant() AND t.ctid = last.place)
    INSERT INTO {table} ({columns}, known_until, told_until, recorded_until)
    SELECT {columns},
           CASE WHEN coalesce(lead(anew) OVER one, true) THEN 'infinity'
                ELSE lead(known_from) OVER one END,
           CASE WHEN coalesce(lead(anew) OVER one, true) THEN {open}
                ELSE lead(recorded_from) OVER one END,
           CASE WHEN first_cut IS NULL THEN {open}
                ELSE coalesce((SELECT min(c.told) FROM unnest(cuts_known, cuts_told) c(known, told)
                               WHERE c.known <= known_from AND c.told > recorded_from), {open}) END
    FROM given JOIN told USING (opportunity_id)
    WINDOW one AS (PARTITION BY opportunity_id ORDER BY recorded_from, known_from)"""


def write_shown(table: "Table", place: "Place") -> Composed:
    """Return the statement that writes what the board showed."""
    return _written(_SHOWN, table, place, ("recorded_until",))


def write_known(table: "Table", place: "Place") -> Composed:
    """Return the statement that writes what was known."""
    return _written(_KNOWN, table, place, ("known_until", "told_until", "recorded_until"))


def _written(statement: str, table: "Table", place: "Place", linked: tuple[str, ...]) -> Composed:
    """Return a statement; the database fills in the columns by which rows are linked."""
    given = {name: type_ for name, type_ in table.columns.items() if name not in linked}
    typed = [SQL("{} {}").format(Identifier(name), SQL(type_)) for name, type_ in given.items()]
    # The statement is written by us, and so are the types.
    return SQL(statement).format(
        table=place(table.name),
        open=OPEN,
        typed=SQL(", ").join(typed),
        columns=SQL(", ").join(map(Identifier, given)),
    )
