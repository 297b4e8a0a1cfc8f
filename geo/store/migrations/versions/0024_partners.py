"""Outreach events name the agencies that took part beside the organiser."""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"

SQL = Path(__file__).parents[1] / "sql" / "0024_partners.sql"


def upgrade() -> None:
    """A list of agencies, empty for the events that are there."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
