"""Points just outside every unit are found by the index of doubtful places."""

from pathlib import Path

from alembic import op

revision = "0036"
down_revision = "0035"

SQL = Path(__file__).parents[1] / "sql" / "0036_doubtful_place_index.sql"


def upgrade() -> None:
    """Three indexes, made anew."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
