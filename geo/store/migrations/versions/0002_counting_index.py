"""Counting the incidents of some days reads an index alone, not the table."""

from alembic import op

revision = "0002"
down_revision = "0001"

INDEX = "ix_incident_occurred_from"


def upgrade() -> None:
    """Let the index carry all that statistics ask of an incident."""
    op.drop_index(INDEX, "incident")
    op.create_index(
        INDEX,
        "incident",
        ["occurred_from", "kind"],
        postgresql_include=["unit_set_id", "victims", "status", "deleted_at"],
    )
