"""What leaders decided on hotspots, and what is planned and done there."""

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"

SQL = Path(__file__).parents[1] / "sql" / "0030_hotspot_reviews.sql"


def upgrade() -> None:
    """Two tables that row policies keep to those responsible."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
