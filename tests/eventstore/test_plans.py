"""The look-up of a stream stays a look-up, whatever the statistics said when it was planned."""

from contextlib import closing
from uuid import UUID, uuid4

import pytest

from opps.eventstore import Appended, Log
from opps.eventstore.calls import append_batch, append_one
from opps.eventstore.database import connect_writer
from tests.eventstore.support import append, execute, rows, settings
from tests.support import eventually

FUNCTIONS = ("append_batch", "append_one")
GUARDS = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
APPENDED = 2_000


def rows_looked_through(database: str) -> int:
    """Return how many rows were ever read otherwise than through the key of streams.

    A session tells its figures when it ends: they are whole when they count every insert.
    """
    inserted = "SELECT 1 FROM pg_stat_user_tables WHERE relname = 'events' AND n_tup_ins = %s"
    [(stored,)] = rows(database, "SELECT coalesce(sum(size), 0)::bigint FROM opps.tenant_head")
    eventually(lambda: rows(database, inserted, stored))
    found = rows(
        database,
        "SELECT t.seq_tup_read + i.idx_tup_read FROM pg_stat_user_tables t"
        " JOIN pg_stat_user_indexes i ON i.relid = t.relid"
        " WHERE t.relname = 'events' AND i.indexrelname = 'events_pkey'",
    )
    [(count,)] = found
    assert isinstance(count, int)
    return count


def append_after_analysing(database: str, tenant: UUID, analysed: int, function: str) -> int:
    """Return how many rows later appends by a function looked through, after an early ANALYZE."""
    with Log(settings(database)) as log:
        for future in [log.submit(append(tenant)) for _ in range(analysed)]:
            future.result()
    execute(database, "ANALYZE opps.events")
    before = rows_looked_through(database)
    streams = [uuid4() for _ in range(20)]
    with closing(connect_writer(settings(database))) as writer:
        for version in range(-1, APPENDED // 20 - 1):
            appends = [append(tenant, one, expected=version) for one in streams]
            if function == "append_batch":
                outcomes = append_batch(writer, appends)
            else:
                outcomes = [append_one(writer, one) for one in appends]
            assert all(isinstance(outcome, Appended) for outcome in outcomes)
    return rows_looked_through(database) - before


@pytest.mark.parametrize("analysed", [0, 1, 20, 200])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_few_analysed_rows_do_not_lead_the_append_astray(
    database: str, tenant: UUID, analysed: int, function: str
) -> None:
    assert append_after_analysing(database, tenant, analysed, function) == 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_without_its_planner_settings_the_append_goes_astray(
    database: str, tenant: UUID, function: str
) -> None:
    """The control: the trap is there, and the measure of it sees it."""
    for setting in GUARDS:
        execute(database, f"ALTER FUNCTION opps.{function} RESET {setting}")

    assert append_after_analysing(database, tenant, 20, function) > APPENDED
