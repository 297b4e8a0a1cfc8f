"""Synthetic dismantled networks, as the tables that the store loads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

import geopandas
import numpy as np
import pyarrow

from geo.demo import calendar
from geo.demo.narratives import MARK
from geo.demo.places import Places
from geo.demo.routes import Route, Routes
from geo.records.digests import with_content_hash

LEADS, LEAD_SHARE = ("BDBP_T", "CA_T", "BDBP", "MPS"), (0.42, 0.34, 0.12, 0.12)
JOINT = ("CA_T", "DBP", "CA_X", "HLHPN", "VKS")
INTER_PROVINCIAL_SHARE = 0.2
# The first networks are told of some weeks after the records begin.
FIRST_DISMANTLED = 60

TEXT = pyarrow.string()
NETWORK_SCHEMA = pyarrow.schema(
    [
        ("id", TEXT), ("external_id", TEXT), ("case_code", TEXT), ("scope", TEXT),
        ("status", TEXT), ("dismantled_on", pyarrow.date32()), ("lead_agency", TEXT),
        ("joint_agencies", pyarrow.list_(TEXT)), ("arrested", pyarrow.int64()),
        ("rescued", pyarrow.int64()), ("notes", TEXT),
    ]
)  # fmt: skip
NODE_SCHEMA = pyarrow.schema(
    [
        ("row_number", pyarrow.int64()), ("network_external_id", TEXT),
        ("sequence", pyarrow.int64()), ("role", TEXT), ("country", TEXT),
        ("lon", pyarrow.float64()), ("lat", pyarrow.float64()), ("precision", TEXT),
        ("accuracy_m", pyarrow.float64()), ("place_text", TEXT), ("stated_edition", TEXT),
        ("stated_level", TEXT), ("stated_code", TEXT), ("found_by", TEXT),
    ]
)  # fmt: skip
LEG_SCHEMA = pyarrow.schema(
    [
        ("network_external_id", TEXT), ("from_sequence", pyarrow.int64()),
        ("to_sequence", pyarrow.int64()), ("crossing", TEXT),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NetworkTables:
    """Networks with their nodes and legs; `exits` is the commune each left the country by."""

    networks: pyarrow.Table
    nodes: pyarrow.Table
    legs: pyarrow.Table
    exits: tuple[str | None, ...]


def network_tables(
    rng: np.random.Generator, places: Places, gates: geopandas.GeoDataFrame, size: int
) -> NetworkTables:
    """As many dismantled networks, numbered by year in the order of their dates."""
    routes = Routes(rng, places, gates)
    networks, made = [], []
    serial: Counter[int] = Counter()
    for day in np.sort(rng.integers(FIRST_DISMANTLED, calendar.DAYS, size)):
        when = calendar.FIRST_DAY + timedelta(int(day))
        serial[when.year] += 1
        inter = rng.random() < INTER_PROVINCIAL_SHARE
        route = routes.inland() if inter else routes.abroad(day / calendar.DAYS)
        made.append(route)
        networks.append(_network(rng, f"DEMO-{when.year}-{serial[when.year]:03d}", when, route))
    codes = [str(network["external_id"]) for network in networks]
    # A network is one whole: when a node or leg changes, its hash must change.
    whole = pyarrow.array([repr(route) for route in made])
    return NetworkTables(
        with_content_hash(pyarrow.Table.from_pylist(networks, NETWORK_SCHEMA), whole),
        pyarrow.Table.from_pylist(_nodes(codes, made), NODE_SCHEMA),
        pyarrow.Table.from_pylist(_legs(codes, made), LEG_SCHEMA),
        tuple(route.exit_code for route in made),
    )


def _nodes(codes: Sequence[str], routes: Sequence[Route]) -> list[dict[str, object]]:
    stops = [
        {"network_external_id": code, "sequence": sequence} | stop.columns()
        for code, route in zip(codes, routes, strict=True)
        for sequence, stop in enumerate(route.stops, 1)
    ]
    return [{"row_number": number} | stop for number, stop in enumerate(stops, 1)]


def _legs(codes: Sequence[str], routes: Sequence[Route]) -> list[dict[str, object]]:
    return [
        {
            "network_external_id": code,
            "from_sequence": start,
            "to_sequence": end,
            "crossing": crossing,
        }
        for code, route in zip(codes, routes, strict=True)
        for start, end, crossing in route.legs
    ]


def _network(rng: np.random.Generator, code: str, when: date, route: Route) -> dict[str, object]:
    lead = str(rng.choice(LEADS, p=LEAD_SHARE))
    joint = {str(name) for name in rng.choice(JOINT, rng.integers(1, 4), replace=False)} - {lead}
    abroad = route.scope == "trans"
    if abroad and rng.random() < 0.4:
        joint.add("FOREIGN")
    places = " → ".join(stop.place_text for stop in route.stops)
    return {
        "id": str(uuid5(NAMESPACE_URL, f"bienmap:demo:{code}")),
        "external_id": code,
        "case_code": code,
        "scope": route.scope,
        "status": "dismantled",
        "dismantled_on": when,
        "lead_agency": lead,
        "joint_agencies": sorted(joint),
        "arrested": int(2 + rng.geometric(0.25)),
        "rescued": int(rng.geometric(0.2) - 1),
        "notes": f"{MARK} Đường dây {'xuyên quốc gia' if abroad else 'liên tỉnh'}: {places}.",
    }
