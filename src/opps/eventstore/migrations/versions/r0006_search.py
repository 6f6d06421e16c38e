"""A blind index that finds persons: kept apart from the log, deletable."""

from opps.eventstore.migrations.script import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of the index and the only functions that write them."""
    run_sql("0006_search.sql")
