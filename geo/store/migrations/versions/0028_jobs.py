"""Work that waits for a worker: procrastinate's queue in its own schema, and what it is for."""

from importlib.metadata import version
from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0028"
down_revision = "0027"

SQL = Path(__file__).parents[1] / "sql" / "0028_jobs.sql"


def upgrade() -> None:
    """The queue as the installed library makes it, then the table that people see.

    The schema says which version made it: a newer one brings migrations of its own, from there on,
    which a migration of ours will run.
    """
    connection = op.get_bind()
    path = connection.exec_driver_sql("SHOW search_path").scalar_one()
    connection.exec_driver_sql("CREATE SCHEMA queue; SET LOCAL search_path = queue")
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    connection.exec_driver_sql(f"SET LOCAL search_path = {path}")
    made_by = f"procrastinate {version('procrastinate')}"
    connection.exec_driver_sql(f"COMMENT ON SCHEMA queue IS '{made_by}'")
    connection.exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
