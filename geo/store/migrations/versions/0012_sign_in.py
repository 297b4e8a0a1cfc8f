"""Second factors, sessions that tell of themselves, sign-in by a provider."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Accounts and sessions stay as they are; nobody needs a second factor yet."""
    statement = (SQL / "0012_sign_in.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
