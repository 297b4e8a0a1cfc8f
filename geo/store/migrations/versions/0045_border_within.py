"""Bands and neighbours choose by the first 20 km of the border alone."""

from pathlib import Path

from alembic import op

revision = "0045"
down_revision = "0044"

SQL = Path(__file__).parents[1] / "sql" / "0045_border_within.sql"


def upgrade() -> None:
    """Two functions."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8"))
