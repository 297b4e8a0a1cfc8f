"""1,000,000 points to communes: our rule in the database against a bare STRtree in memory.

    make bench

Ours: the rule that gives records their units, as bulk loads ask it (`find_units`), both editions,
points sent to the database and answers read back. The peer: one query of shapely's STRtree of the
same 2025 communes as they are stored, built beforehand, asked with the points. For information, and
without a goal: a tree of the points, whose making counts, asked with the communes, each prepared by
GEOS for all of its points; it needs all points at once. A tenth of the points lie on vertices of
communes, which neighbours share: there the lower code decides, and all must say the same.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow
import shapely
from numpy.typing import NDArray
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.pipeline import BoundaryFile, import_boundaries, load_embedded_boundaries  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from geo.store.locations import find_units  # noqa: E402
from geo.store.records import SLICE  # noqa: E402

BOUNDARIES = ROOT.parent / "shared" / "boundaries"
POINTS = int(os.environ.get("BENCH_ROWS", "1000000"))
ON_VERTICES = 0.1
RUNS = 2
GOAL = 3.0


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
    codes, shapes = stored_communes(engine)
    points = places(shapes)
    tree = shapely.STRtree(shapes)
    ways = (lambda: by_communes(tree, codes, points), lambda: by_points(shapes, codes, points))
    ours_s: list[float] = []
    ways_s: tuple[list[float], ...] = ([], [])
    differ, inside = 0, 0
    for _ in range(RUNS):
        ours, seconds = timed(lambda: assign(engine, points))
        ours_s.append(seconds)
        for way, times in zip(ways, ways_s, strict=True):
            found, seconds = timed(way)
            times.append(seconds)
            # Points in no commune are given to the nearest by our rule alone.
            inside = int((found != "").sum())
            differ = max(differ, int((ours != found)[found != ""].sum()))
    value, (peer, of_points) = statistics.median(ours_s), map(statistics.median, ways_s)
    print(
        json.dumps(
            {
                "name": f"assign {POINTS:,} points to communes, both editions",
                "value": round(value, 2),
                "unit": "s",
                "peer": round(peer, 2),
                "ratio": round(value / peer, 2),
                "differ": differ,
                "compared": inside,
                "goal": f"ours / tree of the communes in memory <= {GOAL}, and no point differs",
                "met": value / peer <= GOAL and differ == 0,
                "tree_of_points": round(of_points, 2),
            }
        ),
        flush=True,
    )


def stored_communes(engine: Engine) -> tuple[NDArray[np.str_], NDArray[np.object_]]:
    """Codes, ascending, and polygons of the 2025 communes as the store has them."""
    with transaction(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT code, ST_AsBinary(geom) FROM unit"
                " WHERE edition = '2025' AND level = 'commune' ORDER BY code"
            )
        ).all()
    return np.array([code for code, _ in rows]), shapely.from_wkb([wkb for _, wkb in rows])


def places(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Points all over the country, some on vertices; shape (points, 2), degrees (EPSG:4326)."""
    random = np.random.default_rng(1)
    commune = random.choice(len(shapes), size=POINTS)
    west, south, east, north = shapely.bounds(shapes)[commune].T
    points = np.stack([random.uniform(west, east), random.uniform(south, north)], axis=1)
    out = ~shapely.contains_xy(prepared(shapes), points)
    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))[commune]
    points[out] = inner[out]
    vertices = shapely.get_coordinates(shapes)
    on_vertices = random.random(POINTS) < ON_VERTICES
    points[on_vertices] = vertices[random.choice(len(vertices), size=int(on_vertices.sum()))]
    return points


def prepared(shapes: NDArray[np.object_]) -> shapely.Geometry:
    """The country, somewhat smaller, ready to be asked for many points."""
    country = shapely.buffer(shapely.union_all(shapely.simplify(shapes, 0.01)), -0.02)
    shapely.prepare(country)
    return country


def assign(engine: Engine, points: NDArray[np.float64]) -> NDArray[np.str_]:
    """The code of the commune of each point by our rule; '' where it has none."""
    rows = pyarrow.table(
        {
            "row_number": pyarrow.array(np.arange(len(points)), pyarrow.int32()),
            "lon": points[:, 0],
            "lat": points[:, 1],
            **{
                name: pyarrow.nulls(len(points), pyarrow.string())
                for name in ("stated_edition", "stated_level", "stated_code")
            },
        }
    )
    assigned = np.empty(len(points), object)
    with transaction(engine) as connection:
        for found in find_units(connection, rows, SLICE):
            answers = found.answers["commune_2025"].fill_null("").to_numpy(zero_copy_only=False)
            assigned[found.rows] = answers[found.answer_of]
    return assigned.astype(str)


def by_communes(
    tree: shapely.STRtree, codes: NDArray[np.str_], points: NDArray[np.float64]
) -> NDArray[np.str_]:
    """The same from a tree of the communes alone, asked with the points."""
    source, found = tree.query(shapely.points(points), predicate="intersects")
    return lowest_codes(codes, points, source, found)


def by_points(
    shapes: NDArray[np.object_], codes: NDArray[np.str_], points: NDArray[np.float64]
) -> NDArray[np.str_]:
    """The same from a tree of the points, asked with the communes."""
    tree = shapely.STRtree(shapely.points(points))
    found, source = tree.query(shapes, predicate="intersects")
    return lowest_codes(codes, points, source, found)


def lowest_codes(
    codes: NDArray[np.str_],
    points: NDArray[np.float64],
    source: NDArray[np.intp],
    found: NDArray[np.intp],
) -> NDArray[np.str_]:
    """Of the communes that meet a point the one with the lowest code; '' where there is none."""
    lowest = np.full(len(points), len(codes))
    np.minimum.at(lowest, source, found)
    return np.append(codes, "")[lowest]


def timed(work: Callable[[], NDArray[np.str_]]) -> tuple[NDArray[np.str_], float]:
    """What the work makes, and the seconds that it takes."""
    begun = time.perf_counter()
    made = work()
    return made, time.perf_counter() - begun


if __name__ == "__main__":
    main()
