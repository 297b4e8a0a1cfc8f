"""What leaders decided on hotspots, and what is planned and done there."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Audited, Base

RESPONSIBLE = "(responsible_level IS NULL) = (responsible_code IS NULL)"


class HotspotReview(Base):
    """A decision on a hotspot, one version of several: rows are only ever added.

    `seen_class` (Gi*, the higher of country and border), `seen_category` (a Category) and
    `seen_cluster` (class of the cluster of which it is the centre) are what was known then.
    """

    __tablename__ = "hotspot_review"
    __table_args__ = (
        UniqueConstraint("edition", "level", "code", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("decision IN ('confirm', 'dismiss', 'watch')", name="decision"),
        CheckConstraint("length(btrim(reason)) >= 3", name="reason"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        CheckConstraint(RESPONSIBLE, name="responsible"),
        CheckConstraint("seconds IS NULL OR (stands AND seconds < version)", name="seconds"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    edition: Mapped[str]
    level: Mapped[str]
    code: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    decision: Mapped[str]
    reason: Mapped[str]
    priority: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("2"), comment="1 high, 2 usual, 3 low"
    )
    responsible_level: Mapped[str | None]
    responsible_code: Mapped[str | None] = mapped_column(comment="of a unit of the edition 2025")
    due_on: Mapped[date | None]
    run_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("hotspot_run.id", ondelete="SET NULL"),
        comment="the standard run of Gi* that was looked at",
    )
    seen_class: Mapped[int | None] = mapped_column(SmallInteger)
    seen_category: Mapped[int | None] = mapped_column(SmallInteger)
    seen_cluster: Mapped[int | None] = mapped_column(SmallInteger)
    stands: Mapped[bool] = mapped_column(comment="false while a second leader has yet to agree")
    seconds: Mapped[int | None] = mapped_column(
        Integer, comment="the version of another leader with which this one agrees"
    )
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_by: Mapped[str]


class HotspotAction(Audited, Base):
    """What is planned against a confirmed hotspot, and the outreach event that came of it."""

    __tablename__ = "hotspot_action"
    __table_args__ = (
        CheckConstraint("kind IN ('patrol', 'session')", name="kind"),
        CheckConstraint("state IN ('planned', 'done', 'dropped')", name="state"),
        CheckConstraint(RESPONSIBLE, name="responsible"),
        Index("ix_hotspot_action_unit", "edition", "level", "code"),
    )

    edition: Mapped[str]
    level: Mapped[str]
    code: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'planned'"))
    responsible_level: Mapped[str | None]
    responsible_code: Mapped[str | None] = mapped_column(comment="of a unit of the edition 2025")
    planned_on: Mapped[date]
    note: Mapped[str | None]
    outreach_event_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("outreach_event.id", ondelete="SET NULL")
    )
