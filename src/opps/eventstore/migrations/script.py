"""What a revision needs to run its SQL files."""

from importlib.resources import files
from typing import LiteralString

import psycopg
from alembic import op

_SQL = files("opps.eventstore.migrations") / "sql"


def sql_text(name: str) -> LiteralString:
    """Return one SQL file of this package."""
    return (_SQL / name).read_text("utf-8")


def run_sql(*names: str) -> None:
    """Run SQL files in the migration's transaction.

    They go to the driver as they are: neither `:` nor `%` is a placeholder in them.
    """
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    for name in names:
        driver.execute(sql_text(name))
