"""Runs of emerging hotspots and of the space-time scan."""

from pathlib import Path

from alembic import op

revision = "0021"
down_revision = "0020"

SQL = Path(__file__).parents[1] / "sql" / "0021_space_time.sql"


def upgrade() -> None:
    """More columns of runs and results, and a table of clusters."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
