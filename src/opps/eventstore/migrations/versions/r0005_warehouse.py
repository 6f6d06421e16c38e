"""A schema of views for warehouses: who may read which tenant in it, and who makes the views."""

from opps.eventstore.migrations.script import run_sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the schema of the warehouse, its logins, and the only function that makes its views."""
    run_sql("0005_warehouse.sql")
