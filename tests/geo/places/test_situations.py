"""What is said of positions that lie in no commune."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.places.seas import is_off_the_coast, waters_of
from geo.places.situations import Situation, distance_texts, situation_of

# From official lists and maps: latitude and longitude.
OF_HOANG_SA = [(16.83, 112.34), (16.53, 111.61), (15.78, 111.20), (16.06, 112.95), (17.1, 111.5)]
OF_TRUONG_SA = [
    *((8.6447, 111.9197), (11.43, 114.33), (9.88, 114.33), (10.38, 114.37), (7.89, 112.92)),
    *((8.97, 113.71), (10.67, 114.42), (7.37, 113.83), (11.05, 114.28), (8.87, 116.4)),
]
SEA = [(20.5, 107.5), (10.0, 107.5), (8.3, 104.0), (18.0, 106.9), (9.5, 103.9), (13.0, 110.5)]
OTHER_LAND = [
    *((18.25, 109.5), (20.03, 110.35), (22.82, 108.32), (21.68, 108.36), (10.61, 104.18)),
    *((10.63, 103.52), (11.55, 104.9), (12.6, 102.1), (9.55, 118.6), (7.99, 117.06)),
    *((4.6, 113.9), (6.2, 102.1), (17.97, 102.6), (15.12, 105.8), (22.52, 103.97)),
]


@pytest.mark.parametrize(("latitude", "longitude"), OF_HOANG_SA)
def test_waters_of_hoang_sa(latitude: float, longitude: float) -> None:
    waters = waters_of(longitude, latitude)
    assert waters is not None
    assert (waters.name_vi, waters.zone) == ("Hoàng Sa", ("2025", "commune", "20333"))


@pytest.mark.parametrize(("latitude", "longitude"), OF_TRUONG_SA)
def test_waters_of_truong_sa(latitude: float, longitude: float) -> None:
    waters = waters_of(longitude, latitude)
    assert waters is not None
    assert (waters.name_vi, waters.zone) == ("Trường Sa", ("2025", "commune", "22736"))


@pytest.mark.parametrize(("latitude", "longitude"), [*SEA, *OF_HOANG_SA, *OF_TRUONG_SA])
def test_the_sea_is_the_sea(latitude: float, longitude: float) -> None:
    assert is_off_the_coast(longitude, latitude)


@pytest.mark.parametrize(("latitude", "longitude"), OTHER_LAND)
def test_land_of_other_countries_is_no_sea(latitude: float, longitude: float) -> None:
    assert not is_off_the_coast(longitude, latitude)


def around(assignment: str, beside: float | None, border: float | None) -> dict[str, Any]:
    return {
        "assignment": assignment,
        "beside": "Xã Nậm Cắn",
        "beside_m": beside,
        "border_m": border,
        "neighbour": "LAO" if border is not None else None,
    }


LAOS, TONKIN = (104.0, 19.4), (107.0, 19.5)


@pytest.mark.parametrize(
    ("point", "facts", "assignment", "code"),
    [
        (LAOS, around("inside", None, 100.0), "inside", None),
        (LAOS, around("nearest", 1_800.0, 1_810.0), "nearest", "across_border"),
        (LAOS, around("nearest", 40.0, 40.0), "nearest", "across_border"),
        (LAOS, around("outside", 30_000.0, 30_100.0), "outside", "across_border"),
        (LAOS, around("outside", 80_000.0, 80_100.0), "outside", "abroad"),
        # A gap between two communes, far from the border.
        (LAOS, around("nearest", 15.0, 90_000.0), "nearest", None),
        (LAOS, around("nearest", 15.0, None), "nearest", None),
        (LAOS, around("outside", None, None), "outside", None),
        (TONKIN, around("nearest", 120.0, 90_000.0), "nearest", None),
        (TONKIN, around("nearest", 1_900.0, 90_000.0), "nearest", "sea"),
        (TONKIN, around("outside", 60_000.0, 90_000.0), "sea", "sea"),
        (TONKIN, around("outside", None, None), "sea", "sea"),
        ((111.9197, 8.6447), around("outside", 289_000.0, 600_000.0), "sea", "waters"),
    ],
)
def test_how_a_position_lies(
    point: tuple[float, float], facts: dict[str, Any], assignment: str, code: str | None
) -> None:
    found = situation_of(point, facts, waters_of(*point), 289_000.0)
    assert found.assignment == assignment
    assert (found.remark and found.remark.code) == code
    assert (found.weight == 1) == (code in (None, "waters"))


def test_the_distance_beyond_the_line_and_the_land_are_said() -> None:
    remark = situation_of(LAOS, around("nearest", 1_800.0, 1_810.0)).remark
    assert remark is not None
    assert "phía Lào: quá đường biên 1,8 km" in remark.vi
    assert "the side of Laos: 1.8 km beyond the line" in remark.en


@pytest.mark.parametrize(
    ("point", "facts"),
    [
        (LAOS, around("nearest", 40.0, 40.0)),
        (LAOS, around("outside", 40.0, 40.0)),
        (LAOS, around("outside", 1_900.0, 1_900.0)),
        (LAOS, around("outside", 1_900.0, 90_000.0)),
        (TONKIN, around("outside", 1_900.0, 90_000.0)),
    ],
)
def test_the_commune_that_is_near_is_named_and_to_be_checked(
    point: tuple[float, float], facts: dict[str, Any]
) -> None:
    remark = situation_of(point, facts).remark
    assert remark is not None
    assert "Xã Nậm Cắn" in remark.vi
    assert "Xã Nậm Cắn" in remark.en
    assert "Hãy kiểm tra lại" in remark.vi
    assert "Check" in remark.en


def test_a_commune_that_is_far_was_not_meant() -> None:
    remark = situation_of(LAOS, around("outside", 30_000.0, 30_100.0)).remark
    assert remark is not None
    assert "Nậm Cắn" not in remark.vi + remark.en


@pytest.mark.parametrize(
    ("metres", "vi", "en"),
    [
        (4.0, "10 m", "10 m"),
        (847.0, "850 m", "850 m"),
        (1_840.0, "1,8 km", "1.8 km"),
        (289_400.0, "289 km", "289 km"),
        (11_265_300.0, "11.265 km", "11,265 km"),
    ],
)
def test_distances_in_both_languages(metres: float, vi: str, en: str) -> None:
    assert distance_texts(metres) == (vi, en)


def test_a_distance_can_be_told_to_the_metre() -> None:
    assert distance_texts(1.0, finest_m=1)[0] == "1 m"
    assert distance_texts(0.05, finest_m=1)[0] == "1 m"
    assert distance_texts(847.0, finest_m=1)[0] == "847 m"


@given(st.floats(102.0, 118.0), st.floats(6.0, 24.0), st.floats(0, 3e6), st.floats(0, 3e6))
def test_a_position_outside_is_never_as_sure_as_one_inside(
    x: float, y: float, beside: float, border: float
) -> None:
    waters = waters_of(x, y)
    found = situation_of((x, y), around("outside", beside, border), waters, None)
    assert found.remark is not None
    if waters:
        assert (found.assignment, found.weight) == ("sea", 1.0)
        assert "Ngoài Việt Nam" not in found.remark.vi
    else:
        assert found.weight < 1
        assert found != Situation("outside")
