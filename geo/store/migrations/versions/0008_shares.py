"""Records known only by a unit count in part in the units that lie in it, by the crosswalk."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the shares of all sets of units; a trigger makes those of new ones."""
    statement = (SQL / "0008_shares.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
