"""The place box: from what somebody writes to the places that it can mean."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.dependencies import Database, Speech
from api.documentation import answers
from geo.errors import Language
from geo.pipeline import Place, find_places, why_none
from geo.places.coordinates import LONGEST, fault_of
from geo.places.slips import slip_texts
from geo.places.systems import system_texts

router = APIRouter(tags=["places"])


@router.get("/places", summary="The places that a text can mean", responses=answers("places", 422))
def places(
    connection: Database,
    language: Speech,
    query: Annotated[
        str,
        Query(
            alias="q",
            min_length=1,
            max_length=LONGEST,
            description="An address with names of before or after July 2025, or coordinates:"
            " degrees in any notation, VN-2000, UTM, MGRS, a map's link",
            examples=["bản Búng, xã Môn Sơn, huyện Con Cuông, Nghệ An"],
        ),
    ],
    province: Annotated[
        str | None,
        Query(max_length=60, description="Where it lies, if known", examples=["Nghệ An"]),
    ] = None,
) -> dict[str, Any]:
    """The likeliest first, each with the chance (`confidence`) that it was meant.

    Only a `sure` one is taken without a person choosing it: its confidence is high, higher where
    part of the text was read otherwise, and nothing in the text says that it lies elsewhere.

    A candidate with a `slip` is no answer: ask before it is taken. `remarks` say what of the text
    did not fit, and of coordinates whether they lie across the border (`across_border`), at sea
    (`sea`; `waters`: of Hoàng Sa or Trường Sa), far away (`abroad`) or elsewhere than the words
    beside them say (`not_where_stated`); beside metres of a province that was several until July
    2025, the central meridians between which its old provinces decide (`meridian`; on the first of
    many zones, what would decide). Metres in a UTM zone that is none of Vietnam's are read in it
    (`foreign_zone`), and of a link that has no pin the middle of its map (`map_middle`). An address
    beside coordinates that cannot be says what is wrong with them (`coordinates`).

    Coordinates, and hamlets, posts and gates whose own position is known, are measured from it. All
    else has the point that represents its unit; its distances to the border and to the nearest gate
    are those of the nearest edge of its commune, not of that point: `measured_from` says which,
    `edge` or `point`. On the land border the distance is 0. `neighbours` are all countries on which
    its commune borders, the nearest first; of a position the nearest one alone, and of a gate the
    one to which it leads. `gate` is the nearest of
    those whose position is known; the others are left out, and a gate that was asked for without
    its position being known stands there itself, with no distance. At sea, in Hoàng Sa and in
    Trường Sa there is neither border nor gate.

    Where the commune of 2024 is not known, `predecessors` are those it can be, each with the
    `share` of it that the commune of 2025 took. `reason` says why there are no places, and of
    coordinates what is wrong with them and how to mend it.
    """
    found = find_places(connection, query, province)
    places = [_shown(place, language) for place in found]
    is_whole = bool(found) and not fault_of(query)
    reason = None if is_whole else why_none(connection, query)[language == "en"]
    return {"query": query, "places": places, "reason": reason}


def _shown(place: Place, language: Language) -> dict[str, Any]:
    slip = None
    if place.slip:
        vi, en = slip_texts(place.slip, place.system)
        slip = {"code": place.slip, "question": vi if language == "vi" else en}
    around = place.around
    return {
        "name": place.name,
        "longitude": round(place.longitude, 7),
        "latitude": round(place.latitude, 7),
        "system": f"EPSG:{place.system}",
        "system_name": system_texts(place.system)[language == "en"],
        "accuracy_m": round(place.accuracy_m, 1),
        "precision": place.precision,
        "confidence": round(place.confidence, 3),
        "sure": place.is_sure,
        "slip": slip,
        "remarks": [
            {"code": one.code, "part": one.part, "text": one.vi if language == "vi" else one.en}
            for one in place.remarks
        ],
        "assignment": around.get("assignment"),
        "units": place.units,
        "predecessors": [
            {key: one[key] for key in ("edition", "level", "code", "full_name", "share")}
            for one in place.predecessors
        ],
        "border": {"neighbour": (land := around.get("neighbour"))}
        | {"neighbours": around.get("neighbours") or ([land] if land else [])}
        | _distance(around.get("border_m"), place.measured_from),
        "gate": {"name": around.get(f"gate_{language}")}
        | _distance(around.get("gate_m"), place.measured_from),
    }


def _distance(metres: float | None, begins: str) -> dict[str, Any]:
    if metres is None:
        return {"distance_m": None, "measured_from": None}
    # Neither line nor gates are known better than this.
    return {"distance_m": round(metres, 1), "measured_from": begins}
