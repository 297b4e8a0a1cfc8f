"""Why a record was changed, kept with the version that came of it."""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Versions of before have no reason."""
    op.get_bind().exec_driver_sql((SQL / "0016_reasons.sql").read_text(encoding="utf-8"))
