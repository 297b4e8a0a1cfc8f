"""Who sees which record is decided by the database, for the role that the server connects as."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"

SQL = Path(__file__).parents[1] / "sql"
STEPS = ("0012_role", "0012_actor", "0012_aggregates", "0012_policies", "0012_grants")


def upgrade() -> None:
    """Role, functions that say who acts, counts for everybody, policies, and grants: in this order.

    Each needs those before it. The owner of the tables keeps seeing everything.
    """
    for step in STEPS:
        statement = (SQL / f"{step}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
