"""Clusters of a scan and spells of emerging hotspots, as somebody may see them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from api.disclosure import Door
from geo.analysis.space_time_explanation import ClusterEvidence, explain_cluster
from geo.dates import month_number
from geo.errors import Language
from geo.store import hotspots as store
from geo.store.statistics import Selection

# Of a cluster, for everybody; its figures can be told from the counts of its units.
PUBLIC = (
    "rank",
    "class",
    "centre",
    "full_name",
    "name_en",
    "parent_name",
    "members",
    "radius_m",
    "is_land_border",
    "bounds",
)
FIGURES = ("expected", "relative_risk", "ratio", "p", "gumbel_p", "recurrence_months")


def cluster_evidence(
    connection: Connection, result: dict[str, Any], door: Door
) -> ClusterEvidence | None:
    """The cluster that a unit lies in, or None.

    Args:
        result: of store.hotspots.result_of_unit, of a scan.
    """
    clusters = store.clusters(connection, result["run_id"])
    its_own = (one for one in clusters if one["rank"] == result["cluster_rank"])
    return next((_evidence(result, one, door) for one in its_own), None)


def cluster_feature(
    connection: Connection,
    run: dict[str, Any],
    cluster: dict[str, Any],
    door: Door,
    language: Language,
) -> dict[str, Any]:
    """A cluster as a GeoJSON feature, with its explanation."""
    days = {"period_from": cluster["period_from"], "period_to": _last_day(cluster)}
    figures = {name: cluster[name] if door.sees_all else None for name in FIGURES}
    place = None
    if cluster["lon"] is not None:
        place = {"type": "Point", "coordinates": [cluster["lon"], cluster["lat"]]}
    return {
        "type": "Feature",
        "id": cluster["rank"],
        "geometry": place,
        "properties": {name: cluster[name] for name in PUBLIC}
        | days
        | _incidents(connection, run, cluster, door)
        | figures
        | {"may_be_older": _may_be_older(run, cluster)}
        | {"explanation": explain_cluster(_evidence(run, cluster, door), language)},
    }


def _incidents(
    connection: Connection, run: dict[str, Any], cluster: dict[str, Any], door: Door
) -> dict[str, int | None]:
    """What may be known of the cluster's incidents; with a base, a sum with multiples of it."""
    if door.sees_all:
        return {"incidents": cluster["incidents"], "base": None}
    days = cluster["period_from"], cluster["period_to"]
    kinds = tuple(run["parameters"]["kinds"])
    counted = door.counts(
        connection, Selection(run["edition"], run["level"], *days, kinds), "incidents"
    )
    told = zip(counted.counts.codes, counted.shown, counted.bases, strict=True)
    members = set(cluster["members"])
    inside = [(count, base) for code, count, base in told if code in members]
    bases = [base for _, base in inside if base is not None]
    total = sum(count or 0 for count, _ in inside)
    return {"incidents": total or (None if bases else 0), "base": max(bases, default=None)}


def _may_be_older(run: dict[str, Any], cluster: dict[str, Any]) -> bool:
    """Whether the cluster's window begins where windows may begin at the earliest."""
    asked, first, after = run["parameters"], cluster["period_from"], cluster["period_to"]
    if weeks := asked.get("step_weeks"):
        is_longest = (after - first).days >= 7 * weeks * asked["longest"]
    else:
        months = month_number(after) - month_number(first)
        is_longest = months >= asked["step_months"] * asked["longest"]
    return bool(is_longest or first <= run["period_from"])


def _evidence(run: dict[str, Any], cluster: dict[str, Any], door: Door) -> ClusterEvidence:
    return ClusterEvidence(
        rank=cluster["rank"],
        hot_class=cluster["class"],
        members=len(cluster["members"]),
        first=cluster["period_from"],
        last=_last_day(cluster),
        may_be_older=_may_be_older(run, cluster),
        incidents=cluster["incidents"] if door.sees_all else None,
        expected=cluster["expected"] if door.sees_all else None,
        relative_risk=cluster["relative_risk"] if door.sees_all else None,
        p=cluster["p"] if door.sees_all else None,
        recurrence_months=cluster["recurrence_months"] if door.sees_all else None,
    )


def _last_day(cluster: dict[str, Any]) -> date:
    day: date = cluster["period_to"] - timedelta(days=1)
    return day
