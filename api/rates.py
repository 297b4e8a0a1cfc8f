"""Rates for all units of a level, smoothed, with the intervals that hold them."""

from datetime import timedelta
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from numpy.typing import NDArray
from starlette.responses import Response

from api.dependencies import (
    Database,
    Edition,
    Level,
    Period,
    check_level,
    incident_kinds,
    period,
    tagged,
)
from api.disclosure import PRIVATE, Counts, described
from api.documentation import answers
from geo import __version__
from geo.pipeline.smoothed_rates import CREDIBILITY, Reference, UnitRates, smoothed_rates
from geo.store.statistics import Selection

router = APIRouter(tags=["statistics"])


def chosen_incidents(
    edition: Edition,
    level: Level,
    days: Annotated[Period, Depends(period)],
    kinds: Annotated[tuple[str, ...], Depends(incident_kinds)],
) -> Selection:
    """Which incidents to count, and by which units."""
    check_level(edition, level)
    return Selection(edition, level, days.first, days.last, kinds)


@router.get(
    "/rates",
    summary="Smoothed rates of all units of a level, with credible intervals",
    responses=answers("rates", 404, 422),
)
def rates(
    request: Request,
    connection: Database,
    door: Counts,
    wanted: Annotated[Selection, Depends(chosen_incidents)],
    reference: Annotated[
        Reference, Query(description="What a unit is drawn towards: all units, or its neighbours")
    ] = "all",
    credibility: Annotated[
        float, Query(ge=0.5, le=0.999, description="Probability that an interval holds")
    ] = CREDIBILITY,
) -> Response:
    """Incidents per 100,000 inhabitants a year, as columns in the order of `codes`.

    `values` are empirical Bayes rates (Marshall 1991), between the crude rate (`crude`) and
    `reference_rates`; `own_share` is the part of the crude one in them. `lower` to `upper` holds
    the true rate with the credibility asked for (docs/methods/rates.md). Null is a unit without a
    known population.

    Incidents are exact in one's own units, elsewhere released as in /statistics (`protection`):
    intervals are then those of the least and the most that a count can stand for, and the period,
    `from` to `to`, is of whole months.
    """
    state = request.app.state
    found = smoothed_rates(
        connection, wanted, door.counts, state.neighbours, reference, credibility
    )
    parameters = {"reference": reference, "credibility": credibility, "kinds": list(wanted.kinds)}
    return tagged(request, _content(found) | {"parameters": parameters}, cache=PRIVATE)


def _content(found: UnitRates) -> dict[str, object]:
    smoothed, selection = found.smoothed, found.selection
    return {
        "edition": selection.edition,
        "level": selection.level,
        "from": selection.first,
        "to": selection.last - timedelta(days=1),
        "codes": found.codes,
        "values": _rounded(smoothed.rate),
        "lower": _rounded(smoothed.lower),
        "upper": _rounded(smoothed.upper),
        "crude": _rounded(found.crude),
        "reference_rates": _rounded(smoothed.reference),
        "own_share": _rounded(smoothed.own_share),
        "protection": described(found.released.protection, found.codes),
        "used": {"records": found.used},
        "left_out": found.left_out,
        "software_version": __version__,
        "data_fingerprint": found.data_fingerprint,
    }


def _rounded(column: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else round(value, 3) for value in column.tolist()]
