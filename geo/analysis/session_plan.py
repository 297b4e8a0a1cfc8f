"""Which units to visit next: as much need as possible, within the reach of teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse, spatial

from geo.analysis.distance_weights import ELLIPSOID, chords
from geo.errors import InputError

# Needs are whole numbers of this part, so that what is best can be told from what is nearly so.
NEED_UNIT = 1e-4
# A place in the order of units weighs as a millimetre of way: it decides between equal ways alone.
ORDER_METRES = 1e-3
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan has to keep to.

    `sessions` are all that can be held, and `per_team` those of one team: without a number as many
    as make equal parts. A team goes at most `travel_km` from its post, and a session serves units
    up to `catchment_km` from where it is held: 0 is that unit alone. All distances are as the crow
    flies, on the ellipsoid WGS 84.
    """

    sessions: int
    travel_km: float = 60.0
    per_team: int | None = None
    catchment_km: float = 0.0

    def most_of_team(self, teams: int) -> int:
        """How many sessions a team can hold."""
        return self.per_team or -(-self.sessions // teams)


@dataclass(frozen=True, slots=True)
class Visit:
    """A session to hold: numbers of the unit and of the team, and the way in metres, one way."""

    unit: int
    team: int
    metres: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Visits, by team and unit, and how good they are.

    `served` is the need that the plan serves: of `need`, that of all units, and of `within_need`,
    that of units that a team can get to or serve from where it can. `bound` is the most that any
    plan could serve, and `is_optimal` false where the time was up before it was proved to be.
    """

    visits: tuple[Visit, ...]
    served_units: tuple[int, ...]
    served: float
    bound: float
    need: float
    within_need: float
    is_optimal: bool


def plan_sessions(
    places: NDArray[np.float64],
    need: NDArray[np.float64],
    posts: NDArray[np.float64],
    terms: Terms,
    *,
    seconds: float = SECONDS,
) -> Plan:
    """The visits that serve the most need; of equally good ones those with the shortest ways.

    The maximal covering location problem of Church & ReVelle (1974), with teams that hold so many
    sessions each, solved to the optimum by branch and bound (HiGHS: Huangfu & Hall 2018). Ways are
    added up one by one, out from the post: a plan is no route. Between equal ways the order of
    units and teams decides, so the same question has the same answer.

    Args:
        places: longitude and latitude of n units, shape (n, 2).
        need: of each unit, shape (n,); none where it is not positive, or NaN.
        posts: longitude and latitude of the teams, shape (teams, 2).
        terms: what the plan has to keep to.
        seconds: after which the best plan so far is the answer.

    Raises:
        InputError: there is no team, no need, or nothing that a team can get to.

    Source: Church & ReVelle (1974), Papers of the Regional Science Association 32, 101-118.
    """
    _check(need, posts, terms)
    model = _Model.of(places, need, posts, terms)
    if not len(model.site):
        raise InputError(
            "plan.out_of_reach",
            f"Không đội nào đến được đơn vị có nhu cầu trong vòng {terms.travel_km:g} km. Hãy tăng"
            f" quãng đường đi lại, hoặc thêm nơi đóng quân.",
            f"No unit in need lies within {terms.travel_km:g} km of any team. Raise the travel"
            f" limit, or add posts.",
        )
    best, bound, is_optimal = model.most_need(seconds)
    if is_optimal:
        best = model.shortest_ways(best, seconds)
    else:
        best = max(best, model.greedy(), key=model.served)
    chosen = np.flatnonzero(best)
    served = model.serves(chosen)
    visits = [
        Visit(int(unit), int(team), float(way))
        for unit, team, way in zip(
            model.site[chosen], model.team[chosen], model.metres[chosen], strict=True
        )
    ]
    visits = _dealt_out(visits, model.posts)
    return Plan(
        visits=tuple(sorted(visits, key=lambda visit: (visit.team, visit.unit))),
        served_units=tuple(served.tolist()),
        served=float(model.need[served].sum()) * NEED_UNIT,
        bound=bound * NEED_UNIT,
        need=float(model.need.sum()) * NEED_UNIT,
        within_need=float(model.need[model.units].sum()) * NEED_UNIT,
        is_optimal=is_optimal,
    )


@dataclass(frozen=True)
class _Model:
    """The problem as a mixed-integer programme.

    A column for each visit that is possible, `site` and `team` by number with the way in `metres`,
    and then one for each unit in need that one of them serves. Teams of one post are one team with
    the sessions of all: `posts` has the numbers of each. `need` are whole numbers, shape (n,).
    """

    site: NDArray[np.int64]
    team: NDArray[np.int64]
    metres: NDArray[np.float64]
    need: NDArray[np.int64]
    # By unit and site, where a session at the site serves the unit.
    serving: sparse.csr_array
    posts: Sequence[Sequence[int]]
    most_of_team: int
    sessions: int

    @classmethod
    def of(
        cls,
        places: NDArray[np.float64],
        need: NDArray[np.float64],
        posts: NDArray[np.float64],
        terms: Terms,
    ) -> "_Model":
        whole = np.rint(np.nan_to_num(np.maximum(need, 0)) / NEED_UNIT).astype(np.int64)
        serving = _serving(places, whole > 0, terms.catchment_km * 1_000)
        useful = np.flatnonzero(serving.sum(axis=0) > 0)
        at, numbers = np.unique(posts, axis=0, return_inverse=True)
        ways = _metres(at, places[useful])
        team, site = np.nonzero(ways <= terms.travel_km * 1_000)
        order = np.lexsort((team, site))
        team, site = team[order], site[order]
        return cls(
            site=useful[site],
            team=team.astype(np.int64),
            metres=ways[team, site],
            need=whole,
            serving=serving,
            posts=[np.flatnonzero(numbers.ravel() == one).tolist() for one in range(len(at))],
            most_of_team=terms.most_of_team(len(posts)),
            sessions=terms.sessions,
        )

    @cached_property
    def units(self) -> NDArray[np.int64]:
        """Units in need that a possible visit serves."""
        return np.flatnonzero(self.serving[:, np.unique(self.site)].sum(axis=1) > 0)

    @cached_property
    def limits(self) -> list[optimize.LinearConstraint]:
        """What every plan keeps to."""
        visits, columns = len(self.site), np.arange(len(self.site))
        ones = np.ones(visits)
        _, at = np.unique(self.site, return_inverse=True)
        once = sparse.csr_array((ones, (at.ravel(), columns)))
        by_team = sparse.csr_array((ones, (self.team, columns)), shape=(len(self.posts), visits))
        most = np.array([len(teams) * self.most_of_team for teams in self.posts], float)
        # A unit is served where at least one session is held that serves it.
        serving = self.serving[self.units][:, self.site]
        served = sparse.hstack([-serving, sparse.eye_array(len(self.units))], format="csr")
        all_visits = sparse.csr_array(ones[None, :])

        def of_visits(rows: sparse.csr_array, limit: float | NDArray[np.float64]) -> object:
            of_units = sparse.csr_array((rows.shape[0], len(self.units)))
            wide = sparse.hstack([rows, of_units], format="csr")
            return optimize.LinearConstraint(wide, ub=limit)

        return [
            of_visits(once, 1.0),
            of_visits(by_team, most),
            of_visits(all_visits, float(self.sessions)),
            optimize.LinearConstraint(served, ub=0.0),
        ]

    def most_need(self, seconds: float) -> tuple[NDArray[np.bool_], float, bool]:
        """Visits that serve the most need, the bound of any, and whether they are proved best."""
        found = self._solve(np.concatenate([np.zeros(len(self.site)), -self._weights]), seconds)
        if found.x is None:
            # No plan within the time: none is one, too.
            return np.zeros(len(self.site), bool), float(self._weights.sum()), False
        bound = float(np.floor(-found.mip_dual_bound + 1e-3))
        return self._visits(found), bound, found.status == 0

    def shortest_ways(self, best: NDArray[np.bool_], seconds: float) -> NDArray[np.bool_]:
        """Of the plans that serve as much as `best` the one with the shortest ways."""
        served = self.served(best)
        enough = optimize.LinearConstraint(
            sparse.csr_array(np.concatenate([np.zeros(len(self.site)), self._weights])[None, :]),
            lb=served - 0.5,
        )
        ways = self.metres.round() + ORDER_METRES * (1 + np.arange(len(self.site)))
        found = self._solve(np.concatenate([ways, np.zeros(len(self.units))]), seconds, enough)
        return best if found.x is None else self._visits(found)

    def greedy(self) -> NDArray[np.bool_]:
        """Visits chosen one by one, each the one that serves the most need yet unserved."""
        chosen = np.zeros(len(self.site), bool)
        free = np.array([len(teams) * self.most_of_team for teams in self.posts])
        unserved = self.need.astype(np.float64)
        for _ in range(self.sessions):
            gains = (unserved @ self.serving)[self.site] * (free[self.team] > 0)
            # Of equal gains the shorter way.
            best = int(np.lexsort((self.metres, -gains))[0])
            if gains[best] == 0:
                break
            chosen[best] = True
            free[self.team[best]] -= 1
            unserved[self.serves(np.array([best]))] = 0
        return chosen

    def served(self, chosen: NDArray[np.bool_]) -> int:
        """The need that some visits serve, in whole parts."""
        return int(self.need[self.serves(np.flatnonzero(chosen))].sum())

    def serves(self, visits: NDArray[np.int64]) -> NDArray[np.int64]:
        """The units in need that some visits, by number, serve."""
        sites = np.unique(self.site[visits])
        return np.flatnonzero(self.serving[:, sites].sum(axis=1) > 0)

    @property
    def _weights(self) -> NDArray[np.float64]:
        return self.need[self.units].astype(np.float64)

    def _visits(self, found: optimize.OptimizeResult) -> NDArray[np.bool_]:
        return np.asarray(found.x[: len(self.site)] > 0.5)

    def _solve(
        self, cost: NDArray[np.float64], seconds: float, *more: optimize.LinearConstraint
    ) -> optimize.OptimizeResult:
        # Whether a unit is served follows from whole visits.
        whole = np.concatenate([np.ones(len(self.site)), np.zeros(len(self.units))])
        return optimize.milp(
            cost,
            integrality=whole,
            bounds=optimize.Bounds(0, 1),
            constraints=[*self.limits, *more],
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )


def _check(need: NDArray[np.float64], posts: NDArray[np.float64], terms: Terms) -> None:
    if not len(posts):
        raise InputError(
            "plan.no_team",
            "Kế hoạch cần ít nhất một đội. Hãy ghi nơi đóng quân của các đội (post).",
            "A plan needs at least one team. Name the posts of the teams (post).",
        )
    if not np.any(np.nan_to_num(need) > NEED_UNIT / 2):
        raise InputError(
            "plan.no_need",
            "Không đơn vị nào có nguy cơ vượt độ phủ tuyên truyền trong lựa chọn này. Hãy chọn kỳ,"
            " cấp hoặc tỉnh khác.",
            "In no unit of this choice risk is ahead of reach. Choose another period, level or"
            " province.",
        )
    least = min(terms.sessions, terms.per_team or 1, terms.travel_km, terms.catchment_km + 1)
    if not least > 0:
        raise InputError(
            "plan.terms",
            "Số buổi, số buổi mỗi đội và quãng đường phải lớn hơn 0; phạm vi phục vụ không âm.",
            "Sessions, sessions of a team and the way must be above 0, the catchment not below.",
        )


def _serving(
    places: NDArray[np.float64], in_need: NDArray[np.bool_], metres: float
) -> sparse.csr_array:
    """By unit in need and by site, 1 where they lie so near; every unit is near to itself."""
    own = np.arange(len(places))
    unit, site = own, own
    if metres > 0:
        # A chord is never longer than its geodesic, so none is missed.
        pairs = spatial.cKDTree(chords(places)).query_pairs(metres, output_type="ndarray")
        ways = ELLIPSOID.inv(*places[pairs[:, 0]].T, *places[pairs[:, 1]].T)[2]
        near = pairs[np.asarray(ways) <= metres]
        unit = np.concatenate([own, near[:, 0], near[:, 1]])
        site = np.concatenate([own, near[:, 1], near[:, 0]])
    kept = in_need[unit]
    ones = np.ones(int(kept.sum()))
    return sparse.csr_array((ones, (unit[kept], site[kept])), shape=(len(places), len(places)))


def _metres(posts: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way from each post to each place on the ellipsoid, shape (posts, places)."""
    start, end = np.repeat(posts, len(places), axis=0), np.tile(places, (len(posts), 1))
    ways = np.asarray(ELLIPSOID.inv(*start.T, *end.T)[2], dtype=float)
    return ways.reshape(len(posts), len(places))


def _dealt_out(visits: list[Visit], posts: Sequence[Sequence[int]]) -> list[Visit]:
    """The visits of each post given to its teams: each takes the next in order, in turn."""
    taken = [0] * len(posts)
    dealt = []
    for visit in sorted(visits, key=lambda one: one.unit):
        teams = posts[visit.team]
        dealt.append(Visit(visit.unit, teams[taken[visit.team] % len(teams)], visit.metres))
        taken[visit.team] += 1
    return dealt
