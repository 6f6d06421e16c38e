"""The one function that restores a whole log with its recorded times, for the owner only."""

from opps.eventstore.migrations.script import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the function."""
    run_sql("0002_restore.sql")
