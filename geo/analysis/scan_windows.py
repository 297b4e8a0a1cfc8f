"""The windows of a space-time scan, and the search for the highest likelihood ratio among them.

A window is a circle around a unit, holding its nearest units, times a span of time steps. There
are tens of millions of them, and each replication needs only their maximum, so most are never
looked at one by one. The circles of a centre are taken in groups of neighbouring sizes. No circle
of a group holds more cases than its largest or expects fewer than its smallest, and the ratio
rises with the cases and falls with what is expected; so where the largest one's count does not
reach what the smallest one would need for a given level, none in the group reaches the level. The
counts of the largest circles are one sparse product for many replications together; the few
groups that may reach the level are then searched circle by circle. The maximum found is exact.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, spatial, special

# Circles up to this rank are groups of their own; from there groups grow by a sixth.
SINGLE = 8
GROWTH = 7 / 6
# How many window sums are held at once: 4 bytes each, times a few copies, for each thread.
CELLS = 1_500_000
# Units x groups of circles x spans that a search keeps: of each 16 bytes.
MOST_CELLS = 200_000_000


def log_likelihood_ratio(
    cases: NDArray[np.float64], expected: NDArray[np.float64], total: float
) -> NDArray[np.float64]:
    """c ln(c / e) + (C - c) ln((C - c) / (C - e)) where c > e, else 0 (Kulldorff 1997)."""
    more = cases > expected
    inside, due = np.where(more, cases, 1.0), np.where(more, expected, 1.0)
    outside = total - inside
    ratio = inside * np.log(inside / due) + special.xlogy(outside, outside / (total - due))
    return np.where(more, ratio, 0.0)


@dataclass(frozen=True, slots=True)
class Circles:
    """The units around each of n centres, nearest first, as far as circles may grow.

    `order` has the shape (n, longest), filled up with n, the number of a unit without cases or
    population; `reach` says how many circles each centre has.
    """

    order: NDArray[np.int64]
    reach: NDArray[np.int64]

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Where groups of circles begin, and after them the end of the last."""
        longest = self.order.shape[1]
        edges = [float(edge) for edge in range(min(SINGLE, longest))]
        while edges[-1] * GROWTH + 1 < longest:
            edges.append(edges[-1] * GROWTH + 1)
        return np.append(np.array(edges).astype(np.int64), longest)


def circles(
    points: NDArray[np.float64], size: NDArray[np.float64], largest_share: float
) -> Circles:
    """Circles around each unit that hold at most a share of the whole `size` (of population).

    Units equally far from a centre enter one after the other, in their order.

    Args:
        points: Cartesian, in metres, shape (n, 2) or (n, 3).
        size: what the share is of, shape (n,).
    """
    limit = largest_share * size.sum() * (1 + 1e-12)
    orders = []
    for first in range(0, len(points), 256):
        centre = points[first : first + 256]
        apart = spatial.distance.cdist(centre, points, "sqeuclidean")
        apart[np.arange(len(centre)), first + np.arange(len(centre))] = -1.0  # itself first
        order = np.argsort(apart, axis=1, kind="stable")
        fits = np.cumsum(size[order], axis=1) <= limit
        longest = max(int(fits.sum(axis=1).max()), 1)
        orders.append(np.where(fits, order, len(points))[:, :longest])
    longest = max(order.shape[1] for order in orders)
    padded = [
        np.pad(order, ((0, 0), (0, longest - order.shape[1])), constant_values=len(points))
        for order in orders
    ]
    whole = np.concatenate(padded)
    return Circles(whole, (whole < len(points)).sum(axis=1))


class TooManyWindows(ValueError):  # noqa: N818 no error: too much was asked for
    """The windows of a scan would not fit into the memory of an ordinary machine."""


@dataclass(frozen=True, slots=True)
class Search:
    """All windows over the circles, with what each unit expects in each span of time.

    `expected` has the shape (n + 1, spans), the last row 0; `total` counts all cases. `below` is
    what is expected in the circle before each group, shape (n, groups, spans). `pause` is called
    between steps of fractions of a second; where it raises, the search ends.
    """

    circles: Circles
    expected: NDArray[np.float64]
    total: float
    membership: sparse.csr_array
    below: NDArray[np.float64]
    pause: Callable[[], None]

    @property
    def chunk(self) -> int:
        """How many centres are searched at once for one replication."""
        return max(1, CELLS // (self.below.shape[1] * self.below.shape[2] * 8))

    def each_centre(
        self, cases: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """The highest ratio of each centre, with its circle and span, by looking at all windows.

        Args:
            cases: by unit and span, shape (n + 1, spans), the last row 0.
        """
        order, spans = self.circles.order, cases.shape[1]
        found = []
        step = max(1, CELLS // (order.shape[1] * spans))
        for first in range(0, len(order), step):
            self.pause()
            members = order[first : first + step]
            ratio = log_likelihood_ratio(
                np.cumsum(cases[members], axis=1),
                np.cumsum(self.expected[members], axis=1),
                self.total,
            ).reshape(len(members), -1)
            best = ratio.argmax(axis=1)
            found.append(np.column_stack([ratio[np.arange(len(members)), best], best]))
        ratio, best = np.concatenate(found).T
        circle, span = np.divmod(best.astype(np.int64), spans)
        return ratio, circle, span

    def needed(self, level: float) -> NDArray[np.float32]:
        """Cases that a group's smallest circle needs to reach the level, shape of `below`."""
        first = self.circles.order[:, self.circles.bounds[:-1]]
        smallest = self.below + self.expected[first]
        # Bernstein: with d more than e due, ln LR is at least d² / (2 (e + d / 3)). More cases
        # than these reach the level in any window.
        due = float(smallest.max())
        most = min(due + 2 / 3 * level + np.sqrt(2 * level * due) + 2, self.total + 1)
        counts = np.arange(1.0, most)
        low, high = np.zeros(len(counts)), counts.copy()
        for _ in range(60):  # the most that may be expected with so many cases
            middle = (low + high) / 2
            reached = log_likelihood_ratio(counts, middle, self.total) >= level
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
        needed = np.searchsorted(high, smallest.ravel()) + 1
        return needed.astype(np.float32).reshape(smallest.shape)

    def maxima(
        self, cases: NDArray[np.float32], needed: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """The highest ratio of each replication that reaches the level of `needed`.

        Where none does, what is given is under the level: 0, or of the few windows looked at the
        highest, not of all.

        Args:
            cases: by unit, replication and span, shape (n + 1, replications, spans), last row 0.
        """
        units, replications, spans = cases.shape
        groups = self.below.shape[1]
        flat = cases.reshape(units, -1)
        best = np.zeros(replications)
        step = max(1, self.chunk * 8 // replications)
        for first in range(0, units - 1, step):
            self.pause()
            last = min(first + step, units - 1)
            sums = self.membership[first * groups : last * groups] @ flat
            sums = sums.reshape(last - first, groups, replications, spans)
            for group in range(1, groups):
                sums[:, group] += sums[:, group - 1]
            reached = np.flatnonzero(sums >= needed[first:last, :, None])
            for some in np.array_split(reached, len(reached) // CELLS * 50 + 1):
                self._look_into(cases, sums, first, some, best)
        return best

    def _look_into(
        self,
        cases: NDArray[np.float32],
        sums: NDArray[np.float32],
        first: int,
        reached: NDArray[np.int64],
        best: NDArray[np.float64],
    ) -> None:
        centre, group, replication, span = np.unravel_index(reached, sums.shape)
        bounds = self.circles.bounds
        for one in np.unique(group):
            here = np.flatnonzero(group == one)
            c, r, s = centre[here], replication[here], span[here]
            members = self.circles.order[first + c, bounds[one] : bounds[one + 1]]
            before = sums[c, one - 1, r, s] if one else np.zeros(len(c), dtype=np.float32)
            count = before[:, None] + np.cumsum(cases[members, r[:, None], s[:, None]], axis=1)
            due = self.below[first + c, one, s][:, None]
            due = due + np.cumsum(self.expected[members, s[:, None]], axis=1)
            ratio = log_likelihood_ratio(count.astype(float), due, self.total)
            np.maximum.at(best, r, ratio.max(axis=1))


def search(
    found: Circles,
    expected: NDArray[np.float64],
    total: float,
    pause: Callable[[], None] = lambda: None,
) -> Search:
    """Prepare the search of all windows.

    Args:
        expected: by unit and span, shape (n + 1, spans), the last row 0.
        total: all cases, inside the windows or not.
        pause: called between steps of a search.

    Raises:
        TooManyWindows: units, groups of circles and spans of time are too many together.
    """
    units, longest = found.order.shape
    bounds = found.bounds
    groups = len(bounds) - 1
    if units * groups * expected.shape[1] > MOST_CELLS:
        raise TooManyWindows(f"{units} units x {groups} groups x {expected.shape[1]} spans")
    group = np.searchsorted(bounds, np.arange(longest), side="right") - 1
    rows = (np.arange(units)[:, None] * groups + group).ravel()
    inside = found.order.ravel() < units
    membership = sparse.csr_array(
        (
            np.ones(inside.sum(), dtype=np.float32),
            (rows[inside], found.order.ravel()[inside]),
        ),
        shape=(units * groups, units + 1),
    )
    sums = (membership.astype(np.float64) @ expected).reshape(units, groups, -1)
    below = np.zeros_like(sums)
    np.cumsum(sums[:, :-1], axis=1, out=below[:, 1:])
    return Search(found, expected, total, membership, below, pause)
