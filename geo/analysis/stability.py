"""How a class holds when the question is put a little otherwise.

Classes are computed again among other neighbours, over other periods, and with a part of the
records left out at random (deletion of a fixed part, as in the delete-d jackknife: Shao & Wu 1989).
A class that hangs on one of these choices says more of the choice than of the place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Family = Literal["neighbours", "periods", "records"]
FAMILIES: tuple[Family, ...] = ("neighbours", "periods", "records")
# What part of the records is left out, and how many times.
DROPPED = 0.05
DRAWS = 12


@dataclass(frozen=True, slots=True)
class Stability:
    """For n units; arrays have the shape (n,), NaN where the unit has no class of its own.

    `kept` says by family in how many of its `tried` variants the unit stays on its side: hot, cold
    or neither. `lowest` and `highest` are its classes over all of them and its own.
    """

    tried: Mapping[str, int]
    kept: Mapping[Family, NDArray[np.float64]]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]


def thinned(
    counts: NDArray[np.int64], random: np.random.Generator, part: float = DROPPED
) -> NDArray[np.int64]:
    """The counts without a part of all records, each as likely to be left out as any other.

    Args:
        counts: of the shape (n,).
        random: where chance comes from.
        part: between 0 and 1; so many of the records are left out, rounded to a whole number, one
            at least where there are any.
    """
    total = int(counts.sum())
    kept = total - min(total, max(1, round(part * total)))
    # The marginals method takes as long as there are units; the other as long as there are records.
    return random.multivariate_hypergeometric(counts, kept, method="marginals")


def stability(
    own: NDArray[np.float64], variants: Mapping[Family, Sequence[NDArray[np.float64]]]
) -> Stability:
    """Hold classes, of the shape (n,), against those of every variant.

    A unit that a variant says nothing of has not kept its side there.
    """
    known = np.isfinite(own)
    every = np.vstack([own, *(classes for several in variants.values() for classes in several)])
    filled = np.where(np.isfinite(every), every, own)
    kept = {
        family: np.where(
            known,
            sum((np.sign(one) == np.sign(own) for one in several), np.zeros(len(own))),
            np.nan,
        )
        for family, several in variants.items()
    }
    return Stability(
        {family: len(several) for family, several in variants.items()},
        kept,
        filled.min(axis=0),
        filled.max(axis=0),
    )
