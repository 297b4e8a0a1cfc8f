"""What an intervention did: laws, known effects that are found, and none where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.intervention import Design, Displacement, Panel, Verdict, effect, ring_of
from geo.analysis.weights import from_pairs
from tests.geo.analysis.interventions import World, released

COUNTRIES = 100


def share(verdicts: list[Verdict], wanted: Verdict) -> float:
    return verdicts.count(wanted) / len(verdicts)


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(mean=1.0, spread=3.0),
        World(mean=10.0, frailty=0.4),
        # Chosen because they were high: without controls alike, nearly all would seem to work.
        World(by_count=True),
        World(by_count=True, spread=0.3),
    ],
    ids=repr,
)
def test_where_nothing_was_done_the_interval_holds_one_as_often_as_it_says(world: World) -> None:
    found = [world.found(seed) for seed in range(COUNTRIES)]
    held = [one.changes[0].lower <= 1 <= one.changes[0].upper for one in found if one.changes]
    # Of 80 and more intervals of 95 %, fewer than 86 % hold in 1 of 1,000 such tests.
    assert len(held) > 80
    assert np.mean(held) > 0.86
    # By chance it errs to both sides, and to neither by more than an interval of 95 % may.
    verdicts = [one.verdict for one in found]
    assert share(verdicts, Verdict.FELL) < 0.08
    assert share(verdicts, Verdict.ROSE) < 0.08


def test_before_and_after_alone_would_have_seen_an_effect_where_high_counts_were_chosen() -> None:
    found = [World(by_count=True, spread=0.3).found(seed) for seed in range(40)]
    assert sum(one.tallies[0].after < 0.8 * one.tallies[0].before for one in found) > 30
    ratios = [one.changes[0].ratio for one in found if one.changes]
    assert np.median(ratios) == pytest.approx(1.0, abs=0.12)


@pytest.mark.parametrize(("ratio", "verdict"), [(0.3, Verdict.FELL), (3.0, Verdict.ROSE)])
def test_a_planted_effect_is_found_and_held(ratio: float, verdict: Verdict) -> None:
    world = World(mean=10.0, treated=8, ratio=ratio, everywhere=1.3)
    found = [world.found(seed) for seed in range(40)]
    assert share([one.verdict for one in found], verdict) > 0.9
    held = [one.changes[0].lower <= ratio <= one.changes[0].upper for one in found if one.changes]
    assert sum(held) >= 34


def test_a_change_of_the_size_called_detectable_is_found_as_often_as_said() -> None:
    known = World(mean=10.0, spread=0.2, treated=6)
    smallest = [one.fall for seed in range(20) if (one := known.found(seed).detectable)]
    planted = replace(known, ratio=float(np.median(smallest)))
    verdicts = [planted.found(1000 + seed).verdict for seed in range(60)]
    assert 0.6 < share(verdicts, Verdict.FELL) < 0.97


def test_displacement_and_diffusion_are_told_apart() -> None:
    world = World(mean=20.0, spread=0.0, treated=10, beside=10, ratio=0.3)
    moved = [replace(world, ring_ratio=1.7).found(seed) for seed in range(30)]
    spread = [replace(world, ring_ratio=0.5).found(seed) for seed in range(30)]
    neither = [world.found(seed) for seed in range(60)]
    assert [one.displacement for one in moved].count(Displacement.DISPLACED) > 26
    assert [one.displacement for one in spread].count(Displacement.BENEFITED) > 26
    assert [one.displacement for one in neither].count(Displacement.CANNOT_TELL) >= 52
    # All units were alike, and 0.7 of what was there came up in as many others.
    quotients = [one.spill.quotient for one in moved if one.spill and one.spill.quotient]
    assert np.median([one.value for one in quotients]) == pytest.approx(-1.0, abs=0.2)
    assert sum(one.lower <= -1.0 <= one.upper for one in quotients) > 25


def test_the_quotient_is_that_of_its_definition_and_needs_a_fall() -> None:
    panel, design = World(mean=20.0, treated=10, beside=10, ratio=0.3).make(
        np.random.default_rng(3)
    )
    found = effect(panel, design)
    assert found.spill
    assert found.spill.quotient
    (ours, ring, _), others = found.tallies, found.of_controls
    top = ring.after / others.after - ring.before / others.before
    bottom = ours.after / others.after - ours.before / others.before
    assert found.spill.quotient.value == pytest.approx(top / bottom)
    net = found.spill.prevented_treated.value + found.spill.prevented_ring.value
    assert found.spill.prevented_net.value == pytest.approx(net)
    nothing = World(treated=10, beside=10).found(3)
    assert nothing.spill
    assert (nothing.spill.quotient, nothing.displacement) == (None, None)


def test_few_events_cannot_tell_and_even_a_stop_would_not_be_seen() -> None:
    found = World(mean=0.3, treated=2, ratio=0.01).found(1)
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.detectable
    assert np.isnan(found.detectable.fall)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_populations_in_other_units_change_nothing(seed: int, factor: float) -> None:
    panel, design = World(units=60).make(np.random.default_rng(seed))
    first = effect(panel, design, 3, seed)
    again = effect(replace(panel, population=panel.population * factor), design, 3, seed)
    assert np.array_equal(first.controls, again.controls)
    assert first.changes == again.changes
    assert first.spill == again.spill


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_controls_are_nothing_that_was_touched_and_come_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    panel, design = World(units=80).make(rng)
    people = np.where(rng.random(80) < 0.1, np.nan, panel.population)
    barred = (rng.random(80) < 0.2) & ~design.treated
    border = rng.random(80) < 0.4
    panel = replace(panel, population=people, on_border=border)
    found = effect(panel, replace(design, barred=barred), 4)
    controls = found.controls.ravel()
    assert len(set(controls.tolist())) == len(controls)
    assert not (design.treated | design.ring | barred | np.isnan(people))[controls].any()
    assert not np.isnan(people)[found.matched].any()
    assert (border[found.controls] == border[found.matched][:, None]).all()
    assert not barred[found.ring].any()


def test_exact_counts_are_not_compared_with_rounded_ones() -> None:
    panel, design = World(units=200, treated=4, beside=0).make(np.random.default_rng(5))
    rounded = np.arange(200) % 2 == 0
    counts = [np.where(rounded, np.round(one / 6) * 6, one) for one in (panel.first, panel.second)]
    panel = replace(
        panel, first=counts[0], second=counts[1], stands_for=np.where(rounded, 6.0, 1.0)
    )
    found = effect(panel, design)
    assert (rounded[found.controls] == rounded[found.matched][:, None]).all()


@pytest.mark.parametrize("ratio", [1.0, 0.3])
def test_the_interval_of_rounded_counts_holds_what_was_before_they_were_rounded(
    ratio: float,
) -> None:
    world = World(mean=30.0, treated=8, ratio=ratio)
    held = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        panel, design = world.make(rng)
        found = effect(released(panel, 6, rng), design, 5, seed)
        assert found.changes
        held.append(found.changes[0].lower <= ratio <= found.changes[0].upper)
        exact = effect(panel, design, 5, seed)
        assert exact.changes
        widths = [np.log(one.upper / one.lower) for one in (exact.changes[0], found.changes[0])]
        assert widths[1] > 1.3 * widths[0]
    assert sum(held) >= 37


def test_without_candidates_nothing_is_said() -> None:
    panel, design = World(units=30, treated=20, beside=5).make(np.random.default_rng(1))
    found = effect(panel, design)
    assert (len(found.matched), found.changes, found.spill) == (0, None, None)
    assert found.verdict is Verdict.CANNOT_TELL


def test_the_ring_is_what_touches_and_was_not_treated() -> None:
    # 0 - 1 - 2 - 3 and 4 alone
    weights = from_pairs(5, {(0, 1), (1, 2), (2, 3)})
    treated = np.array([False, True, True, False, False])
    assert ring_of(weights, treated).tolist() == [True, False, False, True, False]


def test_the_same_seed_gives_the_same_digits() -> None:
    panel, design = World(mean=20.0, treated=10, ratio=0.3).make(np.random.default_rng(4))
    assert effect(panel, design, seed=7).spill == effect(panel, design, seed=7).spill
    assert effect(panel, design, seed=7).spill != effect(panel, design, seed=8).spill


def test_controls_are_those_nearest_in_what_they_were() -> None:
    # The treated unit had 4 + 1 events; unit 3 had the same sum the other way round.
    first = np.array([4.0, 4, 0, 1, 9])
    second = np.array([1.0, 1, 0, 4, 9])
    panel = Panel(
        first, second, first, np.full(5, 1_000.0), np.zeros(5, bool), np.ones(5), (180.0, 180.0)
    )
    treated = np.arange(5) == 0
    nothing = np.zeros(5, bool)
    assert effect(panel, Design(treated, nothing, nothing), 1).controls.tolist() == [[1]]
