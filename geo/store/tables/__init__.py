"""The tables of the store, as SQLAlchemy models."""

from geo.store.tables.accounts import Account, JurisdictionRow, Session, SignInAttempt, Token
from geo.store.tables.audit import AuditEntry, AuditLink
from geo.store.tables.base import Base
from geo.store.tables.boundaries import (
    BorderGate,
    BorderLine,
    BoundaryEdition,
    BoundaryLayer,
    CountryOutline,
    Crosswalk,
    PlaceName,
    Population,
    Unit,
    UnitAmendment,
    UnitCell,
    UnitSet,
    UnitSetShare,
    UnitShape,
)
from geo.store.tables.hotspots import HotspotResult, HotspotRun
from geo.store.tables.imports import ImportBatch, RejectedRow
from geo.store.tables.records import (
    Incident,
    IncidentCell,
    Network,
    NetworkLeg,
    NetworkNode,
    OutreachEvent,
    RecordHistory,
    SupportMeasure,
)

__all__ = [
    "Account",
    "AuditEntry",
    "AuditLink",
    "Base",
    "BorderGate",
    "BorderLine",
    "BoundaryEdition",
    "BoundaryLayer",
    "CountryOutline",
    "Crosswalk",
    "HotspotResult",
    "HotspotRun",
    "ImportBatch",
    "Incident",
    "IncidentCell",
    "JurisdictionRow",
    "Network",
    "NetworkLeg",
    "NetworkNode",
    "OutreachEvent",
    "PlaceName",
    "Population",
    "RecordHistory",
    "RejectedRow",
    "Session",
    "SignInAttempt",
    "SupportMeasure",
    "Token",
    "Unit",
    "UnitAmendment",
    "UnitCell",
    "UnitSet",
    "UnitSetShare",
    "UnitShape",
]
