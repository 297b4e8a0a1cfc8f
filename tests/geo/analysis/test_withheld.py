"""What an attacker can compute of figures that are withheld, from all those that are told.

The linear program knows that counts are not negative and that each figure which is told is the sum
of the true counts in it, or, where it presumes so, that there is nothing where no figure says so.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from geo.analysis.disclosure import Flags, Margins, is_small, withheld

SMALLEST = 5
# The country, two provinces of 2025, and the two of 2024 that the first of them was made of.
PARENT = np.array([-1, 0, 0, 1, 1])
# What counts are made of: the three provinces without parts, and what is in none of them.
PLACES = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
# The year, and of its months the first four; in the last of these nothing happens.
MONTHS, ACTIVE = 4, 3
DURING = np.vstack([np.ones((1, MONTHS), int), np.eye(12, MONTHS, dtype=int)])
PARTS = 2
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """True counts of (parts, 4 atoms of places, months), and which sums of them are figures."""

    truth: Counts
    entered: Flags
    published: Flags
    broken_down: Flags

    def sums(self) -> Counts:
        """Shape (parts, places, periods)."""
        return np.einsum("pa,kam,tm->kpt", PLACES, self.truth, DURING)

    def told(self) -> tuple[Flags, Flags]:
        """Whose totals and whose parts are told."""
        parts = self.sums()
        totals = self._margins(parts.sum(axis=0, keepdims=True), self.entered)
        hidden, region = withheld(totals, SMALLEST)
        hidden_parts, _ = withheld(self._margins(parts, self.broken_down), SMALLEST, region)
        return self.entered & ~hidden, self.broken_down & ~hidden_parts

    def _margins(self, counts: Counts, entered: Flags) -> Margins:
        small = entered & is_small(counts, SMALLEST).any(axis=0)
        return Margins(PARENT, counts * entered, entered, self.published & entered, small)


def random_world(generator: np.random.Generator, *, published: bool, complete: bool) -> World:
    shape = PLACES.shape[0], DURING.shape[0]
    truth = generator.poisson(generator.gamma(0.7, 6.0, (PARTS, 4, 1)), (PARTS, 4, MONTHS))
    truth[:, 3] = truth[:, :, ACTIVE:] = 0
    entered = generator.random(shape) < generator.uniform(0.4, 1.0)
    if complete:
        entered = np.outer(generator.random(shape[0]) < 0.8, generator.random(2) < 0.8)
        entered = entered[:, [0] + [1] * 12]
    entered[:, 1 + ACTIVE :] = False
    broken_down = entered & (generator.random(shape) < generator.choice([0.6, 1.0]))
    chosen = generator.random(shape) < 0.15 if published else np.zeros(shape, bool)
    return World(truth, entered, entered & chosen, broken_down)


class Attacker:
    """Knows which totals and parts are told, and what they are."""

    def __init__(
        self, world: World, totals: Flags, parts: Flags, presumes: NDArray[np.bool_] | None
    ) -> None:
        sums = world.sums()
        each = np.eye(PARTS)
        rows = [self._row(at, np.ones(PARTS)) for at in np.argwhere(totals)]
        values = [sums[:, p, t].sum() for p, t in np.argwhere(totals)]
        for at in np.argwhere(parts):
            rows += [self._row(at, each[part]) for part in range(PARTS)]
            values += [sums[part, at[0], at[1]] for part in range(PARTS)]
        size = world.truth.size
        self.rows = np.array(rows).reshape(-1, size)
        self.values = np.array(values)
        possible = np.ones(world.truth.shape, bool) if presumes is None else presumes
        self.bounds = [(0, None if one else 0) for one in possible.ravel()]

    @staticmethod
    def _row(at: Any, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.einsum("k,a,m->kam", parts, PLACES[at[0]], DURING[at[1]]).ravel()

    def width(self, at: Any, parts: NDArray[np.float64]) -> float:
        """How far apart the least and the greatest count lie that fit."""
        goal = self._row(at, parts)
        return self._most(goal) + self._most(-goal)

    def _most(self, goal: NDArray[np.float64]) -> float:
        answer: Any = linprog(
            -goal, A_eq=self.rows, b_eq=self.values, bounds=self.bounds, method="highs"
        )
        if answer.status in (3, 4):  # unbounded, however HiGHS words it
            return float("inf")
        assert answer.status == 0, answer.message
        return -float(answer.fun)


def small_counts(world: World) -> list[tuple[Any, NDArray[np.float64], bool]]:
    """Figures and parts that nobody may compute: where, of which parts, whether of a total."""
    sums, ones = world.sums(), np.ones(PARTS)
    unpublished = ~world.published
    found: list[tuple[Any, NDArray[np.float64], bool]] = [
        (at, ones, True)
        for at in np.argwhere(world.entered & unpublished & is_small(sums.sum(axis=0), SMALLEST))
    ]
    for part in range(PARTS):
        small = world.broken_down & unpublished & is_small(sums[part], SMALLEST)
        found += [(at, np.eye(PARTS)[part], False) for at in np.argwhere(small)]
    return found


def narrowed(world: World, totals: Flags, parts: Flags, *, presumes: bool) -> tuple[int, int]:
    """How many small counts were attacked, and how many came out narrower than they may."""
    possible = None
    if presumes:
        possible = np.zeros(world.truth.shape, bool)
        possible[:, :3, :ACTIVE] = True
    attacker = Attacker(world, totals, parts, possible)
    from_published = Attacker(world, world.published, world.published & world.broken_down, possible)
    with_totals = Attacker(world, totals, world.published & world.broken_down, possible)
    found = small_counts(world)
    bad = 0
    for at, wanted, is_total in found:
        needed = float(SMALLEST)
        if world.published.any():
            published = from_published if is_total else with_totals
            needed = min(needed, published.width(at, wanted))
        bad += attacker.width(at, wanted) < needed - 1e-6
    return len(found), bad


@pytest.mark.parametrize("presumes", [False, True])
@pytest.mark.parametrize("published", [False, True])
def test_a_linear_program_narrows_no_withheld_count(published: bool, presumes: bool) -> None:
    generator = np.random.default_rng(20 + 2 * published + presumes)
    attacked = disclosed = told = 0
    for _ in range(24):
        world = random_world(generator, published=published, complete=presumes)
        totals, parts = world.told()
        found, bad = narrowed(world, totals, parts, presumes=presumes)
        attacked, disclosed = attacked + found, disclosed + bad
        told += totals.sum()
        assert (totals >= world.published).all()
    assert attacked > 120
    assert told > 60
    assert disclosed == 0


def test_the_attacker_would_find_counts_if_small_ones_alone_were_withheld() -> None:
    generator = np.random.default_rng(3)
    disclosed = 0
    for _ in range(10):
        world = random_world(generator, published=False, complete=True)
        sums = world.sums()
        totals = world.entered & ~is_small(sums.sum(axis=0), SMALLEST)
        parts = world.broken_down & totals & ~is_small(sums, SMALLEST).any(axis=0)
        disclosed += narrowed(world, totals, parts, presumes=True)[1]
    assert disclosed > 20


def of_totals(counts: dict[tuple[int, int], int], *published: tuple[int, int]) -> set[Any]:
    """Which of these totals are withheld; the key is the row and the period."""
    shape = PLACES.shape[0], DURING.shape[0]
    values, entered, marked = np.zeros((1, *shape), np.int64), *np.zeros((2, *shape), bool)
    for at, count in counts.items():
        values[0][at], entered[at], marked[at] = count, True, at in published
    hidden, _ = withheld(
        Margins(PARENT, values, entered, marked, entered & is_small(values[0], SMALLEST)), SMALLEST
    )
    return {tuple(at) for at in np.argwhere(hidden).tolist()}


def test_the_figures_that_hold_a_small_one_go_with_it() -> None:
    # By hand: 3 in February in a province of 2024; its year, the province made of it, the country.
    figures = {
        (3, 1): 20, (3, 2): 3, (3, 0): 23, (4, 2): 40, (1, 2): 43, (2, 2): 50, (0, 2): 93,
        (0, 1): 70,
    }  # fmt: skip
    assert of_totals(figures) == {(3, 2), (3, 0), (1, 2), (0, 2)}
    assert of_totals({at: 10 * count for at, count in figures.items()}) == set()


def test_what_is_left_beside_the_parts_counts_as_a_part() -> None:
    # 45 of the country, 42 of its provinces: 3 are of nobody who has entered a figure.
    assert of_totals({(0, 2): 45, (1, 2): 30, (2, 2): 12}) == {(0, 2)}
    assert of_totals({(0, 2): 42, (1, 2): 30, (2, 2): 12}) == set()
    # 2 are left of the year beside two months.
    assert of_totals({(2, 0): 32, (2, 1): 18, (2, 2): 12}) == {(2, 0)}


def test_a_published_total_stays_and_all_within_it_goes() -> None:
    figures = {(0, 2): 53, (1, 2): 50, (2, 2): 3, (2, 3): 30}
    assert of_totals(figures, (0, 2)) == {(1, 2), (2, 2)}
    assert of_totals(figures) == {(0, 2), (2, 2)}


def test_crossing_sums_do_not_tell_a_year_without_months() -> None:
    # 3 in a year of one province; the country's months less the other province would tell it.
    figures = {(1, 0): 3, (2, 0): 60, (0, 1): 30, (0, 2): 33}
    assert of_totals(figures) == {(1, 0), (0, 1), (0, 2)}
