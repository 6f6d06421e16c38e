"""The log: tenants, heads, events, commands, their guards, the append function and the reads."""

from opps.eventstore.migrations.script import run_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the log in an empty database."""
    run_sql("0001_tables.sql", "0001_guards.sql")
    run_sql("0001_append.sql", "0001_append_one.sql", "0001_reads.sql")
