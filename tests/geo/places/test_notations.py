"""Notations that reports and telephones bring, and how exactly each says where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.places.coordinates import part_words, read_coordinates
from geo.places.slips import Slip
from geo.places.systems import ALL_ZONES, PROVINCES_OF_ZONE

# Môn Sơn, Nghệ An: the commune of domain.md, section 4.
LONGITUDE, LATITUDE = 104.848, 18.8885
SECOND = 1 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "18-53-18.6B 104-50-52.8Đ",
        "18-53-18,6 B, 104-50-52,8 Đ",
        "B 18-53-18,6 Đ 104-50-52,8",
        "18 53 18.6 N 104 50 52.8 E",
        "18 53 18.6N, 104 50 52.8E",
        "N 18 53 18.6 E 104 50 52.8",
        "18 53.31 N 104 50.88 E",
        "18 53 18.6, 104 50 52.8",
        "N: 18.8885 E: 104.848",
        "B: 18,8885; Đ: 104,848",
        "E: 104.848, N: 18.8885",
        "+18.8885 +104.848",
        "+18.8885, +104.848",
        "18.8885; 104,848",
        "18.8885,\t104.848",
        "18.8885\t104.848",
        "18.8885\u00a0104.848",
        "18,8885;\u00a0104,848",
        "Toạ độ: 18.8885, 104.848",
        "https://www.google.com/maps/dir/18.8885,104.848/@18.9,104.8,12z",
        "https://www.google.com/maps/dir/18.1,104.1/18.8885,104.848/",
        "https://www.google.com/maps/place/18.8885,104.848",
        "https://www.google.com/maps/search/18.8885,+104.848?entry=tts",
    ],
)
def test_one_place_in_many_notations(text: str) -> None:
    (position,) = read_coordinates(text)
    assert position.slip is None
    assert position.latitude == pytest.approx(LATITUDE, abs=1e-5)
    assert position.longitude == pytest.approx(LONGITUDE, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "latitude"),
    [
        ("18°53'60\"B 104°50'00\"Đ", 18.9),
        ("18°60'00\"B 104°50'00\"Đ", 19.0),
        ("18-53-60B 104-50-00Đ", 18.9),
    ],
)
def test_sixty_is_what_rounding_leaves(text: str, latitude: float) -> None:
    assert read_coordinates(text)[0].latitude == pytest.approx(latitude)


@pytest.mark.parametrize(
    "text",
    ["18°53'61\"B 104°50'00\"Đ", "12-03-2026 13-04-2026", "18-53-18 104-50-52", "18 53 104 50"],
)
def test_other_numbers_are_no_angles(text: str) -> None:
    assert read_coordinates(text) == []


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        # Half of what the last digit counts; a degree of latitude is 111.3 km.
        ("19, 105", 55_660),
        ("18.9, 104.8", 5_566),
        ("18.89, 104.85", 557),
        ("18.8885, 104.8480", 5.6),
        ("18.888500, 104.848000", 0.0557),
        ("18°53'B 104°50'Đ", 928),
        ("18°53'18\"B 104°50'52\"Đ", 15.5),
        ("18°53.3'B 104°50.9'Đ", 93),
        ("18-53-18B 104-50-52Đ", 15.5),
        ("https://www.google.com/maps?q=18.9,104.8", 5_566),
    ],
)
def test_the_last_digit_says_how_far_off_it_may_be(text: str, metres: float) -> None:
    assert read_coordinates(text)[0].accuracy_m == pytest.approx(metres, rel=0.02)


@pytest.mark.parametrize(
    "text",
    [
        "18.8885 10.4848",
        "1.88885, 104.848",
        "1888.85 104.848",
        "18.8885, 1048.48",
        "188885 1048480",
        "0.188885; 104.848",
        "18,8885; 10,4848",
        "104848 188885",
    ],
)
def test_a_lost_or_misplaced_point_is_offered(text: str) -> None:
    moved = [one for one in read_coordinates(text) if one.slip is Slip.DECIMAL_POINT]
    assert [(one.longitude, one.latitude) for one in moved] == [
        (pytest.approx(LONGITUDE), pytest.approx(LATITUDE))
    ]


@pytest.mark.parametrize("text", ["13.75, 100.5", "12, 345", "0, 0", "48.85, 2.35", "18.8885, 104"])
def test_no_point_is_moved_for_other_places(text: str) -> None:
    assert all(one.slip is not Slip.DECIMAL_POINT for one in read_coordinates(text))


def test_the_north_of_english_beside_an_east_of_vietnamese() -> None:
    north, south = read_coordinates("N: 18.8885 Đ: 104.848")
    assert (north.slip, north.latitude) == (Slip.HEMISPHERE, LATITUDE)
    assert (south.slip, south.latitude) == (None, -LATITUDE)


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        ("VN2000 kinh tuyến trục 104°45', múi chiếu 3°: X = {y} m; Y = {x} m", 9208),
        ("VN2000 104°45' {y} {x}", 9208),
        ("VN-2000 105°00' {y} {x}", 5897),
        ("{y} {x} múi 3 độ, kinh tuyến 104 độ 45 phút", 9208),
        ("VN-2000, KTT 104 độ 45', X={y}, Y={x}", 9208),
    ],
)
@pytest.mark.parametrize("grouped", [False, True])
def test_a_meridian_in_words(text: str, epsg: int, grouped: bool) -> None:
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(LONGITUDE, LATITUDE)
    style = str.maketrans({",": ".", ".": ","}) if grouped else {}
    written = [(f"{one:,.2f}" if grouped else f"{one:.2f}").translate(style) for one in (x, y)]
    (position,) = read_coordinates(text.format(x=written[0], y=written[1]))
    assert position.system == epsg
    assert position.longitude == pytest.approx(LONGITUDE, abs=1e-6)
    assert position.latitude == pytest.approx(LATITUDE, abs=1e-6)


def test_a_width_in_words_leaves_the_zones_of_that_width() -> None:
    narrow = {one.system for one in read_coordinates("VN-2000 múi 3 2088497 510000")}
    wide = {one.system for one in read_coordinates("VN-2000 múi 6° 2088497 510000")}
    assert narrow <= set(ALL_ZONES)
    assert 9208 in narrow
    assert wide == {3405, 3406}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("VN-2000 múi 3 Nghệ An 2088497 510000", "Nghệ An"),
        ("X: 2088497 Y: 510000 tỉnh Kon Tum VN-2000", "tỉnh Kon Tum"),
        ("xã Con Cuông, Nghệ An (18.8885, 104.848)", "xã Con Cuông, Nghệ An"),
        ("18°53'18\"B 104°50'52\"Đ, bản Búng, xã Môn Sơn", "bản Búng, xã Môn Sơn"),
        ("x. Môn Sơn, h. Con Cuông 18,8885 104,848", "x. Môn Sơn, h. Con Cuông"),
        ("18,8885 B; 104,848 Đ T. Nghệ An", "T. Nghệ An"),
        ("X = 2.088.497,12 m; Y = 510.000,55 m xã Môn Sơn (VN2000)", "xã Môn Sơn"),
    ],
)
def test_words_are_parted_wherever_they_stand(written: str, words: str) -> None:
    parts = part_words(written)
    assert parts is not None
    assert parts[1] == words
    assert read_coordinates(parts[0])


def angle(value: float, style: str, letter: str) -> str:
    """Degrees, minutes and tenths of seconds of a positive angle."""
    tenths = round(value * 36_000)
    degrees, minutes, seconds = tenths // 36_000, tenths // 600 % 60, tenths % 600 / 10
    return style.format(degrees, minutes, seconds, letter)


@settings(deadline=None)
@given(
    st.floats(102.2, 109.4),
    st.floats(8.4, 23.3),
    st.sampled_from(
        ["{}°{}'{:.1f}\"{}", "{}-{}-{:.1f}{}", "{} {} {:.1f} {}", "{} độ {} phút {:.1f} giây {}"]
    ),
    st.sampled_from(["BĐ", "NE"]),
    st.booleans(),
)
def test_an_angle_written_and_read_again(
    longitude: float, latitude: float, style: str, letters: str, comma: bool
) -> None:
    text = f"{angle(latitude, style, letters[0])} {angle(longitude, style, letters[1])}"
    (position,) = read_coordinates(text.replace(".", ",") if comma else text)
    assert position.latitude == pytest.approx(latitude, abs=0.06 * SECOND)
    assert position.longitude == pytest.approx(longitude, abs=0.06 * SECOND)
    assert position.slip is None


@settings(deadline=None)
@given(
    st.integers(1_022_000, 1_094_000),
    st.integers(84_000, 233_000),
    st.integers(-3, 3),
    st.booleans(),
)
def test_wherever_the_point_went_the_place_is_among_the_answers(
    longitude: int, latitude: int, power: int, in_latitude: bool
) -> None:
    # A last digit that counts: zeros at the end would say nothing.
    y, x = f"{latitude / 1e4:.4f}1", f"{longitude / 1e4:.4f}1"
    moved = f"{float((y if in_latitude else x) + f'e{power}'):.8f}"
    found = read_coordinates(f"{moved} {x}" if in_latitude else f"{y} {moved}")
    assert any(
        one.latitude == pytest.approx(float(y), abs=1e-6)
        and one.longitude == pytest.approx(float(x), abs=1e-6)
        and (one.slip is None) == (power == 0)
        for one in found
    )


@settings(deadline=None)
@given(
    st.sampled_from(sorted(PROVINCES_OF_ZONE.values(), key=lambda zone: zone[0])),
    st.floats(-0.9, 1.5),
    st.floats(9.0, 23.0),
    st.booleans(),
)
def test_metres_of_a_provinces_zone_come_back_to_where_they_were(
    zone: tuple[int, frozenset[str]], east_of_meridian: float, latitude: float, swapped: bool
) -> None:
    epsg, provinces = zone
    meridian = next(at for at, one in PROVINCES_OF_ZONE.items() if one == zone) / 60
    longitude = meridian + east_of_meridian
    pair = Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)
    first, second = pair if swapped else pair[::-1]
    found = read_coordinates(f"VN-2000 X={first:.2f} Y={second:.2f}", provinces)
    assert found[0].system == epsg
    # Operations of EPSG between the two datums differ by as much as their accuracy, a metre.
    assert found[0].longitude == pytest.approx(longitude, abs=2e-5)
    assert found[0].latitude == pytest.approx(latitude, abs=2e-5)
