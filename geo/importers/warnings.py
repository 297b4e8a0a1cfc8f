"""What a sender should look at in rows that went in: all of it counted, the first rows named."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class RowWarning:
    """A row that went in although something about it does not fit; `code` names the kind."""

    row_number: int
    external_id: str | None
    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Positions of rows of one kind, and a function that says of one of them what does not fit."""

    code: str
    rows: NDArray[np.intp]
    explain: Callable[[int], tuple[str, str]]


@dataclass(slots=True)
class Warnings:
    """How many rows each kind of warning concerns, and the first 20 of each kind."""

    counts: Counter[str] = field(default_factory=Counter)
    listed: list[RowWarning] = field(default_factory=list)

    def add(self, code: str, count: int, first: Sequence[RowWarning]) -> None:
        """Take in the rows of one kind: how many there are, and the first of them."""
        if count:
            self.counts[code] += count
            self.listed += first[:MOST_LISTED]
