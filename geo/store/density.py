"""What a density is made from: places of incidents, and areas of units."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.store.database import query

AREAS = text(
    "SELECT unit.edition, unit.level, unit.code, ST_AsBinary(unit.geom) AS geom"
    " FROM unit JOIN unnest(CAST(:editions AS text[]), CAST(:levels AS text[]),"
    " CAST(:codes AS text[])) AS wanted (edition, level, code) USING (edition, level, code)"
)
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Places:
    """Incidents by place: at n points (EPSG:4326) their numbers, and numbers by commune.

    `communes` are known by edition, level and code; `unplaced` incidents are known no nearer than
    by a district.
    """

    points: NDArray[np.object_]
    counts: NDArray[np.float64]
    communes: dict[Key, int]
    unplaced: int


def read_places(
    connection: Connection,
    first: date,
    last: date,
    kinds: Iterable[str],
    *,
    by_commune: bool,
) -> Places:
    """Where incidents of [first, last) were, as the actor is shown them; no kinds are all kinds.

    Incidents found to be duplicates or no trafficking do not count. For whom the exact place is
    not, and with `by_commune`, incidents are known by their commune.
    """
    values = {"first": first, "last": last, "kinds": list(kinds), "by_commune": by_commune}
    rows = connection.execute(query("density_incidents"), values).all()
    exact = [row for row in rows if row.lon is not None]
    return Places(
        np.array([shapely.Point(row.lon, row.lat) for row in exact], dtype=object),
        np.array([row.incidents for row in exact], np.float64),
        {(row.edition, "commune", row.code): row.incidents for row in rows if row.code},
        sum(row.incidents for row in rows if row.lon is None and not row.code),
    )


def unit_areas(connection: Connection, keys: Collection[Key]) -> dict[Key, shapely.Geometry]:
    """The areas (EPSG:4326) of units by edition, level and code; those that are known."""
    editions, levels, codes = zip(*keys, strict=True) if keys else ((), (), ())
    values = {"editions": list(editions), "levels": list(levels), "codes": list(codes)}
    rows = connection.execute(AREAS, values).all()
    areas = shapely.from_wkb([bytes(row.geom) for row in rows])
    return {(row.edition, row.level, row.code): area for row, area in zip(rows, areas, strict=True)}
