"""The shapes of a unit are found by an index."""

from pathlib import Path

from alembic import op

revision = "0043"
down_revision = "0042"

SQL = Path(__file__).parents[1] / "sql" / "0043_shapes_by_unit.sql"


def upgrade() -> None:
    """One index, on the shapes of units."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8"))
