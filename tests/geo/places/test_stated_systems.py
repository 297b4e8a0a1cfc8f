"""Central meridians and zones as they are written, and those that Vietnam does not use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.places.coordinates import Position, fault_of, part_words, read_coordinates
from geo.places.faults import Fault
from geo.places.slips import Slip, slip_texts
from geo.places.systems import PROVINCES_OF_ZONE

METRES = "X=2088497 Y=510325"


def systems(text: str) -> list[int]:
    return [position.system for position in read_coordinates(text)]


@pytest.mark.parametrize(
    "meridian",
    [
        "KTT 104.75", "KTT 104,75", "KTT 104,750", "KTT: 104°45'", "KTT 104°45'00\"", "KTT 104 45",
        "KTT 104o45", "KTT 104o45'", "KTT 104d45", "KTT 104-45", "KTT 104-45-00", "KTT 104 độ 45",
        "kinh tuyến trục 104 độ 45 phút", "104.75", "104°45'", "104o45",
    ],
)  # fmt: skip
@pytest.mark.parametrize("pattern", ["VN2000 {} X=2088497 Y=510325", "VN-2000 2088497 510325 {}"])
def test_a_meridian_is_never_cut_to_whole_degrees(meridian: str, pattern: str) -> None:
    text = pattern.format(meridian)
    (position,) = read_coordinates(text)
    assert (position.system, position.slip) == (9208, None)
    assert part_words(text) is None


@settings(deadline=None)
@given(
    st.sampled_from(sorted(PROVINCES_OF_ZONE)),
    st.sampled_from(
        [
            "{d}°{m:02}'",
            "{d}{p}{f:02}",
            "{d} {m:02}",
            "{d}o{m:02}",
            "{d}d{m:02}",
            "{d}-{m:02}",
            "{d} độ {m:02}",
            "{d}°{m:02}'00\"",
        ]
    ),
    st.sampled_from([".", ","]),
    st.floats(-0.9, 0.9),
    st.floats(9.0, 23.0),
)
def test_every_meridian_in_every_notation_gives_the_point_back(
    minutes: int, notation: str, point: str, east: float, latitude: float
) -> None:
    degrees, rest = divmod(minutes, 60)
    epsg = PROVINCES_OF_ZONE[minutes][0]
    meridian = notation.format(d=degrees, m=rest, p=point, f=rest * 100 // 60)
    longitude = max(102.2, degrees + rest / 60 + east)
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)
    (position,) = read_coordinates(f"VN-2000 KTT {meridian} X={y:.2f} Y={x:.2f}")
    assert position.system == epsg
    # Operations of EPSG between the two datums differ by as much as their accuracy, a metre.
    assert position.longitude == pytest.approx(longitude, abs=2e-5)
    assert position.latitude == pytest.approx(latitude, abs=2e-5)


@pytest.mark.parametrize(
    ("meridian", "offered"),
    [
        ("106°20'", {9212, 9213}),
        ("106.3", {9212, 9213}),
        # Its digits are perhaps minutes.
        ("104.45", {9208, 9207}),
        ("104 75", {9208, 5897, 9209}),
        ("104°45' múi 6", {9208, 9207}),
        ("109.5", {9218, 9217}),
    ],
)
def test_a_meridian_of_no_province_is_offered_the_nearest_ones(
    meridian: str, offered: set[int]
) -> None:
    text = f"VN2000 KTT {meridian} {METRES}"
    found = read_coordinates(text)
    assert {position.system for position in found} == offered
    assert {position.slip for position in found} == {Slip.NO_ZONE}
    assert fault_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["KTT 105 18.8885, 104.848", "KTT 105, 510325 2088497", "KTT 105,510325 2088497"],
)
def test_a_meridian_takes_no_digits_of_what_follows(text: str) -> None:
    (position,) = read_coordinates(f"VN2000 {text}")
    assert position.latitude == pytest.approx(18.88, abs=0.01)


def test_the_national_zone_that_no_province_uses_is_known() -> None:
    (position,) = read_coordinates("VN-2000 KTT 102 2388497 540325")
    assert (position.system, position.slip) == (5896, None)


@pytest.mark.parametrize("zone", ["UTM 47Q", "UTM zone 47", "47Q", "UTM múi 47"])
def test_a_zone_outside_vietnam_is_read_as_written(zone: str) -> None:
    written, *offered = read_coordinates(f"{zone} 700000 2300000")
    longitude, latitude = Transformer.from_crs(32647, 4326, always_xy=True).transform(7e5, 2.3e6)
    assert written == Position(longitude, latitude, 32647, 0.5)
    assert longitude < 102
    assert [(one.system, one.slip) for one in offered] == [
        (32648, Slip.NO_ZONE),
        (32649, Slip.NO_ZONE),
    ]


def test_vn2000_has_no_zone_but_its_own() -> None:
    assert systems("VN-2000 UTM 47 510325 2088497") == [3405, 3406]
    assert {one.slip for one in read_coordinates("VN-2000 UTM 47 510325 2088497")} == {Slip.NO_ZONE}


def test_numbers_beside_utm_are_no_zone() -> None:
    assert systems("UTM 48 510325 2088497") == [32648]
    assert systems("UTM 510325 2088497") == [32648, 32649]
    assert systems("số 47B, 18.8885, 104.848") == systems("UTM 18.8885, 104.848, 5") == []


def test_the_question_names_the_zone() -> None:
    assert "KTT 104°45'" in slip_texts(Slip.ZONE, 9208)[0]
    assert "UTM zone 48" in slip_texts(Slip.NO_ZONE, 32648)[1]
    assert "{" not in "".join(text for slip in Slip for text in slip_texts(slip, 9208))


@pytest.mark.parametrize(
    "text", ["VN-2000 X=20892280 Y=510128 Nghệ An", "VN2000 KTT 105 208922 510128 xã Môn Sơn"]
)
def test_metres_with_a_wrong_count_of_digits_are_parted_from_words(text: str) -> None:
    parts = part_words(text)
    assert parts is not None
    assert parts[1] in ("Nghệ An", "xã Môn Sơn")
    assert fault_of(text) is Fault.STATED_METRES
