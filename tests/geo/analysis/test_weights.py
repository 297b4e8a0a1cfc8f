from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from scipy import sparse

from geo.analysis.weights import Weights, from_pairs, queen
from tests.geo.analysis.grids import grid

REAL = Path(__file__).parents[3].parent / "shared" / "boundaries" / "vn-communes-2025.fgb"


def neighbours(weights: Weights, unit: int) -> list[int]:
    return weights.indices[weights.indptr[unit] : weights.indptr[unit + 1]].tolist()


def test_queen_counts_edges_and_corners() -> None:
    weights = queen(grid(3, 3))
    assert weights.counts.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert neighbours(weights, 0) == [1, 3, 4]
    assert weights.joined == ()


@pytest.mark.parametrize(("gap", "touching"), [(0.5, True), (-20.0, True), (5.0, False)])
def test_a_gap_under_a_metre_and_an_overlap_are_contact(gap: float, touching: bool) -> None:
    left, middle = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
    right = shapely.box(2000 + gap, 0, 3000 + gap, 1000)
    weights = queen(geopandas.GeoSeries([left, middle, right], crs=32648))
    assert neighbours(weights, 2) == [1]  # joined as an island where it does not touch
    assert weights.joined == (() if touching else (2,))


def test_an_island_is_joined_to_the_unit_that_is_nearest_in_metres() -> None:
    # At 20° N, 0.100° of longitude are 10.5 km, 0.098° of latitude 10.8 km.
    island = shapely.box(105.0, 20.0, 105.01, 20.01)
    east = shapely.box(105.11, 20.0, 105.2, 20.01)
    north = shapely.box(105.0, 20.108, 105.01, 20.2)
    touching = [shapely.box(105.2, 20.0, 105.3, 20.01), shapely.box(105.0, 20.2, 105.01, 20.3)]
    weights = queen(geopandas.GeoSeries([island, east, north, *touching], crs=4326))
    assert weights.joined == (0,)
    assert neighbours(weights, 0) == [1]
    assert neighbours(weights, 1) == [0, 3]


def test_a_unit_without_geometry_and_a_unit_alone_have_no_neighbours() -> None:
    squares = grid(1, 2).tolist()
    weights = queen(geopandas.GeoSeries([*squares, shapely.MultiPolygon()], crs=32648))
    assert weights.counts.tolist() == [1, 1, 0]
    assert queen(grid(1, 1)).counts.tolist() == [0]


def test_polygons_without_a_crs_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        queen(geopandas.GeoSeries([shapely.box(0, 0, 1, 1)]))


def test_a_subset_drops_the_links_to_the_rest() -> None:
    weights = queen(grid(1, 4)).subset(np.array([True, True, False, True]))
    assert [neighbours(weights, unit) for unit in range(3)] == [[1], [0], []]


def test_the_matrix_is_binary_and_symmetric_with_or_without_the_diagonal() -> None:
    weights = from_pairs(4, {(0, 1), (1, 0), (2, 1)})
    plain = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert weights.matrix(star=False).toarray().tolist() == plain
    assert (weights.matrix(star=True).toarray() == np.array(plain) + np.eye(4)).all()


def test_real_communes_touch_where_they_share_a_vertex() -> None:
    units = geopandas.read_file(REAL)
    weights = queen(units.geometry)
    corners, owner = shapely.get_coordinates(units.geometry.to_numpy(), return_index=True)
    vertex = np.unique(corners, axis=0, return_inverse=True)[1].ravel()
    incidence = sparse.csr_array((np.ones(len(owner), dtype=bool), (owner, vertex)))
    shared = sparse.csr_array(incidence @ incidence.T)
    shared.setdiag(False)
    shared.eliminate_zeros()
    contact = weights.matrix(star=False) > 0
    links = {
        units["name"][unit]: [units["name"][other] for other in neighbours(weights, unit)]
        for unit in weights.joined
    }
    assert (contact != contact.T).nnz == 0
    assert len(weights.joined) == (np.diff(shared.indptr) == 0).sum() == 19
    rest = np.setdiff1d(np.arange(len(units)), weights.joined)
    assert (contact[rest][:, rest] != (shared[rest][:, rest] > 0)).nnz == 0
    assert links["Trường Sa"] == ["Phú Quý"]
    assert links["Hoàng Sa"] == ["Lý Sơn"]
