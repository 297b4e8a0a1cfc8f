"""Hotspot runs, with all that is needed to compute them again, and their results."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Double, ForeignKey, Index, Integer, SmallInteger, Text, text
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
    border_fingerprint: Mapped[str | None] = mapped_column(
        comment="of the land-border line; null for a run that does not depend on it"
    )
    software_version: Mapped[str]
    records_used: Mapped[int] = mapped_column(Integer)
    records_left_out: Mapped[int] = mapped_column(Integer)
    left_out: Mapped[dict[str, object]] = mapped_column(
        server_default=text("'{}'"), comment="records and units that took no part, by reason"
    )
    is_restricted: Mapped[bool] = mapped_column(
        comment="whether it is for those alone who see all counts: it tells of single incidents"
    )
    variants: Mapped[dict[str, object] | None] = mapped_column(
        comment="how many variants were computed, by family: neighbours, periods, records"
    )
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    standard_at: Mapped[datetime | None] = mapped_column(
        comment="when it was last made or confirmed as standard;"
        " null for a run that a person asked for"
    )


class HotspotResult(Base):
    """The result of a run for one unit; `class_` is null where there were no data.

    It is -3 … 3 (cold to hot), of emerging hotspots a Category, and of a scan that of the unit's
    cluster. `states` are those of the slices of emerging hotspots; `cluster_rank` is 0 in none.
    """

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
    quadrant: Mapped[int | None] = mapped_column(SmallInteger)
    trend_z: Mapped[float | None] = mapped_column(Double)
    trend_p: Mapped[float | None] = mapped_column(Double)
    states: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    cluster_rank: Mapped[int | None] = mapped_column(SmallInteger)
    kept_neighbours: Mapped[int | None] = mapped_column(
        SmallInteger,
        comment="in how many of the variants of that family the unit stays hot, cold or neither",
    )
    kept_periods: Mapped[int | None] = mapped_column(SmallInteger)
    kept_records: Mapped[int | None] = mapped_column(SmallInteger)
    lowest_class: Mapped[int | None] = mapped_column(SmallInteger)
    highest_class: Mapped[int | None] = mapped_column(SmallInteger)


class HotspotCluster(Base):
    """A cluster of a scan: units in a circle around the centre, in a span of time."""

    __tablename__ = "hotspot_cluster"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("hotspot_run.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    centre: Mapped[str]
    members: Mapped[list[str]] = mapped_column(ARRAY(Text))
    radius_m: Mapped[float] = mapped_column(Double)
    period_from: Mapped[date]
    period_to: Mapped[date] = mapped_column(comment="the day after the last one of the cluster")
    incidents: Mapped[int] = mapped_column(Integer)
    expected: Mapped[float] = mapped_column(Double)
    relative_risk: Mapped[float | None] = mapped_column(
        Double, comment="null where there is no incident outside"
    )
    ratio: Mapped[float] = mapped_column(Double)
    p: Mapped[float] = mapped_column(Double)
    gumbel_p: Mapped[float] = mapped_column(Double)
    recurrence_months: Mapped[float | None] = mapped_column(Double)
    class_: Mapped[int] = mapped_column("class", SmallInteger)
