"""Square units in rows, the map on which neighbours can be counted by hand."""

import geopandas
import shapely

SIDE = 1_000.0


def grid(rows: int, columns: int) -> geopandas.GeoSeries:
    """Units of one square kilometre, row by row from the south-west, in metres (UTM 48N)."""
    return geopandas.GeoSeries(
        [
            shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE)
            for y in range(rows)
            for x in range(columns)
        ],
        crs=32648,
    )
