"""Support of victims on the map: a measure by province, and the provinces that pilot reintegration.

Figures leave by the same gate as in api/support.py.
"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.dependencies import Database, Edition, First, Last, known_codes, period, tagged
from api.disclosure import PRIVATE
from api.documentation import answers
from api.support import Reader, viewer_of
from geo import pipeline
from geo.store import units

router = APIRouter(tags=["support"])
TOLD = ("period", "value", "published", "includes_suspected", "citation", "suppressed")


@router.get(
    "/support-measures/provinces",
    summary="One measure of support by province, over a period",
    responses=answers("support_provinces", 422),
)
def by_province(
    request: Request,
    connection: Database,
    actor: Reader,
    programme: Annotated[str, Query(max_length=60, examples=["hotline_111"])],
    measure: Annotated[str, Query(max_length=60, examples=["calls"])],
    edition: Edition = "2025",
    first: First = None,
    last: Last = None,
) -> Response:
    """Sums of the months and years that lie in the period, of what the reader may be told.

    `value` is of `months` months; of `withheld` months some or all is withheld, and it is null
    where all is. Figures of the country are listed as they are, and spread over no province.
    """
    known_codes("support_programme", [programme], ("chương trình", "programme"))
    known_codes("support_measure", [measure], ("chỉ tiêu", "measure"))
    days = period(first, last)
    asked = pipeline.SupportQuestion(
        programme, measure, edition, days.first, days.last - timedelta(days=1)
    )
    viewer = viewer_of(request, connection, actor)
    found = pipeline.support_totals(connection, asked, viewer)
    places = {one["code"]: one for one in units.find_units(connection, edition, "province")}
    earlier = {one["code"]: one for one in units.find_units(connection, "2024", "province")}
    provinces = [
        {name: places[code][name] for name in ("code", "full_name", "lon", "lat")}
        | total
        | {"earlier": [earlier[one]["full_name"] for one in total["earlier"]]}
        for code, total in found.provinces.items()
        if code in places
    ]
    content: dict[str, Any] = {
        "programme": programme,
        "measure": measure,
        "edition": edition,
        "under": viewer.smallest,
        "provinces": provinces,
        "national": [{name: one[name] for name in TOLD} for one in found.national],
        "elsewhere": found.elsewhere,
    }
    return tagged(request, content, cache=PRIVATE)


@router.get(
    "/reintegration-pilots",
    summary="Provinces that pilot the reintegration of victims (GeoJSON)",
    responses=answers("reintegration_pilots"),
)
def pilots(request: Request, connection: Database) -> Response:
    """Those that an authority has published, in the boundaries of the edition that it named.

    `now` is the province of 2025 in which one of 2024 lies; outlines are simplified for drawing.
    """
    return tagged(request, units.features(connection, "pilot_provinces"))
