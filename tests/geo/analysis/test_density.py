"""Kernel densities against sums one by one, against themselves, and against known answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.analysis import density
from geo.analysis.density import Field, Surface

CELL = 1_000.0
SHAPE = (24, 31)


def field(mass: NDArray[np.float64], coverage: NDArray[np.float64] | None = None) -> Field:
    """A field whose incidents all have a known place; without a coverage all cells are land."""
    return Field(mass, mass, np.ones_like(mass) if coverage is None else coverage, CELL)


def scattered(seed: int, size: int, coverage: NDArray[np.float64]) -> NDArray[np.float64]:
    """So many incidents on cells of the region, drawn at random."""
    rng = np.random.default_rng(seed)
    rows, columns = np.nonzero(coverage)
    drawn = rng.integers(0, len(rows), size)
    mass = np.zeros(coverage.shape)
    np.add.at(mass, (rows[drawn], columns[drawn]), 1)
    return mass


def coast(seed: int) -> NDArray[np.float64]:
    """A ragged region, whole and part cells, with the sea on one side and an island in it."""
    rng = np.random.default_rng(seed)
    coverage = np.zeros(SHAPE)
    for row, width in enumerate(rng.integers(6, 20, SHAPE[0])):
        coverage[row, :width] = 1
        coverage[row, width] = rng.integers(1, 16) / 16
    coverage[5:7, 25:28] = 0.5
    return coverage


def whole(surface: Surface, coverage: NDArray[np.float64]) -> float:
    """What a surface adds up to over its region."""
    return float((surface.per_km2 * coverage).sum() * CELL**2 / 1e6)


def one_by_one(
    given: Field, bandwidth_m: float, rounds: int = density.ROUNDS
) -> NDArray[np.float64]:
    """The fixed surface as a plain sum over pairs of cells, without a transform."""
    rows, columns = np.indices(given.mass.shape)
    reach = int(np.ceil(bandwidth_m / CELL))
    around = [
        max(0, 1 - (down**2 + right**2) * CELL**2 / bandwidth_m**2) ** 2
        for down in range(-reach, reach + 1)
        for right in range(-reach, reach + 1)
    ]
    places = list(zip(*np.nonzero(given.coverage), strict=True))
    covered = np.array([given.coverage[place] for place in places])
    mass = np.array([given.mass[place] for place in places])
    kernel = np.array(
        [
            np.maximum(
                1 - ((rows - row) ** 2 + (columns - column) ** 2) * CELL**2 / bandwidth_m**2, 0
            )[given.coverage > 0]
            ** 2
            for row, column in places
        ]
    ) / sum(around)
    weight = np.ones(len(places))
    for _ in range(rounds):
        weight = np.sqrt(weight / (kernel @ (weight * covered)))
    made = np.zeros(given.mass.shape)
    made[given.coverage > 0] = weight * (kernel @ (mass / (kernel @ (weight * covered))))
    return made / (CELL**2 / 1e6)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    size=st.integers(1, 60),
    bandwidth=st.floats(3_000, 15_000),
    adaptive=st.booleans(),
)
def test_no_incident_is_lost_at_the_edge(
    seed: int, size: int, bandwidth: float, adaptive: bool
) -> None:
    coverage = coast(seed)
    made = density.adaptive if adaptive else density.fixed
    surface = made(field(scattered(seed, size, coverage), coverage), bandwidth)
    assert whole(surface, coverage) == pytest.approx(size, rel=1e-9)
    assert surface.per_km2.min() >= 0
    assert not surface.per_km2[coverage == 0].any()


@pytest.mark.parametrize("bandwidth", [3_000.0, 4_700.0, 12_000.0])
def test_agrees_with_the_sum_one_by_one(bandwidth: float) -> None:
    coverage = coast(7)
    given = field(scattered(7, 25, coverage), coverage)
    expected = one_by_one(given, bandwidth)
    np.testing.assert_allclose(
        density.fixed(given, bandwidth).per_km2, expected, rtol=1e-9, atol=expected.max() * 1e-11
    )


def test_is_the_quartic_kernel_where_no_edge_is_near() -> None:
    # One incident, h = 20 km: 3 / (pi h2) in its place, (1 - 1/4)2 of it 10 km away, 0 from 20 km.
    mass = np.zeros((141, 141))
    mass[70, 70] = 1
    surface = density.fixed(field(mass), 20_000.0)
    peak = 3 / (np.pi * 20**2)
    assert surface.per_km2[70, 70] == pytest.approx(peak, rel=2e-3)
    assert surface.per_km2[70, 80] == pytest.approx(peak * 0.75**2, rel=2e-3)
    assert surface.per_km2[70, 90] == 0
    assert surface.under[70, 89] == pytest.approx(1)
    assert surface.under[70, 90] == 0


def test_the_coast_is_not_taken_for_a_place_without_incidents() -> None:
    coverage = np.zeros((40, 40))
    coverage[:, :20] = 1
    corrected = density.fixed(field(coverage * 2, coverage), 5_000.0).per_km2
    uncorrected = density.fixed(field(coverage * 2), 5_000.0).per_km2
    assert corrected[20, 10] == pytest.approx(2, rel=1e-3)
    # Half of the kernel is at sea, where nothing can happen.
    assert uncorrected[20, 19] < 1.25
    assert corrected[coverage > 0] == pytest.approx(2, rel=0.02)
    assert corrected[20, 20] == 0


def test_an_even_density_stays_even_whatever_the_region() -> None:
    for seed in range(4):
        coverage = coast(seed)
        made = density.fixed(field(coverage * 3, coverage), 6_500.0).per_km2
        assert made[coverage > 0] == pytest.approx(3, rel=0.01)


def test_adaptive_is_narrower_where_incidents_are_many() -> None:
    # Forty incidents in one place, and forty each in its own, 20 km from the next.
    mass = np.zeros((180, 120))
    mass[10:170:20, 10:110:20] = 1
    mass[90, 60] = 40
    given = field(mass)
    fixed, adaptive = (made(given, 9_000.0) for made in (density.fixed, density.adaptive))
    assert adaptive.per_km2[90, 60] > fixed.per_km2[90, 60] * 2
    assert adaptive.per_km2[30, 50] < fixed.per_km2[30, 50] / 2
    assert whole(adaptive, given.coverage) == pytest.approx(mass.sum())


def test_adaptive_is_abramson_by_hand() -> None:
    # Two lone places with 16 and 1 incidents: f is as 16 to 1, the geometric mean over incidents
    # 16^(16/17). So the lone one has h √(16^(16/17)) = 3.69 h, kept within 3 h and rounded to
    # 2^(4/3) h; the sixteen have h √(16^(-1/17)) = 0.92 h, rounded to h.
    mass = np.zeros((90, 90))
    mass[20, 20], mass[65, 65] = 16, 1
    made = density.adaptive(field(mass), 8_000.0)
    lone = np.zeros_like(mass)
    lone[65, 65] = 1
    expected = (
        density.fixed(field(mass - lone), 8_000.0).per_km2
        + density.fixed(field(lone), 8_000.0 * 2 ** (4 / 3)).per_km2
    )
    np.testing.assert_allclose(made.per_km2, expected, atol=1e-12)


def test_adaptive_of_an_even_field_is_the_fixed_one() -> None:
    mass = np.ones((30, 30))
    np.testing.assert_allclose(
        density.adaptive(field(mass), 6_000.0).per_km2,
        density.fixed(field(mass), 6_000.0).per_km2,
        rtol=1e-9,
    )


def test_nothing_gives_nothing() -> None:
    nothing = field(np.zeros(SHAPE))
    for made in (density.fixed, density.adaptive):
        assert not made(nothing, 5_000.0).per_km2.any()


def score_by_hand(given: Field, bandwidth_m: float) -> float:
    """The cross-validated likelihood, each incident really taken out and the surface made anew."""
    total = given.mass.sum()
    area = given.coverage.sum() * CELL**2 / 1e6
    told = []
    for row, column in zip(*np.nonzero(given.placed), strict=True):
        less = given.mass.copy()
        less[row, column] -= 1
        others = one_by_one(field(less, given.coverage), bandwidth_m, density.ROUNDS_TO_CHOOSE)[
            row, column
        ] / (total - 1)
        mixed = np.log((1 - 1 / total) * others + 1 / total / area)
        told += [mixed] * int(given.placed[row, column])
    return float(np.mean(told))


def test_the_score_is_the_likelihood_of_each_incident_left_out() -> None:
    coverage = coast(3)
    given = field(scattered(3, 18, coverage), coverage)
    widths = (3_000.0, 5_000.0, 9_000.0)
    choice = density.choose_bandwidth(given, widths)
    assert choice.scores == pytest.approx([score_by_hand(given, width) for width in widths])
    assert choice.bandwidth_m == widths[int(np.argmax(choice.scores))]


def test_the_choice_is_wide_for_chance_and_narrow_for_clusters() -> None:
    rng = np.random.default_rng(11)
    even, clustered = np.zeros((100, 100)), np.zeros((100, 100))
    np.add.at(even, tuple(rng.integers(0, 100, (2, 400))), 1)
    centres = rng.integers(10, 90, (8, 2))
    places = np.rint(centres[rng.integers(0, 8, 400)] + rng.normal(0, 2.5, (400, 2))).astype(int)
    np.add.at(clustered, tuple(np.clip(places, 0, 99).T), 1)
    widths = density.candidates(CELL)
    wide = density.choose_bandwidth(field(even), widths)
    narrow = density.choose_bandwidth(field(clustered), widths)
    # For normal clusters with a deviation of 2.5 km the best kernel is about as wide as they are.
    assert 3_000 <= narrow.bandwidth_m <= 9_000
    assert wide.bandwidth_m > 4 * narrow.bandwidth_m


def test_candidates_begin_at_three_cells() -> None:
    widths = density.candidates(1_000.0)
    assert (widths[0], widths[-1], len(widths)) == (3_000.0, 120_000.0, 12)
    assert list(widths) == sorted(widths)


def test_few_incidents_are_withheld_and_so_is_none() -> None:
    mass = np.zeros((60, 60))
    mass[20, 20], mass[20, 22], mass[50, 50] = 3, 2, 4
    given = field(mass)
    surface = density.fixed(given, 5_000.0)
    shown = ~density.withheld(surface, given.coverage, 5)
    # Shown where both of the first two places are less than 5 km away, and nowhere else.
    rows, columns = np.indices(mass.shape)
    near = [((rows - 20) ** 2 + (columns - column) ** 2 < 25) for column in (20, 22)]
    np.testing.assert_array_equal(shown, near[0] & near[1])
    assert not (~density.withheld(surface, given.coverage, 6)).any()
