"""The place box: from what somebody writes to the places that it can mean."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.dependencies import Database, Speech
from api.documentation import answers
from geo.errors import Language
from geo.pipeline import Place, find_places
from geo.places.coordinates import LONGEST, SLIP_TEXTS

router = APIRouter(tags=["places"])


@router.get(
    "/places", summary="The places that coordinates can mean", responses=answers("places", 422)
)
def places(
    connection: Database,
    language: Speech,
    query: Annotated[
        str,
        Query(
            alias="q",
            min_length=1,
            max_length=LONGEST,
            description="Degrees in any notation, VN-2000, UTM, MGRS, or a map's link",
            examples=["18,8885; 104,848"],
        ),
    ],
    province: Annotated[
        str | None,
        Query(max_length=60, description="Decides the meridian of VN-2000", examples=["Nghệ An"]),
    ] = None,
) -> dict[str, Any]:
    """The likeliest first. A candidate with a `slip` is no answer: ask before it is taken."""
    found = find_places(connection, query, province)
    return {"query": query, "places": [_shown(place, language) for place in found]}


def _shown(place: Place, language: Language) -> dict[str, Any]:
    position, around = place.position, place.surroundings
    slip = None
    if position.slip:
        vi, en = SLIP_TEXTS[position.slip]
        slip = {"code": position.slip, "question": vi if language == "vi" else en}
    return {
        "longitude": round(position.longitude, 7),
        "latitude": round(position.latitude, 7),
        "system": f"EPSG:{position.system}",
        "accuracy_m": position.accuracy_m,
        "slip": slip,
        "assignment": around["assignment"],
        "units": around["units"],
        "border": {"neighbour": around["neighbour"], "distance_m": _metres(around["border_m"])},
        "gate": {
            "name": around[f"gate_{language}"],
            "distance_m": _metres(around["gate_m"]),
        },
    }


def _metres(distance: float | None) -> float | None:
    # Neither line nor gates are known better than this.
    return None if distance is None else round(distance, 1)
