"""Distances to the land border and its gates; places of records that should be looked at again."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, empty; what follows from the border is made when the service next starts."""
    statement = (SQL / "0010_border.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
