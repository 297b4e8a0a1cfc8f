"""Raster layers that administrators bring, and their figures by unit."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Audited, Base

STYLES = ("elevation", "population", "sequential", "imagery")
AUDIENCES = ("everyone", "signed-in")
TITLES = "length(btrim(title_vi)) BETWEEN 1 AND 120 AND length(btrim(title_en)) BETWEEN 1 AND 120"


class RasterLayer(Audited, Base):
    """What is known of a raster; its cells are in a file beside the store, named by the id.

    `west` to `north` are degrees (EPSG:4326); values are in `unit`, and pictures have none.
    """

    __tablename__ = "raster_layer"
    __table_args__ = (
        CheckConstraint("name ~ '^[a-z][a-z0-9-]{0,39}$'", name="name"),
        CheckConstraint(TITLES, name="titles"),
        CheckConstraint(f"style IN {STYLES}", name="style"),
        CheckConstraint("length(unit) <= 30", name="unit"),
        CheckConstraint(f"audience IN {AUDIENCES}", name="audience"),
        CheckConstraint("(style = 'imagery') = (minimum IS NULL)", name="values"),
        Index(
            "uq_raster_layer_name",
            "name",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    name: Mapped[str]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    style: Mapped[str]
    unit: Mapped[str] = mapped_column(server_default=text("''"))
    audience: Mapped[str]
    file_name: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(comment="SHA-256 of the file that is kept")
    bands: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    crs: Mapped[str]
    west: Mapped[float] = mapped_column(Double)
    south: Mapped[float] = mapped_column(Double)
    east: Mapped[float] = mapped_column(Double)
    north: Mapped[float] = mapped_column(Double)
    nodata: Mapped[float | None] = mapped_column(
        Double, comment="how the file that came marked cells without a value"
    )
    minimum: Mapped[float | None] = mapped_column(Double)
    maximum: Mapped[float | None] = mapped_column(Double)
    low: Mapped[float | None] = mapped_column(
        Double, comment="percentile 2, where the colours begin; high is percentile 98"
    )
    high: Mapped[float | None] = mapped_column(Double)
    known: Mapped[float] = mapped_column(Double, comment="share of its cells that have a value")


class RasterFigure(Base):
    """A raster within a unit of the edition 2025; see geo.importers.zonal."""

    __tablename__ = "raster_figure"
    __table_args__ = (
        CheckConstraint("level IN ('province', 'commune')", name="level"),
        CheckConstraint("covered BETWEEN 0 AND 1", name="covered"),
        Index("ix_raster_figure_unit", "level", "code"),
    )

    raster_layer_id: Mapped[UUID] = mapped_column(
        ForeignKey("raster_layer.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    boundaries: Mapped[str] = mapped_column(
        comment="fingerprint of the boundaries it was measured in"
    )
    mean: Mapped[float] = mapped_column(Double)
    least: Mapped[float] = mapped_column(Double)
    most: Mapped[float] = mapped_column(Double)
    total: Mapped[float] = mapped_column(Double)
    covered: Mapped[float] = mapped_column(
        Double, comment="share of the unit whose cells have a value"
    )
