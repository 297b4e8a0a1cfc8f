"""Guesses at passwords are counted by address too, over all names."""

from pathlib import Path

from alembic import op

revision = "0033"
down_revision = "0032"

SQL = Path(__file__).parents[1] / "sql" / "0033_guesses_by_address.sql"


def upgrade() -> None:
    """An index; nothing that is stored changes."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
