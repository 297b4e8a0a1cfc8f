"""Positions as officers write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.places.coordinates import Position, fault_of, part_words, read_coordinates
from geo.places.faults import FAULT_TEXTS, Fault
from geo.places.slips import Slip
from geo.places.systems import ALL_ZONES, VN2000_UTM, WGS84_UTM, to_wgs84

# Môn Sơn, Nghệ An: the commune of domain.md, section 4.
LONGITUDE, LATITUDE = 104.848, 18.8885
NGHE_AN = frozenset({"40"})
METRE = 1e-5


def first(text: str, provinces: frozenset[str] = frozenset()) -> Position:
    found = read_coordinates(text, provinces)
    assert found, f"nothing read in {text!r}"
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        "18.8885, 104.848",
        "18.8885 104.848",
        "18.8885,104.848",
        "18,8885; 104,848",
        "18,8885 104,848",
        "18,8885, 104,848",
        "18,8885,104,848",
        "(18.8885; 104.848)",
        "vĩ độ 18,8885 kinh độ 104,848",
        "lat: 18.8885, lon: 104.848",
        "B 18,8885 Đ 104,848",
        "18.8885°N 104.848°E",
        "104.848E 18.8885N",
        "104,848 Đ; 18,8885 B",
        "18°53'18.6\"N 104°50'52.8\"E",
        "18°53′18,6″B, 104°50′52,8″Đ",
        "18°53'18.6\"B 104°50'52.8\"D",
        "18 độ 53 phút 18,6 giây B; 104 độ 50 phút 52,8 giây Đ",
        "18°53.31' 104°50.88'",
        "WGS84: 18.8885, 104.848",
        "B18°53'18.6\" Đ104°50'52.8\"",
        "https://www.google.com/maps/place/X/@18.1,104.1,12z/data=!3m1!4b1!4m6!3d18.8885!4d104.848",
        "https://www.google.com/maps/@18.8885,104.848,15z",
        "https://maps.google.com/?q=18.8885,104.848",
        "https://www.openstreetmap.org/?mlat=18.8885&mlon=104.848#map=10/18.1/104.1",
        "https://www.openstreetmap.org/#map=15/18.8885/104.848",
        "geo:18.8885,104.848",
    ],
)
def test_degrees_in_every_notation(text: str) -> None:
    position = first(text)
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )
    assert position.slip is None
    assert position.system == 4326


def test_vietnamese_n_is_south_and_said_so() -> None:
    position = first("18°53'18.6\"N 104°50'52.8\"Đ")
    assert position.slip is Slip.HEMISPHERE
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )


@pytest.mark.parametrize("text", ["104.848, 18.8885", "104,848; 18,8885"])
def test_swapped_axes_are_offered_never_applied_in_silence(text: str) -> None:
    position = first(text)
    assert position.slip is Slip.SWAPPED
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )


def test_what_was_written_stays_beside_the_correction() -> None:
    # In the Gulf of Guinea: nonsense here, but it is what the text says.
    assert read_coordinates("1.5, 2.5")[-1] == Position(2.5, 1.5, accuracy_m=5_566.0)


def test_a_lost_decimal_point_is_offered() -> None:
    position = read_coordinates("188885 1048480")[-1]
    assert position.slip is Slip.DECIMAL_POINT
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("1897, 104.83", Slip.DECIMAL_POINT),
        ("1897 10483", Slip.DECIMAL_POINT),
        ("18.97 10483", Slip.DECIMAL_POINT),
        ("18.97 B, 104.83 N", Slip.HEMISPHERE),
        ("104.83 N, 18.97 B", Slip.HEMISPHERE),
        ("18°58'12\"B 104°49'48\"N", Slip.HEMISPHERE),
        ("18°58'12\"T 104°49'48\"Đ", Slip.HEMISPHERE),
        ("18.97 E, 104.83 E", Slip.HEMISPHERE),
    ],
)
def test_one_slip_that_explains_a_pair_is_offered_alone(text: str, slip: Slip) -> None:
    (position,) = read_coordinates(text)
    assert position.slip is slip
    assert (position.longitude, position.latitude) == pytest.approx((104.83, 18.97), abs=METRE)
    assert fault_of(text) is None


@pytest.mark.parametrize("text", ["1897 1048", "2024 2025", "189 10483"])
def test_too_few_digits_have_lost_no_point(text: str) -> None:
    assert read_coordinates(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("18°75'00\" 104°10'00\"", Fault.ANGLE),
        ("18.97 B, 18.5 N", Fault.ONE_AXIS),
        ("18.97 B, 14.848 N", Fault.ONE_AXIS),
        ("18.97 Đ, 104.83 N", Fault.LATITUDE),
        ("104.83 B, 18.97 T", Fault.LATITUDE),
        ("91, 100", Fault.LATITUDE),
        ("91, 181", Fault.NUMBERS),
        ("1897 1048", Fault.NUMBERS),
        ("VN-2000 KTT 105 999999 9999999", Fault.STATED_METRES),
        ("18.8885, 104.848 KTT 106°20'", Fault.SYSTEM),
        ("EPSG:27700 18.8885, 104.848", Fault.SYSTEM),
        ("48QVF839918849", Fault.GRID),
        ("18°75'00\" 104°10'00\" xã Môn Sơn", Fault.ANGLE),
    ],
)
def test_coordinates_of_no_place_say_what_is_wrong(text: str, fault: Fault) -> None:
    assert read_coordinates(text) == []
    assert fault_of(text) is fault


@pytest.mark.parametrize(
    "text",
    ["18.8885, 104.848", "xã Môn Sơn", "phường 7, quận 8", "18.8885", "https://example.com/", ""],
)
def test_other_texts_have_no_fault(text: str) -> None:
    assert fault_of(text) is None


def test_every_fault_has_both_languages() -> None:
    assert FAULT_TEXTS.keys() == set(Fault)
    for vi, en in FAULT_TEXTS.values():
        assert vi != en


def test_grid_reference() -> None:
    # domain.md, section 4.
    position = first("48QVF8399188497")
    assert (position.longitude, position.latitude) == pytest.approx((104.848, 18.8885), abs=METRE)
    assert first("48Q VF 83991 88497") == position
    assert first("48QVF8488").accuracy_m == 500


@pytest.mark.parametrize("epsg", [*ALL_ZONES, *VN2000_UTM, *WGS84_UTM, 4756])
def test_systems_agree_with_pyproj_within_a_centimetre(epsg: int) -> None:
    longitude, latitude = np.array([103.9, 105.2, 107.4]), np.array([21.6, 18.9, 12.3])
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)
    found = np.array(to_wgs84(epsg, x, y)[:2])
    expected = np.array(Transformer.from_crs(epsg, 4326, always_xy=True).transform(x, y))
    assert np.abs(found - expected).max() < 1e-7  # 1 cm


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_vn2000_zone_comes_from_the_province(grouped: bool, swapped: bool) -> None:
    """A paper map of Nghệ An, central meridian 104°45': northing is X in Vietnamese surveying."""
    x, y = Transformer.from_crs(4326, 9208, always_xy=True).transform(LONGITUDE, LATITUDE)
    pair = [f"{round(value):,}".replace(",", "." if grouped else "") for value in (y, x)]
    position = first("; ".join(reversed(pair) if swapped else pair), NGHE_AN)
    assert position.system == 9208
    assert position.accuracy_m == 1.0
    assert (position.longitude, position.latitude) == pytest.approx(
        (LONGITUDE, LATITUDE), abs=METRE
    )


@pytest.mark.parametrize(
    ("words", "epsg"),
    [
        ("VN-2000 KTT 104°45'", 9208),
        ("VN2000, kinh tuyến trục 105°30", 9209),
        ("KTT 105", 5897),
        ("EPSG:9210", 9210),
        ("UTM 48N", 32648),
        ("48Q", 32648),
        ("UTM WGS84, zone 48", 32648),
        ("VN-2000 UTM 48", 3405),
    ],
)
def test_a_stated_system_decides(words: str, epsg: int) -> None:
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(LONGITUDE, LATITUDE)
    pair = f"{x:.1f} {y:.1f}"
    for text in (f"{pair} {words}", f"X={y:.1f}; Y={x:.1f} {words}", f"{words}: {pair}"):
        found = read_coordinates(text)
        assert [position.system for position in found] == [epsg], text
        assert found[0].longitude == pytest.approx(LONGITUDE, abs=METRE)


def test_without_system_or_province_every_possible_zone_is_a_candidate() -> None:
    x, y = Transformer.from_crs(4326, 9208, always_xy=True).transform(LONGITUDE, LATITUDE)
    systems = {position.system for position in read_coordinates(f"{y:.0f} {x:.0f}")}
    assert {9208, 9207, 3405, 32648} <= systems


def test_degrees_of_vn2000_are_shifted() -> None:
    plain, shifted = first("18.8885, 104.848"), first("VN-2000: 18.8885, 104.848")
    assert first("EPSG:4756 18.8885, 104.848") == shifted
    assert shifted.system == 4756
    # domain.md, section 4: about 224 m at Môn Sơn.
    metres = np.hypot(
        (shifted.longitude - plain.longitude) * 105_300,
        (shifted.latitude - plain.latitude) * 110_700,
    )
    assert metres == pytest.approx(224, abs=15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xã Môn Sơn, huyện Con Cuông",
        "Quận 1, TP. Hồ Chí Minh",
        "thôn 3 xã Ea 12 Bung 5",
        "phường 7, quận 8",
        "{{ 7*7 }}",
        "18.8885",
        "91, 181",
        "https://example.com/",
        "48QVF839918849",
        "18°75'00\" 104°10'00\"",
        "9" * 5000,
        "EPSG:99999 510325 2088497",
        "18.8885, 104.848 KTT 106°20'",
        "EPSG:4326 510325 2088497",
        "EPSG:27700 18.8885, 104.848",
        "1e308, 1e308",
        "nan, inf",
        "<img onerror=alert(1)>",
    ],
)
def test_what_is_no_position_gives_none(text: str) -> None:
    assert read_coordinates(text) == []


@given(st.text(max_size=80))
def test_no_text_breaks_it_and_every_answer_is_on_earth(text: str) -> None:
    assert not (read_coordinates(text) and fault_of(text))
    for position in read_coordinates(text):
        assert -180 <= position.longitude <= 180
        assert -90 <= position.latitude <= 90


@given(st.floats(102.2, 109.4), st.floats(8.4, 23.3), st.sampled_from([".", ","]))
def test_written_and_read_again(longitude: float, latitude: float, point: str) -> None:
    text = f"{latitude:.6f}; {longitude:.6f}".replace(".", point)
    assert first(text).longitude == pytest.approx(longitude, abs=1e-6)
    assert first(text).latitude == pytest.approx(latitude, abs=1e-6)


@pytest.mark.parametrize(
    ("written", "body", "words"),
    [
        ("X=2088437 Y=483998 VN-2000 Nghệ An", "VN-2000 X=2088437 Y=483998", "Nghệ An"),
        ("Nghệ An: 2088437, 483998", "2088437, 483998", "Nghệ An"),
        ("18.8885, 104.848 (xã Môn Sơn, Nghệ An)", "18.8885, 104.848", "xã Môn Sơn, Nghệ An"),
        ("tại bản Búng 18,8885 104,848", "18,8885 104,848", "tại bản Búng"),
    ],
)
def test_words_beside_coordinates_are_parted(written: str, body: str, words: str) -> None:
    assert part_words(written) == (body, words)
    assert read_coordinates(body)


@pytest.mark.parametrize(
    "written",
    [
        "18.8885, 104.848",
        "2088437 483998 VN-2000 KTT",
        "số 12 ngõ 345, phường Ba Đình",
        "12.345 người ở xã Môn Sơn",
        "1 " * 5_000,
    ],
)
def test_nothing_else_is_parted(written: str) -> None:
    assert part_words(written) is None
