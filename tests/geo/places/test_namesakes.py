"""Names that several communes bear, and words that belong to one name or to the next."""

import pytest

from geo.places.answers import Answer, answer_address
from geo.places.gazetteer import Gazetteer
from geo.places.remarks import is_sure


def commune(answer: Answer) -> str:
    """The name of its commune of 2025, "" where none is known."""
    units = [unit for unit in answer.units if (unit.edition, unit.role) == ("2025", "commune")]
    return units[0].full_name if units else ""


def is_taken(answer: Answer) -> bool:
    return is_sure(answer.confidence, answer.remarks)


def codes(answer: Answer) -> set[str]:
    return {remark.code for remark in answer.remarks}


@pytest.mark.parametrize(
    ("text", "communes"),
    [
        ("xã Đăk Long, Kon Tum", {"Xã Đăk Long", "Xã Đăk Pxi"}),
        ("Cao Sơn, Hòa Bình", {"Xã Cao Sơn", "Xã Lương Sơn", "Xã Liên Sơn"}),
        ("Tân Tiến, Bình Phước", {"Xã Tân Tiến", "Phường Đồng Phú"}),
        ("xã Tân Hưng, Bình Phước", {"Xã Tân Hưng", "Xã Tân Lợi"}),
        ("Tân Lợi, tỉnh Bình Phước", {"Xã Tân Lợi", "Xã Tân Quan"}),
        ("Tân Phú, Tiền Giang", {"Xã Tân Phú", "Xã Tân Thới"}),
        ("Bình An, Kiên Giang", {"Xã Bình An", "Xã Kiên Lương"}),
        ("thanh loc kien giang", {"Xã Thạnh Lộc", "Xã Thạnh Hưng"}),
        # Of today's province too: the former commune lies in it as well.
        ("xã Cao Sơn, Phú Thọ", {"Xã Cao Sơn", "Xã Lương Sơn", "Xã Liên Sơn"}),
        ("X. Thiệu Dy, H.Thiệu Hóa", {"Xã Thiệu Trung", "Xã Thiệu Quang"}),
        ("thanh hoa, thieu hoa, thieu uy", {"Xã Thiệu Trung", "Xã Thiệu Quang"}),
    ],
)
def test_all_bearers_of_a_name_come_first_and_none_is_taken(
    gazetteer: Gazetteer, text: str, communes: set[str]
) -> None:
    answers = answer_address(text, gazetteer)
    bearers = answers[: len(communes)]
    assert {commune(answer) for answer in bearers} == communes
    assert all("ambiguous" in codes(answer) for answer in bearers)
    assert not any("ambiguous" in codes(answer) for answer in answers[len(communes) :])
    assert not is_taken(answers[0])


def test_the_bearers_are_told_apart(gazetteer: Gazetteer) -> None:
    remark = answer_address("xã Đăk Long, Kon Tum", gazetteer)[0].remarks[0]
    assert remark.part == "Đăk Long"
    assert "Xã Đăk Long từ 01/7/2025; Xã Đăk Long, Huyện Đăk Hà trước 01/7/2025" in remark.vi
    assert "Xã Đăk Long, Huyện Đăk Hà before 1 July 2025" in remark.en


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("xã Đăk Long, huyện Đăk Hà, Kon Tum", "Xã Đăk Pxi"),
        ("xã Cao Sơn, huyện Đà Bắc, Hòa Bình", "Xã Cao Sơn"),
        # A phường and a xã of that name: the kind chooses.
        ("phường Tân Quang, Tuyên Quang", "Phường Minh Xuân"),
        # The former commune of that name is the one of today.
        ("xã Môn Sơn, Nghệ An", "Xã Môn Sơn"),
        # The marks choose.
        ("xã Lộc Thành, Đồng Nai", "Xã Lộc Thành"),
        # Another commune is called Tân Phước.
        ("xã Tân Phước 3, Đồng Tháp", "Xã Tân Phước 3"),
    ],
)
def test_a_district_a_kind_or_a_mark_chooses(gazetteer: Gazetteer, text: str, right: str) -> None:
    answer = answer_address(text, gazetteer)[0]
    assert commune(answer) == right
    assert "ambiguous" not in codes(answer)


@pytest.mark.parametrize(
    ("text", "former", "heir"),
    [
        ("ban na pu, nghi xa - nghi loc", "Xã Nghi Xá", "Xã Trung Lộc"),
        ("nghi xa nghi loc nghe an", "Xã Nghi Xá", "Xã Trung Lộc"),
        ("ban na pu, long xa - hung nguyen", "Xã Long Xá", "Xã Hưng Nguyên Nam"),
        ("an tinh - trang bang", "Phường An Tịnh", "Phường An Tịnh"),
    ],
)
def test_a_name_that_ends_like_a_label_keeps_its_end(
    gazetteer: Gazetteer, text: str, former: str, heir: str
) -> None:
    answer = answer_address(text, gazetteer)[0]
    assert commune(answer) == heir
    assert answer.units[-1].full_name == former
    assert codes(answer) <= {"former", "below"}


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("khóm Cầu Sắt An Phú, tỉnh Gia Lai", "Phường An Phú"),
        ("buon Trung Tam Hnug Chan, tinh Nghe An", "Xã Hùng Chân"),
        ("bản Cò Phạt Môn Sơn, tỉnh Nghệ An", "Xã Môn Sơn"),
    ],
)
def test_a_commune_at_the_end_of_a_hamlet_is_offered_and_nothing_is_taken(
    gazetteer: Gazetteer, text: str, end: str
) -> None:
    answers = answer_address(text, gazetteer)
    found = next(answer for answer in answers[:2] if commune(answer) == end)
    assert "end_of_hamlet" in codes(found)
    assert not is_taken(answers[0])


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("tỉnh Nghệ An", True),
        ("thôn 3, tỉnh Nghệ An", False),
        ("buôn Xyz, tỉnh Nghệ An", False),
        ("số 15 đường Lê Lợi, tỉnh Nghệ An", False),
    ],
)
def test_a_province_of_which_more_was_said_is_not_taken(
    gazetteer: Gazetteer, text: str, taken: bool
) -> None:
    answer = answer_address(text, gazetteer)[0]
    assert answer.precision == "province"
    assert is_taken(answer) == taken
    assert ("province_only" in codes(answer)) != taken


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A Pa Chải, Sín Thầu, Mường Nhé", "no_point"),
        ("cửa khẩu A Pa Chải, xã Sín Thầu", "no_point"),
        ("Đồn biên phòng A Pa Chải, Sín Thầu, Điện Biên", "beside"),
    ],
)
def test_a_commune_beside_its_gate_says_where_in_the_district_it_is(
    gazetteer: Gazetteer, text: str, code: str
) -> None:
    answer = answer_address(text, gazetteer)[0]
    assert (commune(answer), answer.precision) == ("Xã Sín Thầu", "commune")
    assert codes(answer) == {code}
    assert answer.unplaced_gate == ("Cửa khẩu A Pa Chải", "A Pa Chai Border Gate")


def test_a_district_beside_its_gate_is_not_the_commune_of_its_name(gazetteer: Gazetteer) -> None:
    answer = answer_address("A Pa Chải, Mường Nhé", gazetteer)[0]
    assert (answer.name, commune(answer)) == ("Cửa khẩu A Pa Chải", "")


@pytest.mark.parametrize(
    ("text", "heirs"),
    [
        ("Xã Phú Hội, An Phú", {"Xã An Phú", "Xã Nhơn Hội"}),
        ("Xã Phú Hội, An Phú, An Giang", {"Xã An Phú", "Xã Nhơn Hội"}),
        ("Phường Đội Cấn, Ba Đình", {"Phường Ba Đình", "Phường Ngọc Hà"}),
    ],
)
def test_an_heir_by_the_name_of_the_old_district_is_not_taken_for_it(
    gazetteer: Gazetteer, text: str, heirs: set[str]
) -> None:
    answers = answer_address(text, gazetteer)
    assert heirs <= {answer.name for answer in answers}
    assert not is_taken(answers[0])
    # Where it is called a commune it is meant.
    [first, *_] = answer_address("Xã Phú Hội (nay là xã Nhơn Hội)", gazetteer)
    assert first.name == "Xã Nhơn Hội"


@pytest.mark.parametrize("text", ["Thái Bình", "Tan Thanh, Lang Son", "An Phú", "Long An"])
def test_candidates_stand_by_their_chance(gazetteer: Gazetteer, text: str) -> None:
    chances = [answer.confidence for answer in answer_address(text, gazetteer)]
    assert chances == sorted(chances, reverse=True)
    assert len(chances) > 1
