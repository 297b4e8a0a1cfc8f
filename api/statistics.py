"""Counts and rates for all units of a level: the map's main question."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Request
from numpy.typing import NDArray
from starlette.responses import Response

from api.dependencies import Database, selection, tagged
from api.disclosure import PRIVATE, Counts, described
from api.documentation import answers
from geo.analysis.rates import crude_rates
from geo.pipeline.observed import days_observed, observed
from geo.store.hotspots import populations
from geo.store.statistics import Measure, Selection

router = APIRouter(tags=["statistics"])


@router.get(
    "/statistics",
    summary="One value for every unit of a level",
    responses=answers("statistics", 404, 422),
)
def statistics(
    request: Request,
    connection: Database,
    door: Counts,
    wanted: Annotated[Selection, Depends(selection)],
    measure: Measure = "incidents",
) -> Response:
    """Compact columns `codes` and `values`, and by code what falls on a unit in part.

    `apportioned` comes on top of `values`: a record known only by a district that was parted
    falls on each of its communes by their inhabitants. sum(values) + sum(apportioned) + unassigned
    = total, whatever the level and the edition, up to the rounding of the parts to 0.001.

    `border_band` and `neighbour` count records whose point lies there, and no other.

    A rate is per 100,000 inhabitants a year; it is null where the population is unknown, and has no
    total. Duplicates and cases found to be no trafficking do not count.

    Who is not responsible for all units finds in `protection` which counts are `exact`; the others
    are rounded at random to multiples of `base` and count whole months, `from` to `to`. Null stands
    for few or none: less than `under`, but in `parted` units. Without a sign-in the public base
    holds. Near the border nothing is told of units that are not one's own: `total` and `unassigned`
    are null then.
    """
    if measure == "rate":
        first, last = observed(connection, wanted.first, wanted.last)
        wanted = replace(wanted, first=first, last=last)
    released = door.counts(connection, wanted, "incidents" if measure == "rate" else measure)
    counts, protection = released.counts, released.protection
    # Of what is held back altogether a sum would say that there is nothing.
    is_summed = protection is None or not wanted.is_by_border
    content: dict[str, Any] = {
        "edition": wanted.edition,
        "level": wanted.level,
        "measure": measure,
        "codes": counts.codes,
        "values": released.shown,
        "apportioned": _rounded(counts.apportioned),
        "unassigned": _plain(counts.unassigned) if is_summed else None,
        "total": counts.total if is_summed else None,
        "protection": described(protection, counts.codes),
    }
    if measure == "rate":
        people = populations(
            connection, wanted.edition, wanted.level, list(counts.codes), wanted.last.year
        )
        values = np.array(released.shown, dtype=float)
        days = np.full(len(values), days_observed(wanted.first, wanted.last))
        if protection:
            days[~protection.is_exact] = days_observed(protection.first, protection.last)
        parts = np.array([counts.apportioned.get(code, 0.0) for code in counts.codes])
        of_parts = zip(counts.codes, _rates(parts, people, days), strict=True)
        content |= {
            "values": _rates(values, people, days),
            "apportioned": _rounded({code: rate for code, rate in of_parts if rate is not None}),
            "total": None,
        }
    return tagged(request, content, cache=PRIVATE)


def _rates(
    counts: NDArray[np.float64], people: NDArray[np.float64], days: NDArray[np.int64]
) -> list[float | None]:
    rates = crude_rates(counts, people, days)
    return [None if np.isnan(rate) else round(float(rate), 3) for rate in rates]


def _rounded(parts: Mapping[str, float]) -> dict[str, float]:
    rounded = {code: round(part, 3) for code, part in parts.items()}
    return {code: part for code, part in sorted(rounded.items()) if part}


def _plain(count: float) -> float | int:
    return int(count) if count.is_integer() else count
