"""Who plans sees incidents with victims at a displaced point."""

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"

SQL = Path(__file__).parents[1] / "sql" / "0022_displaced.sql"


def upgrade() -> None:
    """Spots in communes, a view of incidents as they are shown, and the policies beneath it."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
