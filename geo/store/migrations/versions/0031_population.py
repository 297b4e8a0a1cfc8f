"""Inhabitants of units that an administrator loads, beside those that ship."""

from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"

SQL = Path(__file__).parents[1] / "sql" / "0031_population.sql"


def upgrade() -> None:
    """The batch that a figure came in with; and whatever becomes of figures enters the audit."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
