"""From what somebody writes of a place to the places that it can mean."""

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from geo.errors import InputError
from geo.places.answers import Answer, Remark, answer_address
from geo.places.coordinates import (
    WGS84,
    Position,
    Slip,
    is_short_link,
    part_words,
    read_coordinates,
)
from geo.places.gazetteer import Gazetteer
from geo.store.gazetteer import gazetteer_version, read_gazetteer
from geo.store.places import places_of_points, provinces_of_name
from geo.store.predecessors import borders_of_communes, predecessors_of_communes

# What a slip takes from the confidence that coordinates have.
SLIP_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate: where it is, how exactly and how surely, and what did not fit.

    `longitude` and `latitude` in degrees (EPSG:4326), `system` the EPSG code of what was written,
    `accuracy_m` in metres. `units` (edition, level, code, full_name) go from coarse to fine, those
    of 2025 first. Only coordinates have `surroundings`: what `places_of_points` knows of them;
    `unit_border` is the same of the commune of an address (metres from its edge). Where no commune
    of 2024 is known, `predecessors` are those it can be: units with the `share` (0 to 1, or none
    if unknown) of each that the commune of 2025 took.
    """

    longitude: float
    latitude: float
    accuracy_m: float
    precision: str
    confidence: float
    units: list[dict[str, str]]
    name: str | None = None
    remarks: tuple[Remark, ...] = ()
    system: int = WGS84
    slip: Slip | None = None
    surroundings: dict[str, Any] | None = None
    predecessors: list[dict[str, Any]] = field(default_factory=list)
    unit_border: dict[str, Any] | None = None

    @property
    def is_inside(self) -> bool:
        """Whether it lies in Vietnam, or so near its edge that it counts as inside."""
        return self.surroundings is None or self.surroundings["assignment"] != "outside"


def find_places(connection: Connection, text: str, province: str | None = None) -> list[Place]:
    """The places that coordinates or an address can mean, the likeliest first.

    What coordinates say without any slip goes before what they might have meant, unless it lies
    outside the country and the other does not.

    Args:
        province: name or code of the province in which the place is said to lie; it decides the
            central meridian of VN-2000, and between places of the same name.

    Raises:
        InputError: the province is not known, or the text is a link that says nothing by itself.
    """
    return _completed(connection, _found(connection, text, province))


def _found(connection: Connection, text: str, province: str | None) -> list[Place]:
    provinces = provinces_of_name(connection, province) if province else frozenset()
    if province and not provinces:
        raise InputError(
            "place.province",
            f"Không có tỉnh “{province[:60]}”. Hãy ghi tên tỉnh trước hoặc sau 01/7/2025.",
            f"There is no province “{province[:60]}”. Give its name of before or after July 2025.",
        )
    positions = read_coordinates(text, provinces)
    if positions:
        return _at_positions(connection, positions)
    if is_short_link(text):
        raise InputError(
            "place.short_link",
            "Liên kết rút gọn không tự nói vị trí. Hãy mở liên kết rồi chép tọa độ hoặc địa chỉ.",
            "A short link does not itself say where. Open it, and copy the coordinates or address.",
        )
    parts = part_words(text)
    if parts and (beside := _beside_words(connection, parts, provinces)):
        return beside
    return [_of_answer(one) for one in answer_address(text, gazetteer(connection), provinces)]


def _beside_words(
    connection: Connection, parts: tuple[str, str], provinces: frozenset[str]
) -> list[Place]:
    """Places of coordinates among words, which may name the province; other words are left."""
    body, words = parts
    named = provinces_of_name(connection, words)
    positions = read_coordinates(body, provinces or named)
    remark = Remark("unused", words, f"Không dùng đến “{words}”.", f"“{words}” was not used.")
    return _at_positions(connection, positions, () if named else (remark,)) if positions else []


def _at_positions(
    connection: Connection, positions: list[Position], remarks: tuple[Remark, ...] = ()
) -> list[Place]:
    found = places_of_points(connection, [(one.longitude, one.latitude) for one in positions])
    # Readings of one text are equally likely but for their slips.
    share = 1.0 / len(positions)
    places = [
        Place(
            position.longitude,
            position.latitude,
            position.accuracy_m,
            "exact",
            share * (SLIP_CONFIDENCE if position.slip else 1.0),
            around["units"],
            remarks=remarks,
            system=position.system,
            slip=position.slip,
            surroundings=around,
        )
        for position, around in zip(positions, found, strict=True)
    ]
    # Stable: among equals the order of the reading stays.
    return sorted(places, key=lambda place: not place.is_inside)


def _completed(connection: Connection, places: list[Place]) -> list[Place]:
    """The places with what hangs on their commune: its border, and which it was before."""
    communes = [_code(place, "2025", "commune") for place in places]
    old = predecessors_of_communes(connection, {code for code in communes if code})
    borders = borders_of_communes(connection, {code for code in communes if code})
    return [
        _with_predecessors(
            place if place.surroundings else replace(place, unit_border=borders.get(code)),
            old.get(code, []),
        )
        for place, code in zip(places, communes, strict=True)
    ]


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


def _of_answer(answer: Answer) -> Place:
    return Place(
        answer.longitude,
        answer.latitude,
        answer.accuracy_m,
        answer.precision,
        answer.confidence,
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
        remarks=answer.remarks,
    )


_building = Lock()
_gazetteers: WeakKeyDictionary[Engine, tuple[str, Gazetteer]] = WeakKeyDictionary()


def gazetteer(connection: Connection) -> Gazetteer:
    """The names of places, kept in memory until boundaries or names change; half a second anew."""
    version = gazetteer_version(connection)
    with _building:
        known = _gazetteers.get(connection.engine)
        if known is None or known[0] != version:
            known = _gazetteers[connection.engine] = (version, read_gazetteer(connection))
    return known[1]
