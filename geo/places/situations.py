"""What is said of a position by where it lies: beyond the border, on the sea, far from Vietnam."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.places.remarks import Remark
from geo.places.seas import Waters, is_off_the_coast
from geo.wording import number

NEIGHBOURS = {
    "CHN": ("Trung Quốc", "China"),
    "LAO": ("Lào", "Laos"),
    "KHM": ("Campuchia", "Cambodia"),
}
# As of records, plus what only a place can be.
SEA, OUTSIDE, NEAREST = "sea", "outside", "nearest"

# Shapes of coasts and banks are drawn no better than this.
COAST_M = 500.0
LINE_M = 300.0
JUST_ACROSS_M = 50_000.0
FAR_M = 500_000.0
# So far off, a commune that is drawn approximately may hold a point that lies in the next one.
UNSURE_EDGE_M = 2_000.0
# From outside, a commune that is so near may be the one that was meant.
MEANT_M = 10_000.0
# Beyond this the nearest gate is no help.
GATE_M = 200_000.0

# How likely a text means a position there, beside one that lies in a commune of Vietnam (1).
ON_SEA, AT_THE_LINE, JUST_ACROSS, ABROAD, FAR = 0.9, 0.85, 0.5, 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Situation:
    """How a position lies: `assignment` as of records or "sea", `weight` of 0 to 1, a remark."""

    assignment: str
    weight: float = 1.0
    remark: Remark | None = None


def situation_of(
    point: tuple[float, float],
    around: Mapping[str, Any],
    waters: Waters | None = None,
    zone_m: float | None = None,
) -> Situation:
    """The situation of a point (degrees, EPSG:4326).

    Args:
        around: what `places_of_points` of the store says of it.
        waters: the archipelago in whose waters it lies, if any.
        zone_m: distance in metres to what is drawn of that archipelago; None if nothing is.
    """
    assignment = around["assignment"]
    if assignment not in (OUTSIDE, NEAREST):
        return Situation(assignment, 1.0, _near_an_edge(around))
    if waters:
        return Situation(SEA, 1.0, _in_waters(waters, zone_m))
    return _at_sea(around) if is_off_the_coast(*point) else _on_land(around)


def _at_sea(around: Mapping[str, Any]) -> Situation:
    assignment, beside = around["assignment"], around["beside_m"]
    if assignment == NEAREST and (beside is None or beside <= COAST_M):
        return Situation(assignment)
    return Situation(assignment if assignment == NEAREST else SEA, ON_SEA, _off_the_coast(around))


def _on_land(around: Mapping[str, Any]) -> Situation:
    assignment, border = around["assignment"], around["border_m"]
    beside = around["beside_m"]
    nearest = min((one for one in (beside, border) if one is not None), default=None)
    # Where the nearest edge of Vietnam is its land border, the point lies beyond that.
    if nearest is not None and border is not None and border <= _as_near_as(nearest):
        near = AT_THE_LINE if border <= LINE_M else JUST_ACROSS
        return Situation(assignment, near, _across(around))
    if assignment == NEAREST or nearest is None:
        return Situation(assignment)
    return Situation(assignment, ABROAD if nearest <= FAR_M else FAR, _far(around, nearest))


def _as_near_as(metres: float) -> float:
    """Up to how many metres off the border is the edge of Vietnam that is so near."""
    return min(1.2 * metres + COAST_M, JUST_ACROSS_M)


def distance_texts(metres: float, finest_m: float = 10) -> tuple[str, str]:
    """A distance in Vietnamese and English; by default no finer than lines are drawn."""
    if metres < 1_000:
        return (f"{max(1, round(metres / finest_m)) * finest_m:.0f} m",) * 2
    kilometres = metres / 1_000
    digits = 1 if kilometres < 100 else 0
    return f"{number(kilometres, 'vi', digits)} km", f"{number(kilometres, 'en', digits)} km"


def _in_waters(waters: Waters, zone_m: float | None) -> Remark:
    vi, en = "", ""
    if zone_m is not None:
        far_vi, far_en = distance_texts(zone_m)
        vi, en = f", cách phần đã vẽ {far_vi}", f", {far_en} from what is drawn of it"
    return Remark(
        "waters",
        "",
        f"Trong vùng biển, đảo {waters.name_vi}: thuộc Đặc khu {waters.name_vi}{vi}."
        " Bản đồ chỉ vẽ một số đảo.",
        f"On the sea, in the waters and islands of {waters.name_en}: it belongs to this special"
        f" zone{en}. Only some islands are drawn.",
    )


def _near_an_edge(around: Mapping[str, Any]) -> Remark | None:
    """That the next commune may be the true one, where communes are drawn approximately.

    Of 1,984 points in border communes 17 % were given another commune than real boundaries do; 43 %
    lie within 2 km of the next, with 85 % of the wrong ones, 86 % of these in the one then named.
    """
    if around.get("next_m") is None or around["next_m"] > UNSURE_EDGE_M:
        return None
    vi, en = distance_texts(around["next_m"])
    name = around["next_commune"]
    return Remark(
        "approximate_edge",
        "",
        f"Ranh giới xã đang dùng là gần đúng: cũng có thể là {name}, cách {vi}.",
        f"Communes are drawn approximately here: it may be {name} as well, {en} away.",
    )


def _off_the_coast(around: Mapping[str, Any]) -> Remark:
    if around["beside_m"] is None:
        return Remark("sea", "", "Trên biển.", "On the sea.")
    vi, en = distance_texts(around["beside_m"])
    ask_vi, ask_en = (" Hãy kiểm tra lại.", " Check it.") if _may_be_meant(around) else ("", "")
    return Remark(
        "sea",
        "",
        f"Trên biển, cách {around['beside']} {vi}.{ask_vi}",
        f"On the sea, {en} from {around['beside']}.{ask_en}",
    )


def _across(around: Mapping[str, Any]) -> Remark:
    land_vi, land_en = NEIGHBOURS[around["neighbour"]]
    vi, en = distance_texts(around["border_m"])
    ask_vi, ask_en = "", ""
    if _may_be_meant(around):
        beside_vi, beside_en = _nearest(around)
        ask_vi, ask_en = f" {beside_vi} Hãy kiểm tra lại.", f" {beside_en} Check it."
    return Remark(
        "across_border",
        "",
        f"Ở bên kia biên giới, phía {land_vi}: quá đường biên {vi}.{ask_vi}",
        f"Across the border, on the side of {land_en}: {en} beyond the line.{ask_en}",
    )


def _far(around: Mapping[str, Any], metres: float) -> Remark:
    vi, en = distance_texts(metres)
    beside_vi, beside_en = "", ""
    if _may_be_meant(around):
        beside_vi, beside_en = (f" {said}" for said in _nearest(around))
    return Remark(
        "abroad",
        "",
        f"Ngoài Việt Nam, cách {vi}.{beside_vi} Hãy kiểm tra lại tọa độ.",
        f"Outside Vietnam, {en} away.{beside_en} Check the coordinates.",
    )


def _may_be_meant(around: Mapping[str, Any]) -> bool:
    """Whether a commune is near: however far its layer lets points outside still count as its."""
    return around["beside_m"] is not None and around["beside_m"] <= MEANT_M


def _nearest(around: Mapping[str, Any]) -> tuple[str, str]:
    return f"Nơi gần nhất là {around['beside']}.", f"The nearest unit is {around['beside']}."
