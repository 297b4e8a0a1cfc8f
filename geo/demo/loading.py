"""The demonstration data in the store: put in, asked for, taken out."""

from dataclasses import dataclass, field

import geopandas
import pandas
import shapely
from sqlalchemy import Connection, Engine, delete, exists, select, text

from geo.demo import published
from geo.demo.generator import SOURCE, DemoData, generate
from geo.errors import NotFoundError
from geo.store.boundaries import stored_units
from geo.store.database import transaction
from geo.store.hotspots import populations
from geo.store.networks import load_networks
from geo.store.records import LoadOutcome, Origin, load_records
from geo.store.support import load_figures
from geo.store.tables import Incident, Network, OutreachEvent, PreventionModel, RecordHistory

POPULATION_YEAR = 2025
RECORD_TABLES = (Incident, OutreachEvent, Network, PreventionModel)


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What `load_demo` did, by record type; `data` is what it generated."""

    data: DemoData
    loaded: dict[str, LoadOutcome] = field(default_factory=dict)


def load_demo(engine: Engine, *, seed: int = 2024) -> DemoOutcome:
    """Generate the data set for the communes in the store and load it, with the published figures.

    Loading again changes nothing; after a change of boundaries it moves the records to where the
    new communes are.

    Raises:
        NotFoundError: no communes of the 2025 edition are loaded.
    """
    with transaction(engine) as connection:
        data = stored_demo(connection, seed)
        synthetic = Origin(SOURCE, is_demo=True)
        made = data.networks
        loaded = {
            "network": load_networks(connection, made.networks, made.nodes, made.legs, synthetic),
            # Before the events that name them.
            "prevention_model": load_records(
                connection, "prevention_model", data.prevention_models, synthetic
            ),
            "incident": load_records(connection, "incident", data.incidents, synthetic),
            "outreach_event": load_records(
                connection, "outreach_event", data.outreach_events, synthetic
            ),
        }
        load_published(connection)
    return DemoOutcome(data, loaded)


def stored_demo(connection: Connection, seed: int) -> DemoData:
    """The data set for the communes in the store; nothing is written.

    Raises:
        NotFoundError: no communes of the 2025 edition are loaded.
    """
    units = stored_units(connection, "2025", "commune")
    if units.empty:
        raise NotFoundError(
            "demo.no_units",
            "Chưa có ranh giới xã 2025. Hãy chạy `bienmap boundaries load-embedded` trước.",
            "No communes of 2025 are loaded. Run `bienmap boundaries load-embedded` first.",
        )
    units["population"] = populations(
        connection, "2025", "commune", list(units["code"]), POPULATION_YEAR
    )
    return generate(units, _gates(connection), crosswalk=_crosswalk(connection), seed=seed)


def load_published(connection: Connection) -> None:
    """Write the figures published for 2024 and the one session that has a place."""
    load_records(
        connection, "outreach_event", published.seed_outreach_event(), Origin(published.SOURCE)
    )
    load_figures(connection, published.support_figures(), Origin(published.SOURCE))


def has_records(connection: Connection) -> bool:
    """Whether the store holds any record beside the published session."""
    return any(
        connection.scalar(select(exists().where(table.source != published.SOURCE)))
        for table in RECORD_TABLES
    )


def is_demo_store(connection: Connection) -> bool:
    """Whether the store holds synthetic records and, beside the published session, no others."""
    return has_records(connection) and not any(
        connection.scalar(select(exists().where(~table.is_demo, table.source != published.SOURCE)))
        for table in RECORD_TABLES
    )


def remove_demo(engine: Engine) -> dict[str, int]:
    """Delete every synthetic record for good, with its history; published figures stay.

    Returns:
        How many records of each type were deleted.
    """
    removed = {}
    with transaction(engine) as connection:
        for table in RECORD_TABLES:
            name = table.__tablename__
            connection.execute(
                delete(RecordHistory).where(
                    RecordHistory.record_type == name,
                    RecordHistory.record_id.in_(select(table.id).where(table.is_demo)),
                )
            )
            removed[name] = connection.execute(delete(table).where(table.is_demo)).rowcount
    return removed


def _gates(connection: Connection) -> geopandas.GeoDataFrame:
    rows = connection.execute(
        text("SELECT name_vi, neighbour, ST_AsBinary(point) FROM border_gate ORDER BY code")
    ).all()
    names, neighbours, points = zip(*rows, strict=True)
    return geopandas.GeoDataFrame(
        {"name_vi": names, "neighbour": neighbours}, geometry=shapely.from_wkb(points), crs=4326
    )


def _crosswalk(connection: Connection) -> pandas.DataFrame:
    rows = connection.execute(
        text("SELECT new_code, old_district_code FROM crosswalk ORDER BY old_code, new_code")
    ).all()
    return pandas.DataFrame(rows, columns=["new_code", "old_district_code"])
