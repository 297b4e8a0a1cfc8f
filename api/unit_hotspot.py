"""What a hotspot run says of one unit, and why, as somebody may know it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.disclosure import Door
from api.space_time import cluster_evidence
from geo.analysis.explanation import (
    explain,
    explain_absence,
    explain_chance,
    explain_class,
    explain_counts,
    explain_stability,
)
from geo.analysis.hotspots import METHODS
from geo.analysis.space_time_explanation import (
    OF_THE_NEIGHBOURS,
    explain_category,
    explain_cluster,
    explain_since,
    since_month,
)
from geo.analysis.stability import FAMILIES
from geo.errors import Language
from geo.pipeline.hotspot_evidence import (
    evidence_of,
    expected_incidents,
    released_expectations,
)
from geo.store.hotspots import list_runs, result_of_unit, run_results
from geo.store.statistics import Selection

# What of a unit's result was computed from the counts of other units too.
COMPARISONS = ("expected", "neighbour_mean", "z", "p", "q", "quadrant", "trend_z", "trend_p")
# A course over time tells since when a class holds that ends with it, or within its last month.
AS_NEW = timedelta(days=31)


def hotspot_of_unit(
    connection: Connection,
    door: Door,
    unit: tuple[str, str, str],
    run: UUID | None,
    language: Language,
) -> dict[str, Any] | None:
    """The unit's class with its evidence and explanation; null where no run has the unit.

    Args:
        run: without one it is the newest standard run of Gi* of the whole country.
    """
    result = result_of_unit(connection, *unit, run, also_restricted=door.sees_all)
    if result is None:
        return None
    [result] = door.with_staleness(connection, [result])
    if door.sees_all:
        expected = expected_incidents(result)
    else:
        # What a unit is compared with are the counts of others.
        kinds = tuple(result["parameters"]["kinds"])
        days = result["period_from"], result["period_to"]
        counted = door.counts(connection, Selection(*unit[:2], *days, kinds), "incidents")
        incidents = dict(zip(counted.counts.codes, counted.shown, strict=True)).get(unit[2])
        is_own = door.is_own(connection, unit)
        expected = None
        if is_own:
            columns = run_results(connection, result["run_id"])
            released = released_expectations(result["parameters"], columns, counted)
            expected = released[unit[2]]
        result |= dict.fromkeys(COMPARISONS) | {"incidents": incidents}
        if not is_own:
            result["value"] = None
    counts = ""
    if result["class"] is not None and expected is not None:
        counts = explain_counts(result["incidents"], expected, language)
    explanation = _explanation(connection, result, door, counts, language)
    since = _since(connection, unit, result, door, language)
    told = {"expected_incidents": expected, "explanation": f"{explanation} {since}".strip()}
    shown = ("incidents", "population", "value", "neighbours", *COMPARISONS)
    names = (*shown, "class", "method", "run_id", "is_standard", "period_from", "period_to")
    known = {name: result[name] for name in (*names, "stale", "stale_reason")}
    return known | told | {"stability": _stability(result, language)}


def _stability(result: dict[str, Any], language: Language) -> dict[str, Any] | None:
    """Classes are for everybody, and so is how they hold; null for what nobody has examined."""
    if not result["variants"] or result["class"] is None:
        return None
    kept: dict[str, int] = {family: result[f"kept_{family}"] for family in FAMILIES}
    return {
        "kept": kept,
        "tried": result["variants"],
        "lowest": result["lowest_class"],
        "highest": result["highest_class"],
        "explanation": explain_stability(
            kept, result["variants"], language, is_scan=result["method"].startswith("scan_")
        ),
    }


def _explanation(
    connection: Connection,
    result: dict[str, Any],
    door: Door,
    counts: str,
    language: Language,
) -> str:
    """Why the unit is what it is, after the sentence on its counts, where that may be said."""
    if result["class"] is None:
        asked = result["parameters"]
        return explain_absence(
            language,
            border_only=asked["border_only"],
            lacks_population=not (result["population"] or asked["measure"] == "count"),
        )
    if result["method"] == "emerging":
        step = result["parameters"]["step_months"]
        begun = since_month(result["states"] or (), result["period_to"], step)
        since = begun if door.audience.is_signed_in else None
        category = explain_category(result["class"], language, since)
        alone = ""
        if counts and result["class"] > 0 and not result["incidents"]:
            alone = f" {OF_THE_NEIGHBOURS[language]}"
        chance = explain_chance(result["p"], result["q"], result["trend_p"], language)
        return f"{counts} {category}{alone} {chance}".strip()
    if result["method"].startswith("scan_"):
        cluster = explain_cluster(cluster_evidence(connection, result, door), language)
        return f"{counts} {cluster}".strip()
    if door.sees_all:
        return explain(evidence_of(result), language)
    return f"{counts} {explain_class(result['class'], language)}".strip()


def _since(
    connection: Connection,
    unit: tuple[str, str, str],
    result: dict[str, Any],
    door: Door,
    language: Language,
) -> str:
    """Since when a unit that is hot or cold now has been so, for who has signed in."""
    if not (door.audience.is_signed_in and result["class"] and result["method"] in METHODS):
        return ""
    edition, level, _ = unit
    runs = list_runs(
        connection,
        edition,
        level,
        is_standard=True,
        method="emerging",
        also_restricted=door.sees_all,
    )
    for run in runs:
        if (
            _is_of_the_same(run["parameters"], result["parameters"])
            and abs(run["period_to"] - result["period_to"]) <= AS_NEW
        ):
            course = result_of_unit(connection, *unit, run["id"], also_restricted=door.sees_all)
            states: list[int] = (course or {}).get("states") or []
            step = run["parameters"]["step_months"]
            month = since_month(states, run["period_to"], step)
            if month and states[-1] * result["class"] > 0:
                return explain_since(month, step, language, is_hot=result["class"] > 0)
            return ""
    return ""


def _is_of_the_same(course: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether two runs ask of the same units and incidents, and both of counts or of rates."""
    return (
        course["border_only"] == asked["border_only"]
        and sorted(course["kinds"]) == sorted(asked["kinds"])
        and (course["measure"] == "count") == (asked["measure"] == "count")
    )
