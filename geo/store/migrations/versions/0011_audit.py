"""A chain of what was written, by whom; `bienmap audit verify` holds it against itself."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Begin the chain; what was written before is not in it."""
    statement = (SQL / "0011_audit.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
