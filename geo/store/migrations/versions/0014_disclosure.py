"""A secret start for released counts, and marks of when counts changed."""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """What is there counts as changed now; the secret is drawn."""
    statement = (SQL / "0014_disclosure.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
