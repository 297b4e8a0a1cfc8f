"""Readings of restricted records join the audit."""

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"

SQL = Path(__file__).parents[1] / "sql" / "0019_audit_reading.sql"


def upgrade() -> None:
    """A function that the server's role may call."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
