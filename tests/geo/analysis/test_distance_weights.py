from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from geo.analysis.distance_weights import border_section, distance_band, nearest
from geo.analysis.weights import Weights, queen
from tests.geo.analysis.grids import grid

COMMUNES = Path(__file__).parents[3] / "data" / "boundaries" / "2025" / "communes.fgb"


def neighbours(weights: Weights, unit: int) -> list[int]:
    return weights.indices[weights.indptr[unit] : weights.indptr[unit + 1]].tolist()


@pytest.fixture(scope="module")
def real() -> tuple[geopandas.GeoSeries, np.ndarray]:
    """Some 300 communes, and the metres between any two centroids, by one geodesic each."""
    units = geopandas.read_file(COMMUNES).sort_values("code").geometry.iloc[::11]
    units = units.reset_index(drop=True)
    centroids = units.to_crs(32648).centroid.to_crs(4326)
    x, y = centroids.x.to_numpy(), centroids.y.to_numpy()
    size = len(units)
    left, right = np.repeat(np.arange(size), size), np.tile(np.arange(size), size)
    metres = pyproj.Geod(ellps="WGS84").inv(x[left], y[left], x[right], y[right])[2]
    return units, np.array(metres).reshape(size, size)


def test_nearest_units_of_a_row() -> None:
    weights = nearest(grid(1, 5), 2)
    assert [neighbours(weights, unit) for unit in range(5)] == [
        [1, 2],
        [0, 2],
        [1, 3],
        [2, 4],
        [2, 3],
    ]


def test_of_equally_far_units_the_earlier_ones_are_taken() -> None:
    # The middle of a row has one unit on either side, as far away to the millimetre.
    mirrored = geopandas.GeoSeries(
        [shapely.box(x, 0, x + 0.01, 0.01) for x in (104.98, 104.995, 105.01)], crs=4326
    )
    assert neighbours(nearest(mirrored, 1), 1) == [0]


@pytest.mark.parametrize("count", [1, 6])
def test_nearest_real_communes_are_those_of_all_distances(
    real: tuple[geopandas.GeoSeries, np.ndarray], count: int
) -> None:
    units, metres = real
    weights = nearest(units, count)
    expected = np.argsort(metres + np.where(np.eye(len(units)), np.inf, 0), axis=1)[:, :count]
    assert weights.counts.tolist() == [count] * len(units)
    assert weights.indices.reshape(-1, count).tolist() == np.sort(expected, axis=1).tolist()


@pytest.mark.parametrize("band", [5_000.0, 40_000.0, 400_000.0])
def test_a_band_holds_the_real_communes_within_the_distance(
    real: tuple[geopandas.GeoSeries, np.ndarray], band: float
) -> None:
    units, metres = real
    expected = (metres <= band) & ~np.eye(len(units), dtype=bool)
    assert (distance_band(units, band).matrix(star=False).toarray() == expected).all()


def test_degrees_are_no_distance() -> None:
    # At 20° N, 0.100° of longitude are 10.5 km and 0.098° of latitude 10.8 km.
    home, east, north = ((105.0, 20.0), (105.1, 20.0), (105.0, 20.098))
    boxes = [shapely.box(x, y, x + 0.001, y + 0.001) for x, y in (home, east, north)]
    units = geopandas.GeoSeries(boxes, crs=4326)
    assert neighbours(nearest(units, 1), 0) == [1]
    assert neighbours(distance_band(units, 10_600), 0) == [1]


def test_a_unit_without_geometry_is_nobodys_neighbour() -> None:
    units = geopandas.GeoSeries([*grid(1, 2).tolist(), shapely.MultiPolygon()], crs=32648)
    assert nearest(units, 5).counts.tolist() == [1, 1, 0]
    assert distance_band(units, 1e6).counts.tolist() == [1, 1, 0]


def test_units_along_the_same_border_are_neighbours_across_a_gap() -> None:
    # Five squares along a border to their south; a lake of 3 km lies between the third and fourth.
    left = [0.0, 1_000, 2_000, 6_000, 7_000]
    inland = shapely.box(3_100, 2_500, 5_900, 4_000)
    boxes = [shapely.box(x, 0, x + 1_000, 1_000) for x in left]
    units = geopandas.GeoSeries([*boxes, inland], crs=32648)
    border = geopandas.GeoSeries([shapely.LineString([(0, -200), (8_000, -200)])], crs=32648)
    touching = border_section(units, border, 0)
    assert neighbours(touching, 2) == neighbours(queen(units), 2)
    wide = border_section(units, border, 2_000)
    assert neighbours(wide, 2) == sorted({*neighbours(touching, 2), 0, 3})
    assert neighbours(wide, 5) == neighbours(queen(units), 5)  # it has no border


def test_the_way_along_the_border_counts_not_the_straight_line() -> None:
    # A spur of the border, 9 km there and back, between two units that are 1 km apart.
    units = geopandas.GeoSeries(
        [shapely.box(0, 0, 1_000, 1_000), shapely.box(2_000, 0, 3_000, 1_000)], crs=32648
    )
    far = geopandas.GeoSeries([shapely.box(0, 30_000, 1_000, 31_000)], crs=32648)
    units = geopandas.pd.concat([units, far, far.translate(1_000)], ignore_index=True)
    spur = shapely.LineString([(0, 0), (1_000, 0), (1_500, -4_500), (2_000, 0), (3_000, 0)])
    border = geopandas.GeoSeries([spur], crs=32648)
    near, wide = (border_section(units, border, metres) for metres in (5_000, 12_000))
    assert neighbours(near, 0) == neighbours(queen(units), 0)
    assert 1 in neighbours(wide, 0)


@pytest.mark.parametrize(
    "build", [lambda u: nearest(u, 0), lambda u: distance_band(u, 0.0), lambda u: nearest(u, -1)]
)
def test_no_neighbourhood_is_refused(build) -> None:
    with pytest.raises(ValueError, match=r"neighbourhood|nobody"):
        build(grid(1, 2))


def test_polygons_without_a_crs_are_refused() -> None:
    naked = geopandas.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    with pytest.raises(ValueError, match="naive"):
        nearest(naked, 1)
    with pytest.raises(ValueError, match="naive"):
        distance_band(naked, 10)
