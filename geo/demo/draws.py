"""Drawing codes by their shares, for a million rows as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of codes, one distribution for each group; `cumulative` is (groups, codes)."""

    groups: tuple[str, ...]
    codes: tuple[str, ...]
    cumulative: Floats

    @classmethod
    def of(cls, shares: Mapping[str, Mapping[str, float]]) -> Self:
        """A mix from {group: {code: share}}; shares need not sum to one."""
        codes = tuple(dict.fromkeys(code for mix in shares.values() for code in mix))
        table = np.array([[mix.get(code, 0.0) for code in codes] for mix in shares.values()])
        cumulative = np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True)
        return cls(tuple(shares), codes, cumulative)

    def draw(self, rng: np.random.Generator, group: Indices) -> Indices:
        """One code for each row, as its index in `codes`; `group` holds indices of `groups`."""
        chance = rng.random(len(group))
        drawn = np.zeros(len(group), dtype=np.intp)
        for number, cumulative in enumerate(self.cumulative):
            rows = np.flatnonzero(group == number)
            drawn[rows] = np.searchsorted(cumulative, chance[rows], side="right")
        return np.minimum(drawn, len(self.codes) - 1)

    def group_of(self, keys: Sequence[str]) -> Indices:
        """For each of the keys, the index of the group that bears its name."""
        return np.array([self.groups.index(key) for key in keys], dtype=np.intp)


def texts(values: Sequence[str | None], index: Indices) -> pyarrow.Array:
    """The text at each index."""
    return pyarrow.array(values, pyarrow.string()).take(pyarrow.array(index))


def lists(keys: Sequence[str], index: Indices) -> pyarrow.Array:
    """The list of codes at each index; a key holds one code, or several joined by `+`."""
    values = [key.split("+") if key else [] for key in keys]
    return pyarrow.array(values, pyarrow.list_(pyarrow.string())).take(pyarrow.array(index))


def nulled(values: pyarrow.Array, keep: NDArray[np.bool_]) -> pyarrow.Array:
    """The values where `keep` holds, null elsewhere."""
    return pyarrow.compute.if_else(pyarrow.array(keep), values, pyarrow.scalar(None, values.type))
