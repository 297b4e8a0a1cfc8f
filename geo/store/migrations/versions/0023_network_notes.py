"""Notes of networks are withheld as narratives are."""

from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"

SQL = Path(__file__).parents[1] / "sql" / "0023_network_notes.sql"


def upgrade() -> None:
    """A function that tells them, and the column out of the server's reach."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
