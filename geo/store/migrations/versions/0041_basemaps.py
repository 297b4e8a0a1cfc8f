"""Basemaps that administrators configure beside the built-in one."""

from pathlib import Path

from alembic import op

revision = "0041"
down_revision = "0040"

SQL = Path(__file__).parents[1] / "sql" / "0041_basemaps.sql"


def upgrade() -> None:
    """A table that the server may read; the audit follows it."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
