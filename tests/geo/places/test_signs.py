"""Angles with the signs, marks and words that telephones, receivers and reports give them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.places.coordinates import fault_of, part_words, read_coordinates
from geo.places.faults import Fault

SECOND = 1 / 3600
# Hoàn Kiếm and Môn Sơn, in whole seconds.
HANOI = (21 + 1 / 60 + 43 * SECOND, 105 + 51 / 60 + 15 * SECOND)
MON_SON = (18 + 53 / 60 + 18 * SECOND, 104 + 50 / 60 + 53 * SECOND)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("21.01.43N 105.51.15E", HANOI),
        ("21.01.43B, 105.51.15Đ", HANOI),
        ("21.01.43,105.51.15", HANOI),
        ("18º53´18´´N 104º50´53´´E", MON_SON),
        ("18°53ʹ18ʺN 104°50ʹ53ʺE", MON_SON),
        ("18°53' 18' 'N 104°50' 53' 'E", MON_SON),
        ("18°53''18\"N 104°50''53\"E", MON_SON),
        ("18d53m18s N 104d50m53s E", MON_SON),
        ("18d53m18sN, 104d50m53sE", MON_SON),
        ("18:53:18 104:50:53", MON_SON),
        ("18:53:18B; 104:50:53Đ", MON_SON),
        ("N18:53:18 E104:50:53", MON_SON),
        ("185318N 1045053E", MON_SON),
        ("185318B1045053Đ", MON_SON),
        ("N185318 E1045053", MON_SON),
        ("1045053E, 185318N", MON_SON),
        ("18 53 18 N - 104 50 53 E", MON_SON),
        ("18 độ 53 phút 18 giây Bắc 104 độ 50 phút 53 giây Đông", MON_SON),
        ("Bắc 18 độ 53 phút 18 giây, Đông 104 độ 50 phút 53 giây.", MON_SON),
    ],
)
def test_an_angle_in_many_notations(text: str, where: tuple[float, float]) -> None:
    (position,) = read_coordinates(text)
    assert position.slip is None
    assert (position.latitude, position.longitude) == pytest.approx(where, abs=1e-6)
    assert position.accuracy_m == pytest.approx(15.5, rel=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "18.8885, 104.848.",
        "(18.8885, 104.848).",
        "[18,8885; 104,848];",
        "18,8885; 104,848.",
        "18,8885 độ Bắc; 104,848 độ Đông.",
        "18.8885 North, 104.848 East",
        "18°53.31 N 104°50.88 E",
    ],
)
def test_what_ends_a_sentence_or_names_a_hemisphere_is_no_hindrance(text: str) -> None:
    (position,) = read_coordinates(text)
    assert (position.latitude, position.longitude) == pytest.approx((18.8885, 104.848), abs=1e-5)
    assert part_words(text) is None


@pytest.mark.parametrize("text", ["18.48N 104.49E", "18°48B 104°49Đ"])
def test_what_ends_like_a_zone_is_none(text: str) -> None:
    (position,) = read_coordinates(text)
    assert position.latitude > 18.4
    assert position.longitude > 104.4


@pytest.mark.parametrize("text", ["18.5 S, 104.5 Đ", "18,5 Nam; 104,5 Đông", "18.5 S 104.5 E"])
def test_the_south_is_south_in_either_language(text: str) -> None:
    assert read_coordinates(text)[-1].latitude == -18.5


@pytest.mark.parametrize(
    "text",
    ["12.03.26 13.04.26", "18:53:18 10:50:53", "185318N 510325E", "192.168.1.1 104.5.1.1"],
)
def test_dates_times_and_metres_are_no_angles(text: str) -> None:
    assert all(one.system != 4326 for one in read_coordinates(text))


@pytest.mark.parametrize(
    "text", ["21.61.43N 105.51.15E", "18°53'18\" 30 104°50'53\"", "18.0.53, 104.848"]
)
def test_an_angle_with_a_part_too_many_is_no_shorter_one(text: str) -> None:
    assert read_coordinates(text) == []
    assert fault_of(text) is Fault.ANGLE


@pytest.mark.parametrize(
    "angles",
    ["18-53-18B 104-50-53Đ", "185318B 1045053Đ", "18:53:18 104:50:53", "18d53m18s, 104d50m53s"],
)
def test_words_beside_such_angles_are_parted(angles: str) -> None:
    parts = part_words(f"{angles} xã Đông Anh, Bắc Ninh")
    assert parts is not None
    assert parts[1] == "xã Đông Anh, Bắc Ninh"
    (position,) = read_coordinates(parts[0])
    assert (position.latitude, position.longitude) == pytest.approx(MON_SON, abs=1e-6)


# The parts of an angle, its degrees as wide as the axis wants, and how many of its last digit make
# a degree.
NOTATIONS = {
    "{degrees}.{minutes:02}.{seconds:02}{letter}": 3600,
    "{degrees}:{minutes:02}:{seconds:02}": 3600,
    "{letter}{degrees}:{minutes:02}:{seconds:02}": 3600,
    "{degrees}{minutes:02}{seconds:02}{letter}": 3600,
    "{letter}{degrees}{minutes:02}{seconds:02}": 3600,
    "{degrees}d{minutes}m{seconds}s {letter}": 3600,
    "{degrees}º{minutes}´{seconds}´´{letter}": 3600,
    "{degrees}°{minutes}'{seconds}\"{letter}": 3600,
    "{degrees} độ {minutes} phút {seconds} giây {word}": 3600,
    "{degrees}°{minutes}{letter}": 60,
}


@settings(deadline=None)
@given(
    st.floats(8.4, 23.3),
    st.floats(102.2, 109.4),
    st.sampled_from(sorted(NOTATIONS)),
    st.sampled_from([(("B", "Bắc"), ("Đ", "Đông")), (("N", "North"), ("E", "East"))]),
    st.sampled_from([" ", ", ", "; "]),
    st.sampled_from(["", "."]),
)
def test_written_in_any_notation_and_read_again(
    latitude: float,
    longitude: float,
    notation: str,
    hemispheres: tuple[tuple[str, str], tuple[str, str]],
    between: str,
    end: str,
) -> None:
    per_degree = NOTATIONS[notation]
    written = []
    for value, (letter, word) in zip((latitude, longitude), hemispheres, strict=True):
        degrees, rest = divmod(round(value * per_degree) * 3600 // per_degree, 3600)
        minutes, seconds = divmod(rest, 60)
        parts = {"degrees": f"{degrees:02}", "minutes": minutes, "seconds": seconds}
        written.append(notation.format(**parts, letter=letter, word=word))
    (position,) = read_coordinates(between.join(written) + end)
    assert position.slip is None
    assert position.latitude == pytest.approx(latitude, abs=0.501 / per_degree)
    assert position.longitude == pytest.approx(longitude, abs=0.501 / per_degree)
