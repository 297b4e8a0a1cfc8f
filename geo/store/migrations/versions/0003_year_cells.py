"""Kept counts by year with running totals, of each kind and of all kinds together."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the table of counts anew, with the triggers that keep it."""
    statement = (SQL / "0003_year_cells.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
