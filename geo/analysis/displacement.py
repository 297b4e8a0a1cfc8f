"""Whether what went away in one place came up beside it: the weighted displacement quotient."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.analysis.rate_ratio import CONFIDENCE, JEFFREYS, Tally

DRAWS = 9_999


class Range(NamedTuple):
    """A figure with the interval that holds it; NaN where there is none."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Spill:
    """What became of events in the treated units, in the ring around them, and in both.

    `prevented` is how many fewer there were than by the controls, below 0 where there were more.
    `quotient` is None where there was no clear fall: nothing then that could have been displaced.
    """

    prevented_treated: Range
    prevented_ring: Range
    prevented_net: Range
    quotient: Range | None


def spill_over(
    treated: Tally,
    ring: Tally,
    controls: Tally,
    *,
    fell: bool,
    seed: int,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
) -> Spill:
    """The weighted displacement quotient of Bowers & Johnson (2003), and the events behind it.

        (ring after / controls after - ring before / controls before) /
        (treated after / controls after - treated before / controls before)

    Once the treated units did better than the controls, the quotient is -1 where as much came up
    in the ring as went away, 0 where the ring did as the controls, and above 0 where it gained too.
    Intervals are those of draws: each of the six counts x stands for a gamma distribution around
    it, of shape x / spread + 1/2 and scale `spread`. A draw in which the treated units did no
    better may stand on either side; where such draws reach into the interval it has no end.

    Args:
        fell: whether the treated units clearly did better than the controls.
        seed: of the draws; the same one gives the same digits.
    """
    rng = np.random.default_rng(seed)
    own, beside, others = (_draw(rng, one, draws) for one in (treated, ring, controls))
    growth = others[1] / others[0]
    saved = own[0] * growth - own[1], beside[0] * growth - beside[1]
    exact = _exact_prevented(treated, controls), _exact_prevented(ring, controls)
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    return Spill(
        Range(exact[0], *_ends(saved[0], tails)),
        Range(exact[1], *_ends(saved[1], tails)),
        Range(exact[0] + exact[1], *_ends(saved[0] + saved[1], tails)),
        _quotient(saved, exact, tails) if fell else None,
    )


def _quotient(
    saved: tuple[NDArray[np.float64], NDArray[np.float64]],
    exact: tuple[float, float],
    tails: tuple[float, float],
) -> Range:
    # Both differences of the definition, times the controls after: -(saved), whose signs cancel.
    value = exact[1] / exact[0]
    is_better = saved[0] > 0
    quotients = np.divide(saved[1], saved[0], where=is_better, out=np.zeros(len(is_better)))
    lower = _end(np.where(is_better, quotients, -np.inf), tails[0])
    upper = _end(np.where(is_better, quotients, np.inf), tails[1])
    return Range(value, lower, upper)


def _draw(
    rng: np.random.Generator, counted: Tally, draws: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    before, after = (
        counted.spread * rng.standard_gamma(count / counted.spread + JEFFREYS, draws)
        for count in (counted.before, counted.after)
    )
    return before, after


def _exact_prevented(ours: Tally, others: Tally) -> float:
    return ours.before * others.after / others.before - ours.after


def _ends(values: NDArray[np.float64], tails: tuple[float, float]) -> tuple[float, float]:
    return _end(values, tails[0]), _end(values, tails[1])


def _end(values: NDArray[np.float64], at: float) -> float:
    # One of the draws and no point between two, which infinite ones would make NaN.
    last = len(values) - 1
    place = np.floor(last * at) if at < 1 / 2 else np.ceil(last * at)
    return float(np.sort(values)[int(place)])
