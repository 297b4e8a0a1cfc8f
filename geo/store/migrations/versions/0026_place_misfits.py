"""Places whose words name another unit than that in which their point lies."""

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"

SQL = Path(__file__).parents[1] / "sql" / "0026_place_misfits.sql"


def upgrade() -> None:
    """A table of those that were found, with the policies of the records they are of."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
