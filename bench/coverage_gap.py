"""The coverage gap and plans of sessions: time, and how far plans are from the best possible.

    .venv/bin/python bench/coverage_gap.py

3,321 real communes with incidents by population and a few hot ones, 200,000 sessions, one team at
the middle of each province. The processor's time is given beside the clock's, since other work on
the machine lengthens only the latter; one JSON line per figure. `greedy_share` is what choosing
visit by visit would have served of what the plan serves.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import geopandas
import numpy as np

ROOT = Path(__file__).parents[1]
COMMUNES = ROOT.parent / "shared" / "boundaries" / "vn-communes-2025.fgb"
sys.path.insert(0, str(ROOT))

from geo.analysis.coverage import Visits, gaps, reach  # noqa: E402
from geo.analysis.session_plan import Terms, plan_sessions  # noqa: E402

EVENTS = 200_000
PLANS = (
    Terms(50),
    Terms(200, travel_km=100),
    Terms(100, catchment_km=10),
    Terms(200, travel_km=80, catchment_km=15),
)
SECONDS = 60.0


def main() -> None:
    """Print one line for the gap, and one for each plan."""
    random = np.random.default_rng(20261127)
    units = geopandas.read_file(COMMUNES).sort_values("code", ignore_index=True)
    centroids = units.to_crs(32648).centroid.to_crs(4326)
    places = np.column_stack([centroids.x, centroids.y])
    people = np.maximum(units["population_2009"].fillna(0).to_numpy(float), 1_000.0)
    hot = np.where(random.random(len(people)) < 0.02, 8.0, 1.0)
    counts = random.poisson(2_500 * people / people.sum() * hot).astype(float)
    visits = Visits(
        random.integers(len(people), size=EVENTS) // 2,
        random.integers(2_000, size=EVENTS).astype(float),
        random.integers(20, 200, size=EVENTS).astype(float),
        np.ones(EVENTS),
        np.ones(EVENTS),
    )
    clock, processor = time.perf_counter(), time.process_time()
    found = gaps(counts, people, 365, reach(visits, people).per_1000)
    ended = time.perf_counter() - clock, time.process_time() - processor
    tell("coverage.gap", ended, units=len(people), events=EVENTS)
    provinces = units["province_code"].to_numpy()
    posts = np.array([places[provinces == one].mean(axis=0) for one in np.unique(provinces)])
    for terms in PLANS:
        clock, processor = time.perf_counter(), time.process_time()
        plan = plan_sessions(places, found.need, posts, terms, seconds=SECONDS)
        ended = time.perf_counter() - clock, time.process_time() - processor
        one_by_one = plan_sessions(places, found.need, posts, terms, seconds=0.0)
        tell(
            "coverage.plan",
            ended,
            sessions=terms.sessions,
            travel_km=terms.travel_km,
            catchment_km=terms.catchment_km,
            is_optimal=plan.is_optimal,
            served_of_bound=round(plan.served / plan.bound, 4),
            greedy_share=round(one_by_one.served / plan.served, 4),
        )


def tell(name: str, ended: tuple[float, float], **more: object) -> None:
    """One figure as a line of JSON, with the seconds of both clocks."""
    seconds = {"seconds": round(ended[0], 2), "processor_seconds": round(ended[1], 2)}
    print(json.dumps({"name": name, **seconds, **more}), flush=True)


if __name__ == "__main__":
    main()
