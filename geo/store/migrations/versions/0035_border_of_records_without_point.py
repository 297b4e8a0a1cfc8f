"""Records known by their commune alone have the border distances of its edge."""

from pathlib import Path

from alembic import op

revision = "0035"
down_revision = "0034"

SQL = Path(__file__).parents[1] / "sql" / "0035_border_of_records_without_point.sql"


def upgrade() -> None:
    """Two functions; what was derived of the border is made anew with the next boundaries."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
