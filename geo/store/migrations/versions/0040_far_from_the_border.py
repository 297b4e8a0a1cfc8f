"""Records farther than 20 km from the land border have distances, too."""

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0039"

SQL = Path(__file__).parents[1] / "sql" / "0040_far_from_the_border.sql"


def upgrade() -> None:
    """An index and two functions."""
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))
