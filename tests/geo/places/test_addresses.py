"""Addresses as people write them, to units of both editions."""

import unicodedata

import pytest

from geo.places.abroad import ABROAD, abroad_reason
from geo.places.answers import Answer, answer_address
from geo.places.gazetteer import Gazetteer
from geo.places.remarks import is_sure
from geo.places.spelling import clean, marked_of, name_key, words_of

MON_SON, CON_CUONG = "17263", "17254"
HIGH = 0.9


def first(gazetteer: Gazetteer, text: str) -> Answer:
    answers = answer_address(text, gazetteer)
    assert answers, text
    return answers[0]


def code(answer: Answer, edition: str = "2025", level: str = "commune") -> str | None:
    codes = [unit.code for unit in answer.units if (unit.edition, unit.role) == (edition, level)]
    return codes[0] if codes else None


def remarks(answer: Answer) -> dict[str, tuple[str, str]]:
    return {remark.part: (remark.vi, remark.en) for remark in answer.remarks}


@pytest.mark.parametrize(
    "text",
    [
        "xã Môn Sơn, huyện Con Cuông, tỉnh Nghệ An",
        "Nghệ An, Con Cuông, Môn Sơn",
        "mon son con cuong nghe an",
        "X.Môn Sơn - H.Con Cuông - T.Nghệ An",
        "XÃ MÔN SƠN, NGHỆ AN",
        "xã Môn Sơn (Nghệ An)",
        "Môn Sơm, Con Cuôgn, Nghệ An",
        "MônSơn, ConCuông, NghệAn",
        "thôn Con Cuông, xã Môn Sơn, Nghệ An",
        "Mon Son Commune, Con Cuong District, Nghe An Province, Vietnam",
        "xã Lục Dạ, huyện Con Cuông, Nghệ An",
        unicodedata.normalize("NFD", "xã Môn Sơn, huyện Con Cuông, tỉnh Nghệ An"),
    ],
)
def test_one_place_however_it_is_written(gazetteer: Gazetteer, text: str) -> None:
    assert code(first(gazetteer, text)) == MON_SON


def test_the_caption_of_the_article(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)")
    assert code(answer) == MON_SON
    assert code(answer, "2025", "province") == "40"
    assert code(answer, "2024", "district") == "422"
    assert (answer.precision, answer.confidence > HIGH) == ("commune", True)
    vi, en = remarks(answer)["huyện Pù Mát"]
    assert "Pù Mát là vườn quốc gia" in vi
    assert "Trước 01/7/2025 nơi này thuộc Huyện Con Cuông" in vi
    assert "national park" in en
    assert "bản Búng" in remarks(answer)


@pytest.mark.parametrize("written", ["hoà", "hòa", "HOÀ", unicodedata.normalize("NFD", "hoà")])
def test_the_tone_may_stand_on_either_vowel(written: str) -> None:
    assert name_key(written) == name_key("Hòa")


def test_other_tones_and_letters_are_other_words() -> None:
    assert marked_of("thành") != marked_of("thạnh")
    assert name_key("Đồng")[0] == name_key("Dong")[0]
    assert name_key("Quy Nhơn") == name_key("Qui Nhơn")
    assert name_key("tây")[0] != name_key("tài")[0]


def test_labels_are_told_from_names() -> None:
    labels = {word.plain: word.label for word in words_of(clean("xã Tịnh Minh, tỉnh Hà Tĩnh"))}
    assert labels["xa"] == "xã"
    kinds = [word.label for word in words_of(clean("Hà Tĩnh, tỉnh Hà Tĩnh"))]
    assert kinds == ["", "", "province", "", ""]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("xã Lộc Thành, Đồng Nai", "25294"),
        ("xã Lộc Thạnh, Đồng Nai", "25280"),
        ("Phường 01, Quận 3, TP.HCM", "27154"),
        ("xã Bản Lầu, Lào Cai", "02788"),
        ("tt Tà Lùng, huyện Phục Hòa, Cao Bằng", "01648"),
    ],
)
def test_names_that_are_easily_mistaken(gazetteer: Gazetteer, text: str, right: str) -> None:
    units = {unit.code for unit in first(gazetteer, text).units}
    assert right in units


def test_two_names_that_differ_in_a_tone_are_both_offered_without_tones(
    gazetteer: Gazetteer,
) -> None:
    answers = answer_address("loc thanh, dong nai", gazetteer)
    assert {code(answer) for answer in answers[:2]} == {"25294", "25280"}
    assert answers[0].confidence < HIGH


@pytest.mark.parametrize("text", ["Tân Thành", "xã Tân Thành", "tan thanh", "Phường 1", "Minh Tân"])
def test_a_name_of_many_places_is_never_sure(gazetteer: Gazetteer, text: str) -> None:
    answers = answer_address(text, gazetteer)
    assert len(answers) > 3
    assert answers[0].confidence < 0.5


def test_no_commune_is_taken_for_the_district_whose_name_it_bears(gazetteer: Gazetteer) -> None:
    """759 communes of 2025 bear the name of a former district: the district does not mean them."""
    heirs, of_district = {}, {}
    for (edition, level, _), area in gazetteer.areas.items():
        for district in area.districts if level == "commune" else ():
            if edition == "2025":
                heirs[district, area.name] = area.code
            else:
                of_district.setdefault(district, []).append(area)
    asked, wrong = 0, []
    for district in [area for area in gazetteer.areas.values() if area.role == "district"]:
        trap = heirs.get((district.code, district.name))
        communes = of_district.get(district.code, [])
        others = [area for area in communes if trap not in area.successors]
        if trap is None or not others:
            continue
        province = gazetteer.areas["2024", "province", next(iter(district.old_provinces))]
        for commune in (others[0], others[-1]):
            text = f"{commune.full_name}, {district.full_name}, {province.full_name}"
            for written in (text, text.replace(",", ""), f"bản Búng, {text}"):
                asked += 1
                if code(first(gazetteer, written)) not in commune.successors:
                    wrong.append(written)
    assert asked > 2_000
    assert wrong == []


def test_a_district_alone_stays_a_district(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "huyện Con Cuông, Nghệ An")
    assert (answer.precision, code(answer)) == ("legacy_district", None)
    assert code(answer, "2024", "district") == "422"
    bare = answer_address("Con Cuông, Nghệ An", gazetteer)
    assert {answer.precision for answer in bare[:2]} == {"commune", "legacy_district"}
    assert bare[0].confidence < HIGH


def test_a_divided_commune_gives_all_its_parts(gazetteer: Gazetteer) -> None:
    text = "phường Hàng Bông, quận Hoàn Kiếm, Hà Nội"
    answers = answer_address(text, gazetteer)
    assert {code(answer) for answer in answers[:2]} == {"00070", "00082"}
    assert answers[0].confidence < HIGH
    assert any(remark.code == "divided" for remark in answers[0].remarks)


def test_former_names_say_what_they_became(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "xã Lục Dạ, huyện Con Cuông, Nghệ An")
    assert [remark.code for remark in answer.remarks] == ["former"]
    assert code(answer, "2024", "commune") == "17260"


def test_a_district_elsewhere_is_said_not_to_fit(gazetteer: Gazetteer) -> None:
    answers = answer_address("xã Môn Sơn, huyện Quế Phong, Nghệ An", gazetteer)
    found = next(answer for answer in answers if code(answer) == MON_SON)
    assert found.confidence < HIGH
    assert "không khớp" in remarks(found)["huyện Quế Phong"][0]


def test_a_gate_has_its_own_point(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "cửa khẩu Cầu Treo")
    assert (answer.precision, answer.name) == ("village", "Cửa khẩu Cầu Treo")
    assert (answer.longitude, answer.latitude) == (105.16, 18.40)
    assert code(answer) == "18196"


def test_the_province_asked_for_decides(gazetteer: Gazetteer) -> None:
    answers = answer_address("Tân Thành", gazetteer, frozenset({"40"}))
    assert {code(answer, "2024", "province") for answer in answers} == {"40"}


def test_an_unfinished_name_is_finished(gazetteer: Gazetteer) -> None:
    names = [answer.name for answer in answer_address("xã môn s", gazetteer)]
    assert "Xã Môn Sơn" in names


@pytest.mark.parametrize(
    "text", ["", " ,.;", "không có nơi nào cả", "{{ 7*7 }}", "\x00\u202e" * 90]
)
def test_what_names_no_place_gives_none(gazetteer: Gazetteer, text: str) -> None:
    assert answer_address(text, gazetteer) == []


def test_a_long_text_costs_no_more_than_its_beginning(gazetteer: Gazetteer) -> None:
    text = "xã Môn Sơn, huyện Con Cuông, Nghệ An, "
    assert code(first(gazetteer, text * 9)) == MON_SON


def test_a_stated_province_elsewhere_is_said_and_nothing_is_taken(gazetteer: Gazetteer) -> None:
    answer = first(gazetteer, "Môn Sơn, Sơn La")
    assert "không khớp" in remarks(answer)["Sơn La"][0]
    assert not is_sure(answer.confidence, answer.remarks)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)", True),
        ("Môn Sơn, Nghệ An", True),
        ("xã Mốn Sơ, Con Cuôg, Nghệ Am", False),
        ("Kỳ Sơn, Nghệ An", False),
        ("Con Cuông, Nghệ An", False),
    ],
)
def test_only_what_leaves_no_doubt_is_taken(gazetteer: Gazetteer, text: str, taken: bool) -> None:
    answer = first(gazetteer, text)
    assert is_sure(answer.confidence, answer.remarks) == taken


def test_the_name_of_a_hamlet_stays_whole(gazetteer: Gazetteer) -> None:
    assert "bản Y Tý" in remarks(first(gazetteer, "bản Y Tý, huyện Bát Xát"))


@pytest.mark.parametrize(
    ("text", "former", "heir"),
    [
        ("xã Chà Nưa huyện Mường Chà", "Xã Chà Nưa", "Xã Mường Chà"),
        ("Lục Dạ nay là Môn Sơn", "Xã Lục Dạ", "Xã Môn Sơn"),
    ],
)
def test_a_former_commune_beside_its_heir_is_kept(
    gazetteer: Gazetteer, text: str, former: str, heir: str
) -> None:
    answer = first(gazetteer, text)
    names = [unit.full_name for unit in answer.units]
    assert heir in names
    assert names[-1] == former
    assert f"nay thuộc {heir}" in remarks(answer)[former][0]


def test_a_district_that_was_another_is_told_by_its_own(gazetteer: Gazetteer) -> None:
    said = remarks(first(gazetteer, "xã Chà Nưa huyện Mường Chà"))["huyện Mường Chà"][0]
    assert "không khớp" in said
    assert "thuộc Huyện Nậm Pồ" in said


@pytest.mark.parametrize(
    ("text", "communes"),
    [
        # Dissolved on 1 February 2025 into three wards, of which two are one ward now.
        ("Thị trấn Nông trường Mộc Châu, huyện Mộc Châu, tỉnh Sơn La", {"03982", "04033"}),
        ("thị trấn Mộc Châu, huyện Mộc Châu, Sơn La", {"03979", "03980"}),
        ("xã Tân Lập, huyện Mộc Châu, Sơn La", {"03997"}),
        ("xã Hua Păng, Mộc Châu", {"04000"}),
    ],
)
def test_units_that_ended_shortly_before_the_reform(
    gazetteer: Gazetteer, text: str, communes: set[str]
) -> None:
    answers = answer_address(text, gazetteer)[: len(communes)]
    assert {code(answer) for answer in answers} == communes
    assert any(remark.code == "alias" for remark in answers[-1].remarks)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Viêng Chăn", "Lào"),
        ("tỉnh Savannakhet, Lào", "Lào"),
        ("phnom penh", "Campuchia"),
        ("Đông Hưng, Quảng Tây, Trung Quốc", "Trung Quốc"),
    ],
)
def test_places_abroad_are_none_of_ours(gazetteer: Gazetteer, text: str, country: str) -> None:
    assert answer_address(text, gazetteer) == []
    reason = abroad_reason(text, gazetteer)
    assert reason is not None
    assert country in reason[0]


def test_no_name_abroad_is_borne_by_a_place_of_ours(gazetteer: Gazetteer) -> None:
    assert [key for key in ABROAD if gazetteer.find(key, key)] == []


@pytest.mark.parametrize("text", ["cửa khẩu Cầu Treo, Hà Tĩnh (Lào)", "Lào Cai", "xã Na Mèo"])
def test_places_of_ours_are_not_abroad(gazetteer: Gazetteer, text: str) -> None:
    assert answer_address(text, gazetteer)
    assert abroad_reason(text, gazetteer) is None


@pytest.mark.parametrize(
    "text",
    [
        "bản Xiềng, xã Môn Sơn cũ, nay là xã Môn Sơn, Nghệ An",
        "xã Tam Quang cũ nay là xã Tam Quang, Nghệ An",
        "xã Chi Khê cũ, nay là xã Con Cuông",
    ],
)
def test_a_name_that_is_said_twice_fits(gazetteer: Gazetteer, text: str) -> None:
    codes = {remark.code for remark in first(gazetteer, text).remarks}
    assert codes <= {"below", "former"}
