"""What is asked of workers, and what becomes of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Double, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import UUID as UUIDS
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base

STATES = ("queued", "running", "done", "failed", "cancelled")
ACTIVE = ("queued", "running")


class Job(Base):
    """One piece of work; the queue that hands it out is procrastinate's, in the schema queue.

    Triggers enter a row there, cancel it there, and write its state here. `step` is {vi, en}, what
    is being done; `reason` {code, vi, en}, why the last attempt failed.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("kind IN ('hotspot_run', 'standard_runs')", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress"),
        Index(
            "uq_job_digest",
            "digest",
            unique=True,
            postgresql_where=text(f"state IN {ACTIVE}"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    kind: Mapped[str]
    question: Mapped[dict[str, object]] = mapped_column(server_default=text("'{}'"))
    digest: Mapped[str] = mapped_column(
        comment="of the question and who asked it: asked again meanwhile, it is the same job"
    )
    asked_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id"),
        comment="null for the machine's own commands and the nightly runs",
    )
    asked_at: Mapped[datetime] = mapped_column(server_default=text("now()"), index=True)
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    progress: Mapped[float] = mapped_column(Double, server_default=text("0"))
    step: Mapped[dict[str, object] | None]
    reason: Mapped[dict[str, object] | None]
    runs: Mapped[list[UUID]] = mapped_column(ARRAY(UUIDS), server_default=text("'{}'"))
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    queue_id: Mapped[int | None] = mapped_column(
        BigInteger, unique=True, comment="of queue.procrastinate_jobs"
    )
