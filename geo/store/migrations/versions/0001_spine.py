"""The spine: boundaries in editions, records located in them, imports, hotspot runs."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the functions that defaults need, the tables, then the triggers on them."""
    for name in ("0001_functions", "0001_boundaries", "0001_records", "0001_triggers"):
        statement = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
