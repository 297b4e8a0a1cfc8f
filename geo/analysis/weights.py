"""Which units are neighbours."""

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

# Gaps of a metre and the order of distances from an island must be right, not more: UTM 48N keeps
# both all over Vietnam (its scale is off by 1.2 % at most, in the far east of Trường Sa).
METRIC_CRS = 32648
# Closer than this is contact: coordinates are published with five decimals, which is a metre.
CONTACT_METRES = 1.0


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
        """The neighbourhood among the units kept; links to the others are dropped, none are added.

        A unit whose neighbours are all dropped stays, with none: its own value is all it has.

        Args:
            keep: which of the units, shape (n,).
        """
        matrix = sparse.csr_array(self.matrix(star=False)[keep][:, keep])
        matrix.sort_indices()
        return Weights(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64))


def queen(units: geopandas.GeoSeries) -> Weights:
    """Units that share an edge or a corner are neighbours; the rest are joined to the nearest.

    Units that overlap, or lie within a metre of each other, count as touching; wider gaps count as
    gaps. A unit that touches no other is joined to the nearest one, both ways (of equally near
    ones, to all). A unit without geometry has no neighbours.

    Args:
        units: polygons of n units, in any CRS.

    Raises:
        ValueError: the polygons name no CRS.
    """
    shapes = units.to_crs(METRIC_CRS).to_numpy()
    shapely.prepare(shapes)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="dwithin", distance=CONTACT_METRES)
    pairs = _different(left, right)
    lonely = sorted(set(range(len(shapes))) - {a for a, _ in pairs})
    # `exclusive` leaves out the island itself, which is nearer to itself than anything.
    island, nearest = tree.query_nearest(shapes[lonely], exclusive=True)
    pairs |= _different(np.array(lonely, dtype=np.int64)[island], nearest)
    return from_pairs(len(shapes), pairs, joined=tuple(lonely))


def from_pairs(size: int, pairs: set[tuple[int, int]], *, joined: tuple[int, ...] = ()) -> Weights:
    """Weights of `size` units from pairs of neighbours; each pair counts both ways."""
    both = sorted(pairs | {(b, a) for a, b in pairs})
    owners = np.array([a for a, _ in both], dtype=np.int64)
    indptr = np.searchsorted(owners, np.arange(size + 1))
    return Weights(indptr.astype(np.int64), np.array([b for _, b in both], dtype=np.int64), joined)


def _different(left: NDArray[np.int64], right: NDArray[np.int64]) -> set[tuple[int, int]]:
    return {(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a != b}
