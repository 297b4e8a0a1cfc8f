"""What is said of an address: its places with units, point and precision, and what did not fit."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from math import pi, sqrt

from geo.places.addresses import (
    LEVEL_KINDS,
    LONGEST_NAME,
    MOST_CANDIDATES,
    Candidate,
    Claim,
    Hit,
    read_address,
)
from geo.places.areas import Area, Match, Name, ProtectedArea
from geo.places.gazetteer import Gazetteer
from geo.places.remarks import Remark, beside, is_beside, is_of_post, kind_of_old, other_kind
from geo.places.spelling import PLACES, Word, clean, has_marks, is_silent, name_key, words_of
from geo.places.streets import streets

# What is left of the confidence where a place is only said to be near another.
NEAR_SHARE = 0.6
# Text that names no place in Vietnam: the country, its neighbours, and what programs leave behind.
NOWHERE = {
    "vietnam", "lao", "laos", "trungquoc", "china", "campuchia", "cambodia", "thailan", "thailand",
    "malaisia", "singapore", "nan", "null", "none", "undefined", "inf", "infinity",
}  # fmt: skip
# Positions of gates are estimates, and a hamlet or post is as wide as a village.
PLACE_ACCURACY_M = 2_000.0
MOST_NAMED, MOST_OF_DISTRICT = 3, 12
# As the code list of a record's precision has them.
PRECISIONS = {"commune": "commune", "district": "legacy_district"}
_LEVEL_WORDS = {
    "commune": ("xã, phường", "commune"),
    "district": ("huyện", "district"),
    "province": ("tỉnh", "province"),
}


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
    if _names_nowhere(words):
        return []
    park, part = _park_in(cleaned, words, gazetteer)
    if park is None:
        candidates = read_address(text, gazetteer, provinces, most)
        return [_answer(candidate, gazetteer, cleaned, words) for candidate in candidates]
    # Its words may be the names of units elsewhere: the rest says where it is.
    rest = cleaned.replace(part, "," * len(part))
    candidates = read_address(rest, gazetteer, provinces, most)
    known = {code for unit in park.units for code in unit.old_provinces}
    candidates = [one for one in candidates if one.claim.area.old_provinces & known] or candidates
    if not candidates or candidates[0].claim.area.role == "province":
        around = {code for one in candidates[:1] for code in one.claim.area.old_provinces}
        return list(_answers_for_park(park, part, around or provinces, gazetteer))
    found = []
    for candidate in candidates:
        answer = _answer(candidate, gazetteer, rest, words_of(rest))
        remark = _protected(part, park, candidate, gazetteer)
        found.append(replace(answer, remarks=(*answer.remarks, remark)))
    return found


def _names_nowhere(words: list[Word]) -> bool:
    """Whether the whole text, or each of its parts, is a country's name or nothing at all."""
    parts: list[str] = []
    for word in words:
        if word.starts or not parts:
            parts.append("")
        parts[-1] += word.plain
    return all(part in NOWHERE for part in parts)


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
        remark = _protected(part, park, candidate, gazetteer)
        yield replace(_answer(candidate, gazetteer, "", []), remarks=(remark,))


def _answer(candidate: Candidate, gazetteer: Gazetteer, text: str, words: list[Word]) -> Answer:
    area = candidate.claim.area
    units = tuple(_units(candidate, gazetteer))
    # A commune of 2024 without a shape of its own lies somewhere in the one that took it.
    place = area
    near = any(is_beside(hit, words) for hit in candidate.claim.hits[:1])
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
        tuple(_remarks(candidate, gazetteer, text, words)),
        (area.full_name, area.gate_en) if area.gate_en and area.area_km2 else None,
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
    provinces = district.old_provinces if district else area.old_provinces
    if "province" in claimed and claimed["province"].code in provinces:
        provinces = {claimed["province"].code}
    yield from _only(gazetteer, "2024", "province", provinces)
    if area.role != "province":
        yield from _only(
            gazetteer, "2024", "district", {district.code} if district else area.districts
        )
    if area.role == "commune" and area.edition == "2024":
        yield area


def _only(gazetteer: Gazetteer, edition: str, level: str, codes: set[str]) -> Iterator[Area]:
    """The unit, if there is one alone that is known."""
    if len(codes) == 1:
        unit = gazetteer.areas.get((edition, level, next(iter(codes))))
        if unit:
            yield unit


def _remarks(
    candidate: Candidate, gazetteer: Gazetteer, text: str, words: list[Word]
) -> Iterator[Remark]:
    area = candidate.claim.area
    if area.edition == "2024" and area.role in ("commune", "district"):
        yield from _succession(candidate, gazetteer)
    if area.role == "place" and area.area_km2:
        yield Remark(
            "no_point",
            area.full_name,
            f"Chưa có tọa độ của “{area.full_name}”: điểm đại diện cho {_around(candidate)[0]}"
            " chứa nó.",
            f"“{area.full_name}” has no point yet: that of the {_around(candidate)[1]} around it"
            " stands for it.",
        )
    ways = [range(words[one[0]].begin, words[one[-1]].end) for one in streets(words)]
    for run in _left(candidate, words):
        if any(run[0].begin in way for way in ways):
            yield _street(text[run[0].begin : run[-1].end])
        else:
            yield from _misfit(run, text, candidate, gazetteer)
    for hit in candidate.claim.hits[:1]:
        yield from beside(hit, text, words)
    for hit in candidate.claim.hits:
        yield from other_kind(hit, text, words)
        if (
            words[hit.head : hit.begin]
            and words[hit.head].label in PLACES
            and hit.area.role != "place"
        ):
            yield _no_place(text[words[hit.head].begin : words[hit.end - 1].end])
        written = " ".join(word.marked for word in words[hit.begin : hit.end])
        if _is_spelt_otherwise(hit, written):
            part = text[words[hit.begin].begin : words[hit.end - 1].end]
            yield Remark(
                "spelling",
                part,
                f"Đọc “{part}” là “{hit.area.name}”.",
                f"“{part}” was read as “{hit.area.name}”.",
            )


def _around(candidate: Candidate) -> tuple[str, str]:
    return ("xã", "commune") if candidate.commune else ("huyện cũ", "former district")


def _is_spelt_otherwise(hit: Hit, written: str) -> bool:
    if not hit.match.exact:
        return True
    return has_marks(written) and hit.match.cost > hit.match.name.cost


def _succession(candidate: Candidate, gazetteer: Gazetteer) -> Iterator[Remark]:
    area = candidate.claim.area
    codes = list(area.successors) or gazetteer.communes_of_district.get(area.code, set())
    heirs = [gazetteer.areas["2025", "commune", code] for code in sorted(codes)]
    names = _listed(heirs, MOST_NAMED if area.successors else MOST_OF_DISTRICT)
    if len(heirs) > 1:
        yield Remark(
            "divided",
            area.full_name,
            f"{area.full_name} (trước 01/7/2025) đã chia về {names}. Hãy chọn đúng nơi.",
            f"{area.full_name} (before 1 July 2025) was divided among {names}. Choose one.",
        )
    elif heirs and heirs[0].name == area.name and heirs[0].kind != area.kind:
        yield kind_of_old(area, heirs[0])
    elif heirs and heirs[0].name != area.name:
        yield Remark(
            "former",
            area.full_name,
            f"{area.full_name} (trước 01/7/2025) nay thuộc {names}.",
            f"{area.full_name} (before 1 July 2025) is part of {names} now.",
        )


def _left(candidate: Candidate, words: list[Word]) -> Iterator[list[Word]]:
    """Runs of words that nothing explains, parted at commas and before kinds of units."""
    covered = {place for hit in candidate.claim.hits for place in range(hit.head, hit.end)}
    left = [place for place in range(len(words)) if place not in covered]
    # Of a street also before what announces it: "số 15 đường Lê Lợi" is one.
    within = {place for one in streets(words) for place in one[1:]}
    run: list[Word] = []
    for place, following in pairwise([*left, len(words) + 1]):
        run.append(words[place])
        ends = following != place + 1
        if ends or words[following].starts or (words[following].label and following not in within):
            if any(not is_silent(word) and not word.plain.isdigit() for word in run):
                yield run
            run = []


def _misfit(
    run: list[Word], text: str, candidate: Candidate, gazetteer: Gazetteer
) -> Iterator[Remark]:
    part = text[run[0].begin : run[-1].end]
    label = run[0].label
    name = text[run[1].begin : run[-1].end] if label and len(run) > 1 else part
    key, _ = name_key(name)
    level = next((level for level, kinds in LEVEL_KINDS.items() if label in kinds), None)
    if is_of_post(run):
        return
    if key in gazetteer.protected:
        yield _protected(part, gazetteer.protected[key], candidate, gazetteer)
    elif level in _LEVEL_WORDS and len(run) > 1:
        yield _wrong_unit(part, name, level, candidate, gazetteer)
    elif label == "below":
        yield _no_place(part)
    else:
        yield Remark(
            "unused",
            part,
            f"Không dùng đến “{part}”.",
            f"“{part}” was not used.",
        )


def _street(part: str) -> Remark:
    return Remark(
        "street",
        part,
        f"“{part}” là số nhà, tên đường: không tra cứu được, chỉ tìm đơn vị chứa nó.",
        f"“{part}” is a house, street or road: it is not looked up, only the unit around it.",
    )


def _no_place(part: str) -> Remark:
    return Remark(
        "below",
        part,
        f"Chưa có vị trí của “{part}”: điểm đại diện cho đơn vị chứa nó.",
        f"The place of “{part}” is not known: the point stands for the unit around it.",
    )


def _protected(
    part: str, park: ProtectedArea, candidate: Candidate, gazetteer: Gazetteer
) -> Remark:
    vi, en = _district_then(candidate, gazetteer)
    around = _listed(list(park.units))
    return Remark(
        "protected_area",
        part,
        f"“{part}” không phải đơn vị hành chính: {park.name} là vườn quốc gia hoặc khu bảo tồn,"
        f" ở {around}.{vi}",
        f"“{part}” is no administrative unit: {park.name_en} is a national park or reserve,"
        f" in {around}.{en}",
    )


def _wrong_unit(
    part: str, name: str, level: str, candidate: Candidate, gazetteer: Gazetteer
) -> Remark:
    vi, en = _district_then(candidate, gazetteer) if level == "district" else ("", "")
    word_vi, word_en = _LEVEL_WORDS[level]
    plain, marked = name_key(name)
    if any(match.name.area.role == level for match in gazetteer.find(plain, marked)):
        return Remark(
            "elsewhere",
            part,
            f"“{part}” không khớp: nơi tìm được không thuộc đơn vị này.{vi}",
            f"“{part}” does not fit: the place found does not lie there.{en}",
        )
    return Remark(
        "unknown",
        part,
        f"Không có {word_vi} “{name}”.{vi}",
        f"There is no {word_en} “{name}”.{en}",
    )


def _district_then(candidate: Candidate, gazetteer: Gazetteer) -> tuple[str, str]:
    """Which district a commune belonged to while there were any."""
    area = candidate.claim.area
    if area.role not in ("commune", "place") or not area.districts:
        return "", ""
    names = _listed([gazetteer.areas["2024", "district", code] for code in sorted(area.districts)])
    return (
        f" Trước 01/7/2025 nơi này thuộc {names}.",
        f" Before 1 July 2025 this place belonged to {names}.",
    )


def _listed(areas: list[Area], most: int = MOST_NAMED) -> str:
    names = [area.full_name for area in areas]
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
