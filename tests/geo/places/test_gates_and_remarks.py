"""Border gates, what goes by their names, and what is said of kinds, nearness and parks."""

import pytest

from geo.places.answers import Answer, answer_address
from geo.places.gazetteer import Gazetteer


def first(gazetteer: Gazetteer, text: str) -> Answer:
    answers = answer_address(text, gazetteer)
    assert answers, text
    return answers[0]


def names(answer: Answer, edition: str) -> list[str]:
    return [unit.full_name for unit in answer.units if unit.edition == edition]


def said(answer: Answer, code: str) -> list[str]:
    return [remark.vi for remark in answer.remarks if remark.code == code]


@pytest.mark.parametrize(
    ("text", "commune", "precision"),
    [
        ("cửa khẩu Xa Mát", "Xã Tân Lập", "commune"),
        ("cửa khẩu quốc tế La Lay", "Xã La Lay", "commune"),
        ("CK Lóng Sập", "Xã Lóng Sập", "commune"),
        ("cửa khẩu Bình Hiệp", "Xã Bình Hiệp", "commune"),
        ("cửa khẩu Hoa Lư", "Xã Lộc Thạnh", "village"),
        ("cua khau Thanh Thuy, Ha Giang", "Xã Thanh Thủy", "village"),
        ("CKQT Hữu Nghị", "Xã Đồng Đăng", "village"),
        ("cửa khẩu quốc tế Móng Cái", "Phường Móng Cái 1", "village"),
    ],
)
def test_gates_lie_in_their_communes(
    gazetteer: Gazetteer, text: str, commune: str, precision: str
) -> None:
    answer = first(gazetteer, text)
    assert commune in names(answer, "2025")
    assert answer.precision == precision
    assert answer.confidence > 0.6
    assert bool(said(answer, "no_point")) == (precision == "commune")
    assert not said(answer, "unused")


def test_a_gate_of_which_only_the_district_is_known_says_so(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "cửa khẩu Pò Peo")
    assert (answer.precision, names(answer, "2024")[-1]) == ("legacy_district", "Huyện Trùng Khánh")
    assert "huyện cũ" in said(answer, "no_point")[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đồn BP Na Mèo", "beside"),
        ("đồn biên phòng cửa khẩu quốc tế Na Mèo", "beside"),
        ("đường mòn Na Mèo", "beside"),
        ("Trạm kiểm soát biên phòng Na Mèo", "beside"),
        ("ngã ba biên giới Na Mèo", "beside"),
        ("gần cửa khẩu Na Mèo", "near"),
    ],
)
def test_what_is_near_a_gate_is_not_the_gate(gazetteer: Gazetteer, text: str, code: str) -> None:
    gate, answer = first(gazetteer, "cửa khẩu Na Mèo"), first(gazetteer, text)
    assert "Xã Na Mèo" in names(answer, "2025")
    assert said(answer, code)
    assert (gate.precision, answer.precision) == ("village", "commune")
    assert answer.confidence < 0.7 < gate.confidence
    assert answer.accuracy_m > gate.accuracy_m


@pytest.mark.parametrize(
    ("text", "commune", "gate"),
    [
        ("Bờ Y, Ngọc Hồi, KonTum", "Xã Bờ Y", "Cửa khẩu Bờ Y"),
        ("Bờ Y, Kon Tum", "Xã Bờ Y", "Cửa khẩu Bờ Y"),
        ("Na Mèo, Thanh Hóa", "Xã Na Mèo", "Cửa khẩu Na Mèo"),
        ("La Lay, Quảng Trị", "Xã La Lay", "Cửa khẩu La Lay"),
    ],
)
def test_a_name_alone_is_the_commune_before_its_gate(
    gazetteer: Gazetteer, text: str, commune: str, gate: str
) -> None:
    answers = answer_address(text, gazetteer)
    assert answers[0].name == commune
    assert answers[0].confidence > 0.85
    assert gate in [answer.name for answer in answers[1:]]
    announced = first(gazetteer, f"cửa khẩu {text}")
    assert announced.name == gate


def test_a_gate_whose_name_no_commune_bears_needs_no_word(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "Hữu Nghị, Lạng Sơn")
    assert (answer.name, answer.has_point) == ("Cửa khẩu Hữu Nghị", True)
    assert answer.confidence > 0.9


def test_nearness_to_a_commune_lowers_the_confidence(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "cách xã Môn Sơn 3 km, Con Cuông, Nghệ An")
    assert said(answer, "near")
    assert answer.confidence <= 0.6


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("xã Long Thành, tỉnh Đồng Nai", "Phường Long Thành"),
        ("xã Yên Phong, Bắc Ninh", "Phường Yên Phong"),
        ("thị xã Ngã Bảy", "Thành phố Ngã Bảy"),
        ("TT. Con Cuông", "Xã Con Cuông"),
    ],
)
def test_another_kind_of_unit_is_told(gazetteer: Gazetteer, text: str, now: str) -> None:
    assert any(now in one for one in said(first(gazetteer, text), "kind"))


def test_an_island_district_is_the_special_zone_of_today(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "huyện đảo Trường Sa")
    assert names(answer, "2025") == ["Tỉnh Khánh Hòa", "Đặc khu Trường Sa"]
    assert said(answer, "former")


def test_a_park_beside_a_province_is_no_unit_elsewhere(gazetteer: Gazetteer) -> None:
    answers = answer_address("huyện Phong Nha Kẻ Bàng, Quảng Bình", gazetteer)
    assert {names(one, "2024")[0] for one in answers} == {"Tỉnh Quảng Bình"}
    assert all(said(one, "protected_area") for one in answers)
    assert answer_address("VQG Yok Đôn", gazetteer)


@pytest.mark.parametrize("text", ["Việt Nam", "Lào", "NaN, NaN"])
def test_what_is_no_place_in_the_country_has_no_answer(gazetteer: Gazetteer, text: str) -> None:
    assert answer_address(text, gazetteer) == []


def test_an_unknown_ward_leaves_the_stated_city(gazetteer: Gazetteer) -> None:
    text = "Đ/c: số 15 đường Lê Lợi, P. Hồng Sơn, TP. Vinh, N.An"
    answer = first(gazetteer, text)
    assert "Thành phố Vinh" in names(answer, "2024")
    assert not said(answer, "unused")


@pytest.mark.parametrize("blank", ["\t", "\u00a0"])
def test_other_blanks_are_blanks(gazetteer: Gazetteer, blank: str) -> None:
    plain = first(gazetteer, "xã Môn Sơn, Nghệ An")
    other = first(gazetteer, f"xã{blank}Môn Sơn, Nghệ An")
    assert other.confidence == pytest.approx(plain.confidence, abs=0.001)
    assert not other.remarks
