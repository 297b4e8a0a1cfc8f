"""Incidents, outreach events and dismantled networks."""

from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Audited, Base, empty_array
from geo.store.tables.boundaries import geometry

POINT_CHECK = (
    "point IS NULL OR (ST_X(point) BETWEEN -180 AND 180 AND ST_Y(point) BETWEEN -90 AND 90)"
)
# Places that are listed for review or told of after an import, of which there are few.
DOUBTFUL_PLACE = text(
    "assignment = 'nearest' OR location_flags <> '{}' OR is_coarse(precision, accuracy_m)"
)
PERIOD_CHECK = "occurred_to >= occurred_from AND occurred_from >= '1975-01-01'"


class Located:
    """Where a record is: what the input said, and the units derived from it in the database."""

    point: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    precision: Mapped[str]
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    place_text: Mapped[str | None]
    stated_edition: Mapped[str | None]
    stated_level: Mapped[str | None]
    stated_code: Mapped[str | None]
    found_by: Mapped[str] = mapped_column(server_default=text("'import'"))
    unit_set_id: Mapped[int] = mapped_column(ForeignKey("unit_set.id"))
    assignment: Mapped[str] = mapped_column(
        comment="inside, nearest (just off the edge), stated (by unit only), outside, none"
    )
    location_flags: Mapped[list[str]] = empty_array()


class Imported:
    """Where a record came from; the same source and external id is the same record."""

    source: Mapped[str]
    external_id: Mapped[str]
    content_hash: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    import_batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batch.id"))


class Incident(Imported, Located, Audited, Base):
    """A suspected or confirmed case; no names, no identity papers, no phone numbers."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("external_id", "source", name="uq_incident_source_external_id"),
        CheckConstraint(POINT_CHECK, name="point"),
        CheckConstraint(PERIOD_CHECK, name="period"),
        CheckConstraint("victims >= 0 AND suspects >= 0", name="counts"),
        Index("ix_incident_point", "point", postgresql_using="gist"),
        Index("ix_incident_occurred_from", "occurred_from"),
        Index(
            "ix_incident_kind_occurred_from",
            "kind",
            "occurred_from",
            postgresql_include=["unit_set_id", "victims", "status", "deleted_at"],
        ),
        Index("ix_incident_unit_set_id", "unit_set_id"),
        Index("ix_incident_doubtful_place", "id", postgresql_where=DOUBTFUL_PLACE),
        # Every page asks whether any is invented: where none is, all would be looked at.
        Index("ix_incident_is_demo", "id", postgresql_where=text("is_demo")),
    )

    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'received'"))
    occurred_from: Mapped[datetime]
    occurred_to: Mapped[datetime]
    acts: Mapped[list[str]] = empty_array()
    means: Mapped[list[str]] = empty_array()
    purposes: Mapped[list[str]] = empty_array()
    channels: Mapped[list[str]] = empty_array()
    tactic: Mapped[str | None]
    origin: Mapped[str | None]
    destination: Mapped[str | None]
    victims: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    victims_by: Mapped[dict[str, object]] = mapped_column(server_default=text("'{}'"))
    suspects: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    agency: Mapped[str | None]
    narrative: Mapped[str | None]
    network_id: Mapped[UUID | None] = mapped_column(ForeignKey("network.id"))


class OutreachEvent(Imported, Located, Audited, Base):
    """An awareness session, training, broadcast or campaign."""

    __tablename__ = "outreach_event"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint(POINT_CHECK, name="point"),
        CheckConstraint(PERIOD_CHECK, name="period"),
        Index("ix_outreach_event_point", "point", postgresql_using="gist"),
        Index("ix_outreach_event_occurred_from", "occurred_from"),
        Index("ix_outreach_event_unit_set_id", "unit_set_id"),
        Index("ix_outreach_event_doubtful_place", "id", postgresql_where=DOUBTFUL_PLACE),
        Index(
            "ix_outreach_event_prevention_model_id",
            "prevention_model_id",
            postgresql_where=text("prevention_model_id IS NOT NULL"),
        ),
    )

    kind: Mapped[str]
    occurred_from: Mapped[datetime]
    occurred_to: Mapped[datetime]
    topics: Mapped[list[str]] = empty_array()
    audiences: Mapped[list[str]] = empty_array()
    attendance: Mapped[int | None] = mapped_column(Integer)
    sessions: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    organiser: Mapped[str | None]
    partners: Mapped[list[str]] = empty_array()
    hours: Mapped[float | None] = mapped_column(Double)
    materials: Mapped[int | None] = mapped_column(Integer)
    prevention_model: Mapped[str | None]
    prevention_model_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("prevention_model.id", ondelete="SET NULL")
    )
    notes: Mapped[str | None]


class Network(Imported, Audited, Base):
    """A trafficking network; its places are its nodes, its routes the legs between them."""

    __tablename__ = "network"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    case_code: Mapped[str]
    scope: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'dismantled'"))
    dismantled_on: Mapped[date | None]
    lead_agency: Mapped[str | None]
    joint_agencies: Mapped[list[str]] = empty_array()
    arrested: Mapped[int | None] = mapped_column(Integer)
    rescued: Mapped[int | None] = mapped_column(Integer)
    notes: Mapped[str | None]


class NetworkNode(Located, Base):
    """A place of a network, numbered within it."""

    __tablename__ = "network_node"
    __table_args__ = (
        CheckConstraint(POINT_CHECK, name="point"),
        Index("ix_network_node_point", "point", postgresql_using="gist"),
        Index("ix_network_node_unit_set_id", "unit_set_id"),
    )

    network_id: Mapped[UUID] = mapped_column(
        ForeignKey("network.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    role: Mapped[str]
    country: Mapped[str] = mapped_column(server_default=text("'VN'"))


class NetworkLeg(Base):
    """A movement between two nodes of the same network."""

    __tablename__ = "network_leg"
    __table_args__ = (
        ForeignKeyConstraint(
            ["network_id", "from_sequence"],
            ["network_node.network_id", "network_node.sequence"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["network_id", "to_sequence"],
            ["network_node.network_id", "network_node.sequence"],
            ondelete="CASCADE",
        ),
        CheckConstraint("from_sequence <> to_sequence", name="ends"),
    )

    network_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_sequence: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    to_sequence: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    crossing: Mapped[str | None]


class RecordHistory(Base):
    """Every version of a record that was replaced."""

    __tablename__ = "record_history"

    record_type: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[dict[str, object]]
    replaced_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class IncidentCell(Base):
    """Countable incidents by unit set, kind and year in Vietnamese time, kept by triggers.

    Each kind has its rows, and all kinds together have theirs, whose kind is ''. Both arrays are
    running totals: element m counts from January to month m.
    """

    __tablename__ = "incident_cell"

    kind: Mapped[str] = mapped_column(primary_key=True, comment="'' is all kinds together")
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    unit_set_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    incidents: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), comment="element m: from January to month m"
    )
    victims: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), comment="element m: from January to month m"
    )
    changed: Mapped[int] = mapped_column(
        BigInteger,
        server_default=text("(pg_current_xact_id()::text::bigint)"),
        index=True,
        comment="number of the transaction that changed the row last",
    )


class DisclosureSecret(Base):
    """The secret start of released counts: one row, made with the database."""

    __tablename__ = "disclosure_secret"
    __table_args__ = (
        CheckConstraint("is_only", name="is_only"),
        CheckConstraint("length(secret) = 32", name="length"),
    )

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    secret: Mapped[bytes]
