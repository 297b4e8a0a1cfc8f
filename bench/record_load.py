"""A file of 1,000,000 incidents into the store, against pandas, geopandas and to_postgis.

    make bench

Ours: from the CSV to durable, indexed rows, checked and assigned to units in both editions. The
peer reads the same CSV, joins one edition's communes and writes a table with a spatial index. Both
run on the real boundaries beside the checkout, in turn, and the medians are compared.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas
import shapely
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.pipeline import (  # noqa: E402
    BoundaryFile,
    RecordFile,
    import_boundaries,
    import_records,
    load_embedded_boundaries,
)
from geo.records.code_lists import code_list  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402

BOUNDARIES = ROOT.parent / "shared" / "boundaries"
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
RUNS = 2
GOAL = 2.0


def main() -> None:
    """Print one JSON line."""
    settings = load_settings()
    migrate(settings.database_url)
    engine = create_engine(settings.database_url)
    load_embedded_boundaries(engine, settings)
    for edition, level, name in (
        ("2025", "commune", "vn-communes-2025.fgb"),
        ("2024", "district", "vn-districts-2024.fgb"),
    ):
        import_boundaries(engine, BoundaryFile([BOUNDARIES / name], edition, level, "code", "name"))
    communes = geopandas.read_file(BOUNDARIES / "vn-communes-2025.fgb")[["code", "geometry"]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "incidents.csv"
        write_incidents(file, communes)
        ours, peers = [], []
        for _ in range(RUNS):
            with transaction(engine) as connection:
                connection.execute(text("TRUNCATE incident, incident_cell, import_batch CASCADE"))
            ours.append(timed(lambda: load(engine, file)))
            peers.append(timed(lambda: load_as_peer(engine, file, communes)))
    value, peer = statistics.median(ours), statistics.median(peers)
    print(
        json.dumps(
            {
                "name": f"load and assign {ROWS:,} incidents",
                "value": round(value, 2),
                "unit": "s",
                "peer": round(peer, 2),
                "ratio": round(peer / value, 2),
                "goal": f"peer / ours >= {GOAL}",
                "met": peer / value >= GOAL,
            }
        ),
        flush=True,
    )


def write_incidents(file: Path, communes: geopandas.GeoDataFrame) -> None:
    """Synthetic rows: points all over the country, 14 kinds, three years."""
    random = np.random.default_rng(1)
    place = random.choice(len(communes), size=ROWS)
    bounds = communes.geometry.bounds.to_numpy()[place]
    lon = random.uniform(bounds[:, 0], bounds[:, 2])
    lat = random.uniform(bounds[:, 1], bounds[:, 3])
    country = shapely.union_all(shapely.simplify(communes.geometry.to_numpy(), 0.01))
    country = shapely.buffer(country, -0.02)
    shapely.prepare(country)
    out = ~shapely.contains_xy(country, lon, lat)
    inner = shapely.get_coordinates(shapely.point_on_surface(communes.geometry.to_numpy()))[place]
    lon[out], lat[out] = inner[out].T
    day = pandas.Timestamp("2023-01-01") + pandas.to_timedelta(random.integers(0, 1095, ROWS), "D")
    pandas.DataFrame(
        {
            "external_id": np.char.add("B-", np.arange(ROWS).astype(str)),
            "kind": random.choice(list(code_list("incident_kind")), size=ROWS),
            "occurred": day.strftime("%d/%m/%Y"),
            "lon": lon.round(6),
            "lat": lat.round(6),
            "victims": random.integers(0, 4, ROWS),
        }
    ).to_csv(file, index=False)


def load(engine: Engine, file: Path) -> None:
    """Ours, into an empty table."""
    report = import_records(engine, RecordFile(file, "incident", source="bench"))
    if report.added < ROWS * 0.999:
        raise RuntimeError(f"only {report.added} of {ROWS} rows went in")


def load_as_peer(engine: Engine, file: Path, communes: geopandas.GeoDataFrame) -> None:
    """The plain way with pandas and geopandas: one edition, no checks."""
    rows = pandas.read_csv(file, parse_dates=["occurred"], dayfirst=True)
    points = geopandas.GeoDataFrame(
        rows, geometry=geopandas.points_from_xy(rows["lon"], rows["lat"]), crs=4326
    )
    joined = points.sjoin(communes, how="left", predicate="intersects")
    joined.drop(columns="index_right").to_postgis("peer", engine, if_exists="replace", index=False)


def timed(work: Callable[[], None]) -> float:
    """Seconds that the work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
