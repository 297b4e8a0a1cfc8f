"""A job that was cancelled keeps its progress."""

from pathlib import Path

from alembic import op

revision = "0034"
down_revision = "0033"

SQL = Path(__file__).parents[1] / "sql" / "0034_progress_of_cancelled_jobs.sql"


def upgrade() -> None:
    """A trigger; nothing that is stored changes."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
