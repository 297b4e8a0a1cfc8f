"""Hotspot runs that tell of single incidents, for those alone who see all counts."""

from pathlib import Path

from alembic import op

revision = "0032"
down_revision = "0031"

SQL = Path(__file__).parents[1] / "sql" / "0032_restricted_runs.sql"


def upgrade() -> None:
    """A flag on each run; of those that are stored the standard ones of whole months stay open."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
