"""Administrative units, and all that is known of one."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.dependencies import Database, Edition, Level, Speech, check_level, tagged
from api.disclosure import PRIVATE, Counts, Door
from api.documentation import answers
from api.space_time import cluster_evidence
from geo.analysis.explanation import (
    Evidence,
    explain,
    explain_class,
    explain_counts,
    explain_stability,
)
from geo.analysis.rates import DAYS_PER_YEAR, PER
from geo.analysis.space_time_explanation import (
    OF_THE_NEIGHBOURS,
    explain_category,
    explain_cluster,
    since_month,
)
from geo.analysis.stability import FAMILIES
from geo.errors import Language
from geo.pipeline.releases import ReleasedCounts
from geo.store import units as store
from geo.store.hotspots import get_run, result_of_unit, run_results
from geo.store.statistics import MonthCount, Selection

router = APIRouter(prefix="/units", tags=["units"])
# What of a unit's result was computed from the counts of other units too.
COMPARISONS = ("expected", "neighbour_mean", "z", "p", "q", "quadrant", "trend_z", "trend_p")


@router.get(
    "",
    summary="Units of a level, without geometry",
    responses=answers("units", 422),
)
def find(
    request: Request,
    connection: Database,
    edition: Edition = "2025",
    level: Level = "commune",
    land_border: Annotated[bool | None, Query(description="On the land border")] = None,
    parent: Annotated[str | None, Query(pattern="^[0-9]{2,3}$", examples=["40"])] = None,
    neighbour: Literal["CHN", "LAO", "KHM"] | None = None,
    name: Annotated[
        str | None,
        Query(alias="q", max_length=100, description="Part of the name", examples=["mon son"]),
    ] = None,
) -> Response:
    """Names are found with or without tone marks.

    `border_m` and `gate_m` are metres from the unit's nearest edge, 0 on the land border, to the
    border and to the nearest of the gates whose position is known; both are null in Hoàng Sa and
    Trường Sa.
    """
    check_level(edition, level)
    if parent:
        store.require_parent(connection, edition, level, parent)
    found = store.find_units(
        connection,
        edition,
        level,
        land_border=land_border,
        parent=parent,
        neighbour=neighbour,
        name=name,
    )
    content = {"edition": edition, "level": level, "count": len(found), "units": found}
    return tagged(request, content)


@router.get(
    "/{edition}/{level}/{code}",
    summary="One unit: figures, trend, and why it is hot",
    responses=answers("unit", 404, 422),
)
def detail(
    request: Request,
    connection: Database,
    language: Speech,
    door: Counts,
    edition: Edition,
    level: Level,
    code: str,
    run: Annotated[
        UUID | None, Query(description="Hotspot run that explains it; else the newest standard one")
    ] = None,
) -> Response:
    """The explanation comes in the language of Accept-Language.

    Outside the units that one is responsible for counts are multiples of `base`, null stands for
    few or none (in all less than `under`), and of a hotspot its class alone is told; `base` is null
    where counts are exact. `border_m` and `gate_m` are metres from its nearest edge, as in lists.
    """
    check_level(edition, level)
    unit = store.get_unit(connection, edition, level, code)
    if run:
        get_run(connection, run)
    released = door.months(connection, (edition, level, code))
    content = unit | {
        "edition": edition,
        "level": level,
        "incidents_by_kind": _by_kind(released.counts),
        "months": _by_month(released.counts, released.base),
        "base": released.base,
        "under": released.under,
        "hotspot": _hotspot(connection, door, (edition, level, code), run, language),
    }
    return tagged(request, content, cache=PRIVATE)


def _by_kind(months: list[MonthCount]) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for count in months:
        kinds[count.kind] = kinds.get(count.kind, 0) + count.incidents
    return dict(sorted((item for item in kinds.items() if item[1]), key=lambda item: -item[1]))


def _by_month(months: list[MonthCount], base: int | None) -> list[dict[str, Any]]:
    """Every month from the first to the last with incidents, empty ones included.

    With a base, a month without a count has few or none.
    """
    if not months:
        return []
    totals = {month: [0, 0, 0.0] for month in range(months[0].month, months[-1].month + 1)}
    for count in months:
        counted = (count.incidents, count.victims, count.apportioned)
        totals[count.month] = [
            old + new for old, new in zip(totals[count.month], counted, strict=True)
        ]
    return [
        {
            "month": f"{month // 12}-{month % 12 + 1:02d}",
            "incidents": incidents if base is None else incidents or None,
            "victims": victims if base is None else victims or None,
            "apportioned": round(apportioned, 3),
        }
        for month, (incidents, victims, apportioned) in totals.items()
    ]


def _hotspot(
    connection: Connection,
    door: Door,
    unit: tuple[str, str, str],
    run: UUID | None,
    language: Language,
) -> dict[str, Any] | None:
    result = result_of_unit(connection, *unit, run)
    if result is None:
        return None
    [result] = door.with_staleness(connection, [result])
    if door.sees_all:
        expected = _expected_incidents(result)
    else:
        # What a unit is compared with are the counts of others.
        kinds = tuple(result["parameters"]["kinds"])
        days = result["period_from"], result["period_to"]
        counted = door.counts(connection, Selection(*unit[:2], *days, kinds), "incidents")
        incidents = dict(zip(counted.counts.codes, counted.shown, strict=True)).get(unit[2])
        is_own = door.is_own(connection, unit)
        expected = _released_expectation(connection, result, counted) if is_own else None
        result |= dict.fromkeys(COMPARISONS) | {"incidents": incidents}
        if not is_own:
            result["value"] = None
    counts = ""
    if result["class"] is not None and expected is not None:
        counts = explain_counts(result["incidents"], expected, language)
    told = {
        "expected_incidents": expected,
        "explanation": _explanation(connection, result, door, counts, language),
    }
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
    if result["method"] == "emerging":
        step = result["parameters"]["step_months"]
        begun = since_month(result["states"] or (), result["period_to"], step)
        since = begun if door.audience.is_signed_in else None
        category = explain_category(result["class"], language, since)
        alone = ""
        if counts and result["class"] > 0 and not result["incidents"]:
            alone = f" {OF_THE_NEIGHBOURS[language]}"
        return f"{counts} {category}{alone}".strip()
    if result["method"].startswith("scan_"):
        if result["class"] is None:
            return explain_category(None, language)
        return explain_cluster(cluster_evidence(connection, result, door), language)
    if door.sees_all:
        return explain(_evidence(result), language)
    return f"{counts} {explain_class(result['class'], language)}".strip()


def _released_expectation(
    connection: Connection, result: dict[str, Any], counted: ReleasedCounts
) -> float | None:
    """What a unit would count at the mean of all, as far as these may be known.

    The sum of released counts is that of the true ones, give or take the base: the mean of
    thousands of units tells nothing of any of them.
    """
    columns = run_results(connection, result["run_id"])
    told = dict(zip(counted.counts.codes, counted.counts.values, strict=True))
    among = [place for place, level in enumerate(columns["expected"]) if level is not None]
    incidents = sum(told.get(columns["code"][place], 0) for place in among)
    if result["expected"] is None:
        return None
    if result["parameters"]["measure"] == "count":
        return incidents / len(among)
    people = sum(columns["population"][place] or 0 for place in among)
    return float(incidents / people * result["population"])


def _evidence(result: dict[str, Any]) -> Evidence:
    return Evidence(
        measure=result["parameters"]["measure"],
        incidents=result["incidents"],
        expected_incidents=_expected_incidents(result),
        value=result["value"],
        expected=result["expected"],
        neighbour_mean=result["neighbour_mean"],
        p=result["p"],
        q=result["q"],
        permutations=result["parameters"].get("permutations"),
        hot_class=result["class"],
    )


def _expected_incidents(result: dict[str, Any]) -> float | None:
    """What the unit would count at the mean of all units."""
    if result["expected"] is None or result["parameters"]["measure"] == "count":
        return result["expected"]
    if result["population"] is None:
        return None
    years = (result["period_to"] - result["period_from"]).days / DAYS_PER_YEAR
    return float(result["expected"] * result["population"] / PER * years)
