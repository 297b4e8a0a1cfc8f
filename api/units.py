"""Administrative units, and all that is known of one."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.dependencies import Database, Edition, Level, Speech, check_level, tagged
from api.disclosure import PRIVATE, Counts
from api.documentation import answers
from api.unit_hotspot import hotspot_of_unit
from geo.store import units as store
from geo.store.hotspots import get_run
from geo.store.statistics import MonthCount

router = APIRouter(prefix="/units", tags=["units"])


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
        get_run(connection, run, also_restricted=door.sees_all)
    released = door.months(connection, (edition, level, code))
    content = unit | {
        "edition": edition,
        "level": level,
        "incidents_by_kind": _by_kind(released.counts),
        "months": _by_month(released.counts, released.base),
        "base": released.base,
        "under": released.under,
        "hotspot": hotspot_of_unit(connection, door, (edition, level, code), run, language),
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
