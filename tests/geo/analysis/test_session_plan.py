"""Plans of sessions: never beyond their limits, and as good as the best of all on small inputs."""

from collections import Counter
from itertools import combinations, product

import numpy as np
import pyproj
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.analysis.session_plan import NEED_UNIT, Plan, Terms, plan_sessions
from geo.errors import InputError

ELLIPSOID = pyproj.Geod(ellps="WGS84")
PATIENT = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def kilometres(left: np.ndarray, right: np.ndarray) -> float:
    return float(ELLIPSOID.inv(*left, *right)[2]) / 1_000


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, Terms]:
    """At most six units and two teams on a grid of a tenth of a degree, about 11 km."""
    cell = st.tuples(st.integers(0, 5), st.integers(0, 5))
    places = draw(st.lists(cell, min_size=1, max_size=6, unique=True))
    need = [draw(st.sampled_from([0.0, -0.7, 0.25, 0.5, 1.0, 1.5, 2.25])) for _ in places]
    posts = draw(st.lists(cell, min_size=1, max_size=2))
    terms = Terms(
        sessions=draw(st.integers(1, 4)),
        travel_km=draw(st.sampled_from([15.0, 30.0, 70.0])),
        per_team=draw(st.sampled_from([None, 1, 2])),
        catchment_km=draw(st.sampled_from([0.0, 12.0, 16.0])),
    )
    on_the_ground = [104 + 0.1 * np.array(some, float) - [0, 85] for some in (places, posts)]
    return on_the_ground[0], np.array(need), on_the_ground[1], terms


def served(places: np.ndarray, need: np.ndarray, sites: tuple[int, ...], reach_km: float) -> float:
    near = [
        any(kilometres(places[unit], places[site]) <= reach_km for site in sites)
        for unit in range(len(places))
    ]
    return float(np.maximum(need, 0)[near].sum())


def best_by_trying(places: np.ndarray, need: np.ndarray, posts: np.ndarray, terms: Terms) -> float:
    """The most need that any choice of sites, given to teams in any way, serves."""
    most = terms.most_of_team(len(posts))
    best = 0.0
    for size in range(1, min(terms.sessions, len(places)) + 1):
        for sites in combinations(range(len(places)), size):
            for teams in product(range(len(posts)), repeat=size):
                ways = [kilometres(posts[t], places[s]) for t, s in zip(teams, sites, strict=True)]
                if max(ways) <= terms.travel_km and max(Counter(teams).values()) <= most:
                    best = max(best, served(places, need, sites, terms.catchment_km))
                    break
    return best


@PATIENT
@given(problems())
def test_a_plan_keeps_its_limits_and_no_other_serves_more(
    problem: tuple[np.ndarray, np.ndarray, np.ndarray, Terms],
) -> None:
    places, need, posts, terms = problem
    best = best_by_trying(places, need, posts, terms)
    if best == 0:
        with pytest.raises(InputError):
            plan_sessions(places, need, posts, terms)
        return
    plan = plan_sessions(places, need, posts, terms)
    assert len(plan.visits) <= terms.sessions
    assert len({visit.unit for visit in plan.visits}) == len(plan.visits)
    by_team = Counter(visit.team for visit in plan.visits)
    assert max(by_team.values()) <= terms.most_of_team(len(posts))
    for visit in plan.visits:
        way = kilometres(posts[visit.team], places[visit.unit])
        assert way <= terms.travel_km
        assert visit.metres == pytest.approx(way * 1_000)
    sites = tuple(visit.unit for visit in plan.visits)
    assert plan.served == pytest.approx(served(places, need, sites, terms.catchment_km))
    assert plan.is_optimal
    assert plan.served == pytest.approx(best) == pytest.approx(plan.bound)
    assert plan.need == pytest.approx(np.maximum(need, 0).sum())
    assert plan == plan_sessions(places, need, posts, terms)


def line(*tenths: int) -> np.ndarray:
    return np.array([(105 + tenth / 10, 21.0) for tenth in tenths])


def visited(plan: Plan) -> list[tuple[int, int]]:
    return [(visit.team, visit.unit) for visit in plan.visits]


def test_of_equal_needs_the_nearer_and_then_the_first_is_visited() -> None:
    post = line(0)
    assert visited(plan_sessions(line(5, 2, -2), np.ones(3), post, Terms(1))) == [(0, 1)]
    assert visited(plan_sessions(line(-2, 2), np.ones(2), post, Terms(1))) == [(0, 0)]
    assert visited(plan_sessions(line(2, -2), np.ones(2), post, Terms(1))) == [(0, 0)]


def test_more_need_goes_before_a_shorter_way() -> None:
    plan = plan_sessions(line(1, 5), np.array([1.0, 1.0 + 2 * NEED_UNIT]), line(0), Terms(1))
    assert visited(plan) == [(0, 1)]


def test_teams_of_one_post_share_its_visits_evenly() -> None:
    plan = plan_sessions(line(1, 2, 3, 4), np.ones(4), line(0, 0), Terms(4))
    assert visited(plan) == [(0, 0), (0, 2), (1, 1), (1, 3)]


def test_need_is_told_within_the_travel_limit_and_altogether() -> None:
    plan = plan_sessions(line(1, 2, 40), np.array([1.0, 2.0, 4.0]), line(0), Terms(1))
    assert (plan.served, plan.within_need, plan.need) == pytest.approx((2.0, 3.0, 7.0))


def test_a_session_serves_the_units_around_and_none_is_held_in_vain() -> None:
    # Five in a row 10.4 km apart: from the second and fourth all five are served.
    row = line(0, 1, 2, 3, 4)
    plan = plan_sessions(row, np.ones(5), line(2), Terms(4, catchment_km=11))
    assert len(plan.visits) == 2
    assert plan.served_units == (0, 1, 2, 3, 4)
    assert plan.served == pytest.approx(5.0)


def test_need_that_is_unknown_is_none() -> None:
    plan = plan_sessions(line(1, 2), np.array([np.nan, 0.5]), line(0), Terms(2))
    assert visited(plan) == [(0, 1)]
    assert (plan.need, plan.within_need) == (0.5, 0.5)


NOTHING = np.zeros((0, 2))


@pytest.mark.parametrize(
    ("code", "places", "need", "posts", "terms"),
    [
        ("plan.no_team", line(1), [1.0], NOTHING, Terms(1)),
        ("plan.no_need", line(1, 2), [0.0, -1.0], line(0), Terms(1)),
        ("plan.no_need", NOTHING, [], line(0), Terms(1)),
        ("plan.out_of_reach", line(30), [1.0], line(0), Terms(1)),
        ("plan.terms", line(1), [1.0], line(0), Terms(0)),
        ("plan.terms", line(1), [1.0], line(0), Terms(1, travel_km=-3)),
        ("plan.terms", line(1), [1.0], line(0), Terms(1, catchment_km=-1)),
    ],
)
def test_what_cannot_be_planned_is_said_in_both_languages(
    code: str, places: np.ndarray, need: list[float], posts: np.ndarray, terms: Terms
) -> None:
    with pytest.raises(InputError) as raised:
        plan_sessions(places, np.array(need), posts, terms)
    assert raised.value.code == code
    assert raised.value.vi != raised.value.en


def test_without_time_a_plan_keeps_its_limits_and_says_that_it_may_not_be_the_best() -> None:
    places = np.array([(105 + x / 20, 21 + y / 20) for x in range(14) for y in range(14)])
    need = 1 + np.arange(len(places)) % 7 / 3
    terms = Terms(12, travel_km=60, per_team=5, catchment_km=9)
    plan = plan_sessions(places, need, places[[0, 100, 195]], terms, seconds=0.0)
    assert not plan.is_optimal
    assert len(plan.visits) == 12
    assert max(Counter(visit.team for visit in plan.visits).values()) <= 5
    assert 0 < plan.served <= plan.bound <= plan.need
