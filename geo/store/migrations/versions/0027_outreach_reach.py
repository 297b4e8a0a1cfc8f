"""Outreach by unit and day, for reach."""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"

SQL = Path(__file__).parents[1] / "sql" / "0027_outreach_reach.sql"


def upgrade() -> None:
    """A function that reads all events and gives away sums."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
