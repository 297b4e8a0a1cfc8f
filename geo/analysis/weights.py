"""Which units are neighbours."""

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

# Distances between islands and their nearest unit need no more than the order to be right; UTM 48N
# keeps that all over Vietnam.
METRIC_CRS = 32648


@dataclass(frozen=True, slots=True)
class Weights:
    """Binary, symmetric neighbourhood of n units, without the units themselves.

    The neighbours of unit i are `indices[indptr[i]:indptr[i + 1]]`, ascending; `joined` lists the
    units that touch no other and were joined to their nearest one.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    joined: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Number of units."""
        return len(self.indptr) - 1

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of neighbours, shape (n,)."""
        return np.diff(self.indptr)

    def matrix(self, *, star: bool) -> sparse.csr_array:
        """The n x n matrix of zeros and ones; with ones on the diagonal if `star`."""
        ones = np.ones(len(self.indices))
        matrix = sparse.csr_array((ones, self.indices, self.indptr), shape=(self.size, self.size))
        return sparse.csr_array(matrix + sparse.eye_array(self.size)) if star else matrix

    def subset(self, keep: NDArray[np.bool_]) -> "Weights":
        """The neighbourhood among the units kept, shape (n,); links to the others are dropped."""
        matrix = sparse.csr_array(self.matrix(star=False)[keep][:, keep])
        matrix.sort_indices()
        return Weights(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64))


def queen(units: geopandas.GeoSeries) -> Weights:
    """Units that share an edge or a corner are neighbours; the rest are joined to the nearest.

    Contact is tested on the geometries as stored: in a clean coverage neighbours share vertices,
    and parts of a unit that overlap by less than the eye can see still count as touching.

    Args:
        units: polygons of n units, in any CRS.
    """
    shapes = units.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = left != right
    pairs = {(int(a), int(b)) for a, b in zip(left[apart], right[apart], strict=True)}
    lonely = sorted(set(range(len(shapes))) - {a for a, _ in pairs})
    if lonely and len(shapes) > 1:
        pairs |= _nearest_links(units, lonely)
    return from_pairs(len(shapes), pairs, joined=tuple(lonely))


def from_pairs(size: int, pairs: set[tuple[int, int]], *, joined: tuple[int, ...] = ()) -> Weights:
    """Weights of `size` units from pairs of neighbours; each pair counts both ways."""
    both = sorted(pairs | {(b, a) for a, b in pairs})
    owners = np.array([a for a, _ in both], dtype=np.int64)
    indptr = np.searchsorted(owners, np.arange(size + 1))
    return Weights(indptr.astype(np.int64), np.array([b for _, b in both], dtype=np.int64), joined)


def _nearest_links(units: geopandas.GeoSeries, lonely: list[int]) -> set[tuple[int, int]]:
    metric = units.to_crs(METRIC_CRS).to_numpy()
    links = set()
    for unit in lonely:
        distances = shapely.distance(metric[unit], metric)
        distances[unit] = np.inf
        links.add((unit, int(np.argmin(distances))))
    return links
