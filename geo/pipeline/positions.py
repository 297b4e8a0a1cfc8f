"""From coordinates, and the words beside them, to places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection

from geo.places.answers import Answer
from geo.places.areas import Area
from geo.places.coordinates import WGS84, Position, read_coordinates, read_in_other_zones
from geo.places.remarks import Remark, is_sure
from geo.places.seas import waters_of
from geo.places.situations import (
    GATE_M,
    OUTSIDE,
    SEA,
    UNSURE_EDGE_M,
    distance_texts,
    situation_of,
)
from geo.places.slips import Slip
from geo.places.systems import FOREIGN_UTM, VN2000_DEGREES, uses_zone
from geo.store.places import metres_to_units, places_of_points, units_of_codes

# How likely a slip is, beside a text that means what it says.
SLIPS = {
    Slip.HEMISPHERE: 0.8,
    Slip.SWAPPED: 0.6,
    Slip.DECIMAL_POINT: 0.6,
    Slip.LOST_ZERO: 0.6,
    Slip.ZONE: 0.6,
    Slip.NO_ZONE: 0.6,
}
# Likewise what does not fit the words beside it, less by how far it is off, and a zone that is not
# that of its province; and that the unit is the right one of a position that is so coarse.
MISFIT, LEAST_MISFIT, MISFIT_HALVES_M = 0.5, 0.05, 20_000.0
OTHER_ZONE = 0.25
# Grids are for maps of the land.
GRID_AT_SEA = 0.3
COARSE = {"exact": 1.0, "village": 1.0, "commune": 0.6, "province": 0.3}
# Remarks on an address that hold for the words beside coordinates as well.
OF_WORDS = {"spelling", "unknown", "elsewhere", "protected_area"}
# A reading of words this sure is what they say.
SURE_WORDS = 0.5
LIKELY_WORDS = 0.05
# So sure it is that words are a name, whichever place of that name is meant; not where they only
# resemble one, or are more than that.
NAMED = 0.8
GUESSED = {"spelling", "unused"}
EXACT_M, VILLAGE_M, COMMUNE_M = 200.0, 2_000.0, 10_000.0
# At sea the land border and its gates are nothing to go by.
NO_BORDER = {"neighbour": None, "border_m": None}
NO_GATE = {"gate_vi": None, "gate_en": None, "gate_m": None}

Unit = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate: where it is, how exactly and how surely, and what did not fit.

    `longitude` and `latitude` in degrees (EPSG:4326), `system` the EPSG code of what was written,
    `accuracy_m` in metres. `units` (edition, level, code, full_name) go from coarse to fine, those
    of 2025 first. Only coordinates have `surroundings`: what `places_of_points` knows of them;
    `border` is the same of an address (from its own point if it `has_point`, else from the nearest
    edge of its commune, in metres), but of a gate without a point its name alone. Where no commune
    of 2024 is known, `predecessors` are those it can be: units with the `share` (0 to 1, or none if
    unknown) of each that the commune of 2025 took.
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
    border: dict[str, Any] = field(default_factory=dict)
    has_point: bool = False

    @property
    def around(self) -> Mapping[str, Any]:
        """What is known of the land border and the gates near it: neighbour, border_m, gate_m …"""
        return self.surroundings or self.border

    @property
    def measured_from(self) -> Literal["point", "edge"]:
        """Where its distances begin: at its own position, or at its commune's edge."""
        return "point" if self.surroundings or self.has_point else "edge"

    @property
    def is_measured(self) -> bool:
        """Whether its point means more than the middle of a unit: coordinates always do."""
        return self.name is None or self.precision in ("exact", "village")

    @property
    def finest(self) -> dict[str, str] | None:
        """The finest unit that it has, in the newest edition."""
        order = {"commune": 0, "district": 1, "province": 2}
        newest = sorted(self.units, key=lambda unit: unit["edition"], reverse=True)
        return min(newest, key=lambda unit: order[unit["level"]], default=None)

    @property
    def is_sure(self) -> bool:
        """Whether it is taken without being chosen, where it is the likeliest."""
        return not self.slip and is_sure(self.confidence, self.remarks)

    @property
    def is_inside(self) -> bool:
        """Whether it lies in Vietnam or on the sea, or so near an edge that it counts as inside."""
        return self.surroundings is None or self.surroundings["assignment"] != OUTSIDE


@dataclass(frozen=True, slots=True)
class Stated:
    """What words beside coordinates, or a chosen province, say of where they lie.

    `units` (edition, level, code) are those that can be meant, each in a list that goes from the
    finest to its province; `name` is what the surest is called, "" where none is sure. Then
    `namesakes` are the finest units of all places of that name, if the words are just a name.
    """

    units: tuple[tuple[Unit, ...], ...] = ()
    name: str = ""
    words: str = ""
    remarks: tuple[Remark, ...] = ()
    namesakes: tuple[Unit, ...] = ()

    def fit(self, units: list[dict[str, str]]) -> float:
        """1 where these units hold the finest that is stated, less the coarser it is, else 0."""
        within = {(unit["edition"], unit["level"], unit["code"]) for unit in units}
        return max(
            (
                1 / (1 + place)
                for chain in self.units
                for place, unit in enumerate(chain)
                if unit in within
            ),
            default=0.0,
        )


def stated_by_words(answers: Sequence[Answer], words: str) -> Stated:
    """What an address that stands beside coordinates says of where they lie.

    Args:
        answers: all its readings, the rare ones too.
    """
    likely = [answer for answer in answers if answer.confidence >= LIKELY_WORDS and answer.units]
    sure = likely[0] if likely and likely[0].confidence >= SURE_WORDS else None
    return Stated(
        tuple(chain_of(answer) for answer in likely),
        _finest(sure).full_name if sure else "",
        words,
        tuple(one for one in sure.remarks if one.code in OF_WORDS) if sure else (),
        () if sure else _namesakes(answers),
    )


def _namesakes(answers: Sequence[Answer]) -> tuple[Unit, ...]:
    plain = [
        answer
        for answer in answers
        if answer.units and GUESSED.isdisjoint(remark.code for remark in answer.remarks)
    ]
    if sum(answer.confidence for answer in plain) < NAMED:
        return ()
    return tuple(chain[0] for answer in plain if (chain := chain_of(answer)))


def _finest(answer: Answer) -> Area:
    return next(one for one in answer.units if _key(one) == chain_of(answer)[0])


def _key(area: Area) -> Unit:
    return area.edition, area.role, area.code


def chain_of(answer: Answer) -> tuple[Unit, ...]:
    """Its units from the finest; those of 2024 from the district up, as positions have them."""
    order = {"commune": 0, "district": 1, "province": 2}
    units = [_key(one) for one in answer.units if (one.edition, one.role) != ("2024", "commune")]
    if any(unit[:2] == ("2025", "commune") for unit in units):
        return tuple(sorted(units, key=lambda unit: order[unit[1]]))
    # Districts and provinces as the words have them: a former province is finer than today's.
    return tuple(sorted(units, key=lambda unit: (order[unit[1]], unit[0])))


def stated_by_province(provinces: frozenset[str], name: str) -> Stated:
    """A chosen province, by the codes of the 2024 edition that it means."""
    return Stated(tuple((("2024", "province", code),) for code in sorted(provinces)), name)


def places_of_text(
    connection: Connection, text: str, provinces: frozenset[str], stated: Stated
) -> list[Place]:
    """The places that coordinates can mean, the likeliest first; none if the text has none."""
    places = _at(connection, read_coordinates(text, provinces))
    if not places:
        return []
    fits = stated.fit if stated.units else lambda units: float(bool(units))
    best = max((fits(place.units) for place in places if not place.slip), default=0.0)
    if best < 1:
        places += [
            place
            for place in _at(connection, read_in_other_zones(text, provinces))
            if fits(place.units) > best and (stated.units or _is_usual(place, provinces))
        ]
    return _ranked(_compared(connection, _without_vain(places), stated), provinces)


def _at(connection: Connection, positions: list[Position]) -> list[Place]:
    if not positions:
        return []
    points = [(one.longitude, one.latitude) for one in positions]
    found = places_of_points(connection, points)
    return [
        _place(connection, position, around)
        for position, around in zip(positions, found, strict=True)
    ]


def _place(connection: Connection, position: Position, around: dict[str, Any]) -> Place:
    point = (position.longitude, position.latitude)
    waters, zone_m = waters_of(*point), None
    if waters:
        zone_m = metres_to_units(connection, [point], [waters.zone])[0]
    situation = situation_of(point, around, waters, zone_m)
    units = [] if _is_outside_today(around) else around["units"]
    if waters and situation.assignment == SEA:
        units = units_of_codes(connection, waters.units)
    surroundings = {**around, "assignment": situation.assignment}
    if waters or situation.assignment == SEA:
        surroundings |= {**NO_BORDER, **NO_GATE}
    elif situation.assignment == OUTSIDE and (around["gate_m"] or 0) > GATE_M:
        surroundings |= NO_GATE if around["border_m"] <= GATE_M else {**NO_BORDER, **NO_GATE}
    precision = _precision(position.accuracy_m)
    remarks = [situation.remark] if situation.remark else []
    weight = situation.weight * (SLIPS[position.slip] if position.slip else 1.0)
    if situation.assignment == SEA and position.system not in (WGS84, VN2000_DEGREES):
        weight *= GRID_AT_SEA
    if position.system in FOREIGN_UTM:
        remarks.append(_foreign(position.system - 32600))
    if COARSE[precision] < 1:
        remarks.append(_coarse(position.accuracy_m))
        weight *= COARSE[precision] if units else 1.0
    return Place(
        *point,
        position.accuracy_m,
        precision,
        weight,
        units,
        remarks=tuple(remarks),
        system=position.system,
        slip=position.slip,
        surroundings=surroundings,
    )


def _is_outside_today(around: Mapping[str, Any]) -> bool:
    """Whether it lies in no unit of 2025: one of 2024 alone, drawn more roughly, places nothing."""
    return around["assignment"] == OUTSIDE and around["beside_m"] is not None


def _foreign(zone: int) -> Remark:
    return Remark(
        "foreign_zone",
        "",
        f"Đã đọc theo múi UTM {zone} như đã ghi; Việt Nam nằm trong múi 48 và 49.",
        f"Read in UTM zone {zone} as written; Vietnam lies in zones 48 and 49.",
    )


def _coarse(accuracy_m: float) -> Remark:
    vi, en = distance_texts(accuracy_m)
    return Remark(
        "coarse",
        "",
        f"Tọa độ ghi ít chữ số, có thể lệch đến {vi}: đơn vị có thể khác.",
        f"So few digits leave it up to {en} off: it may lie in another unit.",
    )


def _precision(accuracy_m: float) -> str:
    """By how far a position may be off; whole degrees mean no more than a province."""
    if accuracy_m <= EXACT_M:
        return "exact"
    if accuracy_m <= VILLAGE_M:
        return "village"
    return "commune" if accuracy_m <= COMMUNE_M else "province"


def _without_vain(places: list[Place]) -> list[Place]:
    """Without slips that would not bring the position into the country."""
    vain = [place for place in places if place.slip and not place.is_inside]
    return places if len(vain) == len(places) else [one for one in places if one not in vain]


def _is_usual(place: Place, named: frozenset[str]) -> bool:
    """Whether its zone is that of the province in which it lies, or of those that are named."""
    provinces = {
        unit["code"]
        for unit in place.units
        if (unit["edition"], unit["level"]) == ("2024", "province")
    }
    return uses_zone(place.system, provinces | named, place.longitude)


def _compared(connection: Connection, places: list[Place], stated: Stated) -> list[Place]:
    """The places with what the words beside them say; of several zones only those that fit best."""
    if not (stated.units or stated.namesakes):
        return [_noting(place, stated, None) for place in places]
    if len({place.system for place in places}) > 1:
        # A slip is asked beside what the text says, and does not take its place.
        best = {place.slip: 0.0 for place in places}
        for place in places:
            best[place.slip] = max(best[place.slip], stated.fit(place.units))
        places = [place for place in places if stated.fit(place.units) == best[place.slip]]
    points = [(place.longitude, place.latitude) for place in places]
    # Of words the surest reading, or all of one name; of a chosen province all it was and is.
    finest = [chain[0] for chain in (stated.units[:1] if stated.words else stated.units)]
    distances = metres_to_units(connection, points, stated.namesakes or finest)
    return [
        _noting(place, stated, distance) for place, distance in zip(places, distances, strict=True)
    ]


def _noting(place: Place, stated: Stated, distance: float | None) -> Place:
    remarks = [*place.remarks, *stated.remarks]
    is_known = bool(stated.name or stated.namesakes)
    # It may lie in a rare place of the name, or in a stated unit of 2024 that reaches across; and
    # beside an edge that is drawn approximately, on either side.
    is_unsure = any(one.code == "approximate_edge" for one in place.remarks)
    reach = UNSURE_EDGE_M if is_unsure else 0.0
    fits = stated.fit(place.units) == 1.0 or (
        is_known and distance is not None and distance <= reach
    )
    if fits or not (stated.words or stated.units):
        return replace(place, remarks=tuple(remarks))
    if distance is None or not is_known:
        words = stated.words
        unused = Remark("unused", words, f"Không dùng đến “{words}”.", f"“{words}” was not used.")
        return replace(place, remarks=(*remarks, unused))
    misfit = _misfit(stated, distance)
    factor = max(LEAST_MISFIT, MISFIT * MISFIT_HALVES_M / (MISFIT_HALVES_M + distance))
    return replace(place, confidence=place.confidence * factor, remarks=(misfit, *remarks))


def _misfit(stated: Stated, distance: float) -> Remark:
    vi, en = distance_texts(distance)
    if stated.name:
        said_vi, said_en = f"{stated.name} như đã ghi:", f"{stated.name} as written: it is"
    else:
        said_vi = f"“{stated.words}” như đã ghi: nơi gần nhất có tên này"
        said_en = f"“{stated.words}” as written: the nearest place of this name is"
    return Remark(
        "not_where_stated",
        stated.words or stated.name,
        f"Điểm không nằm trong {said_vi} cách đó {vi}. Hãy kiểm tra lại.",
        f"The point does not lie in {said_en} {en} away. Check it.",
    )


def _ranked(places: list[Place], named: frozenset[str]) -> list[Place]:
    """The likeliest first, chances adding up to 1 at most; among equals the order of reading."""
    several = len({place.system for place in places}) > 1
    weighed = [
        replace(one, confidence=one.confidence * OTHER_ZONE)
        if several and not _is_usual(one, named)
        else one
        for one in places
    ]
    total = max(1.0, sum(place.confidence for place in weighed))
    shared = [replace(place, confidence=place.confidence / total) for place in weighed]
    return sorted(shared, key=lambda place: -place.confidence)
