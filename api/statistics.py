"""Counts and rates for all units of a level: the map's main question."""

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Database, selection, tagged
from api.documentation import answers
from geo.analysis.rates import crude_rates
from geo.store.hotspots import populations
from geo.store.statistics import Measure, Selection, UnitCounts, unit_counts

router = APIRouter(tags=["statistics"])


@router.get(
    "/statistics",
    summary="One value for every unit of a level",
    responses=answers("statistics", 422),
)
def statistics(
    request: Request,
    connection: Database,
    wanted: Annotated[Selection, Depends(selection)],
    measure: Measure = "incidents",
) -> Response:
    """Compact columns `codes` and `values`; sum(values) + unassigned = total.

    A rate is per 100,000 inhabitants a year; it is null where the population is unknown, and has no
    total. Duplicates and cases found to be no trafficking do not count.
    """
    counts = unit_counts(connection, wanted, "incidents" if measure == "rate" else measure)
    content: dict[str, Any] = {
        "edition": wanted.edition,
        "level": wanted.level,
        "measure": measure,
        "codes": counts.codes,
        "values": counts.values,
        "unassigned": counts.unassigned,
        "total": counts.total,
    }
    if measure == "rate":
        people = populations(
            connection, wanted.edition, wanted.level, list(counts.codes), wanted.last.year
        )
        content |= {"values": _rates(counts, people, wanted), "total": None}
    return tagged(request, content)


def _rates(counts: UnitCounts, people: Any, wanted: Selection) -> list[float | None]:
    days = (wanted.last - wanted.first).days
    rates = crude_rates(np.array(counts.values, dtype=float), people, days)
    return [None if np.isnan(rate) else round(float(rate), 3) for rate in rates]
