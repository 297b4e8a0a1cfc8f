"""Names of places beside those that units bear themselves."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the table; its rows come with the next load of the reference tables."""
    statement = (SQL / "0009_gazetteer.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
