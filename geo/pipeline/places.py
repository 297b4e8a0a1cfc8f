"""From what somebody writes of a place to the places that it can mean."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from geo.errors import InputError
from geo.pipeline.meridians import provinces_before, with_meridians, with_zone_asked
from geo.pipeline.positions import (
    MISFIT,
    SURE_WORDS,
    Place,
    Stated,
    places_of_text,
    stated_by_province,
    stated_by_words,
)
from geo.places.abroad import abroad_reason
from geo.places.answers import Answer, answer_address
from geo.places.coordinates import fault_of, part_words
from geo.places.faults import FAULT_TEXTS, Fault
from geo.places.gazetteer import Gazetteer
from geo.places.links import Shown, shown_by_link
from geo.places.remarks import Remark
from geo.store.gazetteer import KeptNames, read_gazetteer
from geo.store.places import borders_of_points, provinces_of_name
from geo.store.predecessors import borders_of_communes, predecessors_of_communes

# No name is borne by so many places.
MOST_READINGS = 200
# How likely the middle of a map is what a link was sent for.
MIDDLE = 0.5
_NO_PLACE = (
    "Không có nơi nào ở Việt Nam trong câu này. Ví dụ: xã Môn Sơn, Nghệ An hoặc 18,8885; 104,848.",
    "The text names no place in Vietnam. Write for example xã Môn Sơn, Nghệ An or 18.8885,"
    " 104.848.",
)


def find_places(connection: Connection, text: str, province: str | None = None) -> list[Place]:
    """The places that coordinates or an address can mean, the likeliest first.

    Readings of coordinates that need a slip, lie abroad, or do not fit the words beside them are
    less likely than others; words and the chosen province decide between zones of VN-2000.

    Args:
        province: name or code of the province in which the place is said to lie; it decides the
            central meridian of VN-2000, and between places of the same name.

    Raises:
        InputError: the province is not known, or the text is a link that says nothing by itself, or
            names what was not found.
    """
    return _completed(connection, read_places(connection, text, province))


def why_none(connection: Connection, text: str) -> tuple[str, str]:
    """Why a text has no place, or none that is sure, in both languages, and how to mend it."""
    fault = fault_of(text)
    return FAULT_TEXTS[fault] if fault else abroad_reason(text, gazetteer(connection)) or _NO_PLACE


def read_places(connection: Connection, text: str, province: str | None = None) -> list[Place]:
    """The places as `find_places` has them, without what hangs on their communes.

    Raises:
        InputError: as there.
    """
    provinces = provinces_of_name(connection, province) if province else frozenset()
    if province and not provinces:
        raise InputError(
            "place.province",
            f"Không có tỉnh “{province[:60]}”. Hãy ghi tên tỉnh trước hoặc sau 01/7/2025.",
            f"There is no province “{province[:60]}”. Give its name of before or after July 2025.",
        )
    chosen = stated_by_province(provinces, province.strip()) if province else Stated()
    shown = shown_by_link(text)
    if shown:
        return _of_link(connection, shown, provinces, chosen)
    return _found(connection, text, provinces, chosen)


def _of_link(
    connection: Connection, shown: Shown, provinces: frozenset[str], chosen: Stated
) -> list[Place]:
    """The places of what a link is about; where that is not sure, the middle of its map too."""
    found = _found(connection, shown.meant, provinces, chosen) if shown.meant else []
    if shown.middle and not (found and found[0].confidence >= SURE_WORDS):
        middles = _found(connection, shown.middle, provinces, chosen)
        found = sorted([*found, *map(_middle, middles)], key=lambda place: -place.confidence)
    if not found and not fault_of(shown.meant or shown.middle):
        raise InputError("place.link", *_unplaced(shown.meant))
    return found


def _unplaced(name: str) -> tuple[str, str]:
    if not name:
        return (
            "Liên kết này không tự nói vị trí. Hãy mở liên kết rồi chép tọa độ hoặc địa chỉ.",
            "This link does not itself say where. Open it, and copy the coordinates or address.",
        )
    return (
        f"Liên kết chỉ đến “{name[:60]}”: không tìm được nơi này. Hãy mở liên kết rồi chép tọa độ.",
        f"The link says “{name[:60]}”, which was not found. Open it, and copy the coordinates.",
    )


def _middle(place: Place) -> Place:
    remark = Remark(
        "map_middle",
        "",
        "Đây là giữa bản đồ trong liên kết, không phải điểm đã ghim. Hãy ghim đúng nơi rồi chép lại"
        " liên kết hoặc tọa độ.",
        "This is the middle of the link's map, and no pin. Put a pin on the place, and copy the"
        " link or coordinates again.",
    )
    return replace(place, confidence=place.confidence * MIDDLE, remarks=(remark, *place.remarks))


def _found(
    connection: Connection, text: str, provinces: frozenset[str], chosen: Stated
) -> list[Place]:
    parts = part_words(text)
    if parts and (beside := _beside_words(connection, parts, provinces)):
        return beside
    places = places_of_text(connection, text, provinces, chosen)
    if places and provinces:
        return with_meridians(places, provinces, gazetteer(connection))
    if places:
        return with_zone_asked(places)
    fault = fault_of(text)
    words = parts[1] if parts and fault else text
    answers = answer_address(words, gazetteer(connection), provinces)
    return [_of_answer(one, fault) for one in answers]


def _beside_words(
    connection: Connection, parts: tuple[str, str], provinces: frozenset[str]
) -> list[Place]:
    """Places of coordinates among words, which say in which unit they should lie."""
    body, words = parts
    names = gazetteer(connection)
    answers = answer_address(words, names, provinces, MOST_READINGS)
    stated = stated_by_words(answers, words)
    by_words = [provinces_before(chain, names) for chain in stated.units]
    named = provinces or frozenset(code for codes in by_words for code in codes)
    places = places_of_text(connection, body, named, stated)
    if places and not named:
        return with_zone_asked(places)
    return with_meridians(places, provinces or next(iter(by_words), ()), names)


def _completed(connection: Connection, places: list[Place]) -> list[Place]:
    """The places with what hangs on their commune: its border, and which it was before."""
    communes = [_code(place, "2025", "commune") for place in places]
    old = predecessors_of_communes(connection, {code for code in communes if code})
    borders = _borders(connection, places, communes)
    return [
        # Its own gate, whose point nobody knows, is nearer than any that could be told instead.
        _with_predecessors(replace(place, border=border | place.border), old.get(code, []))
        for place, border, code in zip(places, borders, communes, strict=True)
    ]


def _borders(
    connection: Connection, places: list[Place], communes: list[str]
) -> list[dict[str, Any]]:
    """What is known of the border of each: from its own point, else from its commune."""
    by_commune = borders_of_communes(connection, {code for code in communes if code})
    found: list[dict[str, Any]] = [by_commune.get(code, {}) for code in communes]
    # The special zones at sea have no land border, and their places none either.
    measured = [
        at
        for at, (place, code) in enumerate(zip(places, communes, strict=True))
        if place.has_point and (code in by_commune or not code)
    ]
    if measured:
        names = [places[at].name or "" for at in measured]
        points = [(places[at].longitude, places[at].latitude) for at in measured]
        for at, border in zip(measured, borders_of_points(connection, names, points), strict=True):
            found[at] = border
    return found


def _with_predecessors(place: Place, old: list[dict[str, Any]]) -> Place:
    if not old or _code(place, "2024", "commune"):
        return place
    if len(old) == 1:
        # It grew from that one alone.
        unit = {key: old[0][key] for key in ("edition", "level", "code", "full_name")}
        return replace(place, units=[*place.units, unit])
    district = _code(place, "2024", "district")
    there = [one for one in old if one["district"] == district]
    elsewhere = [one for one in old if one["district"] != district]
    today = next(unit["full_name"] for unit in place.units if unit["level"] == "commune")
    there.sort(key=lambda one: one["full_name"] != today)
    # A stated district holds; one found on an approximate map only says which is likelier.
    return replace(
        place, predecessors=there if there and not place.surroundings else there + elsewhere
    )


def _code(place: Place, edition: str, level: str) -> str:
    units = place.units
    return next((u["code"] for u in units if (u["edition"], u["level"]) == (edition, level)), "")


def _of_answer(answer: Answer, fault: Fault | None) -> Place:
    """The place of an address, with what is wrong with the coordinates beside it."""
    wrong = (Remark("coordinates", "", *FAULT_TEXTS[fault]),) if fault else ()
    return Place(
        answer.longitude,
        answer.latitude,
        answer.accuracy_m,
        answer.precision,
        answer.confidence * (MISFIT if fault else 1.0),
        [
            {
                "edition": unit.edition,
                "level": unit.role,
                "code": unit.code,
                "full_name": unit.full_name,
            }
            for unit in answer.units
        ],
        name=answer.name,
        remarks=(*wrong, *answer.remarks),
        border=_of_gate(*answer.unplaced_gate) if answer.unplaced_gate else {},
        has_point=answer.has_point,
    )


def _of_gate(vi: str, en: str) -> dict[str, Any]:
    return {"gate_vi": vi, "gate_en": en, "gate_m": None}


_gazetteer = KeptNames(read_gazetteer)


def gazetteer(connection: Connection) -> Gazetteer:
    """The names of places, kept in memory until boundaries or names change; half a second anew."""
    return _gazetteer.of(connection)
