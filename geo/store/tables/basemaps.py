"""Basemaps that administrators configure beside the built-in one."""

from sqlalchemy import CheckConstraint, Double, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Audited, Base

MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")
ADDRESS = "^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/[!-~]+$"
TITLES = "length(btrim(title_vi)) BETWEEN 1 AND 120 AND length(btrim(title_en)) BETWEEN 1 AND 120"


class Basemap(Audited, Base):
    """Tiles of one host (`url`), or of an archive beside the store, named by the id.

    Web Mercator, 256 x 256; `west` to `north` are degrees (EPSG:4326).
    """

    __tablename__ = "basemap"
    __table_args__ = (
        CheckConstraint("name ~ '^[a-z][a-z0-9-]{0,39}$'", name="name"),
        CheckConstraint(TITLES, name="titles"),
        CheckConstraint("length(btrim(attribution)) BETWEEN 1 AND 200", name="attribution"),
        CheckConstraint(f"url ~ '{ADDRESS}' AND length(url) <= 600", name="url"),
        CheckConstraint(f"media_type IN {MEDIA_TYPES}", name="media_type"),
        CheckConstraint(
            "(url IS NULL) = (media_type IS NOT NULL)"
            " AND (media_type IS NULL) = (fingerprint IS NULL)"
            " AND (media_type IS NULL) = (file_name IS NULL)",
            name="source",
        ),
        CheckConstraint("min_zoom >= 0 AND max_zoom >= min_zoom AND max_zoom <= 22", name="zoom"),
        Index("uq_basemap_name", "name", unique=True, postgresql_where=text("deleted_at IS NULL")),
    )

    name: Mapped[str]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    attribution: Mapped[str]
    url: Mapped[str | None] = mapped_column(
        comment="with {z}, {x} and {y}; browsers ask its host, which the policy of the map page"
        " names"
    )
    media_type: Mapped[str | None] = mapped_column(comment="of the tiles in an archive")
    file_name: Mapped[str | None]
    fingerprint: Mapped[str | None] = mapped_column(comment="SHA-256 of the archive that is kept")
    min_zoom: Mapped[int] = mapped_column(Integer)
    max_zoom: Mapped[int] = mapped_column(Integer)
    west: Mapped[float] = mapped_column(Double)
    south: Mapped[float] = mapped_column(Double)
    east: Mapped[float] = mapped_column(Double)
    north: Mapped[float] = mapped_column(Double)
