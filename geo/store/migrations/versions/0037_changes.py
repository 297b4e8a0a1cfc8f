"""The database tells whoever listens that records, decisions or standard runs changed."""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"

SQL = Path(__file__).parents[1] / "sql" / "0037_changes.sql"


def upgrade() -> None:
    """A function and a trigger on each table; no row is touched."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
