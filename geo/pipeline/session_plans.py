"""Plans of sessions: the gaps of coverage, the posts of teams, and what is best to visit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.analysis.session_plan import SECONDS, Plan, Terms, plan_sessions
from geo.errors import InputError
from geo.pipeline.coverage import Coverage
from geo.store.outreach import CoverageUnit


@dataclass(frozen=True, slots=True)
class Post:
    """Where a team starts: a name, and a point in degrees."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A plan with what it was made of: `asked` are the numbers in `coverage` that it counts by.

    `posts` are where teams start, by code or coordinates, so many (`teams_per_post`) at each;
    `teams` are all of them.
    """

    coverage: Coverage
    asked: Sequence[int]
    posts: Sequence[str]
    teams_per_post: int
    teams: Sequence[Post]
    terms: Terms
    plan: Plan


def plan_for(
    coverage: Coverage,
    provinces: Sequence[CoverageUnit],
    posts: Sequence[str],
    teams_per_post: int,
    terms: Terms,
    seconds: float = SECONDS,
) -> SessionPlan:
    """Which units of those asked for to visit; need is the gap where risk is likely ahead.

    Args:
        coverage: what the plan is to mend.
        provinces: those of the same edition.
        posts: where teams start, each "longitude,latitude" or the code of a province or of a unit
            of the level; without any, the point of each province that holds units asked for.
        teams_per_post: how many teams start at each of them.

    Raises:
        InputError: a post is nowhere, or there is nothing to plan.
    """
    asked = coverage.asked
    units = [coverage.units[number] for number in asked]
    known = {one.code: one for one in (*coverage.units, *provinces)}
    names = posts or sorted({unit.province_code for unit in units})
    starts = [_post(name, known) for name in names for _ in range(teams_per_post)]
    plan = plan_sessions(
        np.array([(unit.lon, unit.lat) for unit in units]).reshape(-1, 2),
        coverage.gaps.need[asked],
        np.array([(start.lon, start.lat) for start in starts]).reshape(-1, 2),
        terms,
        seconds=seconds,
    )
    return SessionPlan(coverage, asked, names, teams_per_post, starts, terms, plan)


def _post(name: str, known: dict[str, CoverageUnit]) -> Post:
    if unit := known.get(name):
        return Post(unit.full_name, unit.lon, unit.lat)
    try:
        lon, lat = (float(part) for part in name.split(","))
    except ValueError:
        lon = lat = math.nan
    if abs(lon) <= 180 and abs(lat) <= 90:
        return Post(f"{lon:g}, {lat:g}", lon, lat)
    raise InputError(
        "plan.post",
        f"Không rõ nơi đóng quân “{name[:100]}” ở đâu. Hãy ghi kinh độ,vĩ độ, ví dụ 104.83,18.97,"
        f" hoặc mã tỉnh, mã đơn vị, ví dụ 40.",
        f"Nobody knows where the post “{name[:100]}” lies. Write longitude,latitude, such as"
        f" 104.83,18.97, or the code of a province or unit, such as 40.",
        post=name[:100],
    )
