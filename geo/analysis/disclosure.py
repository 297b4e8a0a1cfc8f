"""Disclosure control: what of the counts may be known outside the units that are responsible.

Counts are released as a systematic sample. The incidents of one place (a commune, as a rule) stand
in a fixed order; from a secret start every `base`-th of them is taken, and each one taken counts
for `base`. Every question is answered from the sample alone, so answers add up over units,
editions, months and kinds, and no difference, overlap or repetition of questions tells more.

What the sample tells: of any selection whatever, counts that differ by `base` - 1 or more fit it
(docs/methods/disclosure.md has the proof; tests/geo/analysis/test_disclosure.py holds it against a
linear program). With `base` = threshold + 1 no interval is narrower than the threshold.

Sources: Fellegi (1975), Controlled random rounding, Survey Methodology 1, 123-133: counts rounded
by running totals from a random start. Horvitz and Thompson (1952), Journal of the American
Statistical Association 47, 663-685: weights of a sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
MONTHS = 12
MIDDLE_OF_MONTH = 15


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
    begin, end = _nearest_month(first), _nearest_month(last)
    if begin < end:
        return begin, end
    month = first.year * MONTHS + first.month - 1
    return month, month + 1


def first_day(month: int) -> date:
    """The first day of a month counted as year * 12 + month - 1."""
    return date(month // MONTHS, month % MONTHS + 1, 1)


def _nearest_month(day: date) -> int:
    return day.year * MONTHS + day.month - 1 + (day.day > MIDDLE_OF_MONTH)


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
