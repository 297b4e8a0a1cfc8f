"""Incidents of some days are read by their kinds."""

from pathlib import Path

from alembic import op

revision = "0020"
down_revision = "0019"

SQL = Path(__file__).parents[1] / "sql" / "0020_days_of_kinds.sql"


def upgrade() -> None:
    """An index that begins with the kind."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
