"""Made-up countries in which something was done in some units, and its effect is known."""

from dataclasses import dataclass, replace

import numpy as np

from geo.analysis.disclosure import thin
from geo.analysis.intervention import Design, Effect, Panel, effect


@dataclass(frozen=True, slots=True)
class World:
    """How a country is made.

    The rates of its units are gamma-distributed around `mean` events in the time before, with
    `spread` as the square of their coefficient of variation. `frailty` is the same of each unit's
    rate from before to after. `treated` units become `ratio` times as bad, the `beside` units of
    the ring `ring_ratio` times, all units `everywhere` times. `by_count` treats units of the tenth
    that counted most.
    """

    units: int = 600
    mean: float = 4.0
    spread: float = 1.0
    frailty: float = 0.0
    treated: int = 5
    beside: int = 15
    ratio: float = 1.0
    ring_ratio: float = 1.0
    everywhere: float = 1.0
    by_count: bool = False

    def make(self, rng: np.random.Generator) -> tuple[Panel, Design]:
        """One country."""
        size = self.units
        rates = self._gamma(rng, self.spread) * self.mean
        before = rng.poisson(rates * self._gamma(rng, self.frailty))
        first = rng.binomial(before, 0.5).astype(np.float64)
        order = np.argsort(-before - rng.random(size)) if self.by_count else np.arange(size)
        likely = order[: size // 10 if self.by_count else size]
        chosen = rng.choice(likely, self.treated, replace=False)
        ring = rng.choice(np.setdiff1d(order, chosen), self.beside, replace=False)
        expected = rates * self._gamma(rng, self.frailty) * self.everywhere
        expected[chosen] *= self.ratio
        expected[ring] *= self.ring_ratio
        flags = [np.isin(np.arange(size), some) for some in (chosen, ring)]
        panel = Panel(
            first,
            before - first,
            rng.poisson(expected).astype(np.float64),
            np.round(np.exp(rng.normal(9.5, 0.5, size))),
            np.zeros(size, bool),
            np.ones(size),
            (182.0, 183.0),
        )
        return panel, Design(flags[0], flags[1], np.zeros(size, bool))

    def found(self, seed: int) -> Effect:
        """What is found in one country."""
        return effect(*self.make(np.random.default_rng(seed)), 5, seed)

    def _gamma(self, rng: np.random.Generator, spread: float) -> np.ndarray:
        if not spread:
            return np.ones(self.units)
        return rng.gamma(1 / spread, spread, self.units)


def released(panel: Panel, base: int, rng: np.random.Generator) -> Panel:
    """The panel as somebody sees it who is responsible for none of its units."""
    size = len(panel.population)
    counts = np.column_stack([panel.first, panel.second, panel.after]).astype(np.int64)
    starts = rng.integers(0, base, size).astype(np.float64)
    taken = thin(np.repeat(np.arange(size), 3), counts.ravel(), starts, base)
    columns = (base * taken.reshape(size, 3)).astype(np.float64).T
    return replace(
        panel,
        first=columns[0],
        second=columns[1],
        after=columns[2],
        stands_for=np.full(size, float(base)),
    )
