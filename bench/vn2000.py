"""VN-2000 positions as WGS 84: ours against pyproj's best available operation, over the country.

    make bench

For each system: a grid of points over Vietnam, converted by `to_wgs84` and by the operation that a
fresh `TransformerGroup` for Vietnam's area puts first. The largest difference is on the ellipsoid.
"""

import json
import sys
from pathlib import Path

import numpy as np
from pyproj import Geod, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.places.systems import ALL_ZONES, VN2000_DEGREES, VN2000_UTM, to_wgs84  # noqa: E402

WEST, SOUTH, EAST, NORTH = 102.1, 8.3, 109.6, 23.4
GOAL_M = 0.01


def main() -> None:
    """Print one JSON line."""
    differences, accuracies, unknown = {}, set(), 0
    for epsg in (VN2000_DEGREES, *VN2000_UTM, *ALL_ZONES):
        differences[epsg], accuracy, best = compare(epsg)
        accuracies.add(accuracy)
        unknown += accuracy != best.accuracy
    worst = max(differences.values())
    print(
        json.dumps(
            {
                "name": f"VN-2000 to WGS 84 in {len(differences)} systems, against pyproj's best",
                "value": round(worst, 6),
                "unit": "m apart at most",
                "stated_accuracy_m": sorted(accuracies),
                "goal": f"<= {GOAL_M} m, with the accuracy that pyproj states",
                "met": worst <= GOAL_M and not unknown,
            }
        ),
        flush=True,
    )


def compare(epsg: int) -> tuple[float, float, Transformer]:
    """The largest difference in metres, the accuracy that we state, and pyproj's best operation."""
    group = TransformerGroup(
        f"EPSG:{epsg}",
        "EPSG:4326",
        always_xy=True,
        allow_ballpark=False,
        area_of_interest=AreaOfInterest(WEST, SOUTH, EAST, NORTH),
    )
    best = group.transformers[0]
    lon, lat = (
        values.ravel()
        for values in np.meshgrid(np.linspace(WEST, EAST, 40), np.linspace(SOUTH, NORTH, 80))
    )
    x, y = best.transform(lon, lat, direction="INVERSE")
    expected = best.transform(x, y)
    longitude, latitude, accuracy = to_wgs84(epsg, x, y)
    distance = Geod(ellps="WGS84").inv(longitude, latitude, *expected)[2]
    return float(np.max(distance)), accuracy, best


if __name__ == "__main__":
    main()
