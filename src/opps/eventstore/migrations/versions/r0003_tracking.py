"""What the persistence module of the eventsourcing library needs: how far others have read."""

from opps.eventstore.migrations.script import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tracking of applications."""
    run_sql("0003_tracking.sql")
