"""What an attacker with all released counts can and cannot find out.

The linear program knows everything but the secret: the method, the order of the chain, the whole
sample, and that counts are not negative.
"""

from datetime import date
from itertools import accumulate, combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from geo.analysis.disclosure import Bases, Cells, Release, covered_months, protect, thin

THRESHOLD, PUBLIC_THRESHOLD = 5, 11
BASES = Bases.of(THRESHOLD, PUBLIC_THRESHOLD)
PLACES, MONTHS, KINDS = 5, 6, 3
NAMES = ["00001/40/1", "00001/40/2", "00002/40/2", "00003/40/2", "//40/"]
FIRST_MONTH = 2025 * 12
SECRETS = [bytes([number]) * 32 for number in range(24)]
World = NDArray[np.int64]  # incidents, shape (places, months, kinds)


def cells_of(world: World, victims: World | None = None) -> Cells:
    place, month, kind = np.nonzero(world)
    counts = world[place, month, kind]
    people = counts if victims is None else victims[place, month, kind]
    return Cells(place, month + FIRST_MONTH, kind, counts, people)


def releases_of(world: World, secret: bytes) -> tuple[Release, Release]:
    return protect(cells_of(world), NAMES, secret, BASES)


def table_of(release: Release, measure: str = "incidents") -> NDArray[np.int64]:
    """What is released, as an array like a world."""
    table = np.zeros((PLACES, MONTHS, KINDS), np.int64)
    where = release.place, release.month - FIRST_MONTH, release.kind
    np.add.at(table, where, getattr(release, measure))
    return table


def random_world(seed: int, mean: float = 0.7) -> World:
    generator = np.random.default_rng(seed)
    shares = generator.gamma(0.6, size=(PLACES, 1, KINDS))
    return generator.poisson(mean * shares * np.ones((1, MONTHS, 1)))


@pytest.mark.parametrize(
    ("threshold", "public", "bases"),
    [(5, 11, (6, 12)), (5, 12, (6, 18)), (7, 11, (8, 16)), (11, 11, (12, 12)), (20, 11, (21, 21))],
)
def test_the_public_base_is_a_multiple_of_the_one_inside(
    threshold: int, public: int, bases: tuple[int, int]
) -> None:
    found = Bases.of(threshold, public)
    assert (found.inside, found.public) == bases
    assert found.inside > threshold
    assert found.public > public


class TestLaws:
    """What holds whatever the counts and the secret."""

    worlds = st.lists(
        st.integers(0, 9), min_size=PLACES * MONTHS * KINDS, max_size=PLACES * MONTHS * KINDS
    ).map(lambda numbers: np.array(numbers).reshape(PLACES, MONTHS, KINDS))

    @settings(max_examples=60, deadline=None)
    @given(worlds, st.binary(min_size=32, max_size=32))
    def test_counts_of_a_place_over_months_are_off_by_less_than_the_base(
        self, world: World, secret: bytes
    ) -> None:
        for release in releases_of(world, secret):
            for begin, end in combinations(range(MONTHS + 1), 2):
                months = begin + FIRST_MONTH, end + FIRST_MONTH
                told = release.counts(months, (), "incidents", PLACES)
                true = world[:, begin:end].sum(axis=(1, 2))
                assert not (told % release.base).any()
                assert (np.abs(told - true) < release.base).all()

    @settings(max_examples=40, deadline=None)
    @given(worlds, st.binary(min_size=32, max_size=32))
    def test_nothing_is_told_where_there_is_nothing(self, world: World, secret: bytes) -> None:
        for release in releases_of(world, secret):
            assert not table_of(release)[world == 0].any()
            assert not table_of(release, "victims")[world == 0].any()

    @settings(max_examples=40, deadline=None)
    @given(worlds, st.permutations(range(30)))
    def test_the_order_of_rows_changes_nothing(self, world: World, order: list[int]) -> None:
        cells = cells_of(world)
        size = len(cells.place)
        mixed = np.array([number for number in order if number < size], np.int64)
        mixed = np.concatenate([mixed, np.setdiff1d(np.arange(size), mixed)])
        shuffled = Cells(*(getattr(cells, name)[mixed] for name in Cells.__slots__))
        for one, other in zip(
            protect(cells, NAMES, SECRETS[0], BASES),
            protect(shuffled, NAMES, SECRETS[0], BASES),
            strict=True,
        ):
            assert (table_of(one) == table_of(other)).all()
            assert (table_of(one, "victims") == table_of(other, "victims")).all()

    def test_answers_add_up_over_months_and_kinds(self) -> None:
        release, _ = releases_of(random_world(1, 3.0), SECRETS[1])
        whole = release.counts((FIRST_MONTH, FIRST_MONTH + MONTHS), (), "incidents", PLACES)
        parts = [
            release.counts(
                (FIRST_MONTH + month, FIRST_MONTH + month + 1), (kind,), "incidents", PLACES
            )
            for month in range(MONTHS)
            for kind in range(KINDS)
        ]
        assert (sum(parts) == whole).all()

    def test_another_secret_tells_something_else(self) -> None:
        world = random_world(2, 2.0)
        tables = {table_of(releases_of(world, secret)[0]).tobytes() for secret in SECRETS}
        assert len(tables) > len(SECRETS) / 2

    def test_on_average_over_secrets_the_counts_are_true(self) -> None:
        # Four standard errors: a count of x by single incidents has the variance x (base - x).
        world = np.zeros((PLACES, MONTHS, KINDS), np.int64)
        world[2, 1, 0], world[3, 4, 2] = 4, 7
        draws = 1_000
        sums = np.zeros((2, 2, 2))
        for number in range(draws):
            for side, release in enumerate(releases_of(world, number.to_bytes(32, "big"))):
                for row, measure in enumerate(("incidents", "victims")):
                    table = table_of(release, measure)
                    sums[side, row] += table[2, 1, 0], table[3, 4, 2]
        error = 4 * np.sqrt(np.array([4, 7]) * 12 / draws) * 2
        assert (np.abs(sums / draws - [4, 7]) < error).all()


def test_every_sixth_is_taken_from_the_start_on() -> None:
    # By hand: from a start of 3 the totals 2, 5, 6, 12 reach 5, 8, 9, 15: 6 and 12 are passed.
    taken = thin(np.zeros(4, np.int64), np.array([2, 3, 1, 6]), np.array([3.0]), 6)
    assert taken.tolist() == [0, 1, 0, 1]


def test_periods_are_whole_months() -> None:
    august = 2025 * 12 + 7
    assert covered_months(date(2025, 8, 1), date(2025, 9, 1)) == (august, august + 1)
    assert covered_months(date(2025, 8, 10), date(2025, 9, 20)) == (august, august + 2)
    assert covered_months(date(2025, 8, 3), date(2025, 8, 4)) == (august, august + 1)
    assert covered_months(date(2025, 8, 30), date(2025, 8, 31)) == (august, august + 1)


class Attacker:
    """Knows a release and the method, and asks the linear program what counts fit.

    Variables are the counts of one place by month and kind in their order, and the secret start. Of
    each running total the release tells between which multiples of the base it lies.
    """

    def __init__(self, release: Release, place: int) -> None:
        self.taken = table_of(release)[place].ravel() // release.base
        self.stops = np.repeat(np.arange(len(self.taken)), self.taken).tolist()
        self.base = release.base
        size, base = len(self.taken), release.base
        upto = np.hstack([np.tril(np.ones((size, size))), np.ones((size, 1))])
        reached = base * np.cumsum(self.taken)
        self.rows = np.vstack([upto, -upto])
        self.limits = np.concatenate([reached + base - 1, -reached])
        self.bounds = [(0, None)] * size + [(0, base - 1)]

    def interval(self, asked: NDArray[np.bool_]) -> tuple[float, float]:
        """The least and greatest count of the atoms asked for, shape (months, kinds)."""
        goal = np.append(asked.ravel().astype(float), 0.0)
        ends = [sign * self._least(sign * goal) for sign in (1, -1)]
        return ends[0], ends[1]

    def proved(self, asked: NDArray[np.bool_]) -> tuple[int, int]:
        """The same ends, without a linear program, from the gaps between incidents taken.

        A gap between two of them has base - 1 others, anywhere from the one to the other; those
        before the first and after the last have at most as many.
        """
        wanted, rest = asked.ravel().tolist(), self.base - 1
        upto = [0, *accumulate(wanted)]
        least = most = sum(wanted[stop] for stop in self.stops)
        for number, (begin, end) in enumerate(pairwise([0, *self.stops, len(wanted) - 1])):
            inside = upto[end + 1] - upto[begin]
            most += rest * (inside > 0)
            is_between = 0 < number < len(self.stops)
            least += rest * (is_between and inside == end + 1 - begin)
        return least, most

    def _least(self, goal: NDArray[np.float64]) -> float:
        answer: Any = linprog(
            goal, A_ub=self.rows, b_ub=self.limits, bounds=self.bounds, method="highs"
        )
        assert answer.status == 0, answer.message
        return float(answer.fun)


def selections(generator: np.random.Generator) -> list[NDArray[np.bool_]]:
    """Single months and kinds, windows of months with sets of kinds, and any selection."""
    shape = MONTHS, KINDS
    chosen = [np.ones(shape, bool)]
    for _ in range(4):
        single, window = np.zeros(shape, bool), np.zeros(shape, bool)
        single[tuple(generator.integers(shape))] = True
        begin, end = sorted(generator.choice(MONTHS + 1, 2, replace=False))
        window[begin:end, generator.random(KINDS) < 0.6] = True
        free = generator.random(shape) < generator.random()
        chosen += [single, window, free, ~free]
    return [one for one in chosen if one.any()]


@pytest.mark.parametrize("mean", [0.3, 1.0, 4.0])
def test_a_linear_program_narrows_no_count_below_the_threshold(mean: float) -> None:
    generator = np.random.default_rng(int(mean * 10))
    asked = small = 0
    for seed, secret in enumerate(SECRETS[:2]):
        world = random_world(seed, mean)
        for release, threshold in zip(
            releases_of(world, secret), (THRESHOLD, PUBLIC_THRESHOLD), strict=True
        ):
            for place in (1, 2, 3):
                attacker = Attacker(release, place)
                for wanted in selections(generator):
                    least, most = attacker.interval(wanted)
                    true = world[place][wanted].sum()
                    assert least - 1e-6 <= true <= most + 1e-6
                    assert most - least > threshold - 1e-6, (least, most, true)
                    # The bounds of the proof in docs/methods/disclosure.md are the sharpest ones.
                    assert (least, most) == pytest.approx(attacker.proved(wanted))
                    asked += 1
                    small += 0 < true < threshold
    assert asked > 150
    assert small > 8


def test_the_linear_program_would_find_counts_rounded_each_on_its_own() -> None:
    # The attacker has teeth: two communes of 5 each are rounded down, their province of 10 up.
    base, variables = 6, ["one", "other"]
    bounds = [(0, base - 1)] * len(variables)
    province = base * 2 - (base - 1)
    least = linprog([1, 0], A_ub=[[-1, -1]], b_ub=[-province], bounds=bounds, method="highs").fun
    assert base - 1 - least < THRESHOLD


def test_ten_thousand_pairs_of_questions_disclose_nothing() -> None:
    """Differences of nested, adjoining and overlapping questions against the proved bounds."""
    generator = np.random.default_rng(11)
    disclosed = pairs = small = 0
    for seed, secret in enumerate(SECRETS[:10]):
        world = random_world(seed, 0.5)
        for release, threshold in zip(
            releases_of(world, secret), (THRESHOLD, PUBLIC_THRESHOLD), strict=True
        ):
            told = table_of(release)
            attackers = [Attacker(release, place) for place in range(PLACES)]
            for _ in range(600):
                first, second = random_question(generator), random_question(generator)
                if generator.random() < 0.5:
                    second &= first  # nested
                more, less = first & ~second, second & ~first
                if not more.any():
                    continue
                difference = answer_to(release, first) - answer_to(release, second)
                assert difference == told[more].sum() - told[less].sum()
                bounds = [
                    attacker.proved(more[place])
                    for place, attacker in enumerate(attackers)
                    if more[place].any()
                ]
                least, most = (sum(ends) for ends in zip(*bounds, strict=True))
                true = world[more].sum()
                assert least <= true <= most
                disclosed += most - least < threshold
                small += 0 < true < threshold
                pairs += 1
    assert pairs >= 10_000
    assert small > 1_000
    assert disclosed == 0


def random_question(generator: np.random.Generator) -> NDArray[np.bool_]:
    """Some places (units of either edition), a window of months, some kinds."""
    asked = np.zeros((PLACES, MONTHS, KINDS), bool)
    begin, end = sorted(generator.choice(MONTHS + 1, 2, replace=False))
    kinds = np.flatnonzero(generator.random(KINDS) < 0.6)
    places = np.flatnonzero(generator.random(PLACES) < 0.5)
    asked[np.ix_(places, range(begin, end), kinds)] = True
    return asked


def answer_to(release: Release, asked: NDArray[np.bool_]) -> int:
    """What the release answers, asked as the routes ask it."""
    if not asked.any():
        return 0
    places, months, kinds = (np.unique(found) for found in np.nonzero(asked))
    window = int(months[0]) + FIRST_MONTH, int(months[-1]) + FIRST_MONTH + 1
    counts = release.counts(window, kinds.tolist(), "incidents", PLACES)
    return int(counts[places].sum())


def test_asking_again_and_in_other_phases_gains_nothing() -> None:
    """One incident more or less in a place changes nothing that is told of the others."""
    world = random_world(3, 1.0)
    release, public = releases_of(world, SECRETS[3])
    again, again_public = releases_of(world.copy(), SECRETS[3])
    assert (table_of(release) == table_of(again)).all()
    assert (table_of(public) == table_of(again_public)).all()
    for more in range(1, BASES.public):
        other = world.copy()
        other[2, 0, 0] += more
        changed, _ = releases_of(other, SECRETS[3])
        same = np.arange(PLACES) != 2
        assert (table_of(changed)[same] == table_of(release)[same]).all()


def test_the_public_sample_tells_nothing_beyond_the_one_inside() -> None:
    """Whatever is taken in public is taken inside: who sees both sees the latter twice."""
    for seed, secret in enumerate(SECRETS):
        inside, public = (table_of(one) for one in releases_of(random_world(seed, 3.0), secret))
        both = inside // BASES.inside, public // BASES.public
        assert (both[1] <= both[0]).all()
        # Two worlds that look alike inside look alike in public, given the secret.
        place, month, kind = np.argwhere(inside == 0)[0]
        assert public[place, month, kind] == 0


def test_victims_are_told_of_what_is_taken_alone() -> None:
    """Victims of incidents that were not taken leave no trace: another number tells the same."""
    world = random_world(5, 1.5)
    victims = world * 2
    release, _ = protect(cells_of(world, victims), NAMES, SECRETS[5], BASES)
    untaken = (table_of(release) == 0) & (world > 0)
    assert untaken.any()
    other, public = protect(
        cells_of(world, np.where(untaken, 99, victims)), NAMES, SECRETS[5], BASES
    )
    assert (table_of(other, "victims") == table_of(release, "victims")).all()
    assert not table_of(public, "victims")[table_of(public) == 0].any()


def test_a_part_of_the_places_is_what_was_released_of_them() -> None:
    release, _ = releases_of(random_world(7, 3.0), SECRETS[7])
    part = release.of_places(np.array([1, 3]))
    expected = table_of(release)
    expected[[0, 2, 4]] = 0
    assert (table_of(part) == expected).all()
