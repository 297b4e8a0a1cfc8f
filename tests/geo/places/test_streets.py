"""Streets bear the names of wards: they are told, and never taken for one."""

import pytest

from geo.places.answers import answer_address
from geo.places.gazetteer import Gazetteer

VINH = ("2024", "district", "412")


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Đ/c: số 15 đường Lê Lợi, P. Hồng Sơn, TP. Vinh, N.An", "số 15 đường Lê Lợi"),
        ("so 15 duong le loi, p hong son, tp vinh, nghe an", "so 15 duong le loi"),
        ("12 Trần Phú, phường Lê Mao, thành phố Vinh, Nghệ An", "12 Trần Phú"),
        ("12 Trần Phú, TP Vinh", "12 Trần Phú"),
        ("ngõ 5 đường Lê Hồng Phong, phường Hưng Bình, Vinh", "ngõ 5 đường Lê Hồng Phong"),
    ],
)
def test_a_street_of_a_town_is_no_ward_elsewhere(
    gazetteer: Gazetteer, text: str, street: str
) -> None:
    first = answer_address(text, gazetteer)[0]
    assert VINH in {(unit.edition, unit.role, unit.code) for unit in first.units}
    assert "Lê Lợi" not in {unit.name for unit in first.units}
    assert [one.part for one in first.remarks if one.code == "street"] == [street]


@pytest.mark.parametrize("text", ["QL 7, xã Môn Sơn", "km 12 quốc lộ 7, xã Môn Sơn, Nghệ An"])
def test_a_road_is_told_beside_its_commune(gazetteer: Gazetteer, text: str) -> None:
    first = answer_address(text, gazetteer)[0]
    assert first.name == "Xã Môn Sơn"
    assert first.confidence > 0.9
    road, _, _ = text.partition(",")
    assert [(one.code, one.part) for one in first.remarks] == [("street", road)]


def test_a_road_alone_is_no_place(gazetteer: Gazetteer) -> None:
    assert answer_address("km 12 quốc lộ 7", gazetteer) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("phường Lê Lợi, thành phố Vinh", "16681"),
        ("đường Lê Lợi, phường Lê Lợi, thành phố Vinh", "16681"),
        ("Đường Lâm, Sơn Tây, Hà Nội", "09574"),
        ("1. Môn Sơn, Con Cuông, Nghệ An", "17263"),
        ("số 21 đường Nguyễn Văn Cừ Thuận Giao, Thành phố Hồ Chí Minh", "25969"),
    ],
)
def test_units_that_look_like_streets_stay_units(
    gazetteer: Gazetteer, text: str, right: str
) -> None:
    first = answer_address(text, gazetteer)[0]
    assert right in {unit.code for unit in first.units}


def test_a_former_town_names_the_communes_of_today(gazetteer: Gazetteer) -> None:
    first = answer_address("thành phố Vinh, Nghệ An", gazetteer)[0]
    (remark,) = [one for one in first.remarks if one.code == "divided"]
    assert "Phường Thành Vinh" in remark.vi
    assert "Phường Trường Vinh" in remark.vi
