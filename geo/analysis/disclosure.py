"""Disclosure control: what of the counts may be known outside the units that are responsible.

Counts are released as a systematic sample. The incidents of one place (a commune, as a rule) stand
in a fixed order; from a secret start every `base`-th of them is taken, and each one taken counts
for `base`. Every question is answered from the sample alone, so answers add up over units,
editions, months and kinds, and no difference, overlap or repetition of questions tells more.

What the sample tells: of any selection whatever, counts that differ by `base` - 1 or more fit it
(docs/methods/disclosure.md has the proof; tests/geo/analysis/test_disclosure.py holds it against a
linear program). With `base` = threshold + 1 no interval is narrower than the threshold.

Figures that are told as they were entered, and not as a sample, are withheld where they are small,
with all others that would tell of them: see `withheld`.

Sources: Fellegi (1975), Controlled random rounding, Survey Methodology 1, 123-133: counts rounded
by running totals from a random start. Horvitz and Thompson (1952), Journal of the American
Statistical Association 47, 663-685: weights of a sample. Cox (1980), Suppression methodology and
statistical disclosure control, Journal of the American Statistical Association 75, 377-385.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo.dates import MONTHS, month_number, nearest_month

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
# A year, and its months in it.
PARENT_OF_PERIOD = np.array([-1] + [0] * MONTHS)


@dataclass(frozen=True, slots=True)
class Bases:
    """Of how many incidents one is taken, inside the system and in public.

    The public base is a multiple of the other: the public sample is a sample of the one inside, so
    that who sees both knows no more than who sees the larger.

    >>> Bases.of(5, 11)
    Bases(inside=6, public=12)
    """

    inside: int
    public: int

    @classmethod
    def of(cls, threshold: int, public_threshold: int) -> "Bases":
        """The smallest bases that leave no interval narrower than the thresholds."""
        inside = threshold + 1
        return cls(inside, -(-(public_threshold + 1) // inside) * inside)


@dataclass(frozen=True, slots=True)
class Cells:
    """True counts, one entry for each place, month and kind with any; arrays of shape (n,).

    `place` numbers the finest areas, which every unit of every edition is made of; `month` is
    year * 12 + month - 1; `kind` numbers the kinds. The incidents of a place are a chain.
    """

    place: Integers
    month: Integers
    kind: Integers
    incidents: Integers
    victims: Integers

    def in_order(self) -> "Cells":
        """By place, then by month and kind: the order in which a chain is counted."""
        order = np.lexsort((self.kind, self.month, self.place))
        return Cells(*(getattr(self, name)[order] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Release:
    """A sample of incidents, already weighted, in the order of months; arrays of shape (m,).

    `incidents` are multiples of `base`; so are `victims`: the victims for which the incidents taken
    stand, rounded at random along the chain.
    """

    base: int
    place: Integers
    month: Integers
    kind: Integers
    incidents: Integers
    victims: Integers

    def counts(
        self,
        months: tuple[int, int],
        kinds: Sequence[int],
        measure: Literal["incidents", "victims"],
        places: int,
    ) -> NDArray[np.float64]:
        """Released counts by place, shape (places,).

        Args:
            months: the first, and the one after the last.
            kinds: numbers of kinds; all if there are none.
            places: how many places there are.
        """
        begin, end = np.searchsorted(self.month, months)
        taken = slice(int(begin), int(end))
        weights = getattr(self, measure)[taken]
        place = self.place[taken]
        if kinds:
            wanted = np.isin(self.kind[taken], np.array(kinds))
            weights, place = weights[wanted], place[wanted]
        return np.bincount(place, weights, minlength=places).astype(np.float64)

    def of_places(self, places: Integers) -> "Release":
        """The part that lies in these places."""
        return self._where(np.isin(self.place, places))

    def _where(self, wanted: NDArray[np.bool_]) -> "Release":
        columns = (getattr(self, name)[wanted] for name in self.__slots__ if name != "base")
        return Release(self.base, *columns)


def protect(
    cells: Cells, places: Sequence[str], secret: bytes, bases: Bases
) -> tuple[Release, Release]:
    """The release inside the system, and the public one, which is a sample of it.

    The same cells and secret give the same releases: nothing is drawn twice.

    Args:
        places: a lasting name for each place.
        secret: that of the installation.
    """
    cells = cells.in_order()
    step = bases.public // bases.inside

    def start(purpose: str, base: int) -> NDArray[np.float64]:
        return secret_starts(secret, f"{purpose}/{bases.inside}/{bases.public}", places, base)

    first = thin(
        cells.place, cells.incidents, np.floor(start("inside", bases.inside)), bases.inside
    )
    second = thin(cells.place, first, np.floor(start("public", step)), step)
    # Each incident taken stands for `base` like those beside it: of its kind, month and place.
    mean = cells.victims / np.maximum(cells.incidents, 1)
    weight = bases.inside * first * mean
    victims = bases.inside * thin(cells.place, weight, start("victims", bases.inside), bases.inside)
    # From what is released inside and nothing else, or the public would tell more of it.
    weight = victims * (step * second / np.maximum(first, 1))
    public = bases.public * thin(
        cells.place, weight, start("public victims", bases.public), bases.public
    )
    return (
        _release(cells, bases.inside, first, victims),
        _release(cells, bases.public, second, public),
    )


def thin(
    chain: Integers, counts: NDArray[np.number], starts: NDArray[np.float64], base: int
) -> Integers:
    """How many of each entry are taken if every `base`-th of its chain is, shape (n,).

    Running totals are rounded down to multiples of `base` after a start from 0 to less than `base`,
    so of a stretch of the chain with a total of x, x / base are taken, give or take less than one;
    over all starts it is x / base on average.

    Args:
        chain: sorted, shape (n,).
        counts: not negative, shape (n,); whole numbers or weights.
        starts: by chain.

    >>> thin(np.array([0, 0, 0, 1]), np.array([2, 3, 1, 5]), np.array([3.0, 0.0]), 6).tolist()
    [0, 1, 0, 0]
    """
    upto = np.cumsum(counts)
    firsts = np.flatnonzero(np.diff(chain, prepend=-1))
    before = np.repeat(upto[firsts] - counts[firsts], np.diff(firsts, append=len(chain)))
    reached = np.floor((upto - before + starts[chain]) / base).astype(np.int64)
    previous = np.roll(reached, 1)
    previous[firsts] = 0
    return reached - previous


@dataclass(frozen=True, slots=True)
class Margins:
    """Figures of one kind in a table of places by periods, with the margins of both.

    Periods are a year and its 12 months, in this order. `parent` is for each place the row of the
    one that it lies in, -1 for none, shape (places,), parents first. `counts` are the parts of each
    figure, shape (parts, places, 13). Shape (places, 13) have `entered`, where there is a figure,
    `published`, where it cannot be withheld, and `small`, where a part of it must be.
    """

    parent: Integers
    counts: Integers
    entered: Flags
    published: Flags
    small: Flags


def is_small(counts: Integers, smallest: int) -> Flags:
    """Counts that are not told: neither 0 nor at least `smallest`."""
    return (counts > 0) & (counts < smallest)


def withheld(margins: Margins, smallest: int, region: Flags | None = None) -> tuple[Flags, Flags]:
    """Figures that are withheld, and the region of the table of which nothing is told.

    The region begins as the small counts, and as what is left of a figure beside those within it
    where that is small. A published figure that reaches into the region is told in any case:
    whatever it counts joins the region. Of the rest of the figures those are withheld that share
    anything with the region, so that those which are told say nothing of it: what can be computed
    of a small count is what the published figures tell by themselves, and without any of them
    that it is not negative (docs/methods/disclosure.md).

    Args:
        region: what joins it beforehand, shape (places, 13).

    Returns:
        Both of shape (places, 13). A place or a year stands in the region for what is in none of
        the places or months within it.
    """
    lies, during = _within(margins.parent), _within(PARENT_OF_PERIOD)
    small = margins.entered & ~margins.published & margins.small
    # A sum is as free as a small count in it, unless published figures hold it.
    if not margins.published.any():
        small &= (lies @ small @ during.T) <= 1
    grown = ((lies.T @ small @ during) > 0) | _small_rests(margins, smallest)
    if region is not None:
        grown |= region
    reached = np.zeros_like(grown)
    while (grown != reached).any():
        reached = grown
        told = margins.published & ((lies @ reached @ during.T) > 0)
        grown = reached | ((lies.T @ told @ during) > 0)
    touched = (lies @ reached @ during.T) > 0
    return margins.entered & ~margins.published & touched, reached


def _small_rests(margins: Margins, smallest: int) -> Flags:
    """Where a figure is, beside those within it, if what they leave of it is small."""
    rests = np.zeros_like(margins.entered)
    parent, counts, entered = margins.parent, margins.counts, margins.entered
    lies = _within(parent)
    months = np.where(entered[:, 1:], counts[:, :, 1:], 0).sum(axis=2)
    small = (months > 0) & is_small(counts[:, :, 0] - months, smallest)
    for place in np.flatnonzero(entered[:, 0] & small.any(axis=0)):
        rests[np.ix_(lies[place] > 0, np.append(True, ~entered[place, 1:]))] = True
    # Of each place what is told by the largest figures within it.
    told = np.zeros_like(counts)
    for row in range(len(parent) - 1, -1, -1):
        if parent[row] >= 0:
            told[:, parent[row]] += np.where(entered[row], counts[:, row], told[:, row])
    small = (told > 0) & is_small(counts - told, smallest)
    for place, period in np.argwhere(entered & small.any(axis=0)):
        inside = (lies[place] > 0) & (np.arange(len(parent)) != place)
        covered = (lies[inside & entered[:, period]] > 0).any(axis=0)
        during = np.ones(len(PARENT_OF_PERIOD), bool) if period == 0 else np.arange(13) == period
        rests[np.ix_((lies[place] > 0) & ~covered, during)] = True
    return rests


def _within(parent: Integers) -> Integers:
    """1 where the column lies in the row, or is it, shape (n, n); parents come first."""
    lies = np.eye(len(parent), dtype=np.int64)
    for row in range(len(parent) - 1, -1, -1):
        if parent[row] >= 0:
            lies[parent[row]] |= lies[row]
    return lies


def secret_starts(
    secret: bytes, purpose: str, places: Sequence[str], base: int
) -> NDArray[np.float64]:
    """A number from 0 to less than `base` for each place, which only the secret tells."""
    key = blake2b(purpose.encode(), key=secret[:64], digest_size=32).digest()
    digests = b"".join(blake2b(name.encode(), key=key, digest_size=8).digest() for name in places)
    # 53 bits are what a float holds, so that none rounds up to the base itself.
    return (np.frombuffer(digests, "<u8") >> 11).astype(np.float64) * (base / 2.0**53)


def covered_months(first: date, last: date) -> tuple[int, int]:
    """The whole months that stand for [first, last): the nearest, and at least one.

    Counts are released by months; the first month, and the one after the last, are counted as
    year * 12 + month - 1.

    >>> covered_months(date(2025, 8, 10), date(2025, 8, 12))
    (24307, 24308)
    """
    begin, end = nearest_month(first), nearest_month(last)
    if begin < end:
        return begin, end
    month = month_number(first)
    return month, month + 1


def _release(cells: Cells, base: int, taken: Integers, victims: Integers) -> Release:
    found = np.flatnonzero(taken)
    found = found[np.argsort(cells.month[found], kind="stable")]
    return Release(
        base,
        cells.place[found],
        cells.month[found],
        cells.kind[found],
        base * taken[found],
        victims[found],
    )
