"""What the protection of small counts costs: units without a figure, and how far off figures are.

    make bench

Over the demonstration data of twelve months: the share of communes with incidents whose count is
not told, and the error of the provinces' counts, for somebody who is responsible elsewhere and for
the public. The peer is the suppression of single cells below the threshold: what it hides, without
the further cells that it must hide so that totals give none away.
"""

import json
import sys
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import own_cluster  # noqa: E402

from geo.demo.loading import load_demo  # noqa: E402
from geo.pipeline import load_embedded_boundaries  # noqa: E402
from geo.pipeline.releases import PUBLIC, Audience, Releases  # noqa: E402
from geo.settings import Settings  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from geo.store.statistics import Selection, unit_counts  # noqa: E402

YEAR = date(2025, 11, 1), date(2026, 11, 1)


def main() -> None:
    """Print two JSON lines for each audience."""
    with own_cluster() as settings:
        migrate(settings.database_url)
        engine = create_engine(settings.database_url)
        load_embedded_boundaries(engine, settings)
        load_demo(engine)
        measure(engine, settings)
        engine.dispose()


def measure(engine: Engine, settings: Settings) -> None:
    """Hold what is told against the true counts."""
    releases = Releases(settings)
    audiences = (
        ("outside the own units", Audience(is_signed_in=True), settings.smallest_count),
        ("in public", PUBLIC, settings.smallest_public_count),
    )
    with transaction(engine) as connection:
        for name, audience, threshold in audiences:
            told, true = counts(connection, releases, audience, "commune")
            has_any = true > 0
            hidden = float(np.mean(told[has_any] == 0))
            suppressed = float(np.mean(true[has_any] < threshold))
            print_line(
                f"communes with incidents whose count is not told {name}", hidden, suppressed
            )
            told, true = counts(connection, releases, audience, "province")
            print_line(
                f"provinces: mean error of a year's count {name}, as a share of the mean count",
                float(np.abs(told - true).mean() / true.mean()),
                None,
            )


def counts(
    connection: Connection, releases: Releases, audience: Audience, level: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is told and what is true of the year, by unit."""
    selection = Selection("2025", level, *YEAR)
    told = releases.counts(connection, selection, "incidents", audience).counts
    true = unit_counts(connection, selection, "incidents")
    return np.array(told.values, float), np.array(true.values, float)


def print_line(name: str, value: float, peer: float | None) -> None:
    """One share as JSON."""
    line = {"name": name, "value": round(100 * value, 1), "unit": "%"}
    print(json.dumps(line | ({} if peer is None else {"peer": round(100 * peer, 1)})), flush=True)


if __name__ == "__main__":
    main()
