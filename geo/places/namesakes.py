"""Communes that a name can mean alike, where nothing else in the text chooses between them.

How likely each of them is follows from their editions alone, which says nothing of what somebody
wrote: so all of them say so, and none is taken without being chosen.
"""

from collections.abc import Sequence

from geo.places.addresses import Candidate
from geo.places.areas import Area
from geo.places.gazetteer import Gazetteer
from geo.places.remarks import Remark

# Readings whose words explain as much but for this choose nothing: a lost mark does not, another
# tone, kind of unit, slip or district does.
SAME_GAIN = 0.5
MOST_NAMED = 4


def bearers(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that the first one's words mean just as well, itself first; none if alone."""
    first = candidates[0] if candidates else None
    if first is None or first.claim.area.role != "commune":
        return []
    alike = [one for one in candidates if _means_as_well(one, first)]
    rivals = [one for one in alike if not _is_one_place(one, first)]
    if not rivals:
        return []
    return [one for one in alike if one in rivals or one.claim.area is first.claim.area]


def _means_as_well(one: Candidate, first: Candidate) -> bool:
    name, other = first.claim.hits[0], one.claim.hits[0]
    return (
        other.area.role == "commune"
        # Tân Phước is no reading of "Tân Phước 3" while there is one.
        and other.begin <= name.begin
        and name.end <= other.end
        and _gain(first) - _gain(one) <= SAME_GAIN
    )


def _gain(candidate: Candidate) -> float:
    return sum(hit.gain for hit in candidate.claim.hits)


def _is_one_place(one: Candidate, first: Candidate) -> bool:
    """Whether one is the other, or most of it went there."""
    return (
        one.claim.area is first.claim.area
        or _main_heir(one.claim.area) == first.commune
        or _main_heir(first.claim.area) == one.commune
    )


def _main_heir(commune: Area) -> str | None:
    return max(commune.successors, key=lambda code: commune.successors[code], default=None)


def ambiguous(same: Sequence[Candidate], gazetteer: Gazetteer, part: str) -> Remark:
    """Says which communes the words can mean alike."""
    areas = list(dict.fromkeys(one.claim.area for one in same))
    rest = " …" if len(areas) > MOST_NAMED else ""
    told = [_described(area, gazetteer) for area in areas[:MOST_NAMED]]
    return Remark(
        "ambiguous",
        part,
        f"“{part}” có thể là: {'; '.join(vi for vi, _ in told)}{rest}. Hãy chọn đúng nơi.",
        f"“{part}” can be: {'; '.join(en for _, en in told)}{rest}. Choose one.",
    )


def _described(area: Area, gazetteer: Gazetteer) -> tuple[str, str]:
    if area.edition == "2025":
        return f"{area.full_name} từ 01/7/2025", f"{area.full_name} since 1 July 2025"
    keys = (("2024", "district", code) for code in sorted(area.districts))
    names = ", ".join([area.full_name, *(gazetteer.areas[key].full_name for key in keys)])
    return f"{names} trước 01/7/2025", f"{names} before 1 July 2025"
