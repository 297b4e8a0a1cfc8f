"""What an intervention did: how often the interval holds, what is found, and the time it takes.

    .venv/bin/python bench/intervention.py

1,000 made-up countries of 600 units for each line. Where nothing was done: the share of intervals
of 95 % that hold 1, and of verdicts; `naive_fell` is the share that before and after alone, by the
same interval and without controls, would have called a fall; then the same of counts that were
rounded for who is not responsible. Where something was done: the share found. Of displacement: the
share of intervals that hold the true quotient. At the end the seconds for the matching and all
intervals of a campaign of 200 among 3,321 units. One JSON line each.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.analysis.intervention import Effect, Verdict, effect  # noqa: E402
from geo.analysis.rate_ratio import Tally, rate_ratio  # noqa: E402
from tests.geo.analysis.interventions import World, released  # noqa: E402

COUNTRIES = 1_000
# Of what counts are multiples inside the system.
BASE = 6
NOTHING_DONE = (
    World(),
    World(mean=1.0, spread=3.0),
    World(mean=10.0, frailty=0.4),
    World(everywhere=2.0),
    World(by_count=True),
    World(by_count=True, spread=0.3),
)
DONE = tuple(World(mean=mean, ratio=ratio) for mean in (2.0, 10.0) for ratio in (0.3, 0.5))
MOVED = World(mean=20.0, spread=0.0, treated=10, beside=10, ratio=0.3, ring_ratio=1.7)
# So much, that the other side of the ratio does not matter.
CERTAIN = Tally(1e9, 1e9)


def main() -> None:
    """Print the lines."""
    for world in NOTHING_DONE:
        tell("intervention.nothing_done", world, nothing_done(countries(world)))
    for world in (World(mean=10.0), World(mean=10.0, by_count=True)):
        tell("intervention.rounded", world, nothing_done(countries(world, BASE)))
    for world in DONE:
        tell("intervention.done", world, done(world, countries(world)))
    tell("intervention.displacement", MOVED, displaced(countries(MOVED)))
    panel, design = World(units=3_321, treated=200, beside=400).make(np.random.default_rng(1))
    clock, processor = time.perf_counter(), time.process_time()
    effect(panel, design)
    seconds = {
        "seconds": round(time.perf_counter() - clock, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
    }
    print(json.dumps({"name": "intervention.campaign", "units": 3_321, "treated": 200, **seconds}))


def countries(world: World, base: int | None = None) -> list[Effect]:
    """What is found in those where the controls had events, with a base in rounded counts."""
    found = []
    for seed in range(COUNTRIES):
        rng = np.random.default_rng(seed)
        panel, design = world.make(rng)
        found.append(effect(released(panel, base, rng) if base else panel, design, 5, seed))
    return [one for one in found if one.changes]


def nothing_done(found: list[Effect]) -> dict[str, float]:
    """Shares where the truth is 1."""
    return {
        "held": share([one.changes[0].lower <= 1 <= one.changes[0].upper for one in found]),
        "fell": share([one.verdict is Verdict.FELL for one in found]),
        "rose": share([one.verdict is Verdict.ROSE for one in found]),
        "naive_fell": share([rate_ratio(one.tallies[0], CERTAIN).direction < 0 for one in found]),
    }


def done(world: World, found: list[Effect]) -> dict[str, float]:
    """Shares where the truth is a fall."""
    changes = [one.changes[0] for one in found]
    return {
        "held": share([one.lower <= world.ratio <= one.upper for one in changes]),
        "fell": share([one.verdict is Verdict.FELL for one in found]),
        "events_before": round(float(np.mean([one.tallies[0].before for one in found])), 1),
    }


def displaced(found: list[Effect]) -> dict[str, float]:
    """Shares where as much came up beside it as went away."""
    quotients = [one.spill.quotient for one in found if one.spill.quotient]
    return {
        "told": round(len(quotients) / COUNTRIES, 3),
        "held": share([one.lower <= -1 <= one.upper for one in quotients]),
        "displaced": share([one.upper < 0 for one in quotients]),
    }


def share(flags: list[bool]) -> float:
    """The part that is true."""
    return round(float(np.mean(flags)), 3)


def tell(name: str, world: World, figures: dict[str, float]) -> None:
    """One line; of the world what is not usual."""
    usual = asdict(World())
    unusual = {key: value for key, value in asdict(world).items() if value != usual[key]}
    print(json.dumps({"name": name, "world": unusual, **figures}), flush=True)


if __name__ == "__main__":
    main()
