"""Names of units that changed within an edition, from the day on which they hold."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the view; amendments come with the next load of the reference tables."""
    statement = (SQL / "0005_names_by_date.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
