"""What of an address did not fit the place it was read as, and what that place was before."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from geo.places.addresses import Candidate
from geo.places.areas import Area, ProtectedArea
from geo.places.costs import heads_of_below, places_below
from geo.places.gazetteer import Gazetteer
from geo.places.hits import LEVEL_KINDS, Hit
from geo.places.remarks import Remark, beside, is_beside, is_of_post, kind_of_old, other_kind
from geo.places.spelling import PLACES, Word, has_marks, is_silent, marked_of, name_key
from geo.places.streets import streets

MOST_NAMED, MOST_OF_DISTRICT = 3, 12
# Words between a name and the next one; without their marks they may be of a name.
_LINKS = {marked_of(word) for word in ("cũ", "nay", "là", "trước", "đây", "thuộc")}
_LEVEL_WORDS = {
    "commune": ("xã, phường", "commune"),
    "district": ("huyện", "district"),
    "province": ("tỉnh", "province"),
}


def remarks_on(
    candidate: Candidate, gazetteer: Gazetteer, text: str, words: list[Word]
) -> Iterator[Remark]:
    """All that is said of a candidate beside its place, in the order in which it is read."""
    area = candidate.claim.area
    if candidate.claim.former or (area.edition, area.role) == ("2024", "district"):
        yield from _succession(candidate, gazetteer)
    places = [hit for hit in candidate.claim.hits if hit.area.role == "place"]
    for place in places:
        # Of a commune beside its gate a post or what is near the gate is told below.
        if place.area.area_km2 and (place.area is area or not is_beside(place, words)):
            yield _no_point(place.area, candidate)
    ways = [range(words[one[0]].begin, words[one[-1]].end) for one in streets(words)]
    left = list(_left(candidate, words))
    for run in left:
        if any(run[0].begin in way for way in ways):
            yield _street(text[run[0].begin : run[-1].end])
        else:
            yield from _misfit(run, text, candidate, gazetteer)
    if area.role == "province" and left:
        yield _province_only(area)
    for hit in dict.fromkeys([candidate.claim.hits[0], *places]):
        yield from beside(hit, text, words)
    for hit in candidate.claim.hits:
        yield from other_kind(hit, text, words)
        yield from _other_level(hit, text, words, candidate, gazetteer)
        begin = _begin_of_place(hit, candidate.claim.hits, words)
        if begin is not None and hit.area.role != "place":
            yield _no_place(text[words[begin].begin : words[hit.end - 1].end])
        yield from _end_of_hamlet(hit, candidate, text, words)
        yield from _spelt_otherwise(hit, text, words)
        yield from _called_otherwise(hit, text, words)


def _other_level(
    hit: Hit, text: str, words: list[Word], candidate: Candidate, gazetteer: Gazetteer
) -> Iterator[Remark]:
    """Says that a commune's name is written as that of a district in which it does not lie."""
    level = _level_of(words[hit.head].label) if hit.head < hit.begin else None
    part = text[words[hit.begin].begin : words[hit.end - 1].end] if level else ""
    if level and hit.area.role == "commune" and level == _elsewhere(part, candidate, gazetteer):
        written = text[words[hit.head].begin : words[hit.end - 1].end]
        yield _wrong_unit(written, part, level, candidate, gazetteer)


def _level_of(label: str) -> str | None:
    return next((level for level, kinds in LEVEL_KINDS.items() if label in kinds), None)


def _elsewhere(name: str, candidate: Candidate, gazetteer: Gazetteer) -> str | None:
    """The level of the district or province of that name, where the place lies in none of them."""
    named = [match.name.area for match in gazetteer.find(*name_key(name))]
    upper = [area for area in named if area.role in ("province", "district")]
    lies_in = set((candidate.claim.former or candidate.claim.area).above)
    if any((area.edition, area.role, area.code) in lies_in for area in upper):
        return None
    return next((area.role for area in upper), None)


def _begin_of_place(hit: Hit, hits: Sequence[Hit], words: list[Word]) -> int | None:
    """Where the label of a hamlet, gate or post stands before a name, if one does."""
    before = hit.head if hit.head < hit.begin else hit.begin - 1
    if before < 0 or words[before].label not in PLACES or words[hit.begin].starts:
        return None
    if any(one.begin <= before < one.end for one in hits):
        # It ends a name of its own: Văn Lãng, Lạng Sơn without their marks.
        return None
    return before


def _end_of_hamlet(
    hit: Hit, candidate: Candidate, text: str, words: list[Word]
) -> Iterator[Remark]:
    """Says that a commune was found at the end of a hamlet's words, with a province alone."""
    roles = {one.area.role for one in candidate.claim.hits}
    inner = places_below(tuple(words)) - heads_of_below(words)
    if hit.area.role == "commune" and hit.head in inner and roles <= {"commune", "province"}:
        part = text[words[hit.begin].begin : words[hit.end - 1].end]
        yield Remark(
            "end_of_hamlet",
            part,
            f"Đọc “{part}” là {hit.area.full_name}: cũng có thể thuộc tên đứng trước.",
            f"“{part}” was read as {hit.area.full_name}: it may belong to the name before it.",
        )


def _spelt_otherwise(hit: Hit, text: str, words: list[Word]) -> Iterator[Remark]:
    written = " ".join(word.marked for word in words[hit.begin : hit.end])
    is_marked_otherwise = has_marks(written) and hit.match.cost > hit.match.name.cost
    if words and (not hit.match.exact or is_marked_otherwise):
        part = text[words[hit.begin].begin : words[hit.end - 1].end]
        yield Remark(
            "spelling",
            part,
            f"Đọc “{part}” là “{hit.area.name}”.",
            f"“{part}” was read as “{hit.area.name}”.",
        )


def _called_otherwise(hit: Hit, text: str, words: list[Word]) -> Iterator[Remark]:
    """Says which commune it is that goes by another name, or had one before 2025."""
    written = "".join(word.plain for word in words[hit.begin : hit.end])
    is_own = name_key(hit.area.name)[0].startswith(written)
    if hit.match.exact and hit.area.role == "commune" and words and not is_own:
        part = text[words[hit.begin].begin : words[hit.end - 1].end]
        yield Remark(
            "alias",
            part,
            f"“{part}” là tên cũ hoặc tên gọi khác của {hit.area.full_name}.",
            f"“{part}” is a former or other name of {hit.area.full_name}.",
        )


def _no_point(place: Area, candidate: Candidate) -> Remark:
    vi, en = _around(candidate)
    return Remark(
        "no_point",
        place.full_name,
        f"Chưa có tọa độ của “{place.full_name}”: điểm đại diện cho {vi} chứa nó.",
        f"“{place.full_name}” has no point yet: that of the {en} around it stands for it.",
    )


def _around(candidate: Candidate) -> tuple[str, str]:
    return ("xã", "commune") if candidate.commune else ("huyện cũ", "former district")


def _succession(candidate: Candidate, gazetteer: Gazetteer) -> Iterator[Remark]:
    area = candidate.claim.former or candidate.claim.area
    codes = list(area.successors) or gazetteer.communes_of_district.get(area.code, set())
    if candidate.claim.area.edition == "2025" and candidate.commune:
        # Beside the former name stands which of its heirs is meant.
        codes = [candidate.commune]
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
                yield _without_links(run)
            run = []


def _without_links(run: list[Word]) -> list[Word]:
    """The words of a name without those that lead to the next: "xã Tam Quang cũ, nay là"."""
    end = len(run)
    while run[end - 1].marked in _LINKS:
        end -= 1
    return run[:end]


def _misfit(
    run: list[Word], text: str, candidate: Candidate, gazetteer: Gazetteer
) -> Iterator[Remark]:
    part = text[run[0].begin : run[-1].end]
    label = run[0].label
    name = text[run[1].begin : run[-1].end] if label and len(run) > 1 else part
    key, _ = name_key(name)
    level = _level_of(label)
    if is_of_post(run) or (len(run) == 1 and label in PLACES):
        return
    if level == "commune" and key in _names_of_commune(candidate):
        # Said twice: "xã Môn Sơn cũ, nay là xã Môn Sơn".
        return
    if key in gazetteer.protected:
        yield protected(part, gazetteer.protected[key], candidate, gazetteer)
    elif level in _LEVEL_WORDS and len(run) > 1:
        yield _wrong_unit(part, name, level, candidate, gazetteer)
    elif label == "below":
        yield _no_place(part)
    elif elsewhere := _elsewhere(name, candidate, gazetteer):
        yield _wrong_unit(part, name, elsewhere, candidate, gazetteer)
    else:
        yield Remark(
            "unused",
            part,
            f"Không dùng đến “{part}”.",
            f"“{part}” was not used.",
        )


def _names_of_commune(candidate: Candidate) -> set[str]:
    areas = [hit.area for hit in candidate.claim.hits if hit.area.role == "commune"]
    return {name_key(area.name)[0] for area in areas}


def _province_only(area: Area) -> Remark:
    return Remark(
        "province_only",
        area.full_name,
        f"Mới chỉ tìm được {area.full_name}: hãy ghi rõ xã, phường.",
        f"Only {area.full_name} was found: give the commune or ward.",
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


def protected(part: str, park: ProtectedArea, candidate: Candidate, gazetteer: Gazetteer) -> Remark:
    """Says that what was taken for a unit is a national park, and where that lies."""
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
    area = candidate.claim.former or candidate.claim.area
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
