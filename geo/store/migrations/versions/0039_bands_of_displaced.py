"""Counts along the border tell who plans no more of a displaced incident than its commune."""

from pathlib import Path

from alembic import op

revision = "0039"
down_revision = "0038"

SQL = Path(__file__).parents[1] / "sql" / "0039_bands_of_displaced.sql"


def upgrade() -> None:
    """One function, made anew."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
