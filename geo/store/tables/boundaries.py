"""Boundary editions, their units, and what hangs on units: crosswalk, population, border."""

from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, empty_array

LEVEL_CHECK = "level IN ('province', 'district', 'commune')"


def geometry(kind: str, srid: int = 4326) -> Geometry:
    """A geometry column type; its index is declared with the table, not made on the side."""
    return Geometry(kind, srid=srid, spatial_index=False)


class BoundaryEdition(Base):
    """A state of the administrative map: '2024' until 2025-06-30, '2025' from 2025-07-01."""

    __tablename__ = "boundary_edition"

    name: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class BoundaryLayer(Base):
    """Where the units of one level of an edition come from, and how far to trust them.

    A point up to `edge_tolerance_m` metres outside every unit goes to the nearest one and is
    marked: 50 m for surveyed boundaries, more for approximate ones.
    """

    __tablename__ = "boundary_layer"
    __table_args__ = (CheckConstraint(LEVEL_CHECK, name="level"),)

    edition: Mapped[str] = mapped_column(ForeignKey("boundary_edition.name"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    licence: Mapped[str]
    approximate: Mapped[bool]
    edge_tolerance_m: Mapped[float] = mapped_column(Double)
    fingerprint: Mapped[str]
    unit_count: Mapped[int] = mapped_column(Integer)
    loaded_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Unit(Base):
    """A province, district or commune; codes are those of the General Statistics Office."""

    __tablename__ = "unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition", "level"],
            ["boundary_layer.edition", "boundary_layer.level"],
            ondelete="CASCADE",
        ),
        CheckConstraint("code ~ '^[0-9]{2,5}$'", name="code"),
        CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
        Index("ix_unit_geom", "geom", postgresql_using="gist"),
        Index("ix_unit_parent", "edition", "level", "parent_code"),
    )

    edition: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    full_name: Mapped[str]
    name_en: Mapped[str]
    unit_type: Mapped[str]
    parent_code: Mapped[str | None]
    official_area_km2: Mapped[float | None] = mapped_column(Double)
    area_km2: Mapped[float] = mapped_column(Double, comment="of the geometry, on the ellipsoid")
    is_land_border: Mapped[bool]
    neighbours: Mapped[list[str]] = empty_array()
    border_length_m: Mapped[float] = mapped_column(Double, server_default=text("0"))
    label_point: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class UnitAmendment(Base):
    """A change of a unit's name or type within an edition, valid from a date."""

    __tablename__ = "unit_amendment"

    edition: Mapped[str] = mapped_column(ForeignKey("boundary_edition.name"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="")
    unit_type: Mapped[str]
    source: Mapped[str]


class UnitShape(Base):
    """A unit simplified for a zoom band, edges shared with neighbours still shared; EPSG:3857."""

    __tablename__ = "unit_shape"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition", "level", "code"],
            ["unit.edition", "unit.level", "unit.code"],
            ondelete="CASCADE",
        ),
        Index("ix_unit_shape_geom", "geom", postgresql_using="gist"),
        Index("ix_unit_shape_unit", "edition", "level", "code"),
    )

    edition: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    max_zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON", 3857))


class UnitCell(Base):
    """Which units a cell of a 0.01 degree grid meets, at the finest level of an edition.

    Only an index: a cell that lies properly inside one unit answers for all points in it, any
    other names the units whose polygons must be asked. The answer is the polygons' own.
    """

    __tablename__ = "unit_cell"

    cell: Mapped[int] = mapped_column(Integer, primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    inside: Mapped[bool]


class UnitSet(Base):
    """The units in which a location lies, in every edition; null where unassigned."""

    __tablename__ = "unit_set"
    __table_args__ = (
        Index(
            "uq_unit_set",
            *(
                text(f"coalesce({column}, '')")
                for column in (
                    "commune_2025",
                    "province_2025",
                    "commune_2024",
                    "district_2024",
                    "province_2024",
                )
            ),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    commune_2025: Mapped[str | None] = mapped_column(index=True)
    province_2025: Mapped[str | None] = mapped_column(index=True)
    commune_2024: Mapped[str | None] = mapped_column(index=True)
    district_2024: Mapped[str | None] = mapped_column(index=True)
    province_2024: Mapped[str | None] = mapped_column(index=True)


class Crosswalk(Base):
    """An old commune (2024) and a new one (2025) that took all or a part of it."""

    __tablename__ = "crosswalk"

    old_code: Mapped[str] = mapped_column(primary_key=True)
    new_code: Mapped[str] = mapped_column(primary_key=True, index=True)
    old_name: Mapped[str]
    old_district_code: Mapped[str]
    old_province_code: Mapped[str]
    kind: Mapped[str]
    share_area: Mapped[float | None] = mapped_column(Double)
    source: Mapped[str]


class Population(Base):
    """Inhabitants of a unit in a year; `estimated` where spread from a larger unit by a rule."""

    __tablename__ = "population"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        Index("ix_population_updated_at", "updated_at"),
    )

    edition: Mapped[str] = mapped_column(ForeignKey("boundary_edition.name"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]
    estimated: Mapped[bool]
    import_batch_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("import_batch.id"), comment="null for figures that ship with the product"
    )
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class BorderLine(Base):
    """The land border with one neighbour (ISO 3166-1 alpha-3)."""

    __tablename__ = "border_line"

    neighbour: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTILINESTRING"))


class BorderGate(Base):
    """A border crossing point; positions may be estimates and say so."""

    __tablename__ = "border_gate"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    neighbour: Mapped[str]
    estimated: Mapped[bool]
    source: Mapped[str]
    point: Mapped[WKBElement] = mapped_column(geometry("POINT"))


class PlaceName(Base):
    """Another name of a unit, a border gate in a unit, or a protected area taken for a unit.

    A gate has its point in degrees (EPSG:4326).
    """

    __tablename__ = "place_name"
    __table_args__ = (
        CheckConstraint("kind IN ('alternative', 'gate', 'protected_area')", name="kind"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(ForeignKey("boundary_edition.name"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name_en: Mapped[str] = mapped_column(server_default="")
    longitude: Mapped[float | None] = mapped_column(Double)
    latitude: Mapped[float | None] = mapped_column(Double)
    source: Mapped[str]


class CountryOutline(Base):
    """The national territory with Hoàng Sa and Trường Sa, simplified for drawing."""

    __tablename__ = "country_outline"

    source: Mapped[str] = mapped_column(primary_key=True)
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class UnitSetShare(Base):
    """How much of a set without a unit of the target level falls on each such unit.

    Shares of a set and a target add up to 1. They follow the sets by a trigger, and are made anew
    when boundaries change.
    """

    __tablename__ = "unit_set_share"
    __table_args__ = (CheckConstraint("share > 0 AND share <= 1.000001", name="share"),)

    target: Mapped[str] = mapped_column(
        primary_key=True, comment="The column of unit_set that is null"
    )
    unit_set_id: Mapped[int] = mapped_column(
        ForeignKey("unit_set.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    share: Mapped[float] = mapped_column(Double)
