"""What was seen after an intervention: before and after against matched controls, and the ring."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.analysis.displacement import Spill, spill_over
from geo.analysis.matching import Balance, Past, balance, match_controls
from geo.analysis.rate_ratio import (
    Change,
    Detectable,
    Tally,
    correlation,
    detectable,
    rate_ratio,
    tally,
)
from geo.analysis.weights import Weights

CONTROLS, SEED = 10, 20_250_701
# Fewer candidates than this with an event say too little of how events stick together.
FEWEST_CANDIDATES = 10


class Verdict(StrEnum):
    """What the data say; `CANNOT_TELL` is an answer too."""

    FELL = "fell"
    ROSE = "rose"
    CANNOT_TELL = "cannot_tell"


class Displacement(StrEnum):
    """What the ring says, where the treated units fell: nothing can be displaced otherwise."""

    DISPLACED = "displaced"
    BENEFITED = "benefited"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Panel:
    """What is known of n units; arrays have the shape (n,), days are lengths of periods.

    Counts are of the two halves before and of after. `stands_for` is 1 where they are exact, and
    the base where they were released as multiples of one. `population` is NaN where unknown. Units
    are compared with those alike `on_border` and in `stands_for`.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    after: NDArray[np.float64]
    population: NDArray[np.float64]
    on_border: NDArray[np.bool_]
    stands_for: NDArray[np.float64]
    days: tuple[float, float]

    @property
    def before(self) -> NDArray[np.float64]:
        """Counts of both halves, shape (n,)."""
        return self.first + self.second

    @property
    def past(self) -> Past:
        """What controls are matched by."""
        kinds = np.unique(self.stands_for, return_inverse=True)[1]
        group = kinds * 2 + self.on_border
        return Past(self.first, self.second, self.population, group.astype(np.int64))


@dataclass(frozen=True, slots=True)
class Design:
    """Which of n units are what, shape (n,) each.

    `barred` are no controls and not in the ring: something of the kind was done there too.
    """

    treated: NDArray[np.bool_]
    ring: NDArray[np.bool_]
    barred: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Effect:
    """What was found; numbers of units are those of the panel.

    `matched` are treated units with `controls`, shape (m, k); the others take no part. Of `tallies`
    and `changes`, the first is of these, the second of the ring and the third of both. All that
    needs controls is None without them, and all that needs a ratio where one has no events.
    """

    matched: NDArray[np.int64]
    controls: NDArray[np.int64]
    ring: NDArray[np.int64]
    candidates: int
    tallies: tuple[Tally, Tally, Tally]
    of_controls: Tally
    correlation: float
    changes: tuple[Change, Change, Change] | None = None
    detectable: Detectable | None = None
    spill: Spill | None = None
    balance: Sequence[Balance] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """What may be said of the treated units."""
        direction = self.changes[0].direction if self.changes else 0
        return (Verdict.CANNOT_TELL, Verdict.ROSE, Verdict.FELL)[direction]

    @property
    def displacement(self) -> Displacement | None:
        """What may be said of the ring; None without a fall, or without a ring."""
        quotient = self.spill and self.spill.quotient
        if not quotient or not len(self.ring):
            return None
        if quotient.upper < 0:
            return Displacement.DISPLACED
        return Displacement.BENEFITED if quotient.lower > 0 else Displacement.CANNOT_TELL


def ring_of(weights: Weights, treated: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The neighbours of treated units that are not treated themselves, shape (n,)."""
    beside = weights.matrix(star=False) @ treated.astype(np.float64) > 0
    return np.asarray(beside & ~treated)


def effect(panel: Panel, design: Design, most_controls: int = CONTROLS, seed: int = SEED) -> Effect:
    """Compare treated units with controls that were like them before, and look at the ring.

    Treated units are often chosen because their counts were high, and what was high by chance is
    lower afterwards whatever is done (regression to the mean). Controls of as high counts before
    regress as much, so that it falls out of the ratio.

    Args:
        most_controls: for each treated unit.
        seed: of the simulated intervals.
    """
    known = panel.population > 0
    free = known & ~(design.treated | design.ring | design.barred)
    treated, candidates = (np.flatnonzero(of) for of in (design.treated & known, free))
    matched, controls = match_controls(panel.past, treated, candidates, most_controls)
    ring = np.flatnonzero(design.ring & ~design.barred)
    before, after, each = panel.before, panel.after, panel.stands_for
    alike = correlation(before[candidates], after[candidates], each[candidates])

    def counted(units: NDArray[np.int64]) -> Tally:
        return tally(before[units], after[units], each[units], alike)

    ours, beside, others = counted(matched), counted(ring), counted(controls.ravel())
    tallies = ours, beside, ours + beside
    found = Effect(matched, controls, ring, len(candidates), tallies, others, alike)
    informative = int(np.count_nonzero((before + after)[candidates]))
    if not len(matched) or informative < FEWEST_CANDIDATES:
        return found
    return _with_changes(found, panel, candidates, seed)


def _with_changes(found: Effect, panel: Panel, candidates: NDArray[np.int64], seed: int) -> Effect:
    others = found.of_controls
    changes, smallest, spill = None, None, None
    if others.before > 0 and others.after > 0:
        one, two, three = (rate_ratio(of, others) for of in found.tallies)
        changes = one, two, three
        # What could have been seen does not depend on what was: events stick together as those that
        # were to be expected.
        before, each = panel.before[found.matched], panel.stands_for[found.matched]
        expected = before * others.after / others.before
        smallest = detectable(tally(before, expected, each, found.correlation), others)
        spill = spill_over(*found.tallies[:2], others, fell=one.direction < 0, seed=seed)
    alike = balance(panel.past, panel.days, found.matched, found.controls, candidates)
    return replace(found, changes=changes, detectable=smallest, spill=spill, balance=alike)
