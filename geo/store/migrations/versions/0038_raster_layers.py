"""Raster layers that administrators bring, and their figures by unit."""

from pathlib import Path

from alembic import op

revision = "0038"
down_revision = "0037"

SQL = Path(__file__).parents[1] / "sql" / "0038_raster_layers.sql"


def upgrade() -> None:
    """Two tables with their policies; the audit follows the layers."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
