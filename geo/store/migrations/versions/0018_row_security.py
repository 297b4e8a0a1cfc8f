"""Who sees which record is decided by the database, for the role that the server connects as."""

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0017"

SQL = Path(__file__).parents[1] / "sql"
STEPS = ("0018_role", "0018_actor", "0018_aggregates", "0018_policies", "0018_grants")


def upgrade() -> None:
    """Role, functions that say who acts, counts for everybody, policies, and grants: in this order.

    Each needs those before it. The owner of the tables keeps seeing everything.
    """
    for step in STEPS:
        statement = (SQL / f"{step}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
