"""Batches know the units that they were sent for, and keep notes and warnings."""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Batches of before were sent for no units in particular."""
    statement = (SQL / "0015_uploads.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
