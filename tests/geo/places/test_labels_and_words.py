"""What says which coordinate is which, and which numbers beside words are coordinates."""

import pytest

from geo.places.coordinates import part_words, read_coordinates
from geo.places.slips import Slip
from geo.places.systems import VN2000_UTM, WGS84_UTM

# Môn Sơn, Nghệ An, in degrees and, by the EPSG registry, in metres: domain.md, section 4.
LONGITUDE, LATITUDE = 104.848, 18.8885
METRE = 1e-5
KTT_104_45, KTT_105, UTM_48 = 9208, 5897, 3405


@pytest.mark.parametrize(
    "text",
    [
        "18⁰53'18,6\"B 104⁰50'52,8\"Đ",
        "18o53'18,6\"B 104o50'52,8\"Đ",
        "18 o 53' 18,6\" B, 104 o 50' 52,8\" Đ",
        "18,8885 - 104,848",
        "18,8885-104,848",
        "18,8885 x 104,848",
        "18.8885 × 104.848",
        "18 53 18.6 N - 104 50 52.8 E",
        "kinh độ 104,848; vĩ độ 18,8885",
        "Kinh độ: 104,848 - vĩ độ: 18,8885",
        "kinh độ 104,848, vĩ độ 18,8885",
        "kinh độ Đông 104,848; vĩ độ Bắc 18,8885",
        "kinh do 104.848 vi do 18.8885",
        "longitude 104.848, latitude 18.8885",
        "lng=104.848 lat=18.8885",
        "104.848 long, 18.8885 lat",
        "(kinh độ, vĩ độ) = (104,848; 18,8885)",
        "18°53'18.6\" vĩ độ Bắc, 104°50'52.8\" kinh độ Đông",
        "104°50'52.8\" kinh Đông, 18°53'18.6\" vĩ Bắc",
    ],
)
def test_labels_and_strokes(text: str) -> None:
    (position,) = read_coordinates(text)
    assert position.slip is None
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )


def test_a_label_that_cannot_be_right_is_asked_about() -> None:
    position = read_coordinates("vĩ độ 104,848; kinh độ 18,8885")[0]
    assert position.slip is Slip.SWAPPED
    assert position.latitude == LATITUDE


def test_one_label_alone_says_nothing_of_the_other_number() -> None:
    assert read_coordinates("kinh độ 104,848; 18,8885")[0].slip is Slip.SWAPPED


def test_a_signed_pair_keeps_its_sign() -> None:
    # ISO 6709.
    assert read_coordinates("+18.8885-104.848")[-1].longitude == -LONGITUDE


@pytest.mark.parametrize(
    "text", ["18,8885 14,848", "18.8885, 14.848", "kinh độ 14,848; vĩ độ 18,8885"]
)
def test_a_longitude_without_its_zero_is_offered_never_applied(text: str) -> None:
    offered, written = read_coordinates(text)
    assert offered.slip is Slip.LOST_ZERO
    assert (offered.longitude, offered.latitude) == (LONGITUDE, LATITUDE)
    assert (written.slip, written.longitude) == (None, 14.848)


@pytest.mark.parametrize("text", ["48.8566, 12.3522", "18.8885, 11.848", "18.8, 14.8", "12, 15"])
def test_no_zero_was_lost_where_it_explains_nothing(text: str) -> None:
    assert all(one.slip is not Slip.LOST_ZERO for one in read_coordinates(text))


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("VN-2000 UTM 48N X 2088606 Y 483796", UTM_48),
        ("VN-2000, múi chiếu 6 độ, KTT 105: X 2088606; Y 483796", UTM_48),
        ("múi chiếu 6 độ, KTT 105: X 2088606; Y 483796", UTM_48),
        ("VN-2000 KTT 105, múi 6°, Y 483796 X 2088606", UTM_48),
        ("WGS84 múi 6 độ KTT 105 X 2088497 Y 483991", WGS84_UTM[0]),
        ("X = 2 089 228 m, Y = 510 128 m, VN-2000, KTT 104°45'", KTT_104_45),
        ("X = 2 089 228,4 m, Y = 510 128,2 m, VN-2000, KTT 104o45'", KTT_104_45),
        ("VN-2000 KTT 104°45' 2 089 228 510 128", KTT_104_45),
        ("VN-2000 KTT 104°45' 510 128 2 089 228", KTT_104_45),
        ("VN-2000 KTT 104°45' 510\u00a0128 2089 228", KTT_104_45),
    ],
)
def test_metres_with_labels_and_blanks(text: str, system: int) -> None:
    (position,) = read_coordinates(text)
    assert position.system == system
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )


def test_a_meridian_without_a_width_is_of_three_degrees() -> None:
    assert [one.system for one in read_coordinates("VN-2000 KTT 105 2088606 483796")] == [KTT_105]
    # 111° is the middle of no zone but UTM 49.
    assert {one.system for one in read_coordinates("VN-2000 KTT 111 2384000 187000")} == {3406}
    narrow = read_coordinates("VN-2000 múi 3 KTT 111 2384000 187000")
    assert {one.slip for one in narrow} == {Slip.NO_ZONE}


def test_utm_without_a_zone_can_be_either() -> None:
    assert [one.system for one in read_coordinates("UTM 2088497 483991")] == list(WGS84_UTM)
    assert {one.system for one in read_coordinates("VN-2000 UTM 2088497 483991")} == {*VN2000_UTM}
    (position,) = read_coordinates("UTM 49N 187 000 2384 000")
    assert position.system == WGS84_UTM[1]


@pytest.mark.parametrize(
    ("written", "body", "words"),
    [
        ("10.5, 105.1 xã Trà Lĩnh, Cao Bằng", "10.5, 105.1", "xã Trà Lĩnh, Cao Bằng"),
        ("21.53, 107.96 Móng Cái", "21.53, 107.96", "Móng Cái"),
        ("22,85; 106,33 xã Trà Lĩnh", "22,85; 106,33", "xã Trà Lĩnh"),
        ("22,85,106,33 xã Trà Lĩnh", "22,85,106,33", "xã Trà Lĩnh"),
        ("xã Trà Lĩnh (106.33 22.85)", "106.33 22.85", "xã Trà Lĩnh"),
        ("B 22,85 Đ 106,33 xã Trà Lĩnh", "B 22,85 Đ 106,33", "xã Trà Lĩnh"),
        ("22,85 - 106,33 xã Trà Lĩnh", "22,85 - 106,33", "xã Trà Lĩnh"),
        ("QL 7, km 12,5, 18.9, 104.8 Môn Sơn", "18.9, 104.8", "QL 7, km 12,5, Môn Sơn"),
        ("18.8885, 104.8 xã Môn Sơn", "18.8885, 104.8", "xã Môn Sơn"),
        (
            "xã Môn Sơn, kinh độ 104,8; vĩ độ 18,9",
            "kinh độ 104,8; vĩ độ 18,9",
            "xã Môn Sơn",
        ),
        ("18.8885, 104.848 Vĩnh Long", "18.8885, 104.848", "Vĩnh Long"),
        ("Hạ Long 20.951, 107.049", "20.951, 107.049", "Hạ Long"),
        ("xã Môn Sơn lat 18.8885 long 104.848", "lat 18.8885 long 104.848", "xã Môn Sơn"),
        (
            "kinh độ 104,848 xã Môn Sơn vĩ độ 18,8885",
            "kinh độ 104,848; vĩ độ 18,8885",
            "xã Môn Sơn",
        ),
        ("VN-2000 X 2089228 Y 510128 Nghệ An", "VN-2000 X 2089228 Y 510128", "Nghệ An"),
    ],
)
def test_words_and_coordinates_apart(written: str, body: str, words: str) -> None:
    assert part_words(written) == (body, words)
    assert read_coordinates(body)


@pytest.mark.parametrize(
    "written",
    [
        "QL 7, km 12,5 xã Môn Sơn",
        "km 12,5; 105,3 xã Môn Sơn",
        "QL 12,5 - 105,3 xã Môn Sơn",
        "thôn 3, tổ 5, khu 2 xã Môn Sơn",
        "số 12,5 ngõ 105,3 xã Môn Sơn",
        "10,5 - 105,3 ha xã Môn Sơn",
        "12,5 km và 105,3 km từ xã Môn Sơn",
        "10, 105 xã Trà Lĩnh",
        "10,5; 105 xã Trà Lĩnh",
        "30,5; 105,3 xã Trà Lĩnh",
        "10,5; 125,3 xã Trà Lĩnh",
        "24.11.2026, 105.3 xã Trà Lĩnh",
        "ngày 24.11.2026 xã Trà Lĩnh",
        "SĐT 0912 345 678, 0987 654 321 xã Trà Lĩnh",
        "10,5" + " " * 500 + "105,1 xã Trà Lĩnh",
    ],
)
def test_other_numbers_beside_words_are_no_coordinates(written: str) -> None:
    assert part_words(written) is None
