"""The tables of the store, as SQLAlchemy models."""

from geo.store.tables.accounts import Account, JurisdictionRow, Session, SignInAttempt, Token
from geo.store.tables.audit import AuditEntry, AuditLink
from geo.store.tables.base import Base
from geo.store.tables.border import (
    BorderBand,
    BorderCell,
    BorderPiece,
    BorderSource,
    PlaceCheck,
    RecordMove,
    UnitBorder,
)
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
)
from geo.store.tables.support import PreventionModel, SupportMeasure

__all__ = [
    "Account",
    "AuditEntry",
    "AuditLink",
    "Base",
    "BorderBand",
    "BorderCell",
    "BorderGate",
    "BorderLine",
    "BorderPiece",
    "BorderSource",
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
    "PlaceCheck",
    "PlaceName",
    "Population",
    "PreventionModel",
    "RecordHistory",
    "RecordMove",
    "RejectedRow",
    "Session",
    "SignInAttempt",
    "SupportMeasure",
    "Token",
    "Unit",
    "UnitAmendment",
    "UnitBorder",
    "UnitCell",
    "UnitSet",
    "UnitSetShare",
    "UnitShape",
]
