"""Names of places that people add to those that are shipped."""

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Audited, Base, empty_array
from geo.store.tables.boundaries import geometry


class AddedName(Audited, Base):
    """A hamlet, market, border-guard post, or another name of a unit; located as records are."""

    __tablename__ = "added_name"
    __table_args__ = (
        CheckConstraint("point IS NOT NULL OR stated_code IS NOT NULL", name="place"),
        Index("ix_added_name_name_key", "name_key"),
        Index("ix_added_name_updated_at", "updated_at"),
    )

    kind: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(
        comment="its words in lower case with their marks in one order"
    )
    source: Mapped[str]
    point: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    stated_edition: Mapped[str | None]
    stated_level: Mapped[str | None]
    stated_code: Mapped[str | None]
    unit_set_id: Mapped[int] = mapped_column(ForeignKey("unit_set.id"))
    assignment: Mapped[str]
    location_flags: Mapped[list[str]] = empty_array()
