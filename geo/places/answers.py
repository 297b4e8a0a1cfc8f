"""What is said of an address: its places with units, point and precision, and what did not fit."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from math import pi, sqrt

from geo.places.abroad import abroad_in
from geo.places.addresses import MOST_CANDIDATES, Candidate, Claim, read_address
from geo.places.areas import Area, Match, Name, ProtectedArea
from geo.places.gazetteer import Gazetteer
from geo.places.hits import LONGEST_NAME, Hit
from geo.places.misfits import protected, remarks_on
from geo.places.namesakes import ambiguous, bearers
from geo.places.remarks import Remark, is_beside
from geo.places.spelling import Word, clean, is_silent, words_of

# What is left of the confidence where a place is only said to be near another.
NEAR_SHARE = 0.6
# What programs leave behind where there is no text, and the country alone.
NOTHING = {"", "nan", "null", "none", "undefined", "inf", "infinity"}
# Positions of gates are estimates, and a hamlet or post is as wide as a village.
PLACE_ACCURACY_M = 2_000.0
# As the code list of a record's precision has them.
PRECISIONS = {"commune": "commune", "district": "legacy_district"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A place that an address can mean.

    The point (degrees, EPSG:4326) represents the finest unit known; `accuracy_m` is the radius of a
    circle of that unit's area. `units` go from coarse to fine, those of 2025 first. `confidence` is
    the chance between 0 and 1 that this place was meant. `unplaced_gate` is the name (Vietnamese,
    English) of the border gate that it is or is named after, where nobody knows its point;
    `has_point` says that the point is that of the place itself and not of a unit around it.
    """

    longitude: float
    latitude: float
    accuracy_m: float
    precision: str
    confidence: float
    name: str
    units: tuple[Area, ...]
    remarks: tuple[Remark, ...]
    unplaced_gate: tuple[str, str] | None = None
    has_point: bool = False


def answer_address(
    text: str,
    gazetteer: Gazetteer,
    provinces: frozenset[str] = frozenset(),
    most: int = MOST_CANDIDATES,
) -> list[Answer]:
    """The places that an address can mean, the likeliest first; none if it names no known place.

    Args:
        provinces: codes of the 2024 edition in which the place is said to lie, if any.
        most: how many of them are told.
    """
    cleaned = clean(text)
    words = words_of(cleaned)
    if _names_nothing(words) or abroad_in(words, gazetteer):
        return []
    park, part = _park_in(cleaned, words, gazetteer)
    if park is None:
        candidates = read_address(text, gazetteer, provinces, most)
        return [answer for _, answer in _answers(candidates, gazetteer, cleaned, words)]
    # Its words may be the names of units elsewhere: the rest says where it is.
    rest = cleaned.replace(part, "," * len(part))
    candidates = read_address(rest, gazetteer, provinces, most)
    known = {code for unit in park.units for code in unit.old_provinces}
    candidates = [one for one in candidates if one.claim.area.old_provinces & known] or candidates
    if not candidates or candidates[0].claim.area.role == "province":
        around = {code for one in candidates[:1] for code in one.claim.area.old_provinces}
        return list(_answers_for_park(park, part, around or provinces, gazetteer))
    found = []
    for candidate, answer in _answers(candidates, gazetteer, rest, words_of(rest)):
        remark = protected(part, park, candidate, gazetteer)
        found.append(replace(answer, remarks=(*answer.remarks, remark)))
    return found


def _names_nothing(words: list[Word]) -> bool:
    """Whether all that is written is nothing at all, or the country's name."""
    return all(word.plain in NOTHING or is_silent(word) for word in words)


def _park_in(
    text: str, words: list[Word], gazetteer: Gazetteer
) -> tuple[ProtectedArea | None, str]:
    """The protected area that the text names, where nothing else is called so, and its words."""
    for begin in range(len(words)):
        for end in range(min(begin + LONGEST_NAME, len(words)), begin, -1):
            key = "".join(word.plain for word in words[begin:end])
            marked = " ".join(word.marked for word in words[begin:end])
            if key in gazetteer.protected and not gazetteer.find(key, marked):
                head = begin - 1 if begin and words[begin - 1].label else begin
                return gazetteer.protected[key], text[words[head].begin : words[end - 1].end]
    return None, ""


def _answers_for_park(
    park: ProtectedArea, part: str, provinces: Set[str], gazetteer: Gazetteer
) -> Iterator[Answer]:
    """Each unit that it lies in; the text itself says none of them, but perhaps the province."""
    units = [unit for unit in park.units if not provinces or unit.old_provinces & provinces]
    for unit in units or park.units:
        hit = Hit(0, 0, 0, Match(Name(unit, "", 0.0), 0.0, exact=True), 0.0)
        code = unit.code if (unit.edition, unit.role) == ("2025", "commune") else None
        candidate = Candidate(Claim((hit,), 0.0), code, 1 / (len(units or park.units) + 1))
        remark = protected(part, park, candidate, gazetteer)
        yield replace(_answer(candidate, gazetteer, "", []), remarks=(remark,))


def _answers(
    candidates: Sequence[Candidate], gazetteer: Gazetteer, text: str, words: list[Word]
) -> Iterator[tuple[Candidate, Answer]]:
    """What is said of each candidate, the likeliest first; bearers of one name say so."""
    same = bearers(candidates)
    for candidate in candidates:
        answer = _answer(candidate, gazetteer, text, words)
        if candidate in same:
            name = candidate.claim.hits[0]
            part = text[words[name.begin].begin : words[name.end - 1].end]
            remark = ambiguous(same, gazetteer, part)
            answer = replace(answer, remarks=(remark, *answer.remarks))
        yield candidate, answer


def _answer(candidate: Candidate, gazetteer: Gazetteer, text: str, words: list[Word]) -> Answer:
    area = candidate.claim.area
    units = tuple(_units(candidate, gazetteer))
    # A commune of 2024 without a shape of its own lies somewhere in the one that took it.
    place = area
    near = any(is_beside(hit, words) for hit in candidate.claim.hits[:1])
    gates = [hit.area for hit in candidate.claim.hits if hit.area.gate_en and hit.area.area_km2]
    has_point = area.role == "place" and area.area_km2 == 0 and not near
    if candidate.commune and (area.role in ("commune", "district") or near):
        place = gazetteer.areas["2025", "commune", candidate.commune]
    return Answer(
        place.longitude,
        place.latitude,
        PLACE_ACCURACY_M if has_point else 1_000 * sqrt(place.area_km2 / pi),
        "village" if has_point else PRECISIONS.get(_level(candidate), area.role),
        candidate.confidence * (NEAR_SHARE if near else 1.0),
        area.full_name if area.role == "place" else place.full_name,
        units,
        tuple(remarks_on(candidate, gazetteer, text, words)),
        (gates[0].full_name, gates[0].gate_en) if gates else None,
        has_point,
    )


def _level(candidate: Candidate) -> str:
    """The level of the unit whose point it has."""
    if candidate.claim.area.role in ("place", "district"):
        return "commune" if candidate.commune else "district"
    return candidate.claim.area.role


def _units(candidate: Candidate, gazetteer: Gazetteer) -> Iterator[Area]:
    """The units of both editions in which the place surely lies."""
    area = candidate.claim.area
    commune = gazetteer.areas.get(("2025", "commune", candidate.commune or ""))
    yield from _only(gazetteer, "2025", "province", (commune or area).provinces)
    if commune:
        yield commune
    claimed = {
        hit.area.role: hit.area for hit in candidate.claim.hits if hit.area.edition == "2024"
    }
    district = claimed.get("district")
    finest = candidate.claim.former or area
    provinces = district.old_provinces if district else finest.old_provinces
    if "province" in claimed and claimed["province"].code in provinces:
        provinces = {claimed["province"].code}
    yield from _only(gazetteer, "2024", "province", provinces)
    if area.role != "province":
        codes = {district.code} if district else finest.districts
        yield from _only(gazetteer, "2024", "district", codes)
    if finest.role == "commune" and finest.edition == "2024":
        yield finest


def _only(gazetteer: Gazetteer, edition: str, level: str, codes: set[str]) -> Iterator[Area]:
    """The unit, if there is one alone that is known."""
    if len(codes) == 1:
        unit = gazetteer.areas.get((edition, level, next(iter(codes))))
        if unit:
            yield unit
