"""A warehouse reads views that keep their promise, of its own tenants, and nothing personal."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, InvalidTableDefinition
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from opps.domain.events import OpportunityWithdrawn
from opps.eventstore import Log, register_tenant
from opps.eventstore.database import connect_direct
from opps.projections import warehouse
from opps.projections.board import BOARD
from opps.projections.projector import catch_up
from opps.projections.rebuild import rebuild
from opps.projections.registry import PROJECTIONS
from opps.projections.tables import connect_role, make_tables
from opps.projections.warehouse import Column, WarehouseView, publish_changed
from opps.projections.warehouse_views import ACCOUNT_VIEW, OPPORTUNITY_VIEW, VIEWS
from tests.domain.given import TUESDAY, at, cfo_known, opened
from tests.projections.support import (
    Teller,
    account_registered,
    deals,
    person_registered,
    run,
    settings,
)

ONE, TWO = deals(2)


@pytest.fixture
def login(database: str, tenant: UUID) -> Iterator[str]:
    """Yield a connection string of a login that was let in to the warehouse of the tenant."""
    name = f"opps_bi_{uuid4().hex}"
    run(
        database,
        f"CREATE ROLE {name} LOGIN PASSWORD 'told'",
        f"GRANT opps_warehouse TO {name}",
        f"INSERT INTO opps.warehouse_logins VALUES ('{name}', '{tenant}')",
    )
    yield make_conninfo(database, user=name, password="told")
    run(database, f"DROP ROLE {name}")


def read(url: str, view: str) -> list[dict[str, Any]]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        query = SQL("SELECT * FROM opps_warehouse.{}").format(Identifier(view))
        return connection.execute(query).fetchall()


def columns(database: str, view: str) -> list[tuple[str, str]]:
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
            [f"opps_warehouse.{view}"],
        ).fetchall()


def test_a_login_reads_the_rows_of_the_tenant_it_was_let_in_to_and_of_no_other(
    database: str, log: Log, tenant: UUID, teller: Teller, login: str
) -> None:
    other = Teller(log, register_tenant(database, uuid4(), "other"))
    teller.tell(ONE, opened, cfo_known)
    other.tell(TWO, opened)
    catch_up(log, settings(database))

    assert [row["opportunity_id"] for row in read(login, "opportunities")] == [ONE]
    assert {row["tenant"] for view in VIEWS for row in read(login, view.name)} == {tenant}


def test_no_setting_of_the_session_shows_another_tenant(
    database: str, log: Log, login: str
) -> None:
    other = register_tenant(database, uuid4(), "other")
    Teller(log, other).tell(TWO, opened)
    catch_up(log, settings(database))

    with psycopg.connect(login) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(other)])
        seen = connection.execute("SELECT count(*) FROM opps_warehouse.opportunities").fetchone()

    assert seen == (0,)


@pytest.mark.parametrize(
    "forbidden",
    [
        "SELECT * FROM opps.events",
        "SELECT * FROM opps.warehouse_logins",
        "SELECT * FROM opps_views.board",
        "DELETE FROM opps_warehouse.opportunities",
        "DROP VIEW opps_warehouse.opportunities",
        "SET ROLE opps_publisher",
        "SELECT opps.publish_view('accounts', 'SELECT 1', '', '', '{}')",
    ],
)
def test_a_login_of_the_warehouse_can_do_nothing_else(
    database: str, log: Log, login: str, forbidden: str
) -> None:
    catch_up(log, settings(database))

    with psycopg.connect(login) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(forbidden)


def test_the_publisher_is_under_row_security_itself(
    database: str, log: Log, teller: Teller
) -> None:
    teller.tell(ONE, opened)
    catch_up(log, settings(database))

    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE opps_publisher")
        seen = connection.execute("SELECT count(*) FROM opps_views.board_history").fetchone()

    assert seen == (0,)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_each_view_has_the_promised_columns_each_with_its_meaning(
    database: str, log: Log, view: WarehouseView
) -> None:
    catch_up(log, settings(database))

    promised = [("tenant", "uuid")]
    promised += [(one.name, _long(view.sql_type(one))) for one in view.columns]
    assert columns(database, view.name) == promised
    with psycopg.connect(database) as connection:
        meanings = connection.execute(
            "SELECT col_description(attrelid, attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0",
            [f"opps_warehouse.{view.name}"],
        ).fetchall()
    assert all(meaning for (meaning,) in meanings)


def _long(sql_type: str) -> str:
    return "timestamp with time zone" if sql_type == "timestamptz" else sql_type


def test_the_views_and_what_others_built_on_them_survive_a_rebuild_of_everything(
    database: str, log: Log, teller: Teller, login: str
) -> None:
    teller.tell(uuid4(), account_registered("Halden Foods"))
    teller.tell(ONE, opened, cfo_known)
    catch_up(log, settings(database))
    before = {view.name: read(login, view.name) for view in VIEWS}
    run(database, "CREATE VIEW public.mine AS SELECT title FROM opps_warehouse.opportunities")

    for projection in PROJECTIONS:
        rebuild(log, settings(database), projection)

    assert {view.name: read(login, view.name) for view in VIEWS} == before
    with psycopg.connect(database) as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_\\_next'"
        ).fetchone()
    assert left == (0,)
    run(database, "SELECT * FROM public.mine")


def test_a_new_version_of_a_read_model_keeps_the_views_through_its_rebuild(
    database: str, log: Log, teller: Teller, login: str
) -> None:
    teller.tell(ONE, opened)
    catch_up(log, settings(database))
    newer = replace(BOARD, version=BOARD.version + 1)

    rebuild(log, settings(database), newer)

    assert [row["opportunity_id"] for row in read(login, "opportunities")] == [ONE]


def test_a_view_that_lost_a_column_is_refused_by_the_database(database: str, log: Log) -> None:
    catch_up(log, settings(database))
    broken = replace(OPPORTUNITY_VIEW, columns=OPPORTUNITY_VIEW.columns[1:])

    with pytest.raises((InvalidTableDefinition, FeatureNotSupported)):
        _publish(database, broken)


def test_a_view_gets_a_new_column_at_its_end_and_readers_keep_the_old_ones(
    database: str, log: Log, teller: Teller, login: str
) -> None:
    teller.tell(uuid4(), account_registered("Halden Foods"))
    catch_up(log, settings(database))
    more = Column("version", "the number of its last event, from 0 on")

    _publish(database, replace(ACCOUNT_VIEW, columns=(*ACCOUNT_VIEW.columns, more)))

    (account,) = read(login, "accounts")
    assert (account["name"], account["version"]) == ("Halden Foods", 0)


def _publish(database: str, view: WarehouseView) -> None:
    with closing(connect_direct(settings(database), "test")) as connection:
        connect_role(connection)
        versions = {view.projection.name: view.projection.version}
        with connection.transaction():
            publish_changed(connection, [view], versions)


def test_views_that_are_as_they_should_be_are_left_alone(
    database: str, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up(log, settings(database))
    made: list[WarehouseView] = []
    monkeypatch.setattr(warehouse, "_publish", lambda _, views, __: made.extend(views))

    with closing(connect_direct(settings(database), "test")) as connection:
        connect_role(connection)
        make_tables(connection, PROJECTIONS)

    assert made == []


def test_an_opportunity_that_never_was_ours_is_in_no_view(
    database: str, log: Log, teller: Teller, login: str
) -> None:
    withdrawn = OpportunityWithdrawn(
        learned=at(TUESDAY), import_id=uuid4(), reason="The wrong file"
    )
    teller.tell(ONE, opened, cfo_known, withdrawn)
    teller.tell(TWO, opened, cfo_known)
    catch_up(log, settings(database))

    for view in VIEWS:
        if view.opportunities is not None:
            assert {row["opportunity_id"] for row in read(login, view.name)} <= {TWO}
    assert [row["opportunity_id"] for row in read(login, "opportunities")] == [TWO]


def test_nothing_personal_is_in_any_view(
    database: str, log: Log, teller: Teller, login: str
) -> None:
    teller.tell(uuid4(), person_registered())
    teller.tell(ONE, opened, cfo_known)
    catch_up(log, settings(database))

    shown = repr([read(login, view.name) for view in VIEWS])

    assert "sealed" not in shown
    wordy = {"reason", "summary", "plan", "conclusion", "link", "document", "sentence", "because"}
    free = {(view.name, one.source) for view in VIEWS for one in view.columns}
    assert {name for name in free if name[1] in wordy} == {("wrong_beliefs", "reason")}  # a code
