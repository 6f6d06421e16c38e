"""Which ledger seals a log: two of them would sign two histories under one name."""

from opps.eventstore.migrations.script import run_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the only function that writes it."""
    run_sql("0007_ledgers.sql")
