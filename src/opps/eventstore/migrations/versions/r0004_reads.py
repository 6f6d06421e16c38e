"""What was read by whom, where reads are marked for audit: kept apart from the log, deletable."""

from opps.eventstore.migrations.script import run_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of saved reads and the only functions that write them."""
    run_sql("0004_reads.sql")
