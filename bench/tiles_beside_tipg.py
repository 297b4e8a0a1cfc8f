"""Requests per second beside tipg 1.6.1: boundary tiles, and the incidents of a tile.

    make bench
    .venv/bin/python bench/tiles_beside_tipg.py [--rows 1000000]

Both stand before the same PostGIS, one server process each, tipg with the server that it recommends
(uvloop, httptools), in an environment that uv makes for the run. Eight connections ask one list of
addresses, as often as three seconds take and at least once, ours and tipg's in turn, three times
each. They are opened before a turn's seconds and kept through them; no client keeps an answer, all
take gzip.

Boundary tiles are those that the map's views of zoom 5 to 13 ask for (tiles of zoom 4 to 12 at
random communes). tipg reads a table of the communes as they were loaded, with an index on the
shapes, and then, which nobody has without making them, tables of our own shapes simplified for each
zoom: from these both must give the same communes. Ours have been asked once before, so that they
come from the server's memory; what the first request for each takes is a line of its own.

Incidents are asked for by a leader of the country, in tiles of zoom 12 with some of them and no
more than a page. tipg gives id, kind and status, from a copy of the table with an index on the
points and without row-level security, under which no index of shapes would serve it. Ours is what
the map asks for today, the page of GeoJSON with all that a popup shows, filtered by row-level
security, and noted in the audit: there are no vector tiles of incidents. The ids must be the same.
"""

import argparse
import http.client
import json
import math
import random
import statistics
import sys
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyogrio
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import fill, load_boundaries, make_places, own_cluster  # noqa: E402
from servers import PASSWORD, our_server, sign_in, tipg_server  # noqa: E402
from web_mercator import on_square  # noqa: E402

from geo.boundaries.shapes import ZOOM_BANDS, band_for  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import COUNTRY  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from geo.store.tiles import tile_keys  # noqa: E402

Tile = tuple[int, int, int]
ZOOMS, TILES_OF_A_ZOOM = range(4, 13), 4
INCIDENT_ZOOM, INCIDENT_TILES, PAGE = 12, 40, 1_000
CONNECTIONS, ROUNDS, LEAST_SECONDS = 8, 3, 3.0
BOUNDARY_GOAL, INCIDENT_GOAL = 20.0, 2.0
SCHEMA, LEADER = "peer", "leader"
MAKE_TABLES = (
    f"CREATE SCHEMA {SCHEMA}",
    f"CREATE TABLE {SCHEMA}.commune AS SELECT code, full_name AS name,"
    " is_land_border::integer AS border, geom FROM unit"
    " WHERE edition = '2025' AND level = 'commune'",
    # Beneath row-level security no index of shapes would serve it.
    f"CREATE TABLE {SCHEMA}.incident AS SELECT id, kind, status, point FROM incident"
    " WHERE deleted_at IS NULL",
)
SIMPLIFIED = (
    f"CREATE TABLE {SCHEMA}.commune_%(band)s AS SELECT code, unit.full_name AS name,"
    " unit.is_land_border::integer AS border, shape.geom FROM unit_shape AS shape"
    " JOIN unit USING (edition, level, code)"
    " WHERE edition = '2025' AND level = 'commune' AND max_zoom = %(band)s"
)
INDEX = (
    f"ALTER TABLE {SCHEMA}.%(table)s ADD PRIMARY KEY (%(key)s)",
    f"CREATE INDEX ON {SCHEMA}.%(table)s USING gist (%(shape)s)",
    f"ANALYZE {SCHEMA}.%(table)s",
)


class Server:
    """One of the two, and how it is asked."""

    def __init__(self, address: str, cookie: str = "") -> None:
        self.host = urlsplit(address).netloc
        self.headers = {"Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})

    def seconds(self, addresses: list[str], least: float = 0.0) -> float:
        """Seconds of a request when eight ask at once: the whole list, as often as it takes."""
        parts = [addresses[place::CONNECTIONS] for place in range(CONNECTIONS)]
        with ExitStack() as stack:
            connections = [stack.enter_context(self.connection()) for _ in parts]
            pool = stack.enter_context(ThreadPoolExecutor(CONNECTIONS))
            begun, rounds = time.perf_counter(), 0
            while not rounds or time.perf_counter() - begun < least:
                list(pool.map(self.ask, connections, parts))
                rounds += 1
            return (time.perf_counter() - begun) / (rounds * len(addresses))

    def all_of(self, addresses: list[str]) -> list[bytes]:
        """The bodies, one after the other."""
        with self.connection() as connection:
            return self.ask(connection, addresses)

    @contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        """An open one."""
        with closing(http.client.HTTPConnection(self.host, timeout=120)) as connection:
            connection.connect()
            yield connection

    def ask(self, connection: http.client.HTTPConnection, addresses: list[str]) -> list[bytes]:
        """The bodies, one after the other on one connection."""
        bodies = []
        for address in addresses:
            connection.request("GET", address, headers=self.headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status not in (200, 204):
                raise RuntimeError(f"{address}: {answer.status} {body[:300]!r}")
            packed = answer.getheader("Content-Encoding") == "gzip"
            bodies.append(zlib.decompress(body, wbits=31) if packed else body)
        return bodies


def main() -> None:
    """Print the figures as JSON lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with own_cluster() as settings:
        migrate(settings.database_url)
        engine = create_engine(settings.database_url)
        load_boundaries(engine, settings)
        make_places(engine)
        fill(engine, rows)
        make_tables(engine)
        make_leader(engine)
        with our_server(settings) as ours, tipg_server(settings, SCHEMA) as theirs:
            leader = Server(ours, sign_in(ours, LEADER))
            compare_boundaries(engine, Server(ours), Server(theirs))
            compare_incidents(engine, leader, Server(theirs), rows)
        engine.dispose()


def make_tables(engine: Engine) -> None:
    """What tipg reads."""
    with transaction(engine) as connection:
        for statement in MAKE_TABLES:
            connection.execute(text(statement))
        bands = [band.max_zoom for band in ZOOM_BANDS]
        for band in bands:
            connection.execute(text(SIMPLIFIED % {"band": band}))
        communes = ("commune", *(f"commune_{band}" for band in bands))
        for table, key, shape in (
            *((name, "code", "geom") for name in communes),
            ("incident", "id", "point"),
        ):
            for statement in INDEX:
                values = {"table": table, "key": key, "shape": shape}
                connection.execute(text(statement % values))


def make_leader(engine: Engine) -> None:
    """Who sees all."""
    with transaction(engine) as connection:
        create_account(connection, NewAccount(LEADER, "Bench", "leader", (COUNTRY,)), PASSWORD)


def compare_boundaries(engine: Engine, ours: Server, tipg: Server) -> None:
    """Tiles of the communes, from the shapes as loaded and from simplified ones."""
    with transaction(engine) as connection:
        key = tile_keys(connection)["2025", "commune"]
    chosen = tiles_of_map(engine)
    own = [f"/api/v1/tiles/2025/commune/{key}/{z}/{x}/{y}.mvt" for z, x, y in chosen]
    loaded = [peer_address("commune", tile) for tile in chosen]
    simple = [peer_address(f"commune_{band_for(tile[0])}", tile) for tile in chosen]
    first = ours.seconds(list(dict.fromkeys(own)))
    first_peer = tipg.seconds(list(dict.fromkeys(loaded)))
    tipg.seconds(simple)
    bodies = [codes_of(body) for body in ours.all_of(own)]
    alike = [share_alike(bodies, map(codes_of, tipg.all_of(asked))) for asked in (loaded, simple)]
    if alike[1] < 1 or alike[0] < 0.95:
        raise RuntimeError(f"the tiles hold other communes: {alike}")
    by_shapes = {"as loaded": loaded, "simplified for the zoom": simple}
    for (name, asked), same in zip(by_shapes.items(), alike, strict=True):
        figures = in_turn((ours, own), (tipg, asked))
        report(f"boundary tiles, tipg from shapes {name}", figures, BOUNDARY_GOAL, same)
    report("boundary tiles, the first request for each", (first, first_peer), None, alike[0])


def tiles_of_map(engine: Engine) -> list[Tile]:
    """As many of each zoom, around communes at random."""
    with transaction(engine) as connection:
        places = connection.execute(
            text(
                "SELECT ST_X(label_point), ST_Y(label_point) FROM unit"
                " WHERE edition = '2025' AND level = 'commune' ORDER BY code"
            )
        ).all()
    chance = random.Random(20_261_128)
    return [tile_at(*chance.choice(places), z) for z in ZOOMS for _ in range(TILES_OF_A_ZOOM)]


def tile_at(lon: float, lat: float, z: int) -> Tile:
    """The tile of a zoom at a place in degrees."""
    x, y = on_square(lon, lat)
    return z, int(x * 2**z), int(y * 2**z)


def peer_address(table: str, tile: Tile, properties: str = "code,name,border") -> str:
    """The address of a tile of tipg's."""
    place = "/".join(map(str, tile))
    query = f"properties={properties}"
    return f"/collections/{SCHEMA}.{table}/tiles/WebMercatorQuad/{place}?{query}"


def compare_incidents(engine: Engine, ours: Server, tipg: Server, rows: int) -> None:
    """The incidents of tiles."""
    chosen = tiles_with_incidents(engine)
    own = [f"/api/v1/incidents?bbox={box(tile)}&limit={PAGE}" for tile in chosen]
    asked = [peer_address("incident", tile, "id,kind,status") for tile in chosen]
    found = [{one["id"] for one in json.loads(body)["features"]} for body in ours.all_of(own)]
    same = share_alike(found, (values_of(body, "id") for body in tipg.all_of(asked)))
    # A point on the edge of a tile may be in either.
    if same < 0.99:
        raise RuntimeError(f"the tiles hold other incidents: {same}")
    figures = in_turn((ours, own), (tipg, asked))
    mean = statistics.mean(map(len, found))
    name = f"incidents of a tile of zoom {INCIDENT_ZOOM}, {mean:.0f} of {rows:,}"
    report(name, figures, INCIDENT_GOAL, same)


def tiles_with_incidents(engine: Engine) -> list[Tile]:
    """Around incidents at random; those that fill a page are left out."""
    chance = random.Random(20_261_128)
    with transaction(engine) as connection:
        places = connection.execute(
            text("SELECT ST_X(point), ST_Y(point), count(*) FROM incident GROUP BY 1, 2")
        ).all()
    counts: dict[Tile, int] = {}
    for lon, lat, count in places:
        tile = tile_at(lon, lat, INCIDENT_ZOOM)
        counts[tile] = counts.get(tile, 0) + count
    fitting = sorted(tile for tile, count in counts.items() if count < PAGE)
    return chance.choices(fitting, [counts[tile] for tile in fitting], k=INCIDENT_TILES)


def box(tile: Tile) -> str:
    """West, south, east, north of a tile in degrees."""
    z, x, y = tile

    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))

    west, east = x / 2**z * 360 - 180, (x + 1) / 2**z * 360 - 180
    return f"{west:.9f},{latitude(y + 1):.9f},{east:.9f},{latitude(y):.9f}"


def codes_of(body: bytes) -> set[str]:
    """The communes of a tile."""
    return values_of(body, "code")


def values_of(body: bytes, name: str) -> set[str]:
    """What the features of a tile say under a name, read by GDAL."""
    if not body:
        return set()
    table = pyogrio.raw.read(body, columns=[name], read_geometry=False)
    return {str(value) for value in table[3][0]}


def share_alike(ours: list[set[str]], theirs: object) -> float:
    """Of all features of either, the part that both have."""
    pairs = list(zip(ours, theirs, strict=True))  # type: ignore[call-overload]
    both = sum(len(one & other) for one, other in pairs)
    return both / max(sum(len(one | other) for one, other in pairs), 1)


def in_turn(*asked: tuple[Server, list[str]]) -> tuple[float, float]:
    """Medians of the seconds of a request of both servers, measured in turn."""
    pairs = [
        [server.seconds(addresses, LEAST_SECONDS) for server, addresses in asked]
        for _ in range(ROUNDS)
    ]
    first, second = np.median(np.array(pairs), axis=0)
    return float(first), float(second)


def report(name: str, seconds: tuple[float, float], goal: float | None, same: float) -> None:
    """One figure as a JSON line."""
    value, peer = (1 / one for one in seconds)
    line = {
        "name": name,
        "value": round(value, 1),
        "unit": "requests/s",
        "peer": round(peer, 1),
        "ratio": round(value / peer, 2),
        "goal": "-" if goal is None else f"ours / tipg >= {goal:.0f}",
        "met": goal is None or value / peer >= goal,
        "features_alike": round(same, 4),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
