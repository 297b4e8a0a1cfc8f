"""Hotspot runs say whether they are standard; history keeps the places and legs of networks."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Mark the standard runs of before, and keep whole networks from now on."""
    statement = (SQL / "0006_standard_runs.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
