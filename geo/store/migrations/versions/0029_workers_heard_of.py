"""Whether a worker lives."""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"

SQL = Path(__file__).parents[1] / "sql" / "0029_workers_heard_of.sql"


def upgrade() -> None:
    """A function that counts those heard of lately."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
