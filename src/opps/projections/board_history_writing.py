"""The statements that write past rows: each row ends where the next one begins."""

from typing import TYPE_CHECKING

from psycopg.sql import SQL, Composed, Identifier

if TYPE_CHECKING:
    from opps.projections.table import Place, Table

# A position behind every other: what is open ends there.
OPEN = 2**63 - 1

_SHOWN = """
    WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset(%s::json) AS r({typed})),
    ended AS (
      UPDATE {table} t SET recorded_until = g.first
      FROM (SELECT opportunity_id, min(recorded_from) AS first FROM given GROUP BY 1) g
      WHERE t.tenant = opps.current_tenant() AND t.opportunity_id = g.opportunity_id
        AND t.recorded_until = {open})
    INSERT INTO {table} ({columns}, recorded_until)
    SELECT {columns}, lead(recorded_from, 1, {open})
             OVER (PARTITION BY opportunity_id ORDER BY recorded_from)
    FROM given"""

# Rows follow one another in the order in which they are told; what is told anew follows nothing,
# and ends all rows that begin where it begins or later.
_KNOWN = """
    WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset(%s::json) AS r({typed})),
    cuts AS MATERIALIZED (
      SELECT opportunity_id, known_from, recorded_from FROM given WHERE anew),
    linked AS MATERIALIZED (
      SELECT opportunity_id, known_from, recorded_from, anew, row_number() OVER one AS place,
             lead(known_from) OVER one AS next_known, lead(recorded_from) OVER one AS next_told,
             lead(anew) OVER one AS next_anew
      FROM given WINDOW one AS (PARTITION BY opportunity_id ORDER BY recorded_from, known_from)),
    cut AS (
      SELECT g.opportunity_id, g.known_from, g.recorded_from, min(c.recorded_from) AS ended
      FROM linked g JOIN cuts c ON c.opportunity_id = g.opportunity_id
        AND c.known_from <= g.known_from AND c.recorded_from > g.recorded_from
      GROUP BY 1, 2, 3),
    firsts AS (
      SELECT f.*, (SELECT array_agg(c.opportunity_id) FROM cuts c
                   WHERE c.opportunity_id = f.opportunity_id) IS NOT NULL AS cut
      FROM linked f WHERE f.place = 1),
    ended AS (
      UPDATE {table} t SET
        known_until = CASE WHEN t.known_until = 'infinity' AND NOT f.anew THEN f.known_from
                           ELSE t.known_until END,
        told_until = CASE WHEN t.known_until = 'infinity' AND NOT f.anew THEN f.recorded_from
                          ELSE t.told_until END,
        recorded_until = CASE WHEN f.cut THEN
            coalesce((SELECT min(c.recorded_from) FROM cuts c
                      WHERE c.opportunity_id = t.opportunity_id
                        AND c.known_from <= t.known_from), {open})
          ELSE {open} END
      FROM firsts f
      WHERE t.tenant = opps.current_tenant() AND t.opportunity_id = f.opportunity_id
        AND t.recorded_until = {open} AND (t.known_until = 'infinity' OR f.cut))
    INSERT INTO {table} ({columns}, known_until, told_until, recorded_until)
    SELECT {given},
           CASE WHEN l.next_known IS NULL OR l.next_anew THEN 'infinity' ELSE l.next_known END,
           CASE WHEN l.next_known IS NULL OR l.next_anew THEN {open} ELSE l.next_told END,
           coalesce(cut.ended, {open})
    FROM given g JOIN linked l USING (opportunity_id, known_from, recorded_from)
    LEFT JOIN cut USING (opportunity_id, known_from, recorded_from)"""


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
        given=SQL(", ").join(Identifier("g", name) for name in given),
    )
