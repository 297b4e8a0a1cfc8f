"""Whether any incident is invented is told by an index."""

from pathlib import Path

from alembic import op

revision = "0042"
down_revision = "0041"

SQL = Path(__file__).parents[1] / "sql" / "0042_demo_index.sql"


def upgrade() -> None:
    """One index, of invented incidents only."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8"))
