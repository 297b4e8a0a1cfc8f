"""The tables of the store, as SQLAlchemy models."""

from geo.store.tables.accounts import Account, JurisdictionRow, Session, SignInAttempt, Token
from geo.store.tables.audit import AuditEntry, AuditLink
from geo.store.tables.base import Base
from geo.store.tables.basemaps import Basemap
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
from geo.store.tables.hotspots import HotspotCluster, HotspotResult, HotspotRun
from geo.store.tables.imports import ImportBatch, RejectedRow
from geo.store.tables.jobs import Job
from geo.store.tables.names import AddedName
from geo.store.tables.rasters import RasterFigure, RasterLayer
from geo.store.tables.records import (
    DisclosureSecret,
    Incident,
    IncidentCell,
    Network,
    NetworkLeg,
    NetworkNode,
    OutreachEvent,
    RecordHistory,
)
from geo.store.tables.reviews import HotspotAction, HotspotReview
from geo.store.tables.second_factors import (
    ProviderLink,
    ProviderRequest,
    RecoveryCode,
    SecondFactor,
    SecondFactorRole,
)
from geo.store.tables.support import PreventionModel, SupportMeasure

__all__ = [
    "Account",
    "AddedName",
    "AuditEntry",
    "AuditLink",
    "Base",
    "Basemap",
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
    "DisclosureSecret",
    "HotspotAction",
    "HotspotCluster",
    "HotspotResult",
    "HotspotReview",
    "HotspotRun",
    "ImportBatch",
    "Incident",
    "IncidentCell",
    "Job",
    "JurisdictionRow",
    "Network",
    "NetworkLeg",
    "NetworkNode",
    "OutreachEvent",
    "PlaceCheck",
    "PlaceName",
    "Population",
    "PreventionModel",
    "ProviderLink",
    "ProviderRequest",
    "RasterFigure",
    "RasterLayer",
    "RecordHistory",
    "RecordMove",
    "RecoveryCode",
    "RejectedRow",
    "SecondFactor",
    "SecondFactorRole",
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
