"""Flows of dismantled networks: those that the actor may see, laid over each other."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from geo import __version__
from geo.analysis.flows import HOME, Case, Flow, Hub, Merged, Move, Stop, merge
from geo.records.code_lists import code_list
from geo.store.network_flows import FlowFilter, Mark, read_networks, unit_marks
from geo.store.units import require_level

__all__ = ["FlowFilter", "NetworkFlows", "as_geojson", "flow_source", "network_flows"]


@dataclass(frozen=True, slots=True)
class NetworkFlows:
    """Merged networks, and what was asked (`wanted`).

    `marks` are those of all places in it, `cases` codes by a network's id; `data_fingerprint` is
    SHA-256, in hexadecimal, of all that was read of them.
    """

    wanted: FlowFilter
    merged: Merged
    marks: Mapping[str, Mark]
    cases: Mapping[str, str]
    data_fingerprint: str


def network_flows(connection: Connection, wanted: FlowFilter) -> NetworkFlows:
    """Lay over each other the networks of a period, their places merged by unit or by country.

    Raises:
        NotFoundError: that level of that edition is not loaded.
    """
    require_level(connection, wanted.edition, wanted.level)
    rows = read_networks(connection, wanted)
    merged = merge(_case(row) for row in rows)
    places = {hub.place for hub in merged.hubs}
    units = {place for place in places if place.isdigit()}
    marks = unit_marks(connection, wanted.edition, wanted.level, units)
    marks |= _abroad(places - units, rows)
    cases = {str(row["id"]): row["case_code"] for row in rows}
    read = json.dumps(rows, default=str, sort_keys=True)
    return NetworkFlows(wanted, merged, marks, cases, sha256(read.encode()).hexdigest())


def _case(row: Mapping[str, Any]) -> Case:
    stops = [
        Stop(
            stop["sequence"],
            stop["role"],
            stop["country"],
            stop["unit"] if stop["country"] == HOME else stop["country"],
            stop["neighbour"],
            stop["section"],
            stop["gate"],
            stop["gate_m"],
        )
        for stop in row["stops"] or ()
    ]
    moves = [Move(move["start"], move["end"], move["crossing"]) for move in row["moves"] or ()]
    return Case(str(row["id"]), stops, moves)


def _abroad(countries: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> dict[str, Mark]:
    """Countries, each drawn in the middle of the points that networks have there."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        for stop in row["stops"] or ():
            if stop["lon"] is not None:
                points[stop["country"]].append((stop["lon"], stop["lat"]))
    names = code_list("destination")
    marks = {}
    for country in countries:
        longitudes, latitudes = zip(*points[country], strict=True) if points[country] else ((), ())
        size = len(longitudes)
        marks[country] = Mark(
            names[country].label_vi if country in names else country,
            names[country].label_en if country in names else country,
            round(sum(longitudes) / size, 5) if size else None,
            round(sum(latitudes) / size, 5) if size else None,
        )
    return marks


def as_geojson(found: NetworkFlows) -> dict[str, Any]:
    """Flows as a GeoJSON FeatureCollection of lines, and beside them all that was merged.

    A flow whose ends are not both known has a null geometry.
    """
    merged = found.merged
    return {
        "type": "FeatureCollection",
        **flow_source(found),
        "features": [_line(found, flow) for flow in merged.flows],
        "places": [_hub(found, hub) for hub in merged.hubs],
        "crossings": [asdict(crossing) for crossing in merged.crossings],
        "routes": [
            {
                "steps": [{"role": role, "place": place} for role, place in route.steps],
                "networks": route.networks,
            }
            for route in merged.routes
        ],
        "cases": [
            {"network_id": identifier, "case_code": code}
            for identifier, code in found.cases.items()
        ],
    }


def flow_source(found: NetworkFlows) -> dict[str, Any]:
    """What flows were computed from, and what is not in them; the last day is included."""
    merged, wanted = found.merged, found.wanted
    return {
        "edition": wanted.edition,
        "level": wanted.level,
        "dismantled_from": wanted.first,
        "dismantled_to": wanted.last and wanted.last - timedelta(days=1),
        "scopes": sorted(wanted.scopes),
        "software_version": __version__,
        "data_fingerprint": found.data_fingerprint,
        "stops_unplaced": merged.stops_unplaced,
        "legs_unplaced": merged.legs_unplaced,
        "legs_within": merged.legs_within,
    }


def _line(found: NetworkFlows, flow: Flow) -> dict[str, Any]:
    ends = [found.marks[flow.start], found.marks[flow.end]]
    coordinates = [[mark.longitude, mark.latitude] for mark in ends]
    known = all(mark.longitude is not None for mark in ends)
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": coordinates} if known else None,
        "properties": asdict(flow) | {"start_name": ends[0].name, "end_name": ends[1].name},
    }


def _point(mark: Mark) -> dict[str, Any] | None:
    if mark.longitude is None:
        return None
    return {"type": "Point", "coordinates": [mark.longitude, mark.latitude]}


def _hub(found: NetworkFlows, hub: Hub) -> dict[str, Any]:
    mark = found.marks[hub.place]
    return {
        "place": hub.place,
        "name": mark.name,
        "name_en": mark.name_en,
        "geometry": _point(mark),
        "networks": len(hub.networks),
        "network_ids": list(hub.networks),
        "roles": [{"role": role, "networks": used} for role, used in hub.roles.items()],
        "betweenness": round(hub.betweenness, 6),
    }
