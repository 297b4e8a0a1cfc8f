"""Support figures keep their parts, versions and sources; prevention models have places."""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Each figure becomes one row with its parts; none of the published ones is lost."""
    statement = (SQL / "0017_support.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
