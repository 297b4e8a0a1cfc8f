"""Points and areas on a grid, and figures by unit."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geo.analysis.density import Field, fixed
from geo.analysis.density_grid import (
    Grid,
    coverage_of,
    field_of,
    grid_over,
    projected,
    share_of,
    zone_figures,
)
from geo.crs import equal_area_crs, geodesic_area_km2

NOWHERE: NDArray[np.object_] = np.array([], dtype=object)
GRID = Grid(0.0, 20_000.0, 1_000.0, (20, 30))
LAND = np.array([shapely.box(0, 0, 20_000, 20_000)], dtype=object)


def field(
    *points: tuple[float, float], areas: tuple[tuple[shapely.Geometry, float], ...] = ()
) -> Field:
    """A field over the land, where nothing may lie beyond it."""
    made, beyond = field_of(
        GRID,
        coverage_of(GRID, LAND),
        np.array([shapely.Point(place) for place in points], dtype=object),
        np.ones(len(points)),
        list(areas),
    )
    assert beyond == 0
    return made


def test_areas_are_true_and_distances_nearly() -> None:
    # Điện Biên, Móng Cái, Cà Mau, and Trường Sa far out.
    for longitude, latitude, off in ((102.2, 22.4, 25e-4), (108, 21.5, 25e-4), (104.8, 8.6, 25e-4),
                                     (115, 8.5, 7e-3)):  # fmt: skip
        box = shapely.box(longitude, latitude, longitude + 0.05, latitude + 0.05)
        (moved,) = projected(shapely.segmentize([box], 0.001))
        # The box has parallels for edges and the geodesic between corners is not: 1e-5 apart.
        assert moved.area / 1e6 == pytest.approx(
            geodesic_area_km2(np.array([shapely.segmentize(box, 0.001)], dtype=object))[0], rel=2e-5
        )
        for end in ((longitude + 0.05, latitude), (longitude, latitude + 0.05)):
            line = shapely.LineString([(longitude, latitude), end])
            true = Geod(ellps="WGS84").geometry_length(line)
            assert projected([line])[0].length == pytest.approx(true, rel=off)
    assert "Lambert azimuthal" in equal_area_crs().name


def test_grids_of_any_two_regions_match() -> None:
    for west, south in ((-1_234.5, 99.0), (1_000_000.3, -70_000.0)):
        grid = grid_over(np.array([shapely.box(west, south, west + 5_000, south + 900)]), 1_000.0)
        assert grid.west % 1_000 == 0
        assert grid.north % 1_000 == 0
        assert grid.west <= west < west + 5_000 <= grid.west + 1_000 * grid.shape[1]
        assert grid.north - 1_000 * grid.shape[0] <= south < south + 900 <= grid.north


def test_shares_are_those_of_the_area() -> None:
    share = share_of(GRID, shapely.box(2_500, 17_000, 5_000, 19_250))
    assert (share.row, share.column) == (0, 2)
    np.testing.assert_allclose(share.shares, [[0.125, 0.25, 0.25], [0.5, 1, 1], [0.5, 1, 1]])


def test_an_islet_smaller_than_a_sixteenth_is_land_all_the_same() -> None:
    islets = shapely.MultiPolygon(
        [shapely.box(25_010, 5_010, 25_020, 5_020), shapely.box(0, 0, 4_000, 4_000)]
    )
    coverage = coverage_of(GRID, np.array([islets], dtype=object))
    assert coverage[14, 25] == 1 / 16
    assert coverage.sum() == pytest.approx(16 + 1 / 16)


def test_points_lie_in_their_cell_and_on_land() -> None:
    # The second lies half a cell off the coast, the third two cells: both come to its last cell.
    made = field((1_500, 18_500), (20_500, 10_500), (21_900, 10_500))
    assert made.placed[1, 1] == 1
    assert made.placed[9, 19] == 2
    np.testing.assert_array_equal(made.mass, made.placed)
    _, beyond = field_of(
        GRID, made.coverage, np.array([shapely.Point(27_000, 10_500), shapely.Point(-9e6, 9e6)]),
        np.array([2.0, 5.0]), [],
    )  # fmt: skip
    assert beyond == 7


def test_what_is_known_by_commune_is_spread_over_it() -> None:
    commune = shapely.box(4_000, 4_000, 9_500, 8_000)
    made = field((1_500, 18_500), areas=((commune, 11.0),))
    assert made.mass.sum() == pytest.approx(12)
    assert made.placed.sum() == 1
    # 5.5 x 4 km: half an incident in each km2, and not eleven at its middle.
    np.testing.assert_allclose(made.mass[12:16, 4:9], 0.5)
    np.testing.assert_allclose(made.mass[12:16, 9], 0.25)
    spread = fixed(made, 3_000.0).per_km2
    piled = fixed(field((1_500, 18_500), *[(6_700, 6_000)] * 11), 3_000.0).per_km2
    assert spread[13, 6] == pytest.approx(0.5, rel=0.2)
    assert piled.max() > 2 * spread.max()


def test_an_area_beyond_the_region_is_counted_as_left_out() -> None:
    off = shapely.box(25_000, 1_000, 27_000, 3_000)
    made, beyond = field_of(GRID, coverage_of(GRID, LAND), NOWHERE, np.array([]), [(off, 4.0)])
    assert (made.mass.sum(), beyond) == (0, 4)


def test_figures_by_unit_are_those_of_its_cells() -> None:
    coverage = coverage_of(GRID, LAND)
    per_km2 = np.zeros(GRID.shape)
    per_km2[:, :10], per_km2[:, 10:] = 1, 3
    shown = np.ones(GRID.shape, bool)
    shown[:10] = False
    zones = {
        "a": shapely.box(9_000, 0, 12_000, 20_000),
        "b": shapely.box(0, 15_000, 5_000, 20_000),
        "sea": shapely.box(22_000, 0, 24_000, 5_000),
        "beside": shapely.box(19_500, 0, 21_000, 5_000),
        "far": shapely.box(90_000, 0, 95_000, 5_000),
        "mostly off the grid": shapely.box(-9_000, 0, 4_000, 5_000),
    }
    found = zone_figures(GRID, coverage, per_km2, shown, zones)
    assert set(found) == {"a", "b"}
    # Of three columns one has 1 and two have 3; half of the unit is shown, 30 km2.
    assert found["a"].mean == pytest.approx(7 / 3)
    assert (found["a"].most, found["a"].total, found["a"].shown) == (3, pytest.approx(70), 0.5)
    assert (found["b"].mean, found["b"].most, found["b"].total, found["b"].shown) == (
        None,
        None,
        None,
        0,
    )


def test_totals_of_units_that_fill_the_region_are_all_incidents() -> None:
    made = field(
        (1_500, 18_500),
        (12_300, 700),
        (19_900, 19_900),
        areas=((shapely.box(0, 0, 7_300, 6_100), 5.0),),
    )
    surface = fixed(made, 4_000.0)
    zones = {
        str(number): shapely.box(number * 5_000, 0, (number + 1) * 5_000, 20_000)
        for number in range(4)
    }
    shown = made.coverage > 0
    found = zone_figures(GRID, made.coverage, surface.per_km2, shown, zones)
    assert sum(one.total or 0 for one in found.values()) == pytest.approx(8)
