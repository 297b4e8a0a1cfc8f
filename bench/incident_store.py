"""A throw-away store with a million incidents, for benchmarks; nothing to run by itself.

Records are synthetic and heavy-tailed: most lie in border communes, few communes hold most, kinds
are unequal. Communes are the real ones where they lie beside the checkout.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow
import shapely
from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cli import cluster  # noqa: E402
from geo.pipeline import BoundaryFile, import_boundaries, load_embedded_boundaries  # noqa: E402
from geo.records.code_lists import code_list  # noqa: E402
from geo.settings import Settings, load_settings  # noqa: E402
from geo.store.boundaries import stored_units  # noqa: E402
from geo.store.bulk import filling  # noqa: E402
from geo.store.database import transaction  # noqa: E402
from geo.store.records import Origin, load_records  # noqa: E402

REAL = ROOT.parent / "shared" / "boundaries"
FIRST_DAY, DAYS = date(2023, 1, 1), 1_095
BORDER_WEIGHT, PLACES_PER_COMMUNE = 40.0, 3
FILL = """
INSERT INTO incident (kind, status, occurred_from, occurred_to, victims, source, external_id,
    content_hash, precision, point, unit_set_id, assignment)
SELECT (CAST(:kinds AS text[]))[1 + floor(random() ^ 2 * :kind_count)],
    CASE WHEN random() < 0.03 THEN 'duplicate' ELSE 'received' END, moment, moment,
    floor(random() * 4), 'bench', place.id || '-' || number, '', 'exact',
    place.point, place.unit_set_id, place.assignment
FROM place
CROSS JOIN LATERAL generate_series(1, place.rows) AS number
CROSS JOIN LATERAL (
    SELECT CAST(:first_day AS date) + random() * :days * interval '1 day' + number * interval '0'
) AS day (moment)
"""


@contextmanager
def own_cluster() -> Iterator[Settings]:
    """A throw-away cluster with the product's durable settings.

    It ends with its block: after an error, and where the benchmark is told to end (SIGTERM).
    """
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="bienmap-bench-") as home:
        Path(home).chmod(0o755)
        os.environ.pop("DATABASE_URL", None)
        os.environ["BIENMAP_STATE"] = f"{home}/state"
        settings = load_settings()
        try:
            cluster.start(settings)
            yield settings
        finally:
            cluster.stop(settings)


def load_boundaries(engine: Engine, settings: Settings) -> None:
    """The embedded editions, and the real ones over them where they are at hand."""
    load_embedded_boundaries(engine, settings)
    for edition, level, name in (
        ("2025", "commune", "vn-communes-2025.fgb"),
        ("2024", "district", "vn-districts-2024.fgb"),
    ):
        if (REAL / name).exists():
            import_boundaries(engine, BoundaryFile([REAL / name], edition, level, "code", "name"))


def make_places(engine: Engine) -> None:
    """Points in every commune with a share of all incidents, located by the product's own rule."""
    generator = np.random.default_rng(20251123)
    with transaction(engine) as connection:
        units = stored_units(connection, "2025", "commune")
    points = points_in(units.geometry, generator)
    commune = np.repeat(np.arange(len(units)), PLACES_PER_COMMUNE)
    weight = generator.gamma(0.4, size=len(units))
    weight *= np.where(units["is_land_border"], BORDER_WEIGHT, 1.0)
    share = weight[commune] / weight[commune].sum()
    count = len(commune)
    numbers = [str(number) for number in range(count)]
    nothing = pyarrow.nulls(count, pyarrow.string())
    rows = {
        "row_number": pyarrow.array(range(count), pyarrow.int32()),
        "external_id": numbers,
        "content_hash": numbers,
        "lon": shapely.get_x(points),
        "lat": shapely.get_y(points),
        "kind": ["tip"] * count,
        "occurred_from": [FIRST_DAY] * count,
        "occurred_to": [FIRST_DAY] * count,
        "precision": ["exact"] * count,
        "stated_edition": nothing,
        "stated_level": nothing,
        "stated_code": nothing,
    }
    with transaction(engine) as connection:
        load_records(connection, "incident", pyarrow.table(rows), Origin("place"))
        connection.execute(
            text(
                "CREATE TABLE place AS SELECT incident.external_id AS id, point, unit_set_id,"
                " assignment, share FROM incident JOIN unnest(CAST(:ids AS text[]),"
                " CAST(:shares AS float8[])) AS of_all (id, share) ON of_all.id = external_id"
            ),
            {"ids": numbers, "shares": share.tolist()},
        )


def points_in(shapes: geopandas.GeoSeries, generator: np.random.Generator) -> Any:
    """PLACES_PER_COMMUNE points for each shape: within it, or else on its surface."""
    repeated = np.repeat(shapes.to_numpy(), PLACES_PER_COMMUNE)
    west, south, east, north = shapely.bounds(repeated).T
    drawn = shapely.points(generator.uniform(west, east), generator.uniform(south, north))
    return np.where(shapely.contains(repeated, drawn), drawn, shapely.point_on_surface(repeated))


def fill(engine: Engine, size: int) -> None:
    """Put `size` incidents in place of those that are there."""
    kinds = list(code_list("incident_kind"))
    values = {
        "kinds": kinds,
        "kind_count": len(kinds),
        "first_day": FIRST_DAY,
        "days": DAYS,
    }
    with transaction(engine) as connection:
        connection.execute(text("TRUNCATE incident, incident_cell"))
        connection.execute(text("ALTER TABLE place DROP COLUMN IF EXISTS rows"))
        connection.execute(text("ALTER TABLE place ADD COLUMN rows integer"))
        # Cumulative shares, rounded, so that the rows add up to the size exactly.
        connection.execute(
            text(
                "UPDATE place SET rows = round(:size * upto) - round(:size * (upto - share)) FROM"
                " (SELECT id AS key, sum(share) OVER (ORDER BY id) AS upto FROM place) AS running"
                " WHERE key = place.id"
            ),
            {"size": size},
        )
        connection.execute(text("SELECT setseed(0.5)"))
        with filling(connection, "incident"):
            connection.execute(text(FILL), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE incident, incident_cell, unit_set, unit"))
