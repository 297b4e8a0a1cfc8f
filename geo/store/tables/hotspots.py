"""Hotspot runs, with all that is needed to compute them again, and their results."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base


class HotspotRun(Base):
    """One analysis: method, parameters, period, edition, and fingerprints of what it read."""

    __tablename__ = "hotspot_run"
    __table_args__ = (
        Index("ix_hotspot_run_choice", "edition", "level", "created_at"),
        Index(
            "ix_hotspot_run_standard",
            "edition",
            "level",
            "standard_at",
            postgresql_where=text("standard_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid_v7()"))
    method: Mapped[str]
    edition: Mapped[str]
    level: Mapped[str]
    period_from: Mapped[date]
    period_to: Mapped[date] = mapped_column(comment="the day after the last one counted")
    parameters: Mapped[dict[str, object]]
    data_fingerprint: Mapped[str]
    boundary_fingerprint: Mapped[str]
    software_version: Mapped[str]
    records_used: Mapped[int] = mapped_column(Integer)
    records_left_out: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    standard_at: Mapped[datetime | None] = mapped_column(
        comment="when it was last made or confirmed as standard;"
        " null for a run that a person asked for"
    )


class HotspotResult(Base):
    """The result of a run for one unit; `class_` is -3 … 3, null where there were no data."""

    __tablename__ = "hotspot_result"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("hotspot_run.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    incidents: Mapped[int] = mapped_column(Integer)
    population: Mapped[int | None] = mapped_column(Integer)
    value: Mapped[float | None] = mapped_column(Double)
    expected: Mapped[float | None] = mapped_column(Double)
    neighbour_mean: Mapped[float | None] = mapped_column(Double)
    neighbours: Mapped[int] = mapped_column(SmallInteger)
    z: Mapped[float | None] = mapped_column(Double)
    p: Mapped[float | None] = mapped_column(Double)
    q: Mapped[float | None] = mapped_column(Double)
    class_: Mapped[int | None] = mapped_column("class", SmallInteger)
