"""Incidents that are few in a month and a place, for tests of who is told their counts."""

from typing import Any

import numpy as np

# Môn Sơn on the border of Nghệ An and the communes around it, and Hà Nội.
POINTS = [
    (104.83, 18.97),
    (104.832, 19.069),
    (104.993, 18.834),
    (104.989, 18.995),
    (104.658, 18.961),
    (105.8342, 21.0278),
]
KINDS = ("rescue", "tip", "case150")
MONTHS = [f"2025-{month:02d}" for month in range(7, 13)]


def incidents() -> list[dict[str, Any]]:
    """About two hundred incidents, few in a month; some are known by the province alone."""
    generator = np.random.default_rng(5)
    rows: list[dict[str, Any]] = []
    for point in [*POINTS, None]:
        for month in MONTHS:
            for kind in KINDS:
                for _ in range(generator.poisson(1.8)):
                    number = len(rows) + 1
                    day = f"{month}-{generator.integers(1, 29):02d}T08:00:00+07:00"
                    rows.append(
                        {
                            "row_number": number,
                            "external_id": f"D-{number}",
                            "content_hash": str(number),
                            "lon": point and point[0],
                            "lat": point and point[1],
                            "kind": kind,
                            "occurred_from": day,
                            "occurred_to": day,
                            "precision": "exact" if point else "province",
                            "victims": int(generator.integers(0, 4)),
                            "stated_edition": None if point else "2025",
                            "stated_level": None if point else "province",
                            "stated_code": None if point else "40",
                        }
                    )
    return rows
