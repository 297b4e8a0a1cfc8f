"""What follows from the land border and the units, and places of records to be looked at again."""

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base
from geo.store.tables.boundaries import geometry


class BorderSource(Base):
    """From which border, gates and units everything else in this module was made."""

    __tablename__ = "border_source"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class BorderPiece(Base):
    """A few segments of the land border."""

    __tablename__ = "border_piece"
    __table_args__ = (
        Index("ix_border_piece_geography", text("(geom::geography)"), postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    neighbour: Mapped[str]
    section: Mapped[str] = mapped_column(comment="neighbour and province of 2025: LAO-40")
    geom: Mapped[WKBElement] = mapped_column(geometry("LINESTRING"))


class BorderCell(Base):
    """A cell of the grid within reach of the border, and how far its points can lie from it.

    Only an index, as unit_cell is one: the answer is measured, by border_near in the database.
    """

    __tablename__ = "border_cell"

    cell: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    least_m: Mapped[float] = mapped_column(Double)
    most_m: Mapped[float] = mapped_column(Double)
    pieces: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), comment="those that may be the nearest of a point in the cell"
    )
    gates: Mapped[list[str]]


class BorderBand(Base):
    """What of the country lies in a band along the border with one neighbour, for drawing."""

    __tablename__ = "border_band"

    band: Mapped[str] = mapped_column(primary_key=True)
    neighbour: Mapped[str] = mapped_column(primary_key=True)
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class UnitBorder(Base):
    """How far a unit lies from the land border and the nearest gate, metres on the ellipsoid."""

    __tablename__ = "unit_border"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition", "level", "code"],
            ["unit.edition", "unit.level", "unit.code"],
            ondelete="CASCADE",
        ),
    )

    edition: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    neighbour: Mapped[str]
    section: Mapped[str]
    border_m: Mapped[float] = mapped_column(Double)
    gate: Mapped[str]
    gate_m: Mapped[float] = mapped_column(Double)


class RecordMove(Base):
    """A record that a swap of boundaries gave other units, with the units before and after."""

    __tablename__ = "record_move"
    __table_args__ = (
        Index("ix_record_move_record", "record_type", "record_id", "sequence", "moved_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    record_type: Mapped[str]
    record_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(
        SmallInteger, comment="of the place in a network; 0 for other records"
    )
    from_set: Mapped[int] = mapped_column(ForeignKey("unit_set.id"))
    to_set: Mapped[int] = mapped_column(ForeignKey("unit_set.id"))
    moved_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class PlaceMisfit(Base):
    """A place whose words name another unit (`code`) than its point's, while it is as it was."""

    __tablename__ = "place_misfit"

    record_type: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, comment="of the place in a network; 0 for other records"
    )
    place_digest: Mapped[str]
    edition: Mapped[str]
    level: Mapped[str]
    code: Mapped[str] = mapped_column(
        comment="of the unit that the words name, in edition and level"
    )


class PlaceCheck(Base):
    """Who found a record's place right; it holds while the place stays as it was."""

    __tablename__ = "place_check"

    record_type: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    place_digest: Mapped[str]
    checked_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    checked_by: Mapped[str]
