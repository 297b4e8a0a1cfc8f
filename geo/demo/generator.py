"""The demonstration data set: seeded, synthetic, the same bytes for the same seed and units."""

from dataclasses import dataclass
from datetime import timedelta

import geopandas
import numpy as np
import pandas
import pyarrow
from numpy.typing import NDArray

from geo.demo.calendar import FIRST_DAY
from geo.demo.clusters import PlantedCluster, draw_where_and_when, planted_clusters
from geo.demo.incidents import incident_table
from geo.demo.models import models_of
from geo.demo.networks import NetworkTables, network_tables
from geo.demo.outreach import NEVER_VISITED_CLUSTERS, never_visited, outreach_table
from geo.demo.places import Places, describe
from geo.records.digests import with_content_hash

SOURCE = "demo"
# Incidents up to a year before a network was broken up may belong to it.
NETWORK_YEAR = timedelta(days=365)
INCIDENTS_PER_NETWORK = 8


@dataclass(frozen=True, slots=True)
class DemoData:
    """Tables as `geo.store` loads them under source 'demo', and what is known of them.

    Incidents, outreach events and prevention models have the columns of their tables, with
    row_number, lon and lat (degrees, EPSG:4326, null where only a unit is known) in place of the
    point. `unvisited` are codes of communes without any outreach.
    """

    incidents: pyarrow.Table
    outreach_events: pyarrow.Table
    prevention_models: pyarrow.Table
    networks: NetworkTables
    clusters: tuple[PlantedCluster, ...]
    unvisited: tuple[str, ...]


def generate(
    units: geopandas.GeoDataFrame,
    gates: geopandas.GeoDataFrame,
    *,
    crosswalk: pandas.DataFrame | None = None,
    seed: int = 2024,
    incidents: int = 6_000,
    outreach_events: int = 1_500,
    networks: int = 40,
) -> DemoData:
    """Draw a data set for the communes of the 2025 edition, real or approximate.

    Args:
        units: code, name (or full_name), parent_code, is_land_border, population, and polygons in
            EPSG:4326.
        gates: name_vi, neighbour (CHN, LAO, KHM) and points in EPSG:4326.
        crosswalk: new_code, old_district_code; without it no incident is known by its former
            district only.
    """
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(6)]
    places = describe(units, gates, streams[0])
    clusters = planted_clusters(units)
    drawn = draw_where_and_when(streams[1], places, clusters, incidents)
    made = network_tables(streams[3], places, gates, networks)
    table = incident_table(streams[1], places, drawn, _districts(places, crosswalk))
    in_gap, elsewhere = (
        frozenset(
            code
            for cluster in clusters
            if (cluster.key in NEVER_VISITED_CLUSTERS) is gap
            for code in cluster.members
        )
        for gap in (True, False)
    )
    unvisited = never_visited(streams[4], places, elsewhere, in_gap)
    events, commune, day = outreach_table(streams[4], places, unvisited, outreach_events)
    kind = events["prevention_model"].combine_chunks()
    models, held_by = models_of(streams[5], places, commune, day, kind)
    return DemoData(
        incidents=_linked(table, places.code[drawn.commune], drawn.day, made),
        outreach_events=with_content_hash(events.append_column("prevention_model_id", held_by)),
        prevention_models=models,
        networks=made,
        clusters=clusters,
        unvisited=tuple(places.code[unvisited]),
    )


def _districts(places: Places, crosswalk: pandas.DataFrame | None) -> NDArray[np.object_] | None:
    """For each commune the former district that most of its parts come from."""
    if crosswalk is None:
        return None
    counted = crosswalk.value_counts(["new_code", "old_district_code"], sort=False)
    most = counted.reset_index().sort_values(
        ["count", "old_district_code"], ascending=[False, True], kind="stable"
    )
    first = most.drop_duplicates("new_code")
    of_commune = dict(zip(first["new_code"], first["old_district_code"], strict=True))
    return np.array([of_commune.get(code) for code in places.code], dtype=object)


def _linked(
    incidents: pyarrow.Table,
    commune: NDArray[np.object_],
    day: NDArray[np.intp],
    made: NetworkTables,
) -> pyarrow.Table:
    """Incidents with network_id: some where and before a network that left there was broken up."""
    network = np.full(len(day), None, dtype=object)
    known = zip(
        made.networks["id"].to_pylist(),
        made.networks["dismantled_on"].to_pylist(),
        made.exits,
        strict=True,
    )
    for identifier, dismantled, exit_code in known:
        end = (dismantled - FIRST_DAY).days
        window = slice(*np.searchsorted(day, [end - NETWORK_YEAR.days, end]))
        near = window.start + np.flatnonzero(commune[window] == exit_code)
        free = near[network[near] == None]  # noqa: E711  elementwise
        network[free[-INCIDENTS_PER_NETWORK:]] = identifier
    return with_content_hash(
        incidents.append_column("network_id", pyarrow.array(network, pyarrow.string()))
    )
