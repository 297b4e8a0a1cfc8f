"""A density as a Cloud-Optimised GeoTIFF."""

import numpy as np
import rasterio
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from geo import __version__
from geo.crs import equal_area_crs
from geo.pipeline.surfaces import Density

NO_DATA = -9999.0
BLOCK = 256


def raster(found: Density) -> bytes:
    """The file: one band of 32-bit floats, incidents a year per km2, with overviews.

    What is not shown is NO_DATA. Its tags hold units and parameters, and how many records were used
    and left out.
    """
    height, width = found.grid.shape
    profile = {
        "driver": "GTiff",
        "height": height,
        "width": width,
        "count": 1,
        "dtype": "float32",
        "nodata": NO_DATA,
        "crs": rasterio.CRS.from_wkt(equal_area_crs().to_wkt()),
        "transform": found.grid.transform,
    }
    values = np.where(found.shown, found.per_km2_year, NO_DATA).astype(np.float32)
    with MemoryFile() as plain, MemoryFile() as file:
        with plain.open(**profile) as made:
            made.write(values, 1)
            made.update_tags(**tags(found))
            made.set_band_description(1, "incidents per km2 and year")
            made.set_band_unit(1, "1/(km2 a)")
        copy(
            plain.name,
            file.name,
            driver="COG",
            BLOCKSIZE=BLOCK,
            COMPRESS="DEFLATE",
            PREDICTOR="FLOATING_POINT",
            OVERVIEW_RESAMPLING="AVERAGE",
        )
        file.seek(0)
        return bytes(file.read())


def tags(found: Density) -> dict[str, str]:
    """What a density was made from, by names that begin with BIENMAP_."""
    asked = found.question
    told = {
        "SOFTWARE": f"bienmap {__version__}",
        "PERIOD_FROM": asked.first.isoformat(),
        "PERIOD_BEFORE": asked.last.isoformat(),
        "KINDS": " ".join(asked.kinds) or "all",
        "UNITS": "incidents per km2 and year",
        "KERNEL": "quartic, adaptive (Abramson)" if asked.adaptive else "quartic",
        "BANDWIDTH_M": f"{found.bandwidth_m:g}",
        "BANDWIDTH_CHOSEN": "likelihood cross-validation" if found.choice else "given",
        "CELL_M": str(asked.cell_m),
        "PLACES": "communes" if asked.by_commune else "points and communes",
        "SMALLEST_COUNT": str(found.smallest),
        "DATA_FINGERPRINT": found.data_fingerprint,
        "RECORDS_USED": str(found.used),
        **{f"LEFT_OUT_{reason.upper()}": str(size) for reason, size in found.left_out.items()},
    }
    if found.choice and found.choice.at_edge:
        told["BANDWIDTH_AT_EDGE"] = "the best of the bandwidths tried is the first or the last"
    return {f"BIENMAP_{name}": value for name, value in told.items()}
