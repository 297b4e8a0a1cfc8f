"""The cells of an edition are written without asking for each whether there is one."""

from pathlib import Path

from alembic import op

revision = "0044"
down_revision = "0043"

SQL = Path(__file__).parents[1] / "sql" / "0044_cells_of_editions.sql"


def upgrade() -> None:
    """One foreign key less."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8"))
