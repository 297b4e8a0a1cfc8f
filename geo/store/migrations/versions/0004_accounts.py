"""Accounts, what they are responsible for, their sessions and tokens, and attempts to sign in."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables; there are no accounts before."""
    statement = (SQL / "0004_accounts.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
