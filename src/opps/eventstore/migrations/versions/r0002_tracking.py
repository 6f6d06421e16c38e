"""What the persistence module of the eventsourcing library needs: how far others have read."""

from opps.eventstore.migrations.script import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tracking of applications."""
    run_sql("0002_tracking.sql")
