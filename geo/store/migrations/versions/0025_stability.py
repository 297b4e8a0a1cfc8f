"""How classes of a run hold under other weights, periods and records."""

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = "0024"

SQL = Path(__file__).parents[1] / "sql" / "0025_stability.sql"


def upgrade() -> None:
    """Columns of runs and results, empty until somebody examines a run."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
