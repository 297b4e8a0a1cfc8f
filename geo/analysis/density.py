"""Kernel density on a grid, corrected at edges; its bandwidth by cross-validation, or adaptive.

Everything here is per km2, and distances are metres on a grid of square cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# A kernel that is narrower than three cells to each side is no kernel any more, but its grid.
NARROWEST_CELLS = 3
WIDEST_M = 120_000.0
CANDIDATES = 12
FEWEST_TO_CHOOSE = 10
# Abramson's bandwidths stay within three times the fixed one, up and down, and are rounded towards
# it in steps of a third of an octave: a surface is then a sum of at most nine fixed ones.
MOST_STRETCH = 3.0
STEPS_PER_OCTAVE = 3
# Balancing halves the error of an even density each time. To choose a bandwidth it would cost more
# than half of the time, and the share of the kernel inside does.
ROUNDS, ROUNDS_TO_CHOOSE = 5, 0
# Less than this part of the greatest value is what a Fourier transform leaves where nothing is.
NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Field:
    """Incidents on a grid, shape (rows, columns).

    `mass` are incidents by cell, also parts of them, and 0 where `coverage`, the share of the cell
    within the region, is 0. `placed` are those of the mass whose place is known to the cell.
    """

    mass: Floats
    placed: Floats
    coverage: Floats
    cell_m: float

    @property
    def cell_km2(self) -> float:
        """The area of a cell."""
        return self.cell_m**2 / 1e6


@dataclass(frozen=True, slots=True)
class Surface:
    """Incidents per km2, shape (rows, columns), and the number that lies under each cell's kernel.

    Over the region, each cell by its coverage, the surface adds up to all incidents.
    """

    per_km2: Floats
    under: Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """A bandwidth chosen by cross-validation; `scores` are of the candidates, higher is better.

    `at_edge` is whether the best one is the first or last: a better one may lie beyond.
    """

    bandwidth_m: float
    candidates_m: tuple[float, ...]
    scores: tuple[float, ...]

    @property
    def at_edge(self) -> bool:
        """Whether the best candidate is the narrowest or the widest."""
        return self.bandwidth_m in (self.candidates_m[0], self.candidates_m[-1])


@dataclass(frozen=True, slots=True)
class _Kernel:
    """A kernel with what balances it: between cells u and v it is weight(u) k(u - v) / reach(v)."""

    transformed: NDArray[np.complex128]
    peak: float
    weight: Floats
    reach: Floats


class Smoother:
    """Fixed kernels over one field: what they share is made once.

    Quartic (biweight) kernel, k(r) = 3 / (pi h2) (1 - r2 / h2)2 within the bandwidth h, taken at
    the middles of cells and scaled to add up to 1. At the edge each incident is scaled by the share
    of its kernel that lies inside the region (Jones 1993; Diggle 2010), so that none is lost over
    the border or to the sea. That alone moves incidents inwards: an even density falls off by a
    quarter at a straight edge. So cells are weighted until an even density stays even, as rows and
    columns of a matrix are balanced (Sinkhorn & Knopp 1967): within a hundredth after ROUNDS.

    Sources: Silverman (1986), Density Estimation; Jones (1993), Statistics and Computing 3,
    135-146; Diggle (2010), Handbook of Spatial Statistics, chapter 18; Sinkhorn & Knopp (1967),
    Pacific Journal of Mathematics 21, 343-348; Marshall & Coifman (2019), IMA Journal of Applied
    Mathematics 84, 455-482 (why the balanced kernel has no bias at an edge).
    """

    def __init__(self, field: Field, widest_m: float, rounds: int = ROUNDS) -> None:
        """Args: widest_m: no bandwidth will be greater."""
        self._field, self._rounds = field, rounds
        reach = _reach(widest_m, field.cell_m)
        # What wraps around at an end falls beyond the field; the kernel itself must fit, too.
        sizes = [max(size + reach, 2 * reach + 1) for size in field.mass.shape]
        self._shape = tuple(fft.next_fast_len(size, real=True) for size in sizes)

    def spread(self, mass: Floats, bandwidth_m: float) -> Surface:
        """The surface of a mass on the field's grid."""
        summed = self._summed(mass, self._balanced(bandwidth_m))
        disc = _transformed(_disc(bandwidth_m, self._field.cell_m), self._shape)
        under = self._smoothed(mass, disc) * (self._field.coverage > 0)
        return Surface(_without_noise(summed), _without_noise(under))

    def with_own(self, bandwidth_m: float) -> tuple[Floats, Floats]:
        """The surface of the field, and what one incident adds to it at its own place, per km2."""
        kernel = self._balanced(bandwidth_m)
        own = kernel.peak * kernel.weight / kernel.reach / self._field.cell_km2
        return self._summed(self._field.mass, kernel), own

    def _summed(self, mass: Floats, kernel: _Kernel) -> Floats:
        smoothed = self._smoothed(mass / kernel.reach, kernel.transformed)
        return kernel.weight * smoothed / self._field.cell_km2

    def _balanced(self, bandwidth_m: float) -> _Kernel:
        """The kernel, balanced; weights are 0 outside the region, and there is nothing to reach."""
        values = _kernel(bandwidth_m, self._field.cell_m)
        transformed = _transformed(values, self._shape)
        coverage = self._field.coverage
        inside = coverage > 0
        weight = inside.astype(np.float64)
        for left in range(self._rounds, -1, -1):
            share = self._smoothed(weight * coverage, transformed)
            reach = np.where(inside, share, 1)
            if left:
                weight = np.sqrt(weight / reach)
        return _Kernel(transformed, float(values.max()), weight, reach)

    def _smoothed(self, values: Floats, transformed: NDArray[np.complex128]) -> Floats:
        rows, columns = values.shape
        product = fft.rfft2(values, self._shape, workers=-1)
        product *= transformed
        whole: Floats = fft.irfft2(product, self._shape, overwrite_x=True, workers=-1)
        return whole[:rows, :columns]


def fixed(field: Field, bandwidth_m: float) -> Surface:
    """The surface with one bandwidth for all.

    >>> one = np.zeros((9, 9))
    >>> one[4, 4] = 2
    >>> surface = fixed(Field(one, one, np.ones((9, 9)), 1000.0), 3000.0)
    >>> round(float(surface.per_km2.sum()), 9)
    2.0
    """
    return Smoother(field, bandwidth_m).spread(field.mass, bandwidth_m)


def adaptive(field: Field, bandwidth_m: float) -> Surface:
    """The surface with narrower kernels where incidents are many, and wider ones where few.

    The bandwidth of an incident is h √(G / f), where f is the fixed surface with bandwidth h there
    and G its geometric mean over incidents; never below NARROWEST_CELLS, and rounded so that a few
    fixed surfaces add up to it (Davies & Baddeley 2018).

    Sources: Abramson (1982), Annals of Statistics 10, 1217-1223; Davies & Baddeley (2018),
    Statistics and Computing 28, 937-956.
    """
    smoother = Smoother(field, bandwidth_m * MOST_STRETCH)
    pilot = smoother.spread(field.mass, bandwidth_m).per_km2
    per_km2, under = np.zeros_like(field.mass), np.zeros_like(field.mass)
    for width, mass in _by_width(field, pilot, bandwidth_m):
        part = smoother.spread(mass, width)
        per_km2 += part.per_km2
        under += part.under
    return Surface(per_km2, under)


def _by_width(field: Field, pilot: Floats, bandwidth_m: float) -> Iterator[tuple[float, Floats]]:
    """The mass parted by the bandwidth that Abramson's rule gives its cells."""
    inside = field.mass > 0
    if not inside.any():
        return
    logs = np.log(pilot[inside])
    middle = np.average(logs, weights=field.mass[inside])
    stretch = np.clip((middle - logs) / 2, -np.log(MOST_STRETCH), np.log(MOST_STRETCH))
    steps = np.trunc(stretch / np.log(2) * STEPS_PER_OCTAVE).astype(int)
    for step in np.unique(steps):
        mass = np.zeros_like(field.mass)
        mass[inside] = np.where(steps == step, field.mass[inside], 0)
        width = bandwidth_m * 2.0 ** (step / STEPS_PER_OCTAVE)
        yield max(width, NARROWEST_CELLS * field.cell_m), mass


def candidates(cell_m: float) -> tuple[float, ...]:
    """Bandwidths to choose from, in metres: from three cells up in equal ratios."""
    widths = np.geomspace(NARROWEST_CELLS * cell_m, WIDEST_M, CANDIDATES)
    return tuple(float(round(width, -2)) for width in widths)


def choose_bandwidth(field: Field, widths_m: Sequence[float]) -> Choice:
    """The bandwidth under which incidents whose place is known are likeliest, each left out.

    Likelihood cross-validation. So that one incident far from all others does not decide, which
    with a kernel that ends it would, one part in n of the density is spread evenly over the region.

    Args:
        field: at least FEWEST_TO_CHOOSE incidents in `placed`.

    Sources: Habbema, Hermans & van den Broek (1974), COMPSTAT, 101-110; Duin (1976), IEEE
    Transactions on Computers C-25, 1175-1179; Loader (1999), Local Regression and Likelihood, 5.3.
    """
    smoother = Smoother(field, max(widths_m), ROUNDS_TO_CHOOSE)
    total = field.mass.sum()
    even = 1 / (field.coverage.sum() * field.cell_km2)
    known = field.placed > 0
    scores = []
    for width in widths_m:
        whole, own = smoother.with_own(width)
        # A cell's incidents are all at its middle, so that each has the others there beside it.
        others = np.maximum(whole[known] - own[known], 0) / (total - 1)
        mixed = np.log((1 - 1 / total) * others + even / total)
        scores.append(float(np.average(mixed, weights=field.placed[known])))
    best = float(widths_m[int(np.argmax(scores))])
    return Choice(best, tuple(widths_m), tuple(scores))


def withheld(surface: Surface, coverage: Floats, smallest: int) -> Flags:
    """Cells not shown: outside, or with fewer than `smallest` incidents under their kernel.

    Parts of incidents that are spread over an area count as parts. Cells with none are not shown
    either: where they end, a circle would be drawn around each incident that is alone.
    """
    # What adds up to a whole number of incidents by parts may lack the last digit.
    few: Flags = surface.under < smallest - 1e-6
    return few | (coverage <= 0)


def _reach(bandwidth_m: float, cell_m: float) -> int:
    return int(np.ceil(bandwidth_m / cell_m))


def _squares(bandwidth_m: float, cell_m: float) -> Floats:
    """Squared distances from the middle of a grid that holds the kernel, in bandwidths."""
    reach = _reach(bandwidth_m, cell_m)
    steps = (np.arange(-reach, reach + 1) * cell_m / bandwidth_m) ** 2
    squares: Floats = steps[:, None] + steps[None, :]
    return squares


def _kernel(bandwidth_m: float, cell_m: float) -> Floats:
    values = np.maximum(1 - _squares(bandwidth_m, cell_m), 0) ** 2
    scaled: Floats = values / values.sum()
    return scaled


def _disc(bandwidth_m: float, cell_m: float) -> Floats:
    return (_squares(bandwidth_m, cell_m) < 1).astype(np.float64)


def _transformed(kernel: Floats, shape: tuple[int, ...]) -> NDArray[np.complex128]:
    """The transform of a kernel whose middle is at the origin; it wraps around to the far edges."""
    reach = len(kernel) // 2
    padded = np.zeros(shape)
    padded[: len(kernel), : len(kernel)] = kernel
    turned: NDArray[np.complex128] = fft.rfft2(np.roll(padded, (-reach, -reach), axis=(0, 1)))
    return turned


def _without_noise(values: Floats) -> Floats:
    cleaned: Floats = np.where(values > NOISE * values.max(initial=0), values, 0)
    return cleaned
