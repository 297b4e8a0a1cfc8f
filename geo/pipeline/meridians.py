"""Central meridians of provinces that are one since July 2025 and were several before."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geo.pipeline.positions import Place, Unit
from geo.places.gazetteer import Gazetteer
from geo.places.remarks import Remark
from geo.places.systems import ALL_ZONES, VN2000_UTM, WGS84_UTM, meridian_of


def provinces_before(chain: Iterable[Unit], gazetteer: Gazetteer) -> set[str]:
    """Codes of the provinces of 2024 in which a unit can lie, given all units that are stated."""
    provinces = [unit for unit in chain if unit[1] == "province"]
    old = {code for edition, _, code in provinces if edition == "2024"}
    return old or {code for unit in provinces for code in gazetteer.areas[unit].old_provinces}


def with_meridians(
    places: Sequence[Place], provinces: Iterable[str], gazetteer: Gazetteer
) -> list[Place]:
    """Candidates in several 3-degree zones, each with what decides between them.

    Args:
        provinces: codes of the 2024 edition in which the place is said to lie.
    """
    zones = {one.system for one in places if not one.slip} & set(ALL_ZONES)
    known = sorted((meridian, code) for code in provinces if (meridian := meridian_of(code)))
    if len(zones) < 2 or len({meridian for meridian, _ in known}) < 2:
        return list(places)
    listed = ", ".join(
        f"{gazetteer.areas['2024', 'province', code].name} {meridian}" for meridian, code in known
    )
    remark = Remark(
        "meridian",
        "",
        f"Kinh tuyến trục tùy theo tỉnh trước 01/7/2025: {listed}. Hãy ghi tỉnh cũ hoặc kinh"
        " tuyến trục.",
        f"The central meridian depends on the province of before 1 July 2025: {listed}. Name that"
        " province or the meridian.",
    )
    return [
        replace(one, remarks=(*one.remarks, remark)) if one.system in zones else one
        for one in places
    ]


def with_zone_asked(places: Sequence[Place]) -> list[Place]:
    """Candidates in several zones that no province tells apart, the first with what would."""
    systems = {one.system for one in places if not one.slip}
    if len(systems & {*ALL_ZONES, *VN2000_UTM, *WGS84_UTM}) < 2:
        return list(places)
    remark = Remark(
        "meridian",
        "",
        "Hai số này có thể thuộc nhiều múi. Hãy ghi thêm kinh tuyến trục (KTT) hoặc tỉnh, ví dụ KTT"
        " 104°45' hoặc Nghệ An.",
        "These numbers can be of several zones. Add the central meridian or the province, as in KTT"
        " 104°45' or Nghệ An.",
    )
    first, *others = places
    return [replace(first, remarks=(*first.remarks, remark)), *others]
