"""What was sent to webhook endpoints: the log is their outbox, and these rows are its margin."""

from opps.eventstore.migrations.script import run_sql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    run_sql("0008_webhooks.sql")
