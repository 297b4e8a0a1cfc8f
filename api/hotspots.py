"""Hotspot runs, their results, and the ranking of the hottest units."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.dependencies import (
    Database,
    Edition,
    Level,
    Speech,
    tagged,
)
from api.disclosure import PRIVATE, Counts, Door, described
from api.documentation import answers
from api.space_time import cluster_feature
from geo.analysis.emerging import URGENCY
from geo.analysis.hotspots import MethodName
from geo.pipeline.releases import ReleasedCounts
from geo.store import hotspots as store
from geo.store.statistics import Selection

router = APIRouter(prefix="/hotspot-runs", tags=["hotspots"])
# What counts of this and of other units can be told from.
SCORES = ("value", "expected", "z", "p", "q", "trend_z")
# True sums of all units, and a digest that a guess at their counts can be held against.
OF_THE_COUNTRY = ("records_used", "records_left_out", "left_out", "data_fingerprint")


@router.get(
    "",
    summary="Runs, the newest first",
    responses=answers("hotspot_runs", 422),
)
def list_runs(
    request: Request,
    connection: Database,
    door: Counts,
    edition: Edition | None = None,
    level: Level | None = None,
    standard: Annotated[
        bool | None, Query(description="Only standard runs, or only others")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    method: MethodName | None = None,
) -> Response:
    """Each with its parameters, period, and fingerprints of the data and boundaries it read.

    `stale` is true where these no longer match what is stored: `stale_reason` says whether the
    boundaries were replaced (its classes belong to other polygons) or the data changed.
    `standard_at` is null for a run that a person asked for: it is listed for who has signed in. A
    run that tells of single incidents (`is_restricted`) is there for nobody but who is responsible
    for the whole country; for all others the fingerprint of the data and the numbers of records are
    null.
    """
    if not door.audience.is_signed_in:
        if standard is False:
            return tagged(request, [], cache=PRIVATE)
        standard = True
    runs = store.list_runs(
        connection, edition, level, standard, limit, method, also_restricted=door.sees_all
    )
    shown = [_run(run, door) for run in door.with_staleness(connection, runs)]
    return tagged(request, shown, cache=PRIVATE)


@router.get(
    "/{run_id}",
    summary="One run",
    responses=answers("hotspot_run", 404, 422),
)
def get_run(request: Request, connection: Database, door: Counts, run_id: UUID) -> Response:
    """All that is needed to compute it again, and whether that would give something else now."""
    [run] = door.with_staleness(connection, [_find(connection, door, run_id)])
    return tagged(request, _run(run, door), cache=PRIVATE)


@router.get(
    "/{run_id}/results",
    summary="Results of a run as columns",
    responses=answers("hotspot_results", 404, 422),
)
def results(request: Request, connection: Database, door: Counts, run_id: UUID) -> Response:
    """Of emerging hotspots a class is a category, -8 … 8, of a scan that of the unit's cluster.

    `stability` is the part of variants (other neighbours or circles, other periods, 5 % of records
    left out) in which a unit stays hot, cold or neither; null until the run was examined.

    The rank of the cluster is in `clusters`, 0 in none. Classes are for everybody, scores for who
    is responsible for the whole country: else null.

    Incidents are exact in one's own units, elsewhere released as in /statistics (`protection`).
    """
    found = _find(connection, door, run_id)
    columns = store.run_results(connection, run_id)
    protection = None
    if not door.sees_all:
        counted = door.counts(connection, _selection(found), "incidents")
        protection = counted.protection
        columns |= _protected(columns, counted)
    content = {
        "codes": columns["code"],
        "classes": columns["class"],
        "incidents": columns["incidents"],
        "values": _rounded(columns["value"]),
        "z": _rounded(columns["z"]),
        "q": _rounded(columns["q"], 4),
        "trend_z": _rounded(columns["trend_z"]),
        "clusters": columns["cluster_rank"],
        "stability": store.stability(connection, run_id),
        "period_from": found["period_from"],
        "period_to": found["period_to"] - timedelta(days=1),
        "parameters": found["parameters"],
        "protection": described(protection, columns["code"]),
    }
    return tagged(request, content, cache=PRIVATE)


@router.get(
    "/{run_id}/ranking",
    summary="The hottest units of a run",
    responses=answers("ranking", 404, 422),
)
def ranking(
    request: Request,
    connection: Database,
    door: Counts,
    run_id: UUID,
    border_only: Annotated[bool, Query(description="Only units on the land border")] = True,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Response:
    """By class, then by score; with a point and bounds to fly to.

    Emerging hotspots come by category: intensifying, new, consecutive, persistent, sporadic,
    oscillating, diminishing, historical.

    For who is not responsible for the whole country: by class, then by the incidents he may know,
    which are exact where `base` is null and else multiples of it, or null: less than `under`.
    """
    found = _find(connection, door, run_id)
    order = [int(hot) for hot in URGENCY] if found["method"] == "emerging" else [3, 2, 1]
    if door.sees_all:
        hot = store.ranking(connection, run_id, order, border_only=border_only, limit=limit)
        return tagged(
            request, [unit | {"base": None, "under": None} for unit in hot], cache=PRIVATE
        )
    hot = store.ranking(connection, run_id, order, border_only=border_only, limit=None)
    counted = door.counts(connection, _selection(found), "incidents")
    shown = _protected({"code": [unit["code"] for unit in hot]}, counted)
    told = [
        unit | dict.fromkeys(SCORES) | {name: column[place] for name, column in shown.items()}
        for place, unit in enumerate(hot)
    ]
    told.sort(
        key=lambda unit: (order.index(unit["class"]), -(unit["incidents"] or 0), unit["code"])
    )
    return tagged(request, told[:limit], cache=PRIVATE)


@router.get(
    "/{run_id}/clusters",
    summary="Clusters of a space-time scan as GeoJSON",
    responses=answers("hotspot_clusters", 404, 422),
)
def clusters(
    request: Request, connection: Database, door: Counts, run_id: UUID, language: Speech
) -> Response:
    """The likeliest first: a point at the centre, the units, the radius in metres and the days.

    For who is not responsible for the whole country figures are null, and `incidents` the sum of
    those that he may know in the days of the cluster; empty for runs of other methods.
    """
    run = _find(connection, door, run_id)
    features = [
        cluster_feature(connection, run, cluster, door, language)
        for cluster in store.clusters(connection, run_id)
    ]
    return tagged(request, {"type": "FeatureCollection", "features": features}, cache=PRIVATE)


def _find(connection: Connection, door: Door, run_id: UUID) -> dict[str, Any]:
    return store.get_run(connection, run_id, also_restricted=door.sees_all)


def _run(run: dict[str, Any], door: Door) -> dict[str, Any]:
    return run if door.sees_all else run | dict.fromkeys(OF_THE_COUNTRY)


def _selection(run: dict[str, Any]) -> Selection:
    """What a run counted."""
    kinds = tuple(run["parameters"]["kinds"])
    return Selection(run["edition"], run["level"], run["period_from"], run["period_to"], kinds)


def _protected(columns: dict[str, list[Any]], counted: ReleasedCounts) -> dict[str, list[Any]]:
    """What may be known of some units of a run, as columns in their order."""
    told = zip(counted.shown, counted.bases, counted.unders, strict=True)
    known = dict(zip(counted.counts.codes, told, strict=True))
    rows = [known.get(code, (None, None, None)) for code in columns["code"]]
    scores = {name: [None] * len(rows) for name in SCORES if name in columns}
    names = ("incidents", "base", "under")
    return scores | {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _rounded(values: list[float | None], digits: int = 3) -> list[float | None]:
    return [None if value is None else round(value, digits) for value in values]
